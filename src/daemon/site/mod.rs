//! A site: the exchange and all that the daemon knows around it, as one deterministic machine over
//! journal entries. The same entries give the same state, the same effects and the same records of
//! calls, in the process that wrote them and in the one that reads them after a crash.

mod asked_for;
mod bridges;
mod calls;
mod carry;
mod dialling;
mod door;
mod lookups;
mod messages;
mod numbers;
mod people;
mod phones;
mod publish;
mod recordings;
mod speaker;
mod switches;
mod tickets;
mod warnings;

pub use asked_for::CallbackRequest;
pub use asked_for::CallbackView;
pub use asked_for::RequestObjection;
pub use bridges::BRIDGES_MAX;
pub use bridges::Bridge;
pub use bridges::BridgeId;
pub use bridges::Bridges;
pub use bridges::OUTBOX_MAX;
pub use calls::Calls;
pub use dialling::CALLBACK_NAME;
pub use lookups::Asked;
pub use people::AgentObjection;
pub use phones::OutOfReach;
pub use publish::Edition;
pub use switches::Notices;
pub use switches::Words;

use super::board::Board;
use super::bridge::protocol::Capability;
use super::bridge::protocol::Code;
use super::bridge::protocol::Event;
use super::bridge::protocol::RefuseReason;
use super::entry::Entry;
use super::entry::What;
use super::journal::rows::CdrRow;
use super::journal::rows::DeliveryRow;
use super::journal::rows::MessageRow;
use super::journal::rows::RecordingRow;
use super::journal::rows::ShedRow;
use super::journal::rows::SurveyRow;
use super::journal::rows::Unkept;
use crate::exchange::Exchange;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::effect::Effect;
use crate::exchange::effect::Filling;
use crate::exchange::effect::Ignored;
use crate::exchange::effect::NotPromised;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::LineId;
use crate::exchange::id::LookupId;
use crate::exchange::input::Input;
use crate::exchange::key::Key;
use crate::exchange::record::TurnedAway;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::measure::worth::Ledger;
use crate::menu::fnv::Fnv;
use asked_for::Asking;
use calls::Attempt;
use dialling::may_not_dial;
use messages::Dues;
use numbers::Numbers;
use publish::Followed;
use serde::Deserialize;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::hash::Hasher;
use std::sync::Arc;

/// Why a call was refused that wanted a line which is not there, or not any more.
const NO_LINE: &str = "unknown-line";

/// What is wrong with a new call that has the name of one in progress.
pub(in crate::daemon) const DUPLICATE: (Code, &str) =
    (Code::DuplicateCall, "a call of this name is in progress");

/// Everything that is remembered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Site {
    exchange: Exchange,
    /// The version of the menus in force.
    version: u64,
    /// Those before that calls may still follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    older: Vec<Followed>,
    /// Whether the menus in force were published to a running daemon, not given at its start.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    live: bool,
    #[serde(skip)]
    numbers: Arc<Numbers>,
    /// Entries applied so far.
    position: u64,
    bridges: Bridges,
    calls: Calls,
    /// The agent and the call of each ringing and each talk.
    offers: BTreeMap<u64, (AgentId, CallId)>,
    /// The last ringing of each agent.
    offer_at: BTreeMap<AgentId, u64>,
    /// Attempts so far.
    attempts: u64,
    board: Board,
    /// What answers are worth, whatever menus come.
    #[serde(default)]
    worth: Ledger,
    /// Calls back that only a bridge could dial that was away.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    undialled: BTreeSet<CallId>,
    /// Agents whose device was reported as out of reach.
    #[serde(default)]
    unplugged: BTreeSet<AgentId>,
    /// Calls that come from agents' phones.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    phoning: BTreeSet<(CallId, AgentId)>,
    /// The words of notices, by line and language.
    #[serde(default)]
    notices: Notices,
    /// Recordings of messages that bridges have yet to report.
    #[serde(default, skip_serializing_if = "Dues::is_empty")]
    dues: Dues,
    #[serde(skip)]
    work: Work,
}

/// What one entry leaves for others to do, and room to work in; empty between two entries.
#[derive(Clone, Debug, Default)]
struct Work {
    effects: Vec<Effect>,
    fills: Vec<Filling>,
    /// The attempt that is being taken.
    attempt: Option<Attempt>,
    /// The call back that another program asks for.
    asking: Option<Asking>,
    /// What a bridge cannot do has failed at once.
    follow_ups: Vec<Input>,
    outcome: Applied,
}

/// What came of an entry, beyond the effects in the bridges' outboxes.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// Calls that have ended.
    pub cdrs: Vec<CdrRow>,
    /// Messages that were left.
    pub messages: Vec<MessageRow>,
    /// Questions of surveys that were put to callers.
    pub surveys: Vec<SurveyRow>,
    /// Conversations that were recorded.
    pub recordings: Vec<RecordingRow>,
    /// Those that turned out not to have been kept.
    pub unkept: Vec<Unkept>,
    /// What other systems are to be told.
    pub deliveries: Vec<DeliveryRow>,
    /// Calls that were turned away.
    pub shed: Vec<ShedRow>,
    /// The call back that another program has asked for, or why it is not promised.
    pub promised: Option<Result<CallId, NotPromised>>,
    /// What was wrong with the report.
    pub refused: Option<(Code, &'static str)>,
    /// Why the queue takes nobody from which a colleague was to be invited.
    pub uninvited: Option<TurnedAway>,
    /// Calls for which another system is to be asked.
    pub asked: Vec<CallId>,
    /// Names of calls that have ended, with their bridges.
    pub ended: Vec<(BridgeId, String, CallId)>,
}

impl Site {
    /// A site with these menus, no calls, and everybody signed out.
    pub fn new(plan: Arc<Dialplan>, version: u64, origin_ms: i64) -> Self {
        Self {
            board: Board::new(&plan),
            worth: Ledger::new(&plan, Tick(0)),
            numbers: Arc::new(Numbers::of(&plan)),
            exchange: Exchange::new(plan, origin_ms),
            version,
            older: Vec::new(),
            live: false,
            // The publication is the first entry.
            position: 1,
            bridges: Bridges::default(),
            calls: Calls::default(),
            offers: BTreeMap::new(),
            offer_at: BTreeMap::new(),
            attempts: 0,
            undialled: BTreeSet::new(),
            unplugged: BTreeSet::new(),
            phoning: BTreeSet::new(),
            notices: Notices::new(),
            dues: Dues::new(),
            work: Work::default(),
        }
    }

    /// Applies one entry. A publication is not applied here: see [`Site::new`] and [`Site::publish`].
    ///
    /// # Panics
    /// If the entry lies before the last one.
    pub fn apply(&mut self, entry: &Entry) -> Applied {
        self.position += 1;
        let at = Tick(entry.at);
        self.fire_due(at);
        self.happen(at, &entry.what);
        std::mem::take(&mut self.work.outcome)
    }

    /// Earlier deadlines fire at their own time, so that records hold at theirs.
    fn fire_due(&mut self, at: Tick) {
        while let Some(due) = self.exchange.next_deadline().filter(|due| *due <= at) {
            self.exchange.wake(due, &mut self.work.effects);
            self.carry_out(due);
        }
    }

    fn happen(&mut self, at: Tick, what: &What) {
        match what {
            What::Wake | What::Published { .. } => {}
            What::ClockSet { origin_ms } => {
                let origin_ms = *origin_ms;
                self.handle(at, Input::OriginMoved { origin_ms });
            }
            What::Started { patience_ms, .. } => self.lose_all_bridges(at, Span(*patience_ms)),
            What::BridgeJoined {
                bridge,
                can,
                devices,
                calls,
            } => self.join_bridge(at, bridge, (can, devices), calls.as_deref()),
            What::BridgeLost {
                bridge,
                patience_ms,
            } => {
                let id = self.bridges.find_or_add(bridge);
                self.lose_bridge(at, id, Span(*patience_ms));
            }
            What::Reported { bridge, seq, event } => {
                let id = self.bridges.find_or_add(bridge);
                self.bridges.received(id, *seq);
                self.reported(at, id, event);
            }
            What::Refused {
                bridge,
                seq,
                call,
                line,
                from,
                reason,
            } => {
                let id = self.bridges.find_or_add(bridge);
                self.bridges.received(id, *seq);
                let attempt = Attempt::new(id, call, from.as_deref());
                self.refuse(at, &attempt, line.as_deref(), (*reason, reason.name()));
            }
            What::Shed {
                bridge,
                calls,
                lines,
                reason,
            } => {
                let id = self.bridges.find_or_add(bridge);
                self.shed(at, id, (calls, *reason), lines);
            }
            What::KeyHidden {
                bridge,
                seq,
                call,
                fits,
            } => {
                let id = self.bridges.find_or_add(bridge);
                if let Some(seq) = seq {
                    self.bridges.received(id, *seq);
                }
                let fits = *fits;
                self.tell_call(at, id, call, |call| Input::HiddenKey { call, fits });
            }
            What::Passed { bridge, seq } => {
                let id = self.bridges.find_or_add(bridge);
                self.bridges.received(id, *seq);
            }
            What::KeyReleased { bridge, call, key } => {
                let id = self.bridges.find_or_add(bridge);
                if let Some(key) = Key::from_char(*key) {
                    self.tell_call(at, id, call, |call| Input::Key { call, key });
                }
            }
            What::EntryLost { bridge, call } => {
                let id = self.bridges.find_or_add(bridge);
                self.tell_call(at, id, call, |call| Input::EntryLost { call });
            }
            What::LookedUp {
                bridge,
                call,
                lookup,
                result,
                values,
            } => {
                let id = self.bridges.find_or_add(bridge);
                self.looked_up(at, (id, call), LookupId(*lookup), (*result, values));
            }
            What::Switched {
                line,
                what,
                until,
                words,
            } => self.switch(at, line, (*what, *until), words),
            What::Agent { agent, act } => self.agent_acts(at, agent, act),
            What::CallbackAsked(request) => self.ask_for_callback(at, request),
            What::CallbackWithdrawn { call } => self.withdraw_callback(at, call),
        }
    }

    /// Hands an input to the exchange and carries out what it asks for.
    fn handle(&mut self, at: Tick, input: Input) {
        self.exchange.handle(at, input, &mut self.work.effects);
        self.carry_out(at);
    }

    fn tell_call(
        &mut self,
        at: Tick,
        bridge: BridgeId,
        name: &str,
        input: impl FnOnce(CallId) -> Input,
    ) {
        match self.bridges.call(bridge, name) {
            Some(call) => self.handle(at, input(call)),
            None => self.object(Code::UnknownCall, "there is no such call, or it has ended"),
        }
    }

    fn object(&mut self, code: Code, message: &'static str) {
        self.work.outcome.refused.get_or_insert((code, message));
    }

    fn reported(&mut self, at: Tick, bridge: BridgeId, event: &Event) {
        match event {
            Event::CallStarted {
                call,
                line,
                number,
                from,
                device,
            } => {
                let attempt = Attempt::new(bridge, call, from.as_deref());
                let line_id = self.line_of(line.as_deref(), number.as_deref());
                let called = line.as_deref().or(number.as_deref());
                self.start(at, attempt, (line_id, called), device.as_deref());
            }
            Event::Key { call, key } => match Key::from_char(*key) {
                Some(key) => self.tell_call(at, bridge, call, |call| Input::Key { call, key }),
                None => self.object(Code::BadValue, "a key is one of 0 to 9, * and #"),
            },
            Event::PlayDone { call, play } => {
                let play = crate::exchange::id::PlayId(*play);
                self.tell_call(at, bridge, call, |call| Input::PromptEnded { call, play });
            }
            Event::CallEnded { call } => {
                // A call that is over already may end once more: both sides have hung up.
                if let Some(call) = self.bridges.call(bridge, call) {
                    self.handle(at, Input::CallerHungUp { call });
                }
            }
            Event::RecordingDone {
                call,
                length_ms,
                recording,
            } => {
                let length = length_ms.map(Span);
                self.recording_done(at, (bridge, call), length, recording.as_deref());
            }
            Event::RecordTalkFailed { recording } => {
                self.talk_not_recorded(at, bridge, recording);
            }
            Event::TransferDone { call } => {
                self.tell_call(at, bridge, call, |call| Input::TransferDone { call });
            }
            Event::TransferFailed { call } => {
                self.tell_call(at, bridge, call, |call| Input::TransferFailed { call });
            }
            Event::DialAnswered { call } => {
                self.tell_call(at, bridge, call, |call| Input::CallbackReached { call });
            }
            Event::DialFailed { call } => {
                self.tell_call(at, bridge, call, |call| Input::CallbackFailed { call });
            }
            Event::AgentAnswered { offer } => self.agent_answered(at, bridge, *offer),
            Event::AgentDeclined { offer } => self.agent_declined(at, bridge, *offer),
            Event::AgentHungUp { offer } => self.agent_hung_up(at, bridge, *offer),
            Event::DeviceState { device, reachable } => {
                self.device_state(at, device, *reachable);
            }
        }
    }

    /// The line with this name, or that this number leads to.
    pub fn line_of(&self, line: Option<&str>, number: Option<&str>) -> Option<LineId> {
        match line {
            Some(line) => self.exchange.plan().line_named(line),
            None => self.numbers.line(number?),
        }
    }

    fn start(
        &mut self,
        at: Tick,
        attempt: Attempt,
        (line, called): (Option<LineId>, Option<&str>),
        device: Option<&str>,
    ) {
        // First of all: a bridge would carry out a refusal for the call in progress.
        if self.bridges.call(attempt.bridge, &attempt.name).is_some() {
            return self.object(DUPLICATE.0, DUPLICATE.1);
        }
        let Some(line) = line else {
            self.object(Code::UnknownLine, "no line has this name or number");
            return self.refuse(at, &attempt, called, (RefuseReason::BadCall, NO_LINE));
        };
        self.forget_dues(attempt.bridge, |name| name == attempt.name);
        self.attempts += 1;
        let plan = self.exchange.plan();
        let (tag, caller) = (self.attempts, attempt.caller(&plan.line(line).dialling));
        let from = attempt.from.as_deref().filter(|_| caller != 0);
        let barred = from.is_some_and(|from| may_not_dial(plan.line(line), from));
        let rings = (self.bridges.get(attempt.bridge).can).contains(&Capability::Ring);
        let who = (attempt.bridge, attempt.name.clone());
        let agent = device.and_then(|device| self.agents_with(device).next());
        self.work.attempt = Some(attempt);
        self.handle(
            at,
            Input::CallArrived {
                line,
                tag,
                caller,
                agent,
            },
        );
        self.work.attempt = None;
        let odd = barred || !rings || agent.is_some();
        let taken = odd.then(|| self.bridges.call(who.0, &who.1)).flatten();
        if let Some((call, agent)) = taken.zip(agent) {
            self.phones(at, call, agent);
        }
        if let Some(call) = taken.filter(|_| barred) {
            self.handle(at, Input::NumberBarred { call });
        }
        if let Some(call) = taken.filter(|_| !rings) {
            self.handle(at, Input::CarrierRings { call, rings });
        }
    }

    /// What was ignored, in the words of the protocol.
    fn ignored(&mut self, why: Ignored) {
        let (code, message) = match why {
            Ignored::UnknownLine => (Code::UnknownLine, "no line has this name or number"),
            Ignored::UnknownCall(_) => {
                (Code::UnknownCall, "there is no such call, or it has ended")
            }
            Ignored::UnknownAgent(_) => (Code::UnknownDevice, "no agent has this device"),
            Ignored::StaleOffer(_) => (Code::StaleOffer, "that ringing is over"),
            Ignored::StaleLookup(..) => (Code::NotNow, "that look-up is over"),
            Ignored::StalePlay(..) => (
                Code::StalePlay,
                "that playing was stopped, or has been reported before",
            ),
            Ignored::NobodyToInvite(_, why) => {
                self.work.outcome.uninvited = Some(why);
                (Code::NotNow, "the queue takes nobody now")
            }
            Ignored::NotNow(_) | Ignored::AgentNotNow(_) => {
                (Code::NotNow, "this cannot happen in the present state")
            }
            Ignored::UnknownGroup(_) => (Code::BadValue, "there is no such group"),
            Ignored::UnknownQueue(_) => (Code::BadValue, "the call's line has no such queue"),
            Ignored::UnknownReason(_) => (Code::BadValue, "there is no such reason for a pause"),
            Ignored::KeyWithoutMeaning(_) => {
                (Code::KeyWithoutMeaning, "the key means nothing here")
            }
            Ignored::NotPromised(_, why) => {
                self.work.outcome.promised = Some(Err(why));
                return;
            }
            Ignored::UnknownStep(_) => (Code::BadValue, "there is no such step"),
            Ignored::UnknownLanguage(_) => (Code::BadValue, "the line does not speak it"),
            Ignored::TooManyKeys(_) => (Code::TooManyKeys, "more keys than a call may hold"),
        };
        self.object(code, message);
    }

    /// The exchange within.
    pub fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// The version of the menus in force.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Entries applied so far: the place in the journal.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The bridges.
    pub fn bridges(&self) -> &Bridges {
        &self.bridges
    }

    /// The bridges, to let go of what they have carried out.
    pub fn bridges_mut(&mut self) -> &mut Bridges {
        &mut self.bridges
    }

    /// The calls in progress, as bridges know them.
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    /// What the wallboard shows.
    pub fn board(&self, now: Tick) -> Cow<'_, Board> {
        let plan = self.exchange.plan();
        self.board.of_the_day(plan, self.unix_ms(now))
    }

    /// What answers are worth, whatever menus come.
    pub fn worth(&self) -> &Ledger {
        &self.worth
    }

    /// Unix time of a tick in milliseconds.
    pub fn unix_ms(&self, at: Tick) -> i64 {
        self.exchange.origin_ms() + at.0 as i64
    }

    /// A hash of all that is remembered but for effects that bridges may have carried out: equal
    /// states have equal hashes. Takes time in proportion to the state.
    pub fn hash(&self) -> u64 {
        let mut hasher = Fnv::default();
        let known = (
            (&self.exchange, self.version, self.position),
            (self.bridges.known(), &self.calls, &self.offers),
            (self.attempts, &self.board, &self.unplugged, &self.notices),
            (&self.undialled, &self.phoning),
            (&self.older, self.live),
            (&self.worth, &self.dues),
        );
        serde_json::to_writer(&mut hasher, &known).expect("a site is plain data");
        hasher.finish()
    }
}
