//! What a caller hears.

use super::Call;
use super::Cx;
use super::data::Standing;
use crate::exchange::dialplan::Part;
use crate::exchange::dialplan::StepKind;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Filling;
use crate::exchange::id::PlayId;
use crate::exchange::id::PromptId;
use crate::exchange::limits::HEARD_PERCENT;
use crate::exchange::record::Record;

impl Call {
    /// Plays a prompt after those already playing.
    pub(super) fn say(&mut self, cx: &mut Cx<'_>, prompt: PromptId) {
        let parts = &cx.scene.plan.speech(prompt, self.language).parts;
        if parts.iter().any(|part| matches!(part, Part::Digits(_))) {
            self.fill_entries(cx, parts);
        }
        if self.playing.is_none() {
            self.speaking_since = cx.scene.now;
        }
        self.plays += 1;
        let play = PlayId(self.plays);
        self.playing = Some(play);
        let (call, step, language) = (self.id, self.step, self.language);
        cx.emit(Effect::Play {
            call,
            play,
            step,
            prompt,
            language,
        });
    }

    /// Says what the entries are that are read out.
    #[inline(never)]
    fn fill_entries(&self, cx: &mut Cx<'_>, parts: &[Part]) {
        for part in parts {
            if let Part::Digits(variable) = part {
                let digits = self.saved.get(*variable);
                cx.emit(Effect::Fill {
                    call: self.id,
                    with: Filling::Digits(*variable, digits),
                });
            }
        }
    }

    /// A prompt has ended; true if it was the last of those playing.
    pub(super) fn prompt_ended(&mut self, play: PlayId) -> bool {
        let last = self.playing == Some(play);
        if last {
            self.playing = None;
        }
        last
    }

    /// Whether a report of this playing's end can be true: it is one of those now playing.
    pub(super) fn may_have_ended(&self, play: PlayId) -> bool {
        self.playing.is_some_and(|last| play <= last)
    }

    /// Stops what is playing and waits for no key.
    pub(super) fn hush(&mut self, cx: &mut Cx<'_>) {
        cx.scene.cancel(&mut self.key_timer);
        if self.playing.take().is_some() {
            cx.emit(Effect::Stop { call: self.id });
        }
    }

    /// Settles the step that the call leaves: a recorded answer was heard to some point.
    #[inline(always)]
    pub(super) fn leave_step(&mut self, cx: &mut Cx<'_>) {
        match self.playing.is_some() {
            true => self.leave_prompt(cx),
            false => cx.scene.cancel(&mut self.key_timer),
        }
    }

    /// The same while it speaks.
    #[inline(never)]
    fn leave_prompt(&mut self, cx: &mut Cx<'_>) {
        if let StepKind::Say(say) = &cx.scene.plan.step(self.step).kind
            && say.answer.is_some()
        {
            self.heard_answer(cx, say.prompt);
        }
        self.hush(cx);
    }

    /// A recorded answer stops, at its end or before.
    #[inline(never)]
    pub(super) fn heard_answer(&mut self, cx: &mut Cx<'_>, prompt: PromptId) {
        let played = cx.scene.now - self.speaking_since;
        let length = cx.scene.plan.speech(prompt, self.language).length;
        let enough = self.playing.is_none() || played.0 * 100 >= length.0 * HEARD_PERCENT;
        cx.scene.record(Record::Heard {
            call: self.id,
            step: self.step,
            played,
            enough,
        });
        if enough && self.standing.is_less_than_an_answer() {
            self.standing = Standing::HeardAnswer;
        }
    }
}
