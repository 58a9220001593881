//! Conversations that are recorded: by the bridge that carries the call, under names that are made here.

use super::BridgeId;
use super::Site;
use crate::daemon::bridge::protocol::Act;
use crate::daemon::bridge::protocol::Capability;
use crate::daemon::bridge::protocol::TapeAct;
use crate::daemon::journal::Position;
use crate::daemon::journal::rows::RecordingRow;
use crate::daemon::journal::rows::Unkept;
use crate::exchange::effect::RecordingAct;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::input::Input;
use crate::exchange::record::RecordingFact;
use crate::exchange::time::Tick;
use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;

/// The longest beginning of a recording's name, in characters: that of the line.
const LINE_CHARS_MAX: usize = 60;

/// The recording of the conversation that a call is in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Tape {
    pub(super) name: String,
    offer: u64,
    since: Tick,
    paused_at: Option<Tick>,
    paused_ms: u64,
}

impl Tape {
    fn resumed(&mut self, at: Tick) {
        if let Some(since) = self.paused_at.take() {
            self.paused_ms += at.since(since).0;
        }
    }
}

impl Site {
    /// Has the carrier of a call do something with the recording of its conversation.
    pub(super) fn record_talk(
        &mut self,
        at: Tick,
        (call, agent): (CallId, AgentId),
        act: RecordingAct,
    ) {
        if act == RecordingAct::Start {
            self.begin_tape(at, call, agent);
            if !self.carrier_can(call, Capability::RecordTalk) {
                return self.work.follow_ups.push(Input::RecordingFailed { call });
            }
        }
        let facts = self.calls.get(call);
        let Some(tape) = facts.and_then(|facts| facts.tape.as_deref()) else {
            return;
        };
        let (offer, recording) = (tape.offer, tape.name.clone());
        let act = match act {
            RecordingAct::Start => TapeAct::Start,
            RecordingAct::Pause => TapeAct::Pause,
            RecordingAct::Resume => TapeAct::Resume,
            RecordingAct::Stop => TapeAct::Stop,
        };
        self.tell_carrier(call, |call| Act::RecordTalk {
            call,
            offer,
            recording,
            act,
        });
    }

    fn begin_tape(&mut self, at: Tick, call: CallId, agent: AgentId) {
        let offer = self.offer_of(agent, call).unwrap_or(0);
        let started_ms = self.unix_ms(at);
        let plan = self.exchange.plan();
        let Some(facts) = self.calls.get_mut(call) else {
            return;
        };
        facts.tape = Some(Box::new(Tape {
            name: name(&plan.line(facts.line).name, started_ms, offer),
            offer,
            since: at,
            paused_at: None,
            paused_ms: 0,
        }));
    }

    /// Notes how a recording comes along; one that is over leaves a row.
    pub(super) fn note_recording(
        &mut self,
        at: Tick,
        (call, agent): (CallId, AgentId),
        what: RecordingFact,
    ) {
        let tape = self.calls.get_mut(call).map(|facts| &mut facts.tape);
        let Some(tape) = tape else {
            return;
        };
        match (what, tape) {
            (RecordingFact::Paused, Some(tape)) => tape.paused_at = Some(at),
            (RecordingFact::Resumed, Some(tape)) => tape.resumed(at),
            (RecordingFact::Ended | RecordingFact::Failed, tape) => {
                let failed = what == RecordingFact::Failed;
                if let Some(tape) = tape.take() {
                    self.keep_tape(at, (call, agent), *tape, failed);
                }
            }
            (RecordingFact::Started | RecordingFact::Paused | RecordingFact::Resumed, _) => {}
        }
    }

    fn keep_tape(
        &mut self,
        at: Tick,
        (call, agent): (CallId, AgentId),
        mut tape: Tape,
        failed: bool,
    ) {
        tape.resumed(at);
        let started_ms = self.unix_ms(tape.since);
        let Some(facts) = self.calls.get_mut(call) else {
            return;
        };
        if !failed {
            facts.keeps(&tape.name);
        }
        let plan = self.exchange.plan();
        let row = RecordingRow {
            position: Position(self.position),
            number: self.work.outcome.recordings.len() as u32,
            recording: tape.name,
            call: facts.name.clone(),
            bridge: self.bridges.get(facts.bridge).name.clone(),
            line: plan.line(facts.line).name.clone(),
            caller: facts.from.clone(),
            agent: plan.agent(agent).name.clone(),
            consent: facts
                .consent
                .map_or("", |consent| consent.name())
                .to_owned(),
            started_ms,
            length_ms: at.since(tape.since).0.saturating_sub(tape.paused_ms) as i64,
            paused_ms: tape.paused_ms as i64,
            failed,
        };
        self.work.outcome.recordings.push(row);
    }

    /// A bridge could not record, or keep what it has recorded; that may turn out when the
    /// conversation is long over.
    pub(super) fn talk_not_recorded(&mut self, at: Tick, bridge: BridgeId, recording: &str) {
        let mut calls = self.bridges.get(bridge).calls().values();
        let has_it = |call: &&CallId| {
            let tape = self
                .calls
                .get(**call)
                .and_then(|facts| facts.tape.as_deref());
            tape.is_some_and(|tape| tape.name == recording)
        };
        if let Some(call) = calls.find(has_it).copied() {
            return self.handle(at, Input::RecordingFailed { call });
        }
        // Of an earlier conversation of a call that goes on, or of one that has ended.
        let calls = self.bridges.get(bridge).calls().values().copied();
        let counted = !calls.into_iter().any(|call| {
            let facts = self.calls.get_mut(call);
            facts.is_some_and(|facts| facts.keeps_no_more(recording))
        });
        self.work.outcome.unkept.push(Unkept {
            bridge: self.bridges.get(bridge).name.clone(),
            recording: recording.to_owned(),
            counted,
        });
    }
}

/// What a recording is called: the line, when it began in UTC, and the ringing that was answered. It
/// becomes a file's name, so that nothing in it may lead elsewhere.
fn name(line: &str, started_ms: i64, offer: u64) -> String {
    let safe = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let line: String = line.chars().take(LINE_CHARS_MAX).map(safe).collect();
    let started = Timestamp::from_millisecond(started_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{line}-{}-{offer}", started.strftime("%Y%m%d-%H%M%S%3f"))
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_says_line_and_time_and_leads_nowhere_else() {
        let at = 1_795_591_408_078;
        assert_eq!(name("clinic", at, 17), "clinic-20261125-072328078-17");
        assert_eq!(name("../a b", at, 1), "---a-b-20261125-072328078-1");
        assert!(name(&"long".repeat(99), at, u64::MAX).len() < 128);
    }
}
