//! Calls as the world outside knows them, and the record that each leaves.

use super::BridgeId;
use super::Site;
use super::lookups::Asked;
use super::recordings::Tape;
use crate::daemon::bridge::protocol::Capability;
use crate::daemon::journal::Position;
use crate::daemon::journal::rows::CdrRow;
use crate::daemon::journal::rows::SurveyRow;
use crate::exchange::dialplan::Dialling;
use crate::exchange::dialplan::Moved;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::CallId;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::record::Consent;
use crate::exchange::record::Decision;
use crate::exchange::record::Outcome;
use crate::exchange::record::Record;
use crate::exchange::record::TurnedAway;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Tick;
use crate::measure::course::ADRIFT;
use crate::measure::course::BY_REQUEST;
use crate::measure::course::Course;
use crate::measure::course::TOO_LONG;
use crate::measure::course::call_of;
use crate::measure::course::is_withheld;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Why a caller was turned away though agents may have been there: none can be rung for this bridge.
const UNRUNG: &str = "cannot-ring";
/// The bridge of a call could not record the message that the caller was asked for.
const UNRECORDED: &str = "cannot-record";

/// An attempt that is being taken or refused.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    pub(super) bridge: BridgeId,
    pub(super) name: String,
    pub(super) from: Option<String>,
}

impl Attempt {
    pub(super) fn new(bridge: BridgeId, name: &str, from: Option<&str>) -> Self {
        Self {
            bridge,
            name: name.to_owned(),
            from: from.filter(|from| !is_withheld(from)).map(str::to_owned),
        }
    }

    /// Stands for the person who calls a line with these rules: a hash of the number, 0 when it is withheld.
    pub(super) fn caller(&self, dialling: &Dialling) -> u64 {
        let from = self.from.as_deref();
        from.map_or(0, |from| dialling.caller_from(from))
    }
}

/// All calls in progress, by their place in the exchange's table.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Calls {
    slots: Vec<Option<CallFacts>>,
}

/// What is known of one call.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallFacts {
    /// The bridge that carries it.
    pub bridge: BridgeId,
    /// The bridge's name for it.
    pub name: String,
    /// The caller's number.
    pub from: Option<String>,
    /// The line.
    pub line: LineId,
    pub(super) started: Tick,
    #[serde(flatten)]
    course: Course,
    /// The record step whose message is being taken.
    pub(super) recording: Option<StepId>,
    /// Since when the last message was taken; snapshots of before do not say it.
    #[serde(default)]
    pub(super) records_since: Option<Tick>,
    /// What the caller has said to being recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) consent: Option<Consent>,
    /// The recording of the present conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tape: Option<Box<Tape>>,
    /// Recordings so far.
    #[serde(default)]
    pub(super) recordings: u32,
    /// What they are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tapes: Vec<String>,
    /// The look-up that has not come to anything yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) asked: Option<Box<Asked>>,
    /// What look-ups have found, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) values: BTreeMap<String, String>,
    /// A call back that no bridge carries now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_promised: bool,
    /// A call back for which another program has asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) by_request: bool,
    /// Was turned away because its bridge can ring no phones.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unrung: bool,
    /// The bridge cannot record, and was to record a message.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) unrecorded: bool,
    /// Why it could not be dialled the last time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) undialled: Option<Undialled>,
}

/// Why a call back cannot be dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Undialled {
    /// No bridge can dial, and ring the agent.
    NoBridge,
    /// A bridge that can is away.
    BridgeAway,
    /// The number may not be dialled.
    NumberNotAllowed,
}

impl Undialled {
    fn name(self) -> &'static str {
        match self {
            Self::NoBridge | Self::BridgeAway => "no-bridge",
            Self::NumberNotAllowed => "number-not-allowed",
        }
    }
}

impl CallFacts {
    /// A conversation was recorded.
    pub(super) fn keeps(&mut self, recording: &str) {
        self.recordings += 1;
        self.tapes.push(recording.to_owned());
    }

    /// A recording turned out not to have been kept; false if it is not of this call.
    pub(super) fn keeps_no_more(&mut self, recording: &str) -> bool {
        let place = self.tapes.iter().position(|tape| tape == recording);
        if let Some(place) = place {
            self.tapes.remove(place);
            self.recordings -= 1;
        }
        place.is_some()
    }

    /// What its record says beside the outcome.
    fn detail(&self, outcome: &str, may_last: bool) -> Option<&'static str> {
        let is_cut_off = self.course.is_cut_off || outcome == Outcome::EndedBySystem.name();
        let why = if may_last { ADRIFT } else { TOO_LONG };
        let unrung = self.unrung.then_some(UNRUNG);
        let undialled = self.undialled.map(Undialled::name);
        let unrecorded = self.unrecorded.then_some(UNRECORDED);
        let by_request = self.by_request.then_some(BY_REQUEST);
        let other = unrung.or(unrecorded).or(by_request);
        undialled.or(is_cut_off.then_some(why)).or(other)
    }

    /// The last queue it was in.
    pub(super) fn queue(&self) -> Option<QueueId> {
        self.course.queue
    }
}

impl Calls {
    /// What is known of a call in progress.
    pub fn get(&self, call: CallId) -> Option<&CallFacts> {
        self.slots.get(call.index as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, call: CallId) -> Option<&mut CallFacts> {
        self.slots.get_mut(call.index as usize)?.as_mut()
    }

    pub(super) fn insert(&mut self, call: CallId, attempt: &Attempt, started: Tick) {
        let place = call.index as usize;
        if self.slots.len() <= place {
            self.slots.resize(place + 1, None);
        }
        self.slots[place] = Some(CallFacts {
            bridge: attempt.bridge,
            name: attempt.name.clone(),
            from: attempt.from.clone(),
            line: LineId(0),
            started,
            course: Course::default(),
            recording: None,
            records_since: None,
            consent: None,
            tape: None,
            recordings: 0,
            tapes: Vec::new(),
            asked: None,
            values: BTreeMap::new(),
            is_promised: false,
            by_request: false,
            unrung: false,
            unrecorded: false,
            undialled: None,
        });
    }

    /// What is known of all calls in progress, and of the calls back that are promised.
    pub(super) fn iter(&self) -> impl Iterator<Item = &CallFacts> {
        self.slots.iter().flatten()
    }

    /// The calls in progress that wait for another system.
    pub(super) fn asking(&self) -> impl Iterator<Item = &CallFacts> {
        self.iter().filter(|facts| facts.asked.is_some())
    }

    /// Goes over to other ids of what the calls follow.
    pub(super) fn renumber(&mut self, moved: &Moved) {
        for facts in self.slots.iter_mut().flatten() {
            moved.follow_line(&mut facts.line);
            facts.course.renumber(moved);
            facts.recording = facts.recording.and_then(|step| moved.step(step));
            if let Some(asked) = &mut facts.asked {
                moved.follow_step(&mut asked.step);
            }
        }
    }

    fn remove(&mut self, call: CallId) -> Option<CallFacts> {
        self.slots.get_mut(call.index as usize)?.take()
    }
}

impl Site {
    /// Notes a record: on the board, in the call's facts, and as a row when the call is over.
    pub(super) fn note(&mut self, at: Tick, record: &Record) {
        let unix_ms = self.unix_ms(at);
        self.board.note(self.exchange.plan(), at, unix_ms, record);
        self.worth.note(at, record);
        if let Some(facts) = call_of(record).and_then(|call| self.calls.get_mut(call)) {
            facts.course.note(at, record);
        }
        match *record {
            Record::Arrived { call, line, .. } => {
                if let Some(facts) = self.calls.get_mut(call) {
                    facts.line = line;
                }
            }
            Record::Callback { call, what, .. } => self.note_callback(at, call, what),
            Record::Surveyed { .. } => self.keep_answer(at, record),
            Record::Consented { call, consent, .. } => {
                if let Some(facts) = self.calls.get_mut(call) {
                    facts.consent = Some(consent);
                }
            }
            Record::Recording { call, agent, what } => {
                self.note_recording(at, (call, agent), what);
            }
            Record::LookedUp { call, .. } => {
                if let Some(facts) = self.calls.get_mut(call) {
                    facts.asked = None;
                }
            }
            Record::TurnedAway {
                call,
                why: TurnedAway::NoAgents,
                ..
            } => {
                let unrung = !self.carrier_can(call, Capability::Ring);
                if let Some(facts) = self.calls.get_mut(call) {
                    facts.unrung |= unrung;
                }
            }
            Record::Unqueued { call, how, .. } => {
                // It was in line, or handed to somebody, and nobody can be rung for it any more.
                let unrung = how == Unqueued::TimedOut && !self.carrier_can(call, Capability::Ring);
                if let Some(facts) = self.calls.get_mut(call) {
                    facts.unrung |= unrung;
                }
            }
            Record::Offered(decision) => {
                let Decision {
                    offer, agent, call, ..
                } = decision;
                self.offers.insert(offer.0, (agent, call));
                self.offer_at.insert(agent, offer.0);
            }
            Record::OfferEnded { offer, how, .. } => self.offer_ended(offer, how),
            Record::Ended {
                call,
                line,
                outcome,
                ..
            } => self.close(at, call, line, outcome.name()),
            _ => {}
        }
    }

    pub(super) fn close(&mut self, at: Tick, call: CallId, line: LineId, outcome: &str) {
        self.message_stops(at, call);
        let Some(facts) = self.calls.remove(call) else {
            return;
        };
        self.undialled.remove(&call);
        self.phones_no_more(call);
        self.bridges
            .get_mut(facts.bridge)
            .carries_no_more(&facts.name, call);
        let plan = self.exchange.plan().clone();
        // Only a bridge that is away ends calls before their time.
        let is_away = !self.bridges.get(facts.bridge).connected;
        let may_last = is_away && at.since(facts.started) < plan.line(line).max_call;
        let row = CdrRow {
            agent: facts
                .course
                .agent
                .map(|agent| plan.agent(agent).name.clone()),
            queue: facts
                .course
                .queue
                .map(|queue| plan.queue(queue).name.clone()),
            started_ms: self.unix_ms(facts.started),
            wait_ms: facts.course.wait_ms as i64,
            talk_ms: facts.course.talk_ms as i64,
            detail: facts.detail(outcome, may_last).map(str::to_owned),
            caller: facts.from.clone(),
            menus_version: self.version_of(line),
            consent: facts.consent.map(|consent| consent.name().to_owned()),
            recordings: facts.recordings,
            ..self.row(
                at,
                facts.bridge,
                &facts.name,
                &plan.line(line).name,
                outcome,
            )
        };
        self.work.outcome.cdrs.push(row);
        self.work
            .outcome
            .ended
            .push((facts.bridge, facts.name, call));
    }

    /// The row of a call that ends now, as far as anything is known of every call.
    pub(super) fn row(
        &self,
        at: Tick,
        bridge: BridgeId,
        call: &str,
        line: &str,
        outcome: &str,
    ) -> CdrRow {
        CdrRow {
            position: Position(self.position),
            number: self.work.outcome.cdrs.len() as u32,
            call: call.to_owned(),
            bridge: self.bridges.get(bridge).name.clone(),
            line: line.to_owned(),
            caller: None,
            agent: None,
            queue: None,
            started_ms: self.unix_ms(at),
            ended_ms: self.unix_ms(at),
            wait_ms: 0,
            talk_ms: 0,
            outcome: outcome.to_owned(),
            detail: None,
            menus_version: self.version,
            consent: None,
            recordings: 0,
        }
    }

    /// Keeps what a caller has said, or has not, to a question of a survey.
    fn keep_answer(&mut self, at: Tick, record: &Record) {
        let Record::Surveyed {
            call,
            step,
            ask,
            answer,
            agent,
        } = *record
        else {
            return;
        };
        let plan = self.exchange.plan();
        let step = plan.step(step);
        let (StepKind::Survey(survey), Some(facts)) = (&step.kind, self.calls.get(call)) else {
            return;
        };
        let row = SurveyRow {
            position: Position(self.position),
            number: self.work.outcome.surveys.len() as u32,
            call: facts.name.clone(),
            line: plan.line(step.line).name.clone(),
            survey: step.name.clone(),
            question: survey.asks[usize::from(ask)].id.clone(),
            answer,
            agent: agent.map(|agent| plan.agent(agent).name.clone()),
            at_ms: self.unix_ms(at),
        };
        self.work.outcome.surveys.push(row);
    }
}
