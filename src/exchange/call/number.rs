//! On which number a caller wants to be called back: the own one, or another, which is typed.
//!
//! 1 or silence confirms what was said, 2 asks for another number. One that may not be dialled is a
//! wrong entry.

use super::Call;
use super::Cx;
use super::State;
use super::keys::Asks;
use super::keys::single;
use crate::exchange::dialplan::AsksNumber;
use crate::exchange::dialplan::Callback;
use crate::exchange::dialplan::Dialling;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Retry;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dispatch::callback_step;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Ignored;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Event;
use crate::exchange::id::StepId;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::exchange::record::KeyResult;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;

const YES: char = '1';
const ANOTHER: char = '2';
/// The house says the same each time.
static SAME: Retry = Retry {
    wrong: Vec::new(),
    silent: Vec::new(),
    again: Vec::new(),
};

impl Call {
    /// A callback step begins: with the question on which number, or with the promise; none if that is
    /// refused.
    pub(super) fn comes_to_callback(
        &mut self,
        cx: &mut Cx<'_>,
        step: StepId,
        callback: &Callback,
    ) -> Option<State> {
        let may_be_called = self.may_be_called(cx, step, callback);
        if may_be_called && self.owes_consent(callback_step(cx.scene.plan, step).2) {
            return Some(State::Consenting { step });
        }
        if let Some(asks) = &callback.asks
            && may_be_called
        {
            self.entry.clear();
            let rules = rules(cx.scene.plan, step);
            let typed = self.saved.get(asks.save);
            let has_typed = rules.accepts(&typed);
            let has_own = typed.is_empty() && self.caller != 0 && !self.is_barred;
            if !has_typed && !has_own {
                // What may not be dialled is never said as the number.
                self.saved.set(asks.save, Digits::EMPTY);
                return Some(State::Numbering { step, types: true });
            }
            if asks.confirms {
                return Some(State::Numbering { step, types: false });
            }
        }
        self.book(cx, step).then_some(State::Speaking { step })
    }

    /// Whether asking for a number can lead to anything.
    fn may_be_called(&self, cx: &Cx<'_>, step: StepId, callback: &Callback) -> bool {
        let hours = callback.hours(cx.scene.plan);
        let opens = hours.is_none_or(|hours| hours.next_open(cx.scene.unix_ms).is_some());
        let wish = (self.caller, step);
        opens
            && cx.dispatch.can_call_back()
            && !cx.dispatch.has_promised(cx.scene.plan, wish, Some(self.id))
    }

    /// The number that was typed for a callback step, if it may be dialled; else none.
    pub(super) fn typed_number(&self, cx: &Cx<'_>, step: StepId, callback: &Callback) -> Digits {
        let typed = callback.asks.map(|asks| self.saved.get(asks.save));
        let typed = typed.filter(|typed| rules(cx.scene.plan, step).accepts(typed));
        typed.unwrap_or(Digits::EMPTY)
    }

    /// Says which number it is, or asks for one.
    pub(super) fn asks_number(&mut self, cx: &mut Cx<'_>, asks: &AsksNumber, types: bool) {
        if !self.keys.is_empty() {
            return cx.typed_ahead(self.id);
        }
        self.say(cx, self.question(asks, types));
    }

    fn question(&self, asks: &AsksNumber, types: bool) -> crate::exchange::id::PromptId {
        match types {
            true => asks.which,
            false if self.saved.get(asks.save).is_empty() => asks.own,
            false => asks.typed,
        }
    }

    pub(super) fn numbering(
        &mut self,
        (step, types): (StepId, bool),
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        let StepKind::Callback(callback) = &cx.scene.plan.step(step).kind else {
            return Super;
        };
        let Some(asks) = &callback.asks else {
            return Super;
        };
        match *event {
            Event::Key(key) => {
                if !self.take_key(key) {
                    cx.emit(Effect::Ignored(Ignored::TooManyKeys(self.id)));
                    return Handled;
                }
                self.number_keys(cx, callback, asks, types)
            }
            // Only another number will do.
            Event::NumberBarred if !types && self.saved.get(asks.save).is_empty() => {
                self.is_barred = true;
                self.hush(cx);
                Transition(State::Numbering { step, types: true })
            }
            Event::TypedAhead => self.number_keys(cx, callback, asks, types),
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                self.await_key(cx, asks.patience.first_key);
                Handled
            }
            Event::FellDue(CallDeadline::Keys) => {
                self.key_timer = None;
                match types {
                    // What was heard and not taken back is right.
                    false => Transition(self.promise(cx, step, callback)),
                    true if self.entry.is_empty() => {
                        let asked = self.asked(asks, types);
                        self.silent(cx, &asked, callback.refused)
                    }
                    true => self.typed(cx, callback, asks),
                }
            }
            _ => Super,
        }
    }

    fn number_keys(
        &mut self,
        cx: &mut Cx<'_>,
        callback: &Callback,
        asks: &AsksNumber,
        types: bool,
    ) -> Outcome<State> {
        self.hush(cx);
        while let Some(key) = self.keys.at(0) {
            self.keys.consume(1);
            let outcome = match types {
                true => self.typing(cx, callback, asks, key),
                false => Some(self.confirming_number(cx, callback, asks, key)),
            };
            if let Some(outcome) = outcome {
                return outcome;
            }
        }
        let patience = &asks.patience;
        let span = match self.entry.is_empty() {
            true => patience.first_key,
            false => patience.next_key,
        };
        self.await_key(cx, span);
        Handled
    }

    fn confirming_number(
        &mut self,
        cx: &mut Cx<'_>,
        callback: &Callback,
        asks: &AsksNumber,
        key: Key,
    ) -> Outcome<State> {
        let step = self.step;
        match key.to_char() {
            YES => {
                self.pressed(cx, Some(key), KeyResult::Taken);
                Transition(self.promise(cx, step, callback))
            }
            ANOTHER => {
                self.pressed(cx, Some(key), KeyResult::Taken);
                self.saved.set(asks.save, Digits::EMPTY);
                Transition(State::Numbering { step, types: true })
            }
            _ => match single(cx.scene.plan, callback.say.keys, key) {
                Some(action) => {
                    self.pressed(cx, Some(key), KeyResult::Taken);
                    Transition(self.act(cx, action))
                }
                None => {
                    self.pressed(cx, Some(key), KeyResult::Wrong);
                    let asked = self.asked(asks, false);
                    self.wrong(cx, &asked, callback.refused)
                }
            },
        }
    }

    /// One key of a number. None while more may come.
    fn typing(
        &mut self,
        cx: &mut Cx<'_>,
        callback: &Callback,
        asks: &AsksNumber,
        key: Key,
    ) -> Option<Outcome<State>> {
        if key == Key::POUND {
            return Some(self.typed(cx, callback, asks));
        }
        if key.is_digit() {
            self.entry.push(key);
            return None;
        }
        let action = single(cx.scene.plan, callback.say.keys, key)?;
        self.pressed(cx, Some(key), KeyResult::Taken);
        self.entry.clear();
        Some(Transition(self.act(cx, action)))
    }

    /// A number is complete: it is read back, or may not be dialled.
    fn typed(&mut self, cx: &mut Cx<'_>, callback: &Callback, asks: &AsksNumber) -> Outcome<State> {
        let entry = std::mem::take(&mut self.entry);
        if !rules(cx.scene.plan, self.step).accepts(&entry) {
            self.pressed(cx, None, KeyResult::Wrong);
            let asked = self.asked(asks, true);
            return self.wrong(cx, &asked, callback.refused);
        }
        self.pressed(cx, None, KeyResult::Taken);
        self.saved.set(asks.save, entry);
        let step = self.step;
        Transition(State::Numbering { step, types: false })
    }

    fn promise(&mut self, cx: &mut Cx<'_>, step: StepId, callback: &Callback) -> State {
        match self.book(cx, step) {
            true => State::Speaking { step },
            false => self.go(cx, callback.refused),
        }
    }

    fn asked<'p>(&self, asks: &'p AsksNumber, types: bool) -> Asks<'p> {
        Asks {
            patience: &asks.patience,
            prompt: self.question(asks, types),
            wrong: match types {
                true => asks.wrong,
                false => asks.wrong_key,
            },
            silent: asks.silent,
            retry: &SAME,
        }
    }
}

/// The dialling rules of a step's line.
pub(super) fn rules(plan: &Dialplan, step: StepId) -> &Dialling {
    &plan.line(plan.step(step).line).dialling
}
