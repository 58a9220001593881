//! Who of the free is offered a call: by the fair shares in O(profiles), or by another strategy's
//! rule, for which all who are free are looked at.
//!
//! Whatever the strategy, a lower rank comes first (tiers and, if the group wants it, skill). The
//! other systems' rules are as their sources and manuals have them: Asterisk 22 `app_queue.c`
//! (`calc_metric`), FreeSWITCH 1.11 `mod_callcenter.c`, Amazon Connect's and Genesys' manuals.

use super::Dispatch;
use super::desk::Desk;
use super::idle::Free;
use super::idle::IdleKey;
use super::waiting::Ticket;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Lane;
use crate::exchange::dialplan::TIER_RANKS;
use crate::exchange::id::AgentId;
use crate::exchange::id::GroupId;
use crate::exchange::id::ProfileId;
use crate::exchange::scene::Scene;
use crate::exchange::strategy::Strategy;

/// Whom a call is offered to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) agent: AgentId,
    /// What the agent may take.
    pub(super) profile: ProfileId,
    /// Who would have been next.
    pub(super) runner_up: Option<AgentId>,
}

/// The least two of what was seen.
struct LeastTwo<K> {
    first: Option<(K, u32)>,
    second: Option<(K, u32)>,
}

impl<K: Copy + Ord> LeastTwo<K> {
    const NONE: Self = Self {
        first: None,
        second: None,
    };

    /// Whether the entry is the least so far.
    fn see(&mut self, entry: (K, u32)) -> bool {
        if self.first.is_none_or(|first| entry < first) {
            self.second = self.first.replace(entry);
            return true;
        }
        if self.second.is_none_or(|second| entry < second) {
            self.second = Some(entry);
        }
        false
    }

    /// The two.
    fn both(self) -> Option<(AgentId, Option<AgentId>)> {
        let (_, agent) = self.first?;
        Some((AgentId(agent), self.second.map(|(_, agent)| AgentId(agent))))
    }
}

impl Dispatch {
    /// The free agent whom this call is offered to: one it has not tried, unless it has tried all.
    #[inline(always)]
    pub(super) fn best_free(
        &self,
        scene: &Scene<'_>,
        ticket: &Ticket,
        (lane, strategy): (&Lane, Strategy),
    ) -> Option<Choice> {
        let anybody = !ticket.missed || self.all_tried(scene.plan, ticket);
        match strategy == Strategy::Fair && anybody {
            true => self.least_tag(scene.plan, ticket, lane),
            false => self.least_of_all(scene, ticket, (strategy, lane.group), anybody),
        }
    }

    /// The same where the lane and its strategy are still to be looked up.
    pub(super) fn best_of_lane(&self, scene: &Scene<'_>, ticket: &Ticket) -> Option<Choice> {
        let lane = &scene.plan.lanes[ticket.lane.index()];
        let strategy = scene.plan.group(lane.group).strategy;
        self.best_free(scene, ticket, (lane, strategy))
    }

    /// The first of all who are free by a strategy's rule; those who have not been tried, or anybody.
    #[inline(never)]
    fn least_of_all(
        &self,
        scene: &Scene<'_>,
        ticket: &Ticket,
        (strategy, group): (Strategy, GroupId),
        anybody: bool,
    ) -> Option<Choice> {
        let mut least = LeastTwo::NONE;
        for (rank, key, agent) in self.free_of(scene.plan, ticket) {
            if anybody || !self.waiting.has_tried(ticket, AgentId(agent)) {
                let order = self.order(scene, (strategy, group), (rank, key, agent));
                least.see((order, agent));
            }
        }
        let (agent, runner_up) = least.both()?;
        Some(Choice {
            agent,
            profile: self.ledger.profile(agent),
            runner_up,
        })
    }

    /// Whether all who are at work and may take a call have let it ring out or refused it. Those who
    /// have left since do not count.
    pub(super) fn all_tried(&self, plan: &Dialplan, ticket: &Ticket) -> bool {
        let present = self.staff[ticket.lane.index()].present as usize;
        let Some(tried) = self.waiting.tried(ticket) else {
            return present == 0;
        };
        if tried.count() < present {
            return false;
        }
        let profiles = &plan.lanes[ticket.lane.index()].profiles;
        let tried = tried.iter().filter(|agent| {
            self.ledger.is_present(*agent) && profiles.contains(&self.ledger.profile(*agent))
        });
        tried.count() >= present
    }

    /// The least tag, from the first of every profile; the next from these and the second of the
    /// profile that was best.
    #[inline(always)]
    fn least_tag(&self, plan: &Dialplan, ticket: &Ticket, lane: &Lane) -> Option<Choice> {
        if let [profile] = lane.profiles[..] {
            let (_, agent) = self.idle.first(profile)?;
            let second = self.idle.second(profile);
            return Some(Choice {
                agent: AgentId(agent),
                profile,
                runner_up: second.map(|(_, agent)| AgentId(agent)),
            });
        }
        self.least_tag_of_many(plan, ticket)
    }

    /// The same where several profiles may take the call.
    #[inline(never)]
    fn least_tag_of_many(&self, plan: &Dialplan, ticket: &Ticket) -> Option<Choice> {
        let lane = &plan.lanes[ticket.lane.index()];
        let flat = self.ignores_tiers(plan, ticket);
        let rank_of = |rank: u32| if flat { rank % TIER_RANKS } else { rank };
        let mut least = LeastTwo::NONE;
        let mut best = None;
        for (rank, profile) in lane.servers() {
            let Some((key, agent)) = self.idle.first(profile) else {
                continue;
            };
            if least.see(((rank_of(rank), key), agent)) {
                best = Some((profile, rank));
            }
        }
        let (profile, rank) = best?;
        if let Some((key, agent)) = self.idle.second(profile) {
            least.see(((rank_of(rank), key), agent));
        }
        let (agent, runner_up) = least.both()?;
        Some(Choice {
            agent,
            profile,
            runner_up,
        })
    }

    /// Rings everybody at once who is free and of the lowest rank: those to be rung, in `list`.
    pub(super) fn all_free(&self, plan: &Dialplan, ticket: &Ticket, list: &mut Vec<AgentId>) {
        let lowest = self.free_of(plan, ticket).map(|(rank, ..)| rank).min();
        let free = self.free_of(plan, ticket);
        let first = free.filter(|(rank, ..)| Some(*rank) == lowest);
        list.clear();
        list.extend(first.map(|(.., agent)| AgentId(agent)));
        list.sort_unstable();
    }

    /// Everybody free who may take the call, with their ranks.
    fn free_of<'d>(
        &'d self,
        plan: &'d Dialplan,
        ticket: &Ticket,
    ) -> impl Iterator<Item = (u32, IdleKey, u32)> + 'd {
        let lane = &plan.lanes[ticket.lane.index()];
        let flat = self.ignores_tiers(plan, ticket);
        lane.servers().flat_map(move |(rank, profile)| {
            let rank = if flat { rank % TIER_RANKS } else { rank };
            self.idle
                .of(profile)
                .map(move |(key, agent): Free| (rank, key, agent))
        })
    }

    /// With few agents signed in tiers may not matter.
    fn ignores_tiers(&self, plan: &Dialplan, ticket: &Ticket) -> bool {
        let lane = ticket.lane.index();
        let tiers = &plan.group(plan.lanes[lane].group).tiers;
        tiers.are_ignored(self.staff[lane].signed_in as usize)
    }

    /// Where an agent stands by a strategy's rule: the least is chosen, of equals the first in the
    /// groups file.
    fn order(
        &self,
        scene: &Scene<'_>,
        (strategy, group): (Strategy, GroupId),
        (rank, key, agent): (u32, IdleKey, u32),
    ) -> (u32, i128) {
        let desk = &self.desks[agent as usize];
        let place = match strategy {
            Strategy::Fair => key.rank(),
            Strategy::LongestIdle => key.since.0.into(),
            Strategy::LongestIdleBridge => last_bridge_end(scene, desk).into(),
            Strategy::FewestCalls => desk.calls.into(),
            Strategy::FewestCallsReset => desk.calls_since_available.into(),
            Strategy::RoundRobin => self.turn(group, agent).into(),
            Strategy::LeastOccupied => busy_share(scene, desk).into(),
            Strategy::Random => self.lot(scene, agent).into(),
            Strategy::WeightedRandom => {
                let penalty = u64::from(rank / TIER_RANKS);
                let lot = self.lot(scene, agent) % ((1 + penalty) * LOTS);
                return (0, lot.into());
            }
            Strategy::Linear | Strategy::RingAll => 0,
        };
        (rank, place)
    }

    /// How far an agent is from the one who was rung last, going round.
    fn turn(&self, group: GroupId, agent: u32) -> u32 {
        let after = self.rung_last[group.index()].map_or(0, |last| last.0 + 1);
        let agents = self.desks.len() as u32;
        (agent + agents - after % agents) % agents
    }

    /// A number drawn for this agent in this decision. There is no chance in an exchange: the time,
    /// the number of the decision and the agent are scrambled, so that the same inputs still give
    /// the same choices.
    fn lot(&self, scene: &Scene<'_>, agent: u32) -> u64 {
        let decision = scramble(scene.now.0 ^ scramble(self.offers));
        scramble(decision ^ u64::from(agent))
    }
}

/// Lots of Asterisk's `wrandom`: `rand() % ((1 + penalty) * 1000)`.
const LOTS: u64 = 1000;

/// When the agent's last call ended, in whole seconds as both systems keep it; 0 for somebody who
/// had none since signing in, who is therefore first.
fn last_bridge_end(scene: &Scene<'_>, desk: &Desk) -> u64 {
    let origin_ms = scene.unix_ms - scene.now.0 as i64;
    desk.call_ended
        .map_or(0, |ended| (origin_ms + ended.0 as i64) as u64 / 1000)
}

/// The part of the time since signing in that the agent was busy, in parts of 2^32.
fn busy_share(scene: &Scene<'_>, desk: &Desk) -> u64 {
    let signed_in = scene.now.since(desk.signed_in).0.max(1);
    ((u128::from(desk.busy.0) << 32) / u128::from(signed_in)) as u64
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014).
const fn scramble(word: u64) -> u64 {
    let word = word.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}
