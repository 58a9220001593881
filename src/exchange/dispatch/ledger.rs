//! Who is owed how much: the tags of LFD, lag-bounded fair dispatch.
//!
//! Every agent carries a tag in millionths of a call. A call adds `cost = 1 / weight` to it, so
//! among the free agents the least tag is the one furthest behind its share. An agent's reference
//! is `V`, the weighted mean tag of the present agents it shares work with; whoever comes gets
//! `V - lag`, so that an absence is neither a debt nor a credit, and `lag` never exceeds `K` calls.
//! Where work is to be divided evenly instead of calls, a call costs its handling time over the
//! mean one: it is charged as one call and corrected when it is over.

use crate::exchange::ahead::fetch_entry;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::LedgerPeriod;
use crate::exchange::dialplan::Profile;
use crate::exchange::id::AgentId;
use crate::exchange::id::LaneId;
use crate::exchange::id::ProfileId;
use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// One call, in the unit of tags.
pub const ONE_CALL: i64 = 1_000_000;

/// The tags of all agents and what they add up to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Ledger {
    accounts: Vec<Account>,
    sums: Vec<Sums>,
}

/// One agent's share: one line of the cache, for it is what a decision has to fetch.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[repr(align(64))]
struct Account {
    tag: i64,
    cost: i64,
    /// K in millionths of a call.
    limit: i64,
    /// `V - tag` when the agent last left.
    lag: i64,
    weight: u32,
    /// Tags that differ by less than this count as equal.
    band: u32,
    /// When the agent came for whom the lag is kept.
    came: Option<Moment>,
    /// What the agent may take.
    profile: ProfileId,
    period: LedgerPeriod,
    present: bool,
}

impl Account {
    /// Takes the rules of the groups that the agent is in: the strictest of each.
    fn follow(&mut self, plan: &Dialplan, profile: ProfileId) {
        self.profile = profile;
        let groups = &plan.profiles[profile.index()].groups;
        let rules = || groups.iter().map(|group| plan.group(*group));
        let catch_up = rules().map(|group| group.catch_up).min();
        self.limit = i64::from(catch_up.unwrap_or(0)) * ONE_CALL;
        let period = rules().map(|group| group.ledger).min();
        self.period = period.unwrap_or(LedgerPeriod::Day);
        self.band = plan.tie_band(profile);
    }
}

/// When an agent comes: the day, counted from 1970, and the number of the agent's shift.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Moment {
    pub(super) day: i32,
    pub(super) shift: i32,
}

impl LedgerPeriod {
    /// The number of the period that a moment lies in.
    fn stamp(self, at: Moment) -> i32 {
        match self {
            Self::Shift => at.shift,
            Self::Day => at.day,
            // 1970 began on a Thursday.
            Self::Week => (at.day + 3).div_euclid(7),
        }
    }
}

/// Over the present agents of one lane.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Sums {
    weight: i128,
    weighted_tags: i128,
}

impl Ledger {
    pub(super) fn new(plan: &Dialplan) -> Self {
        let accounts = plan.agents.iter().map(|agent| {
            let mut account = Account {
                weight: agent.weight,
                cost: ONE_CALL * ONE_CALL / i64::from(agent.weight),
                profile: agent.profile,
                limit: 0,
                tag: 0,
                lag: 0,
                period: LedgerPeriod::Day,
                came: None,
                band: 1,
                present: false,
            };
            account.follow(plan, agent.profile);
            account
        });
        Self {
            accounts: accounts.collect(),
            sums: vec![Sums::default(); plan.lanes.len()],
        }
    }

    /// Goes over to a plan that has grown: accounts for those who are new, the newer rules for all. Tags
    /// stay; the sums are over the lanes that there are now.
    pub(super) fn grow(&mut self, plan: &Dialplan) {
        let new = Self::new(plan);
        let known = self.accounts.len();
        self.accounts.extend(&new.accounts[known..]);
        for (account, agent) in self.accounts.iter_mut().zip(&plan.agents) {
            account.weight = agent.weight;
            account.cost = ONE_CALL * ONE_CALL / i64::from(agent.weight);
            account.follow(plan, agent.profile);
        }
        self.sums = self.recomputed(plan);
    }

    /// What the agent may take.
    pub(super) fn profile(&self, agent: AgentId) -> ProfileId {
        self.accounts[agent.index()].profile
    }

    /// Asks for the memory of an agent's account, and does not wait for it.
    #[inline]
    pub(super) fn fetch(&self, agent: AgentId) {
        fetch_entry(&self.accounts, agent.index());
    }

    /// The agent's tag.
    pub(super) fn tag(&self, agent: AgentId) -> i64 {
        self.accounts[agent.index()].tag
    }

    /// Whether the agent is at work.
    pub(super) fn is_present(&self, agent: AgentId) -> bool {
        self.accounts[agent.index()].present
    }

    /// The tag as far as it counts in a choice: tags that are nearly equal are equal.
    pub(super) fn rough_tag(&self, agent: AgentId) -> i64 {
        let account = &self.accounts[agent.index()];
        match i64::from(account.band) {
            // Mostly, and a division takes long.
            1 => account.tag,
            band => account.tag.div_euclid(band) * band,
        }
    }

    /// What is owed to an agent, or by one when negative, in millionths of a call.
    pub(super) fn lag(&self, agent: AgentId, profile: &Profile) -> i64 {
        let account = &self.accounts[agent.index()];
        match account.present {
            true => self.reference(profile) - account.tag,
            false => account.lag,
        }
    }

    /// Notes what was owed to an agent who is not at work yet, up to the limit.
    pub(super) fn owe(&mut self, agent: AgentId, lag: i64, at: Moment) {
        let account = &mut self.accounts[agent.index()];
        account.lag = lag.clamp(-account.limit, account.limit);
        account.came = Some(at);
    }

    /// An agent who is not at work, or was taken out for the moment, is in other groups now.
    pub(super) fn follow(&mut self, agent: AgentId, plan: &Dialplan, profile: ProfileId) {
        let account = &mut self.accounts[agent.index()];
        assert!(!account.present, "whoever moves has left before");
        account.follow(plan, profile);
    }

    /// An agent comes to work or back from a break.
    pub(super) fn come(&mut self, agent: AgentId, profile: &Profile, at: Moment) {
        let reference = self.reference(profile);
        let account = &mut self.accounts[agent.index()];
        assert!(!account.present, "an agent comes once");
        let period = account.period;
        let same = |came: Moment| period.stamp(came) == period.stamp(at);
        if !account.came.is_some_and(same) {
            account.lag = 0;
        }
        account.came = Some(at);
        account.tag = reference - account.lag;
        account.present = true;
        let (weight, tag) = (i64::from(account.weight), account.tag);
        self.add(&profile.lanes, weight, tag);
    }

    /// An agent goes on a break or home. Returns what was forgiven, in millionths of a call.
    pub(super) fn leave(&mut self, agent: AgentId, profile: &Profile) -> i64 {
        let reference = self.reference(profile);
        let account = &mut self.accounts[agent.index()];
        assert!(account.present, "an agent leaves once");
        let lag = reference - account.tag;
        account.lag = lag.clamp(-account.limit, account.limit);
        account.present = false;
        let forgiven = lag - account.lag;
        let (weight, tag) = (i64::from(account.weight), account.tag);
        self.add(&profile.lanes, -weight, tag);
        forgiven
    }

    /// A call is charged to an agent.
    pub(super) fn charge(&mut self, agent: AgentId, profile: &Profile) {
        let cost = self.accounts[agent.index()].cost;
        self.move_tag(agent, profile, cost);
    }

    /// A call that was not answered is taken off again.
    pub(super) fn refund(&mut self, agent: AgentId, profile: &Profile) {
        let cost = self.accounts[agent.index()].cost;
        self.move_tag(agent, profile, -cost);
    }

    /// A call is over that was charged as one call: what part of it is work counts as its handling
    /// time over the mean one.
    pub(super) fn correct(
        &mut self,
        agent: AgentId,
        profile: &Profile,
        work_permille: u16,
        (took, mean): (Span, Span),
    ) {
        if mean == Span::ZERO {
            return;
        }
        let cost = i128::from(self.accounts[agent.index()].cost);
        let more = i128::from(took.0) - i128::from(mean.0);
        let by = cost * i128::from(work_permille) * more / (1000 * i128::from(mean.0));
        self.move_tag(agent, profile, by as i64);
    }

    /// Brings the tag of an agent who becomes free within K of the reference. Returns what was
    /// forgiven, positive when calls had been owed to the agent.
    pub(super) fn bound(&mut self, agent: AgentId, profile: &Profile) -> i64 {
        let sums = self.sums_of(profile);
        let account = &self.accounts[agent.index()];
        // Numbers of half the width are multiplied in one step, and weights of millions are that small.
        let weight = sums.weight as i64;
        let own = i64::from(account.weight) * profile.lanes.len() as i64;
        if weight == own {
            // Alone, or with no calls to take at all: nobody to be ahead of or behind.
            return 0;
        }
        // Compared without dividing: V - K <= tag <= V + K, all times the weight.
        let (low, high) = (account.tag + account.limit, account.tag - account.limit);
        let behind = sums.weighted_tags - i128::from(low) * i128::from(weight);
        let ahead = i128::from(high) * i128::from(weight) - sums.weighted_tags;
        let others = i128::from(weight - own);
        let by = if behind >= i128::from(weight) {
            // The agent's own tag is in V: moving it moves V a little the same way.
            (behind / others) as i64
        } else if ahead >= i128::from(weight) {
            -((ahead / others) as i64)
        } else {
            return 0;
        };
        self.move_tag(agent, profile, by);
        by
    }

    /// `V`: the weighted mean tag over the present agents of the profile's lanes; 0 when there are
    /// none. An agent who shares two lanes counts twice.
    pub(super) fn reference(&self, profile: &Profile) -> i64 {
        let sums = self.sums_of(profile);
        if sums.weight == 0 {
            0
        } else {
            sums.weighted_tags.div_euclid(sums.weight) as i64
        }
    }

    fn sums_of(&self, profile: &Profile) -> Sums {
        profile.lanes.iter().fold(Sums::default(), |total, lane| {
            let sums = self.sums[lane.index()];
            Sums {
                weight: total.weight + sums.weight,
                weighted_tags: total.weighted_tags + sums.weighted_tags,
            }
        })
    }

    fn move_tag(&mut self, agent: AgentId, profile: &Profile, by: i64) {
        let account = &mut self.accounts[agent.index()];
        assert!(account.present, "only a present agent's tag moves");
        account.tag += by;
        let change = i128::from(account.weight) * i128::from(by);
        for lane in &profile.lanes {
            self.sums[lane.index()].weighted_tags += change;
        }
    }

    fn add(&mut self, lanes: &[LaneId], weight: i64, tag: i64) {
        for lane in lanes {
            let sums = &mut self.sums[lane.index()];
            sums.weight += i128::from(weight);
            sums.weighted_tags += i128::from(weight) * i128::from(tag);
        }
    }

    /// Whether the sums equal a recomputation from the accounts (guarantee F5).
    pub(super) fn balances(&self, plan: &Dialplan) -> bool {
        let sums = self.recomputed(plan);
        sums.iter().zip(&self.sums).all(|(left, right)| {
            left.weight == right.weight && left.weighted_tags == right.weighted_tags
        })
    }

    fn recomputed(&self, plan: &Dialplan) -> Vec<Sums> {
        let mut sums = vec![Sums::default(); plan.lanes.len()];
        for (account, agent) in self.accounts.iter().zip(&plan.agents) {
            if account.present {
                for lane in &plan.profiles[agent.profile.index()].lanes {
                    sums[lane.index()].weight += i128::from(account.weight);
                    sums[lane.index()].weighted_tags +=
                        i128::from(account.weight) * i128::from(account.tag);
                }
            }
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::dialplan::Agent;
    use crate::exchange::id::ProfileId;

    #[test]
    fn an_agent_without_calls_to_take_has_nobody_to_be_compared_with() {
        let mut plan = Dialplan::default();
        plan.profiles.push(Profile::default());
        plan.agents.push(Agent {
            name: "ana".to_owned(),
            title: "Ana".to_owned(),
            device: String::new(),
            profile: ProfileId(0),
            weight: 1_000_000,
        });
        let mut ledger = Ledger::new(&plan);
        let at = Moment { day: 0, shift: 1 };
        ledger.come(AgentId(0), &plan.profiles[0], at);
        assert_eq!(ledger.bound(AgentId(0), &plan.profiles[0]), 0);
    }
}
