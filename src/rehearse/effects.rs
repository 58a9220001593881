//! What the exchange asks for in a rehearsal, carried out.

use super::rehearsal::Errand;
use super::rehearsal::Rehearsal;
use super::story::Hearing;
use super::story::What;
use super::words::Filler;
use crate::exchange::dialplan::StepKind;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Ignored;
use crate::exchange::id::AgentId;
use crate::exchange::id::LanguageId;
use crate::exchange::id::OfferId;
use crate::exchange::id::PlayId;
use crate::exchange::id::PromptId;
use crate::exchange::id::StepId;
use crate::exchange::key::Digits;
use crate::exchange::record::Record;
use crate::exchange::time::Span;
use jiff::Timestamp;
use jiff::civil::Date;

/// What is said of a number that nobody has given: callers of a rehearsal have none, and show it even so
/// unless they withhold it, of which a bridge says nothing.
const CALLER_NUMBER: &str = "(the caller's number)";

/// How long a phone rings before a free agent answers.
const RINGS: Span = Span::seconds(3);
/// How long a number outside takes to answer, or not to.
const TRANSFER: Span = Span::seconds(3);

impl Rehearsal {
    /// Whether an effect is about this call, not about a call back that was promised in it.
    pub(super) fn is_ours(&self, effect: &Effect) -> bool {
        let (Effect::Play { call, .. }
        | Effect::Fill { call, .. }
        | Effect::Stop { call }
        | Effect::Ring { call, .. }
        | Effect::Connect { call, .. }
        | Effect::Recording { call, .. }
        | Effect::HoldMusic { call, .. }
        | Effect::HangUp { call }
        | Effect::Record(
            Record::Entered { call, .. }
            | Record::Queued { call, .. }
            | Record::Unqueued { call, .. }
            | Record::TalkEnded { call, .. }
            | Record::Recording { call, .. }
            | Record::Ended { call, .. },
        )) = *effect
        else {
            return true;
        };
        self.call.is_none_or(|ours| ours == call)
    }

    pub(super) fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Answer { call, .. } => self.call = Some(call),
            Effect::Refuse { .. } => {
                self.over = true;
                self.story.note(self.now, What::Ended("blocked"));
            }
            Effect::Fill { with, .. } => self.filled.push(with),
            Effect::Play {
                play,
                step,
                prompt,
                language,
                ..
            } => self.says(play, step, (prompt, language)),
            Effect::Stop { .. } => self.falls_silent(),
            Effect::HoldMusic { .. } => {
                self.story.stays();
                self.heard_since = true;
            }
            Effect::TakeMessage { .. } => {
                self.recording = true;
                self.heard_since = true;
                self.story.note(self.now, What::Tone);
            }
            Effect::Transfer { step, .. } => self.transfers(step),
            Effect::Ring { agent, offer, .. } => self.rings(agent, offer),
            Effect::CancelRing { agent, offer } => {
                self.ringing.retain(|ringing| *ringing != (agent, offer));
            }
            Effect::Connect { agent, .. } => {
                self.ringing.clear();
                self.talking = Some(agent);
                self.story.note(self.now, What::Connected(agent));
            }
            // Said by its record.
            Effect::Recording { .. } => {}
            Effect::Disconnect { .. } => self.talking = None,
            Effect::HangUp { .. } => self.story.note(self.now, What::LineHangsUp),
            Effect::LookUp { lookup, step, .. } => {
                self.filled.clear();
                self.asked = Some((lookup, step));
                self.story.stays();
                self.story.note(self.now, What::Asks(step));
            }
            Effect::Ticket { .. } => self.filled.clear(),
            // A call back is made when this call is over.
            Effect::Dial { .. } => {}
            Effect::Record(record) => self.note(&record),
            Effect::Ignored(Ignored::KeyWithoutMeaning(_) | Ignored::TooManyKeys(_)) => {
                self.story.note(self.now, What::Meaningless);
            }
            Effect::Ignored(_) => {}
        }
    }

    fn says(&mut self, play: PlayId, step: StepId, (prompt, language): (PromptId, LanguageId)) {
        let filler = Filler {
            plan: &self.plan,
            line: self.line,
            filled: std::mem::take(&mut self.filled),
            values: &self.values,
            notice: self.setting.notice.as_deref().unwrap_or_default(),
            caller: match self.setting.withheld {
                true => "",
                false => CALLER_NUMBER,
            },
            today: self.today(),
        };
        let words = filler.words(prompt, language);
        let length = self.plan.speech(prompt, language).length;
        self.spoken = language;
        self.story.stays();
        self.story.note(
            self.now,
            What::Said {
                play,
                step,
                words,
                hearing: Hearing::Later,
            },
        );
        self.heard_since = true;
        self.playing.push_back((play, length));
        if self.prompt_timer.is_none() {
            self.next_prompt();
        }
    }

    /// The first of the prompts that wait begins.
    pub(super) fn next_prompt(&mut self) {
        if let Some(&(play, length)) = self.playing.front() {
            self.story.begins(self.now, play);
            let errand = Errand::PromptEnds(play);
            self.prompt_timer = Some(self.agenda.schedule(self.now + length, errand));
        }
    }

    fn falls_silent(&mut self) {
        if let Some(timer) = self.prompt_timer.take() {
            self.agenda.cancel(timer);
        }
        for (place, (play, _)) in std::mem::take(&mut self.playing).into_iter().enumerate() {
            let hearing = if place == 0 {
                Hearing::Cut
            } else {
                Hearing::Never
            };
            self.story.hears(play, hearing);
        }
        self.recording = false;
        self.heard_since = false;
    }

    fn transfers(&mut self, step: StepId) {
        self.story.stays();
        if let StepKind::Transfer(transfer) = &self.plan.step(step).kind {
            let rules = &self.plan.line(self.line).dialling;
            let entry = |variable| {
                let call = self.call;
                call.map_or(Digits::EMPTY, |call| self.exchange.saved(call, variable))
            };
            let to = transfer.number(rules, entry);
            self.story.note(self.now, What::HandedTo(to));
        }
        self.agenda
            .schedule(self.now + TRANSFER, Errand::TransferEnds);
    }

    fn rings(&mut self, agent: AgentId, offer: OfferId) {
        self.ringing.push((agent, offer));
        self.story.note(self.now, What::Rings(agent));
        self.agenda
            .schedule(self.now + RINGS, Errand::PickUp(agent, offer));
    }

    /// The day, in the line's own time.
    fn today(&self) -> Option<Date> {
        let ms = self.exchange.origin_ms() + self.now.0 as i64;
        let now = Timestamp::from_millisecond(ms).ok()?;
        Some(now.to_zoned(self.zone.clone()).date())
    }
}
