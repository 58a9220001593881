//! A call that waits for another system's answer, not for long and never in silence for long, or that
//! tells one something.

use super::Call;
use super::Cx;
use super::State;
use super::data::Standing;
use crate::exchange::dialplan::Lookup;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::Piece;
use crate::exchange::dialplan::Recognized;
use crate::exchange::dialplan::Target;
use crate::exchange::dialplan::Ticket;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Filling;
use crate::exchange::effect::Ignored;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Deadline;
use crate::exchange::event::Event;
use crate::exchange::id::LookupId;
use crate::exchange::id::StepId;
use crate::exchange::id::VariableId;
use crate::exchange::limits::LOOKUP_SILENCE;
use crate::exchange::limits::TICKETS_MAX;
use crate::exchange::limits::VARIABLES_MAX;
use crate::exchange::record::Record;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;

/// The look-up that a call is in.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Inquiry {
    /// Counts up within the call.
    id: LookupId,
    since: Tick,
    /// What came of it while something was still being said.
    result: Option<LookupResult>,
}

impl Call {
    /// Asks the other system.
    pub(super) fn inquire(&mut self, cx: &mut Cx<'_>, lookup: &Lookup) {
        let request = &lookup.request;
        let body = request.body.iter().flat_map(|(_, pieces)| pieces);
        self.fill(cx, request.url.iter().chain(body));
        let id = LookupId(self.inquiry.id.0 + 1);
        self.inquiry = Inquiry {
            id,
            since: cx.scene.now,
            result: None,
        };
        cx.emit(Effect::LookUp {
            call: self.id,
            lookup: id,
            step: self.step,
        });
        let speaks = lookup.slow.is_some() && LOOKUP_SILENCE < lookup.timeout;
        self.await_answer(
            cx,
            if speaks {
                LOOKUP_SILENCE
            } else {
                lookup.timeout
            },
        );
    }

    /// Hands a ticket to a back office; where the call goes then.
    #[cold]
    pub(super) fn hand_in(&mut self, cx: &mut Cx<'_>, step: StepId, ticket: &Ticket) -> Target {
        if self.tickets == TICKETS_MAX {
            return ticket.then;
        }
        self.tickets += 1;
        self.fill(cx, ticket.fields.iter().flat_map(|(_, pieces)| pieces));
        cx.emit(Effect::Ticket {
            call: self.id,
            step,
            language: self.language,
        });
        self.standing = Standing::LeftMessage;
        ticket.then
    }

    /// The entries that a request speaks of.
    fn fill<'p>(&self, cx: &mut Cx<'_>, pieces: impl Iterator<Item = &'p Piece>) {
        for piece in pieces {
            // Values of earlier look-ups are with the driver, and come after all entries.
            if let Piece::Saved(variable @ VariableId(place)) = piece
                && usize::from(*place) < VARIABLES_MAX
            {
                let digits = self.saved.get(*variable);
                cx.emit(Effect::Fill {
                    call: self.id,
                    with: Filling::Digits(*variable, digits),
                });
            }
        }
    }

    fn await_answer(&mut self, cx: &mut Cx<'_>, span: Span) {
        let deadline = Deadline::Call(self.id, CallDeadline::Lookup);
        self.key_timer = Some(cx.scene.in_time(span, deadline));
    }

    pub(super) fn looking_up(
        &mut self,
        lookup: &Lookup,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::LookedUp(id, result) if id == self.inquiry.id => {
                self.has_answer(cx, lookup, result)
            }
            Event::CallerKnown(what) => {
                self.is_known(cx, lookup, what);
                Handled
            }
            Event::FellDue(CallDeadline::Lookup) => {
                self.key_timer = None;
                let left = (self.inquiry.since + lookup.timeout).since(cx.scene.now);
                match lookup.slow.filter(|_| left > Span::ZERO) {
                    Some(prompt) => {
                        self.say(cx, prompt);
                        self.await_answer(cx, left);
                        Handled
                    }
                    None => self.has_answer(cx, lookup, LookupResult::TimedOut),
                }
            }
            // What has begun to be said is said to its end.
            Event::PromptEnded(play) if self.prompt_ended(play) => match self.inquiry.result {
                Some(result) => self.goes_on(cx, lookup, result),
                None => Handled,
            },
            Event::Key(key) => {
                if !self.take_key(key) {
                    cx.emit(Effect::Ignored(Ignored::TooManyKeys(self.id)));
                }
                Handled
            }
            _ => Super,
        }
    }

    /// Whether this is the look-up that the call is in.
    pub(in crate::exchange) fn asks(&self, lookup: LookupId) -> bool {
        self.inquiry.id == lookup && self.inquiry.result.is_none()
    }

    /// Another system says who the caller is.
    fn is_known(&mut self, cx: &mut Cx<'_>, lookup: &Lookup, what: Recognized) {
        if let Some(language) = what.language.is() {
            self.language = language;
        }
        let classes = lookup.set.as_ref().map_or(&[][..], |set| &set.classes);
        let class = what
            .class
            .is()
            .and_then(|place| classes.get(usize::from(place)));
        if class.is_some() || what.agent.is().is_some() {
            let known = self.known.get_or_insert_default();
            if let Some((_, head_start)) = class {
                known.head_start = *head_start;
            }
            known.agent = what.agent.is().or(known.agent);
        }
        let (call, step) = (self.id, self.step);
        cx.scene.record(Record::Recognized { call, step, what });
    }

    fn has_answer(
        &mut self,
        cx: &mut Cx<'_>,
        lookup: &Lookup,
        result: LookupResult,
    ) -> Outcome<State> {
        if self.inquiry.result.is_some() {
            return Super;
        }
        cx.scene.cancel(&mut self.key_timer);
        let (call, step) = (self.id, self.step);
        let took = cx.scene.now - self.inquiry.since;
        cx.scene.record(Record::LookedUp {
            call,
            step,
            took,
            result,
        });
        self.inquiry.result = Some(result);
        match self.playing {
            Some(_) => Handled,
            None => self.goes_on(cx, lookup, result),
        }
    }

    fn goes_on(
        &mut self,
        cx: &mut Cx<'_>,
        lookup: &Lookup,
        result: LookupResult,
    ) -> Outcome<State> {
        Transition(self.go(cx, lookup.target(result)))
    }

    /// The bridge is back and has forgotten what it was saying: the question is not asked again.
    pub(super) fn still_looking_up(&mut self, cx: &mut Cx<'_>, lookup: &Lookup) -> Outcome<State> {
        self.playing = None;
        match self.inquiry.result {
            Some(result) => self.goes_on(cx, lookup, result),
            None => Handled,
        }
    }
}
