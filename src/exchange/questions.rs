//! What may be asked of an exchange: nothing changes by it.

use super::Exchange;
use super::call::KeyUse;
use super::call::Promised;
use super::id::AgentId;
use super::id::CallId;
use super::id::GroupId;
use super::id::LanguageId;
use super::id::LineId;
use super::id::QueueId;
use super::id::VariableId;
use super::input::Groups;
use super::input::Transferee;
use super::key::Digits;
use super::key::Key;
use super::limits::VARIABLES_MAX;
use super::record::AgentState;
use super::switches::Switch;
use super::time::Span;
use super::time::Tick;

impl Exchange {
    /// What a key would be to a call now; none if there is no such call.
    pub fn key_use(&self, call: CallId, key: Key) -> Option<KeyUse<'_>> {
        Some(self.calls.get(call)?.key_use(&self.plan, key))
    }

    /// Until when something is switched on a line; [`Tick`] 0 if it never was.
    pub fn switched_until(&self, line: LineId, what: Switch) -> Tick {
        let root = self.plan.lines.get(line.index()).and_then(|line| line.root);
        let switches = self.switches.get(root.unwrap_or(line).index());
        switches.map_or(Tick(0), |switches| switches.until(what))
    }

    /// The language that a call speaks.
    pub fn language_of(&self, call: CallId) -> Option<LanguageId> {
        Some(self.calls.get(call)?.call().language)
    }

    /// The secret entry that the call is in the middle of, if it is.
    pub fn secret_entry(&self, call: CallId) -> Option<VariableId> {
        self.calls.get(call)?.secret_entry(&self.plan)
    }

    /// An entry of digits that a call has saved; empty before, or when there is no such call. That of a
    /// value of a look-up is with the driver.
    pub fn saved(&self, call: CallId, variable: VariableId) -> Digits {
        let entries = usize::from(variable.0) < VARIABLES_MAX;
        let machine = self.calls.get(call).filter(|_| entries);
        machine.map_or(Digits::EMPTY, |machine| machine.saved(variable))
    }

    /// The number to which a call back goes, as its caller typed it; empty for the one that the caller
    /// came from.
    pub fn typed_number(&self, call: CallId) -> Digits {
        let machine = self.calls.get(call);
        machine.map_or(Digits::EMPTY, |machine| machine.call().callback_number())
    }

    /// The agents whom somebody has moved to other groups than those of the files.
    pub fn moved_agents(&self) -> impl Iterator<Item = AgentId> + '_ {
        self.loans.iter().map(|(agent, _)| agent)
    }

    /// What an agent has asked for that comes when the present call is over, wrap-up included: a break, or
    /// the end of work.
    pub fn agent_goes_on_to(&self, agent: AgentId) -> Option<AgentState> {
        self.dispatch.goes_on_to(agent)
    }

    /// The groups that an agent goes to when the present call is over, if others than now.
    pub fn agent_moves_to(&self, agent: AgentId) -> Option<Groups> {
        self.dispatch.moves_to(agent)
    }

    /// Whether anything can dial the numbers of calls back.
    pub fn can_call_back(&self) -> bool {
        self.dispatch.can_call_back()
    }

    /// The calls back that have not reached their callers. Takes time in proportion to all calls.
    pub fn callbacks(&self) -> impl Iterator<Item = (CallId, Promised)> + '_ {
        let calls = self.calls.iter();
        calls.filter_map(|machine| Some((machine.call().id, machine.promised(&self.plan)?)))
    }

    /// One of them, if this call is one.
    pub fn callback(&self, call: CallId) -> Option<Promised> {
        self.calls.get(call)?.promised(&self.plan)
    }

    /// How many digits of a secret entry the call has taken so far.
    pub fn secret_digits(&self, call: CallId) -> usize {
        let machine = self.calls.get(call);
        machine.map_or(0, |machine| machine.secret_digits(&self.plan))
    }

    /// The state of an agent.
    pub fn agent_state(&self, agent: AgentId) -> Option<AgentState> {
        self.dispatch.agent_state(agent)
    }

    /// Whether the agent's phone can be rung.
    pub fn is_reachable(&self, agent: AgentId) -> bool {
        self.dispatch.is_reachable(agent)
    }

    /// The agent's tag: what it has been charged with, in millionths of a call.
    pub fn agent_tag(&self, agent: AgentId) -> i64 {
        self.dispatch.agent_tag(agent)
    }

    /// What is owed to an agent, or by the agent when negative, in millionths of a call.
    pub fn agent_lag(&self, agent: AgentId) -> i64 {
        self.dispatch.agent_lag(&self.plan, agent)
    }

    /// Whether no agent has two calls, and no call two agents but those of whom one has invited the other
    /// (guarantee E1). For tests.
    pub fn is_exclusive(&self) -> bool {
        self.dispatch
            .is_exclusive(&self.plan, |call| self.calls.get(call)?.host())
    }

    /// Calls in progress.
    pub fn calls_in_progress(&self) -> usize {
        self.calls.len()
    }

    /// How long a call in line may still have to wait: from who is ahead, the agents at work, how long
    /// calls take and how long callers wait before they give up. None if the call is not in a queue.
    pub fn expected_wait(&self, call: CallId) -> Option<Span> {
        let at_most = (self.now, self.calls.get(call)?.call().hold());
        self.dispatch.expected_wait(&self.plan, call, at_most)
    }

    /// Since when a call in line counts as waiting, in milliseconds of the ticks: its arrival less all
    /// head starts, before the origin when negative. None if the call is not in a queue.
    pub fn counts_since(&self, call: CallId) -> Option<i64> {
        self.dispatch.counts_since(call)
    }

    /// Puts calls into the order of their places in line, those without a place last. Calls back keep theirs
    /// while they are not in it.
    pub fn sort_by_place(&self, calls: &mut [CallId]) {
        let kept = |call: CallId| self.calls.get(call)?.call().place_of_callback();
        calls.sort_by_key(|call| {
            let place = self.dispatch.place_of(*call).or_else(|| kept(*call));
            (place.is_none(), place)
        });
    }

    /// Whether a phone rings for a call out of a queue.
    pub fn is_rung_for(&self, call: CallId) -> bool {
        self.dispatch.rings(call)
    }

    /// The one agent for whom a call in line waits in particular, if for any.
    pub fn waits_for(&self, call: CallId) -> Option<AgentId> {
        self.dispatch.waits_for(call)
    }

    /// The call that an agent is talking to, if any.
    pub fn talk_of(&self, agent: AgentId) -> Option<CallId> {
        self.dispatch.talking_to(agent).ok()
    }

    /// Whom an agent has invited into a talk, while nobody has answered.
    pub fn invitation_of(&self, agent: AgentId) -> Option<Transferee> {
        let call = self.talk_of(agent)?;
        self.calls.get(call)?.invitation(self.waits_for(call))
    }

    /// The other agent who talks to the same caller.
    pub fn talks_beside(&self, agent: AgentId) -> Option<AgentId> {
        let (host, guest) = self.calls.get(self.talk_of(agent)?)?.pair()?;
        Some(if agent == host { guest } else { host })
    }

    /// The queue out of which an agent has taken that call.
    pub fn talk_queue(&self, agent: AgentId) -> Option<QueueId> {
        self.dispatch.talk_queue(agent)
    }

    /// Whether the bridge of a call can ring phones.
    pub fn may_be_rung_for(&self, call: CallId) -> bool {
        let machine = self.calls.get(call);
        machine.is_none_or(|machine| machine.call().may_be_rung_for())
    }

    /// The line of that call.
    pub fn talk_line(&self, agent: AgentId) -> Option<LineId> {
        Some(self.calls.get(self.talk_of(agent)?)?.call().line)
    }

    /// Callers in line for a group.
    pub fn waiting_in(&self, group: GroupId) -> u32 {
        self.dispatch.waiting_in(group)
    }

    /// The free agents who may take a call of a queue in a language, with their tags in millionths
    /// of a call.
    pub fn free_for(&self, queue: QueueId, language: LanguageId) -> Vec<(AgentId, i64)> {
        self.dispatch.free_for(&self.plan, queue, language)
    }

    /// Whether the dispatcher's books are in order: the sums of the ledger agree with a
    /// recomputation, and nobody is free beside a caller whom they could take. For tests; takes
    /// time in proportion to agents and waiting callers.
    pub fn is_sound(&self) -> bool {
        self.dispatch.is_sound(&self.plan)
    }
}
