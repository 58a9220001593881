//! A call in a survey: one question after the other, for as long as the caller answers.

use super::Call;
use super::Cx;
use super::State;
use crate::exchange::dialplan::Answered;
use crate::exchange::dialplan::Survey;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Event;
use crate::exchange::id::PromptId;
use crate::exchange::id::StepId;
use crate::exchange::key::Key;
use crate::exchange::record::Record;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;

impl Call {
    /// Asks a question, with the words before the first one.
    pub(super) fn put_question(&mut self, cx: &mut Cx<'_>, survey: &Survey, ask: u8) {
        if !self.keys.is_empty() {
            return cx.typed_ahead(self.id);
        }
        if ask == 0
            && let Some(intro) = survey.intro
        {
            self.say(cx, intro);
        }
        self.say(cx, survey.asks[usize::from(ask)].prompt);
    }

    pub(super) fn surveying(
        &mut self,
        (survey, step): (&Survey, StepId),
        ask: u8,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        match *event {
            Event::Key(key) if !self.hears_key(cx, key, true) => Handled,
            Event::Key(_) => {
                self.hush(cx);
                self.read_answer(cx, (survey, step), ask, true)
            }
            Event::TypedAhead => self.read_answer(cx, (survey, step), ask, true),
            Event::PromptEnded(play) if self.prompt_ended(play) => {
                self.await_key(cx, survey.patience.first_key);
                Handled
            }
            Event::FellDue(CallDeadline::Keys) if self.keys.is_empty() => {
                self.key_timer = None;
                self.silences += 1;
                let is_last = self.silences >= survey.patience.silences;
                self.ask_again(cx, (survey, step), ask, (survey.silent, is_last))
            }
            Event::FellDue(CallDeadline::Keys) => {
                self.key_timer = None;
                self.read_answer(cx, (survey, step), ask, false)
            }
            _ => Super,
        }
    }

    /// Looks at the keys; `more` may still come.
    fn read_answer(
        &mut self,
        cx: &mut Cx<'_>,
        (survey, step): (&Survey, StepId),
        ask: u8,
        more: bool,
    ) -> Outcome<State> {
        if self.keys.at(0) == Some(Key::POUND) {
            self.keys.consume(1);
            return Transition(self.next_question(cx, (survey, step), ask, None));
        }
        let scale = survey.asks[usize::from(ask)].scale;
        match scale.read(&self.keys) {
            Answered::Perhaps(_) if more => {
                self.await_key(cx, survey.patience.next_key);
                Handled
            }
            Answered::Whole(answer) | Answered::Perhaps(answer) if scale.has(answer) => {
                let used = if answer > 9 { 2 } else { 1 };
                self.keys.consume(used);
                Transition(self.next_question(cx, (survey, step), ask, Some(answer)))
            }
            _ => {
                self.keys.clear();
                self.wrongs += 1;
                let is_last = self.wrongs >= survey.patience.wrongs;
                self.ask_again(cx, (survey, step), ask, (Some(survey.wrong), is_last))
            }
        }
    }

    /// The question again, after words that say why, or the end of patience.
    fn ask_again(
        &mut self,
        cx: &mut Cx<'_>,
        (survey, step): (&Survey, StepId),
        ask: u8,
        (why, is_last): (Option<PromptId>, bool),
    ) -> Outcome<State> {
        if is_last {
            self.answer(cx, step, ask, None);
            return Transition(self.go(cx, survey.give_up));
        }
        if let Some(why) = why {
            self.say(cx, why);
        }
        self.say(cx, survey.asks[usize::from(ask)].prompt);
        Handled
    }

    fn next_question(
        &mut self,
        cx: &mut Cx<'_>,
        (survey, step): (&Survey, StepId),
        ask: u8,
        answer: Option<u8>,
    ) -> State {
        self.answer(cx, step, ask, answer);
        (self.silences, self.wrongs) = (0, 0);
        let next = ask + 1;
        match usize::from(next) < survey.asks.len() {
            true => {
                self.hush(cx);
                State::Surveying { step, ask: next }
            }
            false => self.go(cx, survey.then),
        }
    }

    fn answer(&self, cx: &mut Cx<'_>, step: StepId, ask: u8, answer: Option<u8>) {
        cx.scene.record(Record::Surveyed {
            call: self.id,
            step,
            ask,
            answer,
            agent: self.served_by,
        });
    }
}
