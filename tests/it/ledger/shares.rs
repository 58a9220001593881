//! What is owed to whom by the books: tags, lags, limits, and what is forgiven (F4).

use super::Books;
use super::Checked;
use super::Rules;
use super::people::is_present;
use strowger::exchange::ONE_CALL;
use strowger::exchange::dialplan::Group;
use strowger::exchange::dialplan::LedgerPeriod;
use strowger::exchange::id::AgentId;
use strowger::exchange::record::AgentState;

impl Books {
    /// A call costs its agent one call over the weight.
    pub(super) fn charge(&mut self, id: AgentId) {
        let agent = &mut self.agents[id.index()];
        agent.tag += agent.cost;
        agent.charged = self.history.charge(id);
    }

    /// A call that does not count is taken off again.
    pub(super) fn refund(&mut self, id: AgentId) {
        let agent = &mut self.agents[id.index()];
        agent.tag -= agent.cost;
        self.history.refund(id, agent.charged, agent.cost);
    }

    /// The tag moves for another reason than a call.
    pub(super) fn adjust(&mut self, id: AgentId, by: i64) {
        self.agents[id.index()].tag += by;
        self.history.adjust(id, by);
    }

    /// F4: a newcomer neither owes nor is owed; who returns in the same period has the lag of
    /// before, which is K calls at most.
    pub(super) fn comes(&mut self, id: AgentId) {
        let reference = self.reference(id, false);
        let day = self.plan.zone.day(self.origin_ms + self.now.0 as i64);
        // Of several groups the shortest memory counts.
        let period = self.groups_of(id).map(|group| group.ledger).min();
        let agent = &mut self.agents[id.index()];
        let now = (day, agent.shift);
        // 1970 began on a Thursday.
        let week = |day: i32| (day + 3).div_euclid(7);
        let same = agent.came.is_some_and(|(day, shift)| match period {
            Some(LedgerPeriod::Shift) => shift == now.1,
            Some(LedgerPeriod::Week) => week(day) == week(now.0),
            _ => day == now.0,
        });
        if !same {
            agent.lag = 0;
        }
        agent.came = Some(now);
        agent.tag = reference - agent.lag;
        self.tally.returned += u64::from(agent.lag != 0);
        agent.state = AgentState::Resting;
        self.history.comes(id, &self.agents);
    }

    pub(super) fn leaves(&mut self, id: AgentId) -> Checked {
        let limit = self.limit(id);
        let lag = self.lag(id);
        let agent = &mut self.agents[id.index()];
        agent.lag = lag.clamp(-limit, limit);
        let forgiven = std::mem::take(&mut agent.forgiven);
        hold!(
            forgiven == lag - agent.lag,
            "{id:?} is forgiven {forgiven} of a lag of {lag}"
        );
        if self.believes(Rules::BreaksForgive) {
            self.agents[id.index()].lag = 0;
        }
        self.history.leaves(id);
        Ok(())
    }

    /// F4: whoever becomes free has a lag of K calls at most, and one millionth for rounding.
    pub(super) fn becomes_free(&mut self, id: AgentId) -> Checked {
        let (limit, lag) = (self.limit(id), self.lag(id));
        let forgiven = std::mem::take(&mut self.agents[id.index()].forgiven);
        if forgiven != 0 {
            let right = lag.abs() > limit && lag.signum() == forgiven.signum();
            hold!(right, "{id:?} is forgiven {forgiven} of a lag of {lag}");
            self.adjust(id, forgiven);
            let over = self.lag(id).abs() - limit;
            hold!(
                over.abs() <= 1,
                "{id:?} is forgiven {forgiven} of {lag}, which leaves {over} over the limit"
            );
        }
        let lag = self.lag(id);
        // Whoever serves no lane takes what is handed over, and has nobody to be compared with.
        let alone = self.agents[id.index()].kind.lanes == 0;
        hold!(
            alone || lag.abs() <= limit + 1,
            "F4: {id:?} becomes free with a lag of {lag}"
        );
        Ok(())
    }

    /// What is owed to somebody present.
    fn lag(&self, id: AgentId) -> i64 {
        self.reference(id, true) - self.agents[id.index()].tag
    }

    /// V: the weighted mean tag of all who are present, over the lanes of an agent. The agent
    /// counts while it is present; whoever shares two lanes counts twice.
    fn reference(&self, id: AgentId, with_itself: bool) -> i64 {
        let own = self.agents[id.index()].kind.lanes;
        let (mut weights, mut tags) = (0_i128, 0_i128);
        for (place, other) in self.agents.iter().enumerate() {
            if is_present(other.state) && (with_itself || place != id.index()) {
                let shared = i128::from((other.kind.lanes & own).count_ones());
                let weight = i128::from(other.weight) * shared;
                weights += weight;
                tags += weight * i128::from(other.tag);
            }
        }
        match weights {
            0 => 0,
            weights => tags.div_euclid(weights) as i64,
        }
    }

    /// K: of several groups the smallest counts.
    fn limit(&self, id: AgentId) -> i64 {
        let limits = self.groups_of(id).map(|group| group.catch_up);
        i64::from(limits.min().unwrap_or(0)) * ONE_CALL
    }

    fn groups_of(&self, id: AgentId) -> impl Iterator<Item = &Group> + '_ {
        let groups = self.agents[id.index()].kind.groups.iter();
        groups.map(|(group, _)| self.plan.group(*group))
    }
}
