//! Which calls were due to whom: each answered call, divided among those who were there.

use super::fixed::ONE_CALL;
use super::fixed::as_calls;
use super::kinds::Kind;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;

/// The people at work, by what they may take.
///
/// Every answered call is divided, by weight, among the agents at work, busy ones included, who may take
/// the same calls as the taker, in the same order: see [`Dialplan::peers`]. A pool keeps `E`, the sum of `1 / W` over the answered calls, `W` being
/// the weight at work; what is due to an agent is `weight * (E at going - E at coming)`.
#[derive(Clone, Debug)]
pub struct Shares {
    pools: Vec<Pool>,
    members: Vec<Member>,
}

/// Agents who may take the same calls.
#[derive(Clone, Copy, Debug, Default)]
struct Pool {
    weight: u64,
    /// `2^64 / weight`, renewed when somebody comes or goes.
    each: u64,
    /// `E`, in units of 2⁻⁶⁴.
    sum: u128,
    calls: u64,
    comings: u64,
}

/// In one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Member {
    pool: u32,
    weight: u32,
    at_work: bool,
    /// Whether at work at any time that counts.
    was_there: bool,
    /// At work: what the whole `E` is worth to the agent, less `due`. Away: nothing.
    base: i64,
    /// What was due up to the last going.
    due: i64,
    calls: u32,
}

/// One agent's account at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) was_there: bool,
    pub(super) calls: u64,
    pub(super) due: i64,
}

impl Shares {
    /// Nobody at work yet.
    pub fn new(plan: &Dialplan) -> Self {
        let peers = plan.peers();
        let member = |agent: &crate::exchange::dialplan::Agent| Member {
            pool: u32::from(peers[agent.profile.index()].0),
            weight: agent.weight,
            at_work: false,
            was_there: false,
            base: 0,
            due: 0,
            calls: 0,
        };
        Self {
            pools: vec![Pool::default(); plan.profiles.len()],
            members: plan.agents.iter().map(member).collect(),
        }
    }

    /// Calls answered by an agent so far.
    pub fn calls(&self, agent: AgentId) -> u64 {
        self.account(agent).calls
    }

    /// Calls, and parts of calls, due to an agent so far.
    pub fn due(&self, agent: AgentId) -> f64 {
        as_calls(self.account(agent).due)
    }

    pub(super) fn reset(&mut self) {
        self.pools.fill(Pool::default());
        for member in &mut self.members {
            (member.at_work, member.was_there) = (false, false);
            (member.base, member.due, member.calls) = (0, 0, 0);
        }
    }

    /// An agent comes to work, or back from a break.
    pub fn come(&mut self, agent: AgentId, counts: bool) {
        let member = &mut self.members[agent.index()];
        let pool = &mut self.pools[member.pool as usize];
        member.at_work = true;
        member.was_there |= counts;
        member.base = worth(pool.sum, member.weight).wrapping_sub(member.due);
        pool.comings += 1;
        pool.weight += u64::from(member.weight);
        pool.each = u64::MAX / pool.weight;
    }

    /// An agent goes home or on a break.
    pub fn go(&mut self, agent: AgentId, counts: bool) {
        let member = &mut self.members[agent.index()];
        let pool = &mut self.pools[member.pool as usize];
        member.at_work = false;
        member.was_there |= counts;
        member.due = worth(pool.sum, member.weight).wrapping_sub(member.base);
        pool.weight -= u64::from(member.weight);
        pool.each = u64::MAX.checked_div(pool.weight).unwrap_or(0);
    }

    /// Asks for the memory of an agent.
    #[inline]
    pub(super) fn fetch(&self, agent: AgentId) {
        fetch_entry(&self.members, agent.index());
    }

    /// An agent has answered a call that counts.
    #[inline]
    pub fn answered(&mut self, agent: AgentId) {
        let member = &mut self.members[agent.index()];
        let pool = &mut self.pools[member.pool as usize];
        assert!(member.at_work, "who answers is at work");
        member.calls += 1;
        pool.calls += 1;
        pool.sum += u128::from(pool.each);
    }

    /// What is taken off what `E` is worth to an agent, to give what is owed: it stands still while
    /// the agent answers nothing.
    #[inline]
    pub(super) fn mark(&self, agent: AgentId) -> i64 {
        let member = &self.members[agent.index()];
        member
            .base
            .wrapping_add(i64::from(member.calls).wrapping_mul(ONE_CALL))
    }

    /// What `E` is worth now to agents of one kind: with their mark taken off, it is what is owed to
    /// them.
    #[inline]
    pub(super) fn worth(&self, kind: Kind) -> i64 {
        worth(self.pools[usize::from(kind.profile)].sum, kind.weight)
    }

    /// What an agent has answered, and what was due so far.
    pub(super) fn account(&self, agent: AgentId) -> Account {
        let member = &self.members[agent.index()];
        let pool = &self.pools[member.pool as usize];
        Account {
            was_there: member.was_there,
            calls: u64::from(member.calls),
            due: match member.at_work {
                true => worth(pool.sum, member.weight).wrapping_sub(member.base),
                false => member.due,
            },
        }
    }

    /// Everybody's accounts at the end of a run. Panics unless the calls of those who may take the same are
    /// the calls due, to rounding.
    pub(super) fn finish(&mut self, counts: bool) -> Vec<Account> {
        for member in self.members.iter_mut().filter(|member| member.at_work) {
            member.was_there |= counts;
        }
        let agents = (0..self.members.len()).map(|place| AgentId(place as u32));
        let accounts: Vec<Account> = agents.map(|agent| self.account(agent)).collect();
        let mut errors = vec![0i128; self.pools.len()];
        for (member, account) in self.members.iter().zip(&accounts) {
            let calls = i128::from(account.calls) * i128::from(ONE_CALL);
            errors[member.pool as usize] += calls - i128::from(account.due);
        }
        for (pool, error) in self.pools.iter().zip(errors) {
            let most = u128::from(pool.calls + pool.comings) * super::fixed::SLACK as u128;
            assert!(
                error.unsigned_abs() <= most,
                "the share errors of those who may take the same add up to nothing: {error} in {pool:?}"
            );
        }
        accounts
    }
}

/// `weight * sum` as calls. It wraps round for a trainee beside whom thousands of calls were taken;
/// the differences that are made of it do not.
#[inline]
fn worth(sum: u128, weight: u32) -> i64 {
    (sum.wrapping_mul(u128::from(weight)) >> 32) as i64
}

#[cfg(test)]
mod tests {
    use super::super::fixed::SLACK;
    use super::*;
    use crate::measure::tests::scene;

    const ANA: AgentId = AgentId(0);
    const BEN: AgentId = AgentId(1);

    fn due(shares: &Shares, agent: AgentId) -> f64 {
        as_calls(shares.account(agent).due)
    }

    #[test]
    fn a_call_is_divided_among_those_at_work() {
        let mut shares = Shares::new(&scene::plan());
        shares.come(ANA, true);
        shares.answered(ANA);
        shares.come(BEN, true);
        shares.answered(ANA);
        shares.answered(BEN);
        shares.go(ANA, true);
        shares.answered(BEN);
        assert!((due(&shares, ANA) - 2.0).abs() < 1e-6);
        assert!((due(&shares, BEN) - 2.0).abs() < 1e-6);
        shares.come(ANA, true);
        shares.answered(BEN);
        assert!((due(&shares, ANA) - 2.5).abs() < 1e-6, "absence is no debt");
        let accounts = shares.finish(true);
        assert_eq!((accounts[0].calls, accounts[1].calls), (2, 3));
        assert!(accounts[0].was_there && !accounts[2].was_there);
    }

    #[test]
    fn a_trainee_is_due_less_and_sums_that_wrap_round_do_no_harm() {
        let mut plan = scene::plan();
        (plan.agents[0].weight, plan.agents[1].weight) = (1, 1_000_000);
        let mut shares = Shares::new(&plan);
        shares.come(ANA, true);
        for _ in 0..5000 {
            shares.answered(ANA);
        }
        shares.go(ANA, true);
        shares.come(BEN, true);
        shares.answered(BEN);
        assert!((due(&shares, ANA) - 5000.0).abs() < 1e-3);
        assert!((due(&shares, BEN) - 1.0).abs() < 1e-6);
        let kind = Kind {
            profile: 0,
            weight: 1_000_000,
        };
        let owed = shares.worth(kind).wrapping_sub(shares.mark(BEN));
        assert!(owed.abs() < SLACK, "{owed}");
        shares.finish(true);
    }
}
