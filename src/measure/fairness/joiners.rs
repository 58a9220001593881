//! Whether those who come late are flooded: their first half hour.

use super::shares::Shares;
use crate::exchange::id::AgentId;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use std::collections::VecDeque;

/// Who comes so long after the first colleague is a joiner, and is looked at for as long.
const WINDOW: Span = Span::minutes(30);

/// Agents in their first half hour, and what came of those before.
#[derive(Clone, Debug)]
pub(super) struct Joiners {
    /// When the first of each profile came.
    first: Vec<Option<Tick>>,
    has_come: Vec<bool>,
    /// Until when each is looked at, in this order.
    looked_at: VecDeque<(Tick, AgentId)>,
    pub(super) calls: u64,
    pub(super) due: i64,
}

impl Joiners {
    pub(super) fn new(profiles: usize, agents: usize) -> Self {
        Self {
            first: vec![None; profiles],
            has_come: vec![false; agents],
            looked_at: VecDeque::new(),
            calls: 0,
            due: 0,
        }
    }

    pub(super) fn reset(&mut self) {
        self.first.fill(None);
        self.has_come.fill(false);
        self.looked_at.clear();
        (self.calls, self.due) = (0, 0);
    }

    /// An agent comes to work or back from a break.
    pub(super) fn come(&mut self, now: Tick, agent: AgentId, profile: u16, counts: bool) {
        if std::mem::replace(&mut self.has_come[agent.index()], true) {
            return;
        }
        let first = *self.first[usize::from(profile)].get_or_insert(now);
        if counts && now.since(first) >= WINDOW {
            self.looked_at.push_back((now + WINDOW, agent));
        }
    }

    /// Sums up those whose half hour is over. To be called before a call is divided.
    #[inline]
    pub(super) fn pass(&mut self, now: Tick, shares: &Shares) {
        while let Some(&(until, agent)) = self.looked_at.front()
            && until <= now
        {
            self.sum_up(agent, shares);
        }
    }

    /// Sums up everybody who is still looked at.
    pub(super) fn finish(&mut self, shares: &Shares) {
        while let Some(&(_, agent)) = self.looked_at.front() {
            self.sum_up(agent, shares);
        }
    }

    /// Nobody had taken a call, or been due one, before coming for the first time.
    fn sum_up(&mut self, agent: AgentId, shares: &Shares) {
        let account = shares.account(agent);
        self.calls += account.calls;
        self.due += account.due;
        self.looked_at.pop_front();
    }
}
