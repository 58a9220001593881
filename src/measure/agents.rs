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
    profile: u32,
    /// The queue cell of the call being handled; [`NO_CELL`] when it is not counted.
    serving: u32,
    /// Its times are those from the begin of statistics on to the last new state, or what has to be taken off
    /// for the time before.
    tally: AgentTally,
}

impl Member {
    /// The times up to a moment.
    fn state_ms(&self, until: Tick) -> StateTimes {
        let mut state_ms = self.tally.state_ms;
        let last = &mut state_ms[self.state as usize];
        *last = last.wrapping_add(until.0.wrapping_sub(self.since.0));
        state_ms[AgentState::SignedOut as usize] = 0;
        state_ms
    }
}

/// All agents of one run. Agents with the same profile share their cells of time.
#[derive(Clone, Debug)]
pub(super) struct Agents {
    members: Vec<Member>,
    /// By profile and interval.
    times: Vec<StateTimes>,
    /// By profile, the times of all intervals that are over.
    before: Vec<StateTimes>,
    cells: usize,
    /// Everybody's times when statistics ended; nobody's before.
    ended: Vec<StateTimes>,
    /// For whom the number of a call back is being dialled, and since when.
    dialling: Vec<(AgentId, Tick)>,
}

impl Agents {
    pub(super) fn new(plan: &Dialplan, cells: usize) -> Self {
        let member = |agent: &crate::exchange::dialplan::Agent| Member {
            state: AgentState::SignedOut,
            since: Tick(0),
            profile: agent.profile.index() as u32,
            serving: NO_CELL,
            tally: AgentTally::default(),
        };
        Self {
            members: plan.agents.iter().map(member).collect(),
            times: vec![StateTimes::default(); plan.profiles.len() * cells],
            before: vec![StateTimes::default(); plan.profiles.len()],
            cells,
            ended: Vec::new(),
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
        self.before.fill(StateTimes::default());
        self.ended.clear();
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
        let (old, ms) = (at.state, now.0 - at.since.0);
        let time = &mut at.tally.state_ms[old as usize];
        *time = time.wrapping_add(ms);
        (at.state, at.since) = (state, now);
        let counts = old == AgentState::WrapUp && at.serving != NO_CELL;
        (old, counts.then_some((at.serving, ms)))
    }

    /// Statistics begin.
    pub(super) fn begin(&mut self, from: Tick) {
        for member in &mut self.members {
            let before = member.since.0.wrapping_sub(from.0);
            member.tally.state_ms = StateTimes::default();
            member.tally.state_ms[member.state as usize] = before;
        }
    }

    /// An interval is over.
    pub(super) fn close(&mut self, cell: usize, end: Tick) {
        for member in &self.members {
            let times = &mut self.times[member.profile as usize * self.cells + cell];
            for (sum, ms) in times.iter_mut().zip(member.state_ms(end)) {
                *sum += ms;
            }
        }
        let profiles = self.times.chunks_exact_mut(self.cells);
        for (times, before) in profiles.zip(&mut self.before) {
            for (ms, before) in times[cell].iter_mut().zip(before) {
                *ms -= std::mem::replace(before, *ms);
            }
        }
    }

    /// Statistics are over.
    pub(super) fn end(&mut self, until: Tick) {
        let ended = self.members.iter().map(|member| member.state_ms(until));
        self.ended.extend(ended);
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
        tally.dialling_ms += clock.counted(since, now).0;
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
        if clock.is_inside() {
            self.close(clock.cell(), now);
            self.end(now);
        }
        while let Some(&(agent, _)) = self.dialling.last() {
            self.dials_no_more(clock, now, agent);
        }
        let ended = self.ended.iter().copied();
        let ended = ended.chain(std::iter::repeat(StateTimes::default()));
        for (member, state_ms) in self.members.iter_mut().zip(ended) {
            member.tally.state_ms = state_ms;
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
