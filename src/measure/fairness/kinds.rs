//! Agents who are alike: they may take the same calls, in the same order, and have one weight.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::LaneId;

/// All kinds of agents of a plan.
#[derive(Clone, Debug)]
pub(super) struct Kinds {
    list: Vec<Kind>,
    of_agents: Vec<u32>,
    of_lanes: Vec<Vec<u32>>,
}

/// One kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    /// The first of the profiles that may take the same: see [`Dialplan::peers`].
    pub(super) profile: u16,
    pub(super) weight: u32,
}

impl Kinds {
    pub(super) fn new(plan: &Dialplan) -> Self {
        let peers = plan.peers();
        let kinds = plan.agents.iter().map(|agent| Kind {
            profile: peers[agent.profile.index()].0,
            weight: agent.weight,
        });
        let mut list: Vec<Kind> = kinds.clone().collect();
        list.sort_unstable();
        list.dedup();
        let place = |kind: &Kind| list.binary_search(kind).expect("every kind is listed");
        let eligible = |lane: &crate::exchange::dialplan::Lane| {
            let profiles = &lane.profiles;
            let may = |kind: &Kind| profiles.iter().any(|profile| profile.0 == kind.profile);
            (0..list.len() as u32)
                .filter(|at| may(&list[*at as usize]))
                .collect()
        };
        Self {
            of_agents: kinds.map(|kind| place(&kind) as u32).collect(),
            of_lanes: plan.lanes.iter().map(eligible).collect(),
            list,
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// One of them.
    pub(super) fn get(&self, kind: usize) -> Kind {
        self.list[kind]
    }

    /// The kind of each agent and its weight.
    pub(super) fn of_agents(&self) -> impl Iterator<Item = (usize, u32)> {
        let kinds = self.of_agents.iter().map(|kind| *kind as usize);
        kinds.map(|kind| (kind, self.list[kind].weight))
    }

    /// The kind of an agent.
    #[inline]
    pub(super) fn of(&self, agent: AgentId) -> usize {
        self.of_agents[agent.index()] as usize
    }

    /// The kinds of agents who may take the calls of a lane.
    #[inline]
    pub(super) fn for_lane(&self, lane: LaneId) -> &[u32] {
        &self.of_lanes[lane.index()]
    }
}
