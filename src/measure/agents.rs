//! Agents' time by state and interval, and their calls.

use super::frame::Clock;
use super::queues::NO_CELL;
use super::tally::AgentTally;
use super::tally::Load;
use super::tally::StateTimes;
use crate::exchange::ahead::fetch;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::record::AgentState;
use crate::exchange::record::OfferEnd;
use crate::exchange::time::Tick;

/// What an agent is doing now, and what was done.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Member {
    state: AgentState,
    since: Tick,
    /// First cell of the agent's profile in the times.
    cells: u32,
    /// The queue cell of the call being handled; [`NO_CELL`] when it is not counted.
    serving: u32,
    tally: AgentTally,
}

/// All agents of one run. Agents with the same profile share their cells of time.
#[derive(Clone, Debug)]
pub(super) struct Agents {
    members: Vec<Member>,
    times: Vec<StateTimes>,
    cells: usize,
    /// For whom the number of a call back is being dialled, and since when.
    dialling: Vec<(AgentId, Tick)>,
}

impl Agents {
    pub(super) fn new(plan: &Dialplan, cells: usize) -> Self {
        let member = |agent: &crate::exchange::dialplan::Agent| Member {
            state: AgentState::SignedOut,
            since: Tick(0),
            cells: (agent.profile.index() * cells) as u32,
            serving: NO_CELL,
            tally: AgentTally::default(),
        };
        Self {
            members: plan.agents.iter().map(member).collect(),
            times: vec![StateTimes::default(); plan.profiles.len() * cells],
            cells,
            dialling: Vec::new(),
        }
    }

    pub(super) fn reset(&mut self) {
        for member in &mut self.members {
            member.state = AgentState::SignedOut;
            member.since = Tick(0);
            member.serving = NO_CELL;
            member.tally = AgentTally::default();
        }
        self.times.fill(StateTimes::default());
        self.dialling.clear();
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// Asks for the memory of an agent.
    #[inline]
    pub(super) fn fetch(&self, agent: AgentId) {
        let member = &self.members[agent.index()];
        fetch(member);
        fetch_entry(&member.tally.state_ms, AgentState::WrapUp as usize);
    }

    /// Notes a new state. Gives the one before, and the queue cell and the length of a wrap-up that is over.
    #[inline(always)]
    pub(super) fn change(
        &mut self,
        clock: &Clock,
        now: Tick,
        agent: AgentId,
        state: AgentState,
    ) -> (AgentState, Option<(u32, u64)>) {
        if !self.dialling.is_empty() {
            self.dials_no_more(clock, now, agent);
        }
        let at = &mut self.members[agent.index()];
        let (old, since) = (at.state, at.since);
        (at.state, at.since) = (state, now);
        let first = at.cells as usize;
        if old != AgentState::SignedOut {
            clock.divide(since, now, |cell, ms| {
                at.tally.state_ms[old as usize] += ms;
                self.times[first + cell][old as usize] += ms;
            });
        }
        let counts = old == AgentState::WrapUp && at.serving != NO_CELL;
        (old, counts.then(|| (at.serving, now.0 - since.0)))
    }

    /// Notes an answered call; `cell` is the queue cell of its entry, if it is counted.
    #[inline]
    pub(super) fn answered(&mut self, agent: AgentId, cell: u32) {
        self.serves(agent, cell);
        self.took(agent, cell != NO_CELL);
    }

    /// Notes whose call an agent is handling from now on.
    #[inline]
    pub(super) fn serves(&mut self, agent: AgentId, cell: u32) {
        self.members[agent.index()].serving = cell;
    }

    /// Notes that an agent has taken a call.
    #[inline]
    pub(super) fn took(&mut self, agent: AgentId, counts: bool) {
        self.members[agent.index()].tally.calls += u64::from(counts);
    }

    /// The number of a call back is dialled for an agent, who has no caller yet.
    pub(super) fn dials(&mut self, now: Tick, agent: AgentId) {
        self.dialling.push((agent, now));
    }

    /// The caller has answered, or the agent is let go, if that was so.
    #[inline(never)]
    pub(super) fn dials_no_more(&mut self, clock: &Clock, now: Tick, agent: AgentId) {
        let place = self.dialling.iter().position(|(other, _)| *other == agent);
        let Some(place) = place else {
            return;
        };
        let (_, since) = self.dialling.swap_remove(place);
        let tally = &mut self.members[agent.index()].tally;
        clock.divide(since, now, |_, ms| tally.dialling_ms += ms);
    }

    /// What an agent is doing.
    #[inline]
    pub(super) fn state(&self, agent: AgentId) -> AgentState {
        self.members[agent.index()].state
    }

    /// The queue cell of the call that the agent is handling, [`NO_CELL`] when it is not counted.
    #[inline]
    pub(super) fn serving(&self, agent: AgentId) -> u32 {
        self.members[agent.index()].serving
    }

    /// Notes the end of a ringing.
    #[inline]
    pub(super) fn offer_ended(&mut self, agent: AgentId, how: OfferEnd) {
        let tally = &mut self.members[agent.index()].tally;
        tally.missed += u64::from(how == OfferEnd::NoAnswer);
        tally.declined += u64::from(how == OfferEnd::Declined);
    }

    /// Closes everybody's books at the end of a run.
    pub(super) fn finish(&mut self, clock: &Clock, now: Tick) {
        for place in 0..self.members.len() {
            let state = self.members[place].state;
            self.change(clock, now, AgentId(place as u32), state);
        }
    }

    /// Everybody's sums.
    pub(super) fn tallies(&self) -> impl Iterator<Item = &AgentTally> {
        self.members.iter().map(|member| &member.tally)
    }

    /// The load of a profile in every cell.
    pub(super) fn loads_of(&self, profile: usize) -> impl Iterator<Item = Load> {
        let times = &self.times[profile * self.cells..(profile + 1) * self.cells];
        times.iter().map(Load::of)
    }
}
