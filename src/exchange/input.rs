//! Everything that can happen to an exchange.

use super::dialplan::LookupResult;
use super::dialplan::Recognized;
use super::id::{
    AgentId, CallId, GroupId, LanguageId, LineId, LookupId, OfferId, PlayId, QueueId, ReasonId,
    StepId,
};
use super::key::Key;
use super::limits::AGENT_GROUPS_MAX;
use super::switches::Switch;
use super::time::Span;
use super::time::Tick;
use serde::{Deserialize, Serialize};

/// One thing that has happened. An input that cannot be right changes nothing and comes back as
/// [`super::effect::Effect::Ignored`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// A call has come in. `tag` is the bridge's own name for the attempt, `caller` stands for the
    /// person (the number, or 0 when it is withheld); both come back in records. From an agent's
    /// own phone the bridge says whose it is.
    CallArrived {
        /// The line that was dialled.
        line: LineId,
        /// The bridge's name for the attempt.
        tag: u64,
        /// Who calls; 0 is nobody in particular.
        caller: u64,
        /// The agent whose phone calls, if it is one.
        agent: Option<AgentId>,
    },
    /// The caller pressed a key.
    Key {
        /// The call.
        call: CallId,
        /// The key.
        key: Key,
    },
    /// The caller pressed a key that the driver keeps to itself: a digit of a secret entry, or one
    /// typed ahead that may be. See [`super::KeyUse`].
    HiddenKey {
        /// The call.
        call: CallId,
        /// Whether the secret entry so far, this digit included, passes its check.
        fits: bool,
    },
    /// The driver has lost the digits of the secret entry that the call is in: it begins again.
    EntryLost {
        /// The call.
        call: CallId,
    },
    /// The driver's clock was set: tick 0 was at another time than was believed. Ticks go on as they
    /// did; opening hours and dates are those of the new time from now on.
    OriginMoved {
        /// Unix time of tick 0, in milliseconds.
        origin_ms: i64,
    },
    /// The bridge that carries the call is gone. The call waits for it, and ends with its outcome
    /// if the bridge does not come back in time, which begins anew when this is said again.
    CallAdrift {
        /// The call.
        call: CallId,
        /// How long to wait.
        patience: Span,
    },
    /// The bridge that carries the call is back.
    CallBack {
        /// The call.
        call: CallId,
        /// Whether it has forgotten what it was doing, so that the step begins again.
        afresh: bool,
    },
    /// Whether phones can be rung for a call, as they can unless this is said. When they cannot, nobody
    /// is there for the call, whoever is at work.
    CarrierRings {
        /// The call.
        call: CallId,
        /// Whether they can.
        rings: bool,
    },
    /// A prompt was heard to its end.
    PromptEnded {
        /// The call.
        call: CallId,
        /// The playing that ended.
        play: PlayId,
    },
    /// A look-up has come to something.
    LookedUp {
        /// The call.
        call: CallId,
        /// The look-up.
        lookup: LookupId,
        /// What came of it.
        result: LookupResult,
    },
    /// What a look-up has found says who the caller is; comes right before [`Input::LookedUp`].
    CallerKnown {
        /// The call.
        call: CallId,
        /// The look-up.
        lookup: LookupId,
        /// What is known.
        what: Recognized,
    },
    /// The number from which a caller calls may not be dialled; comes right after the call.
    NumberBarred {
        /// The call.
        call: CallId,
    },
    /// Operators have switched something on a line on, or off.
    Switched {
        /// The line.
        line: LineId,
        /// What.
        what: Switch,
        /// Until when it is on; a time that is over switches it off.
        until: Tick,
    },
    /// The caller has hung up.
    CallerHungUp {
        /// The call.
        call: CallId,
    },
    /// The caller has finished the message, or fell silent.
    RecordingEnded {
        /// The call.
        call: CallId,
        /// How long the message is; without it, as long as it ran.
        length: Option<Span>,
    },
    /// The number outside has taken the call.
    TransferDone {
        /// The call.
        call: CallId,
    },
    /// The number outside could not be reached.
    TransferFailed {
        /// The call.
        call: CallId,
    },
    /// An agent has come to work; not ready yet.
    AgentSignedIn {
        /// The agent.
        agent: AgentId,
    },
    /// An agent can take calls: after signing in, a break, a missed call, or wrap-up done early.
    AgentReady {
        /// The agent.
        agent: AgentId,
    },
    /// An agent takes a break, at the end of the call if there is one; during a break, another
    /// reason takes the place of the first.
    AgentPaused {
        /// The agent.
        agent: AgentId,
        /// What for, if anybody says.
        reason: Option<ReasonId>,
    },
    /// An agent needs more time for the work after a call: the limit of wrap-up begins again.
    AgentExtended {
        /// The agent.
        agent: AgentId,
    },
    /// An agent hands the caller on, who keeps the place in line.
    AgentTransferred {
        /// The agent.
        agent: AgentId,
        /// To whom.
        to: Transferee,
    },
    /// An agent in a talk invites a colleague into it. The call is in line for the colleague, with the
    /// place that it had, and caller and agent talk on.
    ColleagueInvited {
        /// The agent.
        agent: AgentId,
        /// Whom.
        to: Transferee,
    },
    /// An agent takes an invitation back that nobody has answered.
    InvitationWithdrawn {
        /// The agent.
        agent: AgentId,
    },
    /// An agent takes the calls of these groups from now on, and of no others: at once, or after the
    /// call if there is one. What is owed to the agent goes along.
    AgentMoved {
        /// The agent.
        agent: AgentId,
        /// The groups.
        groups: Groups,
    },
    /// An agent goes home, at the end of the call if there is one.
    AgentSignedOut {
        /// The agent.
        agent: AgentId,
    },
    /// An agent's phone cannot be rung. An agent who was free is not ready until it can.
    AgentUnreachable {
        /// The agent.
        agent: AgentId,
    },
    /// An agent's phone can be rung again.
    AgentReachable {
        /// The agent.
        agent: AgentId,
    },
    /// An agent has picked up.
    AgentAnswered {
        /// The agent.
        agent: AgentId,
        /// The ringing that was answered.
        offer: OfferId,
    },
    /// An agent has refused a call.
    AgentDeclined {
        /// The agent.
        agent: AgentId,
        /// The ringing that was refused.
        offer: OfferId,
    },
    /// An agent has ended the talk by hanging up.
    AgentHungUp {
        /// The agent.
        agent: AgentId,
    },
    /// An agent has the recording of the conversation paused, while the caller says or types what must
    /// not be kept.
    RecordingPaused {
        /// The agent.
        agent: AgentId,
    },
    /// An agent has it go on.
    RecordingResumed {
        /// The agent.
        agent: AgentId,
    },
    /// The conversation of a call cannot be recorded, or not any more.
    RecordingFailed {
        /// The call.
        call: CallId,
    },
    /// Another program asks that somebody be called who is not on the line: who has left a number on a
    /// web page, or is on a list. The step must allow it (`by_request`).
    CallbackAsked {
        /// The callback step, which says whose agents call and how often they try.
        step: StepId,
        /// The program's own name for it; comes back in the record of the promise.
        tag: u64,
        /// Who is to be called; 0 is nobody.
        caller: u64,
        /// What they speak: a language of the line.
        language: LanguageId,
        /// Not before this.
        not_before: Tick,
    },
    /// A call back is not wanted any more.
    CallbackWithdrawn {
        /// The call back.
        call: CallId,
    },
    /// The number that was dialled for a call back has answered.
    CallbackReached {
        /// The call back.
        call: CallId,
    },
    /// The number that was dialled for a call back is busy, or does not exist.
    CallbackFailed {
        /// The call back.
        call: CallId,
    },
    /// The number of a call back cannot be dialled: nothing is there that could, or it may not be.
    CallbackUndialled {
        /// The call back.
        call: CallId,
        /// Whether what could dial it is only away: that is no attempt.
        away: bool,
    },
    /// Whether anything that is there, or only away, can dial the numbers of calls back, as is taken for
    /// granted until this is said. While nothing can, no call back is promised.
    Dialling {
        /// Whether anything can.
        possible: bool,
    },
    /// What could dial a call back, and was away, is there again.
    CallbackDialable {
        /// The call back.
        call: CallId,
    },
}

/// To whom an agent hands a call, or whom an agent invites into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Transferee {
    /// Whoever answers a queue of the same line.
    Queue(QueueId),
    /// An agent at work. A call that is handed on goes to the others of the present queue when the agent
    /// takes too long; an invitation is over then.
    Agent(AgentId),
}

/// A few groups, each once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    list: [Option<GroupId>; AGENT_GROUPS_MAX],
}

impl Groups {
    /// These groups; none if there are none of them, or more than an agent may move to.
    pub fn new(groups: impl IntoIterator<Item = GroupId>) -> Option<Self> {
        let mut groups: Vec<GroupId> = groups.into_iter().collect();
        groups.sort_unstable();
        groups.dedup();
        let fits = (1..=AGENT_GROUPS_MAX).contains(&groups.len());
        let mut list = [None; AGENT_GROUPS_MAX];
        for (place, group) in list.iter_mut().zip(groups) {
            *place = Some(group);
        }
        fits.then_some(Self { list })
    }

    /// One after the other, in order.
    pub fn iter(&self) -> impl Iterator<Item = GroupId> + '_ {
        self.list.iter().flatten().copied()
    }
}
