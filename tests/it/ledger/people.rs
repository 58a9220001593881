//! Agents by the books: where each stands, and what each may take.

use super::Books;
use super::Checked;
use super::Rules;
use strowger::exchange::ONE_CALL;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::dialplan::Lane;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::GroupId;
use strowger::exchange::id::LaneId;
use strowger::exchange::id::OfferId;
use strowger::exchange::id::QueueId;
use strowger::exchange::input::Groups;
use strowger::exchange::record::AgentState;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;

/// What is known of an agent.
pub(crate) struct Agent {
    pub(crate) state: AgentState,
    /// Since when it is in this state, and how long it was busy since signing in.
    pub(super) since: Tick,
    pub(super) busy: u64,
    pub(super) signed_in: Tick,
    /// In millionths of a call.
    pub(super) tag: i64,
    pub(super) lag: i64,
    pub(super) weight: i64,
    pub(super) cost: i64,
    /// The day and the shift in which the agent last came.
    pub(super) came: Option<(i32, i32)>,
    pub(super) shift: i32,
    /// Told, and not yet in the tag.
    pub(super) forgiven: i64,
    pub(super) offer: Option<(OfferId, CallId)>,
    /// When the last call was charged, in the history's own count.
    pub(super) charged: u64,
    /// When the last phone call began to ring, and ended.
    pub(super) rang: Tick,
    pub(super) call_ended: Option<Tick>,
    /// The group of a call whose time is not accounted for yet.
    pub(super) owes_account: Option<GroupId>,
    /// Calls that have ended; those answered at all, and since the agent became available.
    pub(super) calls: u64,
    pub(super) answered: u64,
    pub(super) answered_since_available: u64,
    pub(super) unreachable: bool,
    pub(super) moving: Option<Groups>,
    pub(super) kind: Kind,
}

/// What makes agents equal: groups with the tier in each, and skills with their levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) groups: Vec<(GroupId, u8)>,
    skills: Vec<(String, u8)>,
    /// For every lane the rank of the agent in it, and none where it may not serve.
    ranks: Vec<Option<u32>>,
    /// The same as a set.
    pub(super) lanes: u128,
    /// Tags in the same band of this width are equal: of several groups the widest counts.
    pub(super) band: i64,
}

impl Kind {
    fn new(plan: &Dialplan, groups: Vec<(GroupId, u8)>, skills: Vec<(String, u8)>) -> Self {
        let bands = groups
            .iter()
            .map(|(group, _)| plan.group(*group).tie_within);
        let mut kind = Self {
            band: bands.max().unwrap_or(0).max(1),
            groups,
            skills,
            ranks: Vec::new(),
            lanes: 0,
        };
        kind.ranks = plan
            .lanes
            .iter()
            .map(|lane| kind.rank(plan, lane))
            .collect();
        for (place, rank) in kind.ranks.iter().enumerate() {
            kind.lanes |= u128::from(rank.is_some()) << place;
        }
        kind
    }

    /// The tier counts a thousand, the lack of the weakest skill one each, if the group ranks by it.
    fn rank(&self, plan: &Dialplan, lane: &Lane) -> Option<u32> {
        let (_, tier) = self.groups.iter().find(|(group, _)| *group == lane.group)?;
        if lane.tier_max.is_some_and(|highest| *tier > highest) {
            return None;
        }
        let mut lack = 0;
        for (asked, least) in &lane.skills {
            let (_, level) = self.skills.iter().find(|(skill, _)| skill == asked)?;
            if level < least {
                return None;
            }
            lack = lack.max(100 - u32::from(*level));
        }
        let by_skill = plan.group(lane.group).rank_by_skill;
        Some(1000 * u32::from(*tier) + if by_skill { lack } else { 0 })
    }

    fn moved_to(&self, plan: &Dialplan, groups: &Groups) -> Self {
        let tier = |group: GroupId| {
            let kept = self.groups.iter().find(|(other, _)| *other == group);
            (group, kept.map_or(0, |(_, tier)| *tier))
        };
        Self::new(plan, groups.iter().map(tier).collect(), self.skills.clone())
    }
}

impl Agent {
    pub(super) fn new(plan: &Dialplan, id: AgentId) -> Self {
        let agent = plan.agent(id);
        let profile = &plan.profiles[agent.profile.index()];
        let groups = profile
            .groups
            .iter()
            .copied()
            .zip(profile.tiers.iter().copied());
        let weight = i64::from(agent.weight);
        Self {
            state: AgentState::SignedOut,
            since: Tick(0),
            busy: 0,
            signed_in: Tick(0),
            tag: 0,
            lag: 0,
            weight,
            cost: ONE_CALL * ONE_CALL / weight,
            came: None,
            shift: 0,
            forgiven: 0,
            offer: None,
            charged: 0,
            rang: Tick(0),
            call_ended: None,
            owes_account: None,
            calls: 0,
            answered: 0,
            answered_since_available: 0,
            unreachable: false,
            moving: None,
            kind: Kind::new(plan, groups.collect(), profile.skills.clone()),
        }
    }

    pub(super) fn is_present(&self) -> bool {
        is_present(self.state)
    }

    pub(super) fn is_free(&self) -> bool {
        self.state == AgentState::Idle
    }
}

pub(super) fn is_present(state: AgentState) -> bool {
    use AgentState::{NotReady, Paused, SignedOut};
    !matches!(state, SignedOut | NotReady | Paused)
}

fn is_busy(state: AgentState) -> bool {
    use AgentState::{Ringing, Talking, WrapUp};
    matches!(state, Ringing | Talking | WrapUp)
}

impl Books {
    /// An agent is in a new state.
    pub(super) fn agent_is(&mut self, id: AgentId, state: AgentState) -> Checked {
        let before = self.agents[id.index()].state;
        // Two calls may follow each other without a moment between them.
        let anew = before != state || matches!(state, AgentState::Ringing | AgentState::Talking);
        hold!(anew, "{id:?} is {state:?} twice");
        if state != AgentState::WrapUp {
            self.account_for_call(id);
        }
        let now = self.now;
        let agent = &mut self.agents[id.index()];
        if is_busy(before) {
            agent.busy += now.since(agent.since).0;
        }
        if before == AgentState::SignedOut {
            agent.shift += 1;
            (agent.signed_in, agent.busy, agent.call_ended) = (now, 0, None);
        }
        if is_present(state) && !is_present(before) {
            self.is_back(id);
        }
        if !is_present(state) && is_present(before) {
            self.leaves(id)?;
            self.release(id);
        }
        if state == AgentState::Idle {
            self.becomes_free(id)?;
        }
        let agent = &mut self.agents[id.index()];
        (agent.state, agent.since) = (state, now);
        Ok(())
    }

    /// An agent is at work, for the first time or again.
    pub(super) fn is_back(&mut self, id: AgentId) {
        self.agents[id.index()].answered_since_available = 0;
        self.comes(id);
    }

    /// An agent is in other groups: out of the old ones, into the new ones, with what is owed.
    pub(super) fn moved(&mut self, id: AgentId) -> Checked {
        let agent = &mut self.agents[id.index()];
        let groups = agent.moving.take();
        let groups = groups.ok_or_else(|| format!("{id:?} moves unasked"))?;
        hold!(!is_busy(agent.state), "{id:?} moves in a call");
        let present = agent.is_present();
        if present {
            self.leaves(id)?;
        }
        self.release(id);
        let kind = self.agents[id.index()].kind.moved_to(&self.plan, &groups);
        self.agents[id.index()].kind = kind;
        if present {
            let state = self.agents[id.index()].state;
            self.agents[id.index()].state = AgentState::NotReady;
            self.comes(id);
            // Whoever was free has to become so again, where other callers may wait.
            let still = if state == AgentState::Idle {
                AgentState::Resting
            } else {
                state
            };
            self.agents[id.index()].state = still;
        }
        Ok(())
    }

    /// A talk is over; the time it took is accounted for when its wrap-up is done.
    pub(super) fn talk_ended(&mut self, id: AgentId, queue: QueueId) {
        let group = self.plan.queue(queue).group;
        let agent = &mut self.agents[id.index()];
        agent.calls += 1;
        agent.call_ended = Some(self.now);
        agent.owes_account = Some(group);
    }

    /// The mean time of a group's calls, and the share of the work in what a call costs.
    pub(super) fn account_for_call(&mut self, id: AgentId) {
        let Some(group) = self.agents[id.index()].owes_account.take() else {
            return;
        };
        let permille = self.plan.group(group).equal_work_permille;
        let took = self.now.since(self.agents[id.index()].rang);
        let pace = &mut self.groups[group.index()];
        let mean = pace.handling;
        pace.handled = (pace.handled + 1).min(64);
        pace.handling = Span((mean.0 * (pace.handled - 1) + took.0) / pace.handled);
        if permille == 0 || mean == Span::ZERO {
            return;
        }
        let more = i128::from(took.0) - i128::from(mean.0);
        let cost = i128::from(self.agents[id.index()].cost);
        let by = cost * i128::from(permille) * more / (1000 * i128::from(mean.0));
        self.adjust(id, by as i64);
        self.tally.corrected += 1;
    }

    pub(super) fn serves(&self, id: AgentId, lane: LaneId) -> bool {
        self.rank_in(id, lane).is_some()
    }

    pub(super) fn rank_in(&self, id: AgentId, lane: LaneId) -> Option<u32> {
        self.agents[id.index()].kind.ranks[lane.index()]
    }

    /// Agents who serve a lane and of whom this is true.
    pub(super) fn of_lane(&self, lane: LaneId, is: impl Fn(&Agent) -> bool) -> Vec<AgentId> {
        let agents = self.agents.iter().enumerate();
        let they = agents.filter(|(_, agent)| is(agent));
        let they = they.map(|(place, _)| AgentId(place as u32));
        they.filter(|id| self.serves(*id, lane)).collect()
    }

    pub(super) fn signed_in(&self, lane: LaneId) -> usize {
        self.of_lane(lane, |agent| agent.state != AgentState::SignedOut)
            .len()
    }

    pub(super) fn believes(&self, rules: Rules) -> bool {
        self.rules == rules
    }
}
