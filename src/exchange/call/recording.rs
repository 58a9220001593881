//! Whether conversations of a call may be recorded, and the recording of them.
//!
//! Before the caller waits for an agent whose conversations are recorded, the notice is said or the
//! question is asked, once in a call; what came of it stays with the call wherever it goes, and with
//! the call back that is promised in it. Only what caller and agent say to each other is recorded.

use super::Call;
use super::Cx;
use super::State;
use super::data::Standing;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::Recording;
use crate::exchange::effect::Effect;
use crate::exchange::effect::RecordingAct;
use crate::exchange::event::CallDeadline;
use crate::exchange::event::Event;
use crate::exchange::id::AgentId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::key::Key;
use crate::exchange::record::Consent;
use crate::exchange::record::KeyResult;
use crate::exchange::record::Record;
use crate::exchange::record::RecordingFact;
use serde::Deserialize;
use serde::Serialize;
use statig::Outcome;
use statig::Outcome::Handled;
use statig::Outcome::Super;
use statig::Outcome::Transition;

const AGREE: char = '1';
const REFUSE: char = '2';

/// The recording of the present conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Tape {
    /// There is none.
    #[default]
    Off,
    Runs,
    Paused,
    /// Paused, and the bridge has forgotten it meanwhile: another begins when it is to go on.
    Lost,
    /// The bridge cannot record, and is not asked again in this conversation.
    Failed,
}

impl Call {
    /// Whether the caller has to be told or asked before waiting in a queue.
    #[inline]
    pub(super) fn owes_consent(&self, queue: &Queue) -> bool {
        let recording = queue.recording;
        recording.is_some_and(|recording| recording.is_due(self.consent))
    }

    /// The caller is told or asked before waiting, and counts as having come now: nobody whom that
    /// is spared gets ahead by it.
    #[cold]
    pub(super) fn before_queue(&mut self, cx: &mut Cx<'_>, step: StepId, queue: QueueId) -> State {
        let wish = self.wish(queue);
        let at = cx.scene.plan.queue(queue);
        self.place = Some(cx.dispatch.place(&cx.scene, at, wish));
        State::Consenting { step }
    }

    /// Says the notice, or asks. Keys from before are no answer to a question that was not heard.
    #[cold]
    pub(super) fn asks_consent(&mut self, cx: &mut Cx<'_>, step: StepId) {
        self.keys.clear();
        if let Some((_, recording)) = cx.scene.plan.recording_behind(step) {
            self.say(cx, recording.prompt);
        }
    }

    #[cold]
    pub(super) fn consenting(
        &mut self,
        step: StepId,
        event: &Event,
        cx: &mut Cx<'_>,
    ) -> Outcome<State> {
        let Some((queue, recording)) = cx.scene.plan.recording_behind(step) else {
            return Super;
        };
        let asks = recording.asks;
        match *event {
            Event::PromptEnded(play) if self.prompt_ended(play) => match asks {
                true => {
                    self.await_key(cx, recording.patience.first_key);
                    Handled
                }
                false => self.consented(cx, (step, queue), Consent::Told),
            },
            Event::Key(key) if asks => {
                self.hush(cx);
                let consent = match key.to_char() {
                    AGREE => Consent::Agreed,
                    REFUSE => Consent::Refused,
                    _ => return self.consents_wrongly(cx, (step, queue), &recording, key),
                };
                self.pressed(cx, Some(key), KeyResult::Taken);
                self.consented(cx, (step, queue), consent)
            }
            Event::FellDue(CallDeadline::Keys) => {
                self.key_timer = None;
                self.pressed(cx, None, KeyResult::Silence);
                self.consented(cx, (step, queue), Consent::Unanswered)
            }
            // On the way from one queue to another the caller has waited all the time.
            Event::HungUp if self.first_queued.is_some() => {
                self.standing = Standing::Abandoned;
                Super
            }
            _ => Super,
        }
    }

    /// Another key than those of an answer.
    fn consents_wrongly(
        &mut self,
        cx: &mut Cx<'_>,
        at: (StepId, QueueId),
        recording: &Recording,
        key: Key,
    ) -> Outcome<State> {
        self.pressed(cx, Some(key), KeyResult::Wrong);
        self.wrongs += 1;
        if self.wrongs >= recording.patience.wrongs {
            return self.consented(cx, at, Consent::Unanswered);
        }
        self.say(cx, recording.wrong);
        self.say(cx, recording.prompt);
        Handled
    }

    /// It is known whether the caller may be recorded: the call goes on to where it was going.
    fn consented(
        &mut self,
        cx: &mut Cx<'_>,
        (step, queue): (StepId, QueueId),
        consent: Consent,
    ) -> Outcome<State> {
        self.consent = Some(consent);
        let call = self.id;
        cx.scene.record(Record::Consented {
            call,
            queue,
            consent,
        });
        // It may have closed meanwhile.
        let kind = &cx.scene.plan.step(step).kind;
        Transition(match self.land(cx, step, kind) {
            Ok(state) => state,
            Err(next) => self.go(cx, next),
        })
    }

    /// What caller and agent say from now on, or again after a bridge had forgotten everything.
    #[cold]
    pub(super) fn starts_tape(&mut self, cx: &mut Cx<'_>, agent: AgentId, recording: Recording) {
        match self.tape {
            Tape::Off if !recording.is_allowed(self.consent) => return,
            Tape::Off => {}
            Tape::Runs => self.stops_tape(cx, agent),
            Tape::Paused => {
                self.stops_tape(cx, agent);
                self.tape = Tape::Lost;
                return;
            }
            Tape::Lost | Tape::Failed => return,
        }
        self.turn(cx, agent, Tape::Runs, RecordingAct::Start);
    }

    /// Caller and agent part.
    #[inline]
    pub(super) fn stops_tape(&mut self, cx: &mut Cx<'_>, agent: AgentId) {
        if self.tape != Tape::Off {
            self.ends_tape(cx, agent);
        }
    }

    #[cold]
    fn ends_tape(&mut self, cx: &mut Cx<'_>, agent: AgentId) {
        match std::mem::take(&mut self.tape) {
            Tape::Runs | Tape::Paused => self.turn(cx, agent, Tape::Off, RecordingAct::Stop),
            Tape::Off | Tape::Lost | Tape::Failed => {}
        }
    }

    /// The agent has the recording paused or go on, or the bridge cannot record.
    #[cold]
    pub(super) fn turns_tape(
        &mut self,
        cx: &mut Cx<'_>,
        agent: AgentId,
        event: &Event,
    ) -> Outcome<State> {
        match (event, self.tape) {
            (Event::RecordingPaused, Tape::Runs) => {
                self.turn(cx, agent, Tape::Paused, RecordingAct::Pause);
            }
            (Event::RecordingResumed, Tape::Paused) => {
                self.turn(cx, agent, Tape::Runs, RecordingAct::Resume);
            }
            (Event::RecordingResumed, Tape::Lost) => {
                self.turn(cx, agent, Tape::Runs, RecordingAct::Start);
            }
            (Event::RecordingFailed, Tape::Runs | Tape::Paused) => {
                self.tape = Tape::Failed;
                self.tells_tape(cx, agent, RecordingFact::Failed);
            }
            _ => return Super,
        }
        Handled
    }

    fn turn(&mut self, cx: &mut Cx<'_>, agent: AgentId, to: Tape, act: RecordingAct) {
        self.tape = to;
        let call = self.id;
        cx.emit(Effect::Recording { call, agent, act });
        let what = match act {
            RecordingAct::Start => RecordingFact::Started,
            RecordingAct::Pause => RecordingFact::Paused,
            RecordingAct::Resume => RecordingFact::Resumed,
            RecordingAct::Stop => RecordingFact::Ended,
        };
        self.tells_tape(cx, agent, what);
    }

    fn tells_tape(&self, cx: &mut Cx<'_>, agent: AgentId, what: RecordingFact) {
        let call = self.id;
        cx.scene.record(Record::Recording { call, agent, what });
    }
}
