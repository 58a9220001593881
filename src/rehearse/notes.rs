//! Facts about the call, from which its story is made.

use super::coverage;
use super::rehearsal::Rehearsal;
use super::story::What;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::exchange::key::Key;
use crate::exchange::record::CallbackFact;
use crate::exchange::record::KeyResult;
use crate::exchange::record::Record;
use crate::exchange::record::RecordingFact;

impl Rehearsal {
    /// Notes a fact about the call.
    pub(super) fn note(&mut self, record: &Record) {
        let now = self.now;
        match *record {
            Record::Entered { step, .. } => self.enters(step),
            Record::Pressed {
                step, key, result, ..
            } => self.pressed(step, key, result),
            Record::Chosen { step, entry, .. } => {
                self.story.stays();
                self.typed.clear();
                self.story.note(now, What::Chosen(step, entry));
            }
            Record::LookedUp { step, result, .. } => {
                self.asked = None;
                self.story.note(now, What::Found(step, result));
            }
            Record::Surveyed {
                step, ask, answer, ..
            } => {
                self.story.stays();
                self.typed.clear();
                let what = What::Surveyed { step, ask, answer };
                self.story.note(now, what);
            }
            Record::Consented { consent, .. } => {
                self.story.stays();
                self.typed.clear();
                self.story.note(now, What::Consented(consent));
            }
            Record::Recording {
                what: RecordingFact::Started,
                ..
            } => self.story.note(now, What::Recorded),
            Record::TurnedAway { queue, why, .. } => {
                self.story.note(now, What::TurnedAway(queue, why));
            }
            Record::Queued { queue, .. } => {
                self.story.stays();
                self.queue = Some(queue);
                self.typed.clear();
                self.story.note(now, What::Waits(queue));
            }
            Record::Unqueued { .. } => self.queue = None,
            Record::OfferEnded { agent, offer, .. } => {
                self.ringing.retain(|ringing| *ringing != (agent, offer));
            }
            Record::TalkEnded { agent, by, .. } => {
                self.talking = None;
                self.story.note(now, What::Parted { agent, by });
            }
            Record::Callback {
                what: CallbackFact::Booked { .. },
                ..
            } => self.story.note(now, What::Promised),
            Record::Ended { outcome, .. } => {
                self.over = true;
                self.story.note(now, What::Ended(outcome.name()));
            }
            Record::Blocked { .. }
            | Record::Arrived { .. }
            | Record::Heard { .. }
            | Record::Recognized { .. }
            | Record::Widened { .. }
            | Record::Offered(_)
            | Record::PauseReason { .. }
            | Record::Agent { .. }
            | Record::Moved { .. }
            | Record::ShortTalk { .. }
            | Record::Forgiven { .. }
            | Record::Callback { .. }
            | Record::Recording { .. }
            | Record::Overload { .. } => {}
        }
    }

    fn enters(&mut self, step: StepId) {
        self.step = step;
        self.recording = false;
        // A duty is done in passing.
        let stays = matches!(self.plan.step(step).kind, StepKind::Duty(_));
        self.story.note(self.now, What::Entered { step, stays });
    }

    fn pressed(&mut self, step: StepId, key: Option<Key>, result: KeyResult) {
        match result {
            KeyResult::Taken => {
                self.story.stays();
                let done = key.and_then(|key| coverage::action(&self.plan, step, &self.typed, key));
                match done {
                    Some((action, used)) => {
                        self.story.actions.insert(action);
                        self.typed.drain(..used);
                    }
                    None => self.typed.clear(),
                }
            }
            KeyResult::Wrong => {
                self.typed.clear();
                self.story.note(self.now, What::Wrong);
            }
            KeyResult::Silence => self.story.note(self.now, What::Silence),
        }
    }
}
