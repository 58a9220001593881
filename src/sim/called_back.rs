//! Callers who would rather be called back than wait.

use super::attempt::Aim;
use super::attempt::Attempt;
use super::caller::Heard;
use super::stream::Purpose;
use super::world::Errand;
use super::world::World;
use crate::exchange::id::CallId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::key::Digits;
use crate::exchange::record::AskedBy;
use crate::exchange::record::CallbackFact;

/// Ringings of a call back are numbered from here, so that they are no ringings of the attempt.
pub(super) const RINGS_FROM: u16 = 1 << 15;

impl World<'_> {
    /// The step that promises the call back which this caller wants, if there is one and the caller
    /// does. Everybody makes up their mind once.
    pub(super) fn wants_callback(&mut self, slot: u32, queue: QueueId) -> Option<StepId> {
        let step = self.model.callback_of(queue)?;
        let (share, streams) = (self.model.callers.callbacks.accepts, &self.streams);
        let attempt = &mut self.attempts[slot as usize];
        let entity = attempt.entity();
        let accepts = attempt
            .accepts_callback
            .get_or_insert_with(|| streams.stream(Purpose::Callback, entity).chance(share));
        accepts.then_some(step)
    }

    /// Something is said in the queue: perhaps what the keys do.
    pub(super) fn hears_in_queue(&mut self, slot: u32, heard: Heard, queue: QueueId) {
        let at = self.model.plan.queue(queue);
        let announced = at.announce.and_then(|announce| announce.options);
        let offered = at.overload.and_then(|overload| overload.announce.options);
        if ![announced, offered].contains(&Some(heard.prompt)) {
            return;
        }
        let mine = self.attempts[slot as usize].language;
        if let Some(goal) = self.wants_callback(slot, queue)
            && let Some(keys) = self
                .model
                .guide
                .keys(heard.step, goal, mine, heard.language)
        {
            self.will_press(slot, keys, true);
        }
    }

    /// What becomes of a call back.
    pub(super) fn note_callback(&mut self, call: CallId, queue: QueueId, what: CallbackFact) {
        match what {
            CallbackFact::Booked {
                by: AskedBy::Program(slot),
                ..
            } => self.will_be_called(slot as u32, call, queue),
            CallbackFact::Booked {
                by: AskedBy::Call(during),
                ..
            } => {
                let from = self.slot(during);
                let attempt = &mut self.attempts[from as usize];
                attempt.aim = Aim::Leave;
                let promised = Attempt {
                    solved: false,
                    is_called_back: true,
                    rings: RINGS_FROM,
                    call: Some(call),
                    listening: None,
                    typing: Digits::EMPTY,
                    queued: None,
                    speaking_at: None,
                    agent_ends: self.model.plan.queue(queue).after.is_some(),
                    prompt_timer: None,
                    press_timer: None,
                    leave_timer: None,
                    talk_timer: None,
                    ..attempt.clone()
                };
                let slot = self.new_slot(|| promised);
                self.answered(call, slot);
            }
            CallbackFact::Unreached { .. } => {
                let slot = self.slot(call) as usize;
                let timer = self.attempts[slot].talk_timer.take();
                self.cancel(timer);
            }
            CallbackFact::Ended(_) => {
                let slot = self.slot(call);
                self.stops_everything(slot);
                self.give_up_slot(slot);
            }
            CallbackFact::InLine { lane } => {
                let slot = self.slot(call) as usize;
                self.attempts[slot].waits_for = Some((queue, lane));
            }
            CallbackFact::Dialled { .. } | CallbackFact::Reached { .. } => {}
        }
    }

    /// The caller's phone rings. Whoever would take longer than it does is not reached.
    pub(super) fn is_dialled(&mut self, slot: u32) {
        let attempt = &mut self.attempts[slot as usize];
        let (reached, picks_up) = self.model.reached_of(attempt);
        attempt.rings = attempt.rings.wrapping_add(1);
        let time = attempt.entity() << 16 | u64::from(attempt.rings);
        let mut stream = self.streams.stream(Purpose::Reached, time);
        if stream.chance(reached) {
            let takes = picks_up.sample(stream.unit());
            let timer = self.in_time(takes, Errand::AnswersCallback(slot));
            self.attempts[slot as usize].talk_timer = Some(timer);
        }
    }
}
