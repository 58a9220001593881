//! Who takes the calls: lanes of callers, groups of agents, what each agent may take.

use super::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::GroupId;
use crate::exchange::id::LaneId;
use crate::exchange::id::ProfileId;
use crate::exchange::strategy::Strategy;
use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// The best that somebody can be at something.
pub const LEVEL_MAX: u8 = 100;
/// Ranks of one tier.
pub const TIER_RANKS: u32 = 1000;

/// Callers who wait for the same kind of agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// The group that answers.
    pub group: GroupId,
    /// Skills the agent must have, with the least level of each.
    pub skills: Vec<(String, u8)>,
    /// The highest tier of agents that may serve it; none: all of them.
    pub tier_max: Option<u8>,
    /// The profiles that may, those of the lowest rank first.
    pub profiles: Vec<ProfileId>,
    /// The rank of each of these profiles: of two free agents the one of the lower rank is chosen,
    /// whatever the strategy. Empty where all are of rank 0, as they are unless the group has tiers or
    /// ranks by skill.
    pub ranks: Vec<u32>,
    /// The other lanes that some of these agents serve too.
    pub neighbours: Vec<LaneId>,
}

/// A group of agents and its rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// The operator's name for it.
    pub name: String,
    /// By which rule calls are given to free agents.
    pub strategy: Strategy,
    /// How long a phone rings before the call goes to somebody else; zero means that it answers by
    /// itself.
    pub ring: Span,
    /// The longest wrap-up; zero means that there is none.
    pub wrap_up: Span,
    /// Whether an agent is ready by itself when the limit is over.
    pub wrap_up_then_ready: bool,
    /// Callers who may wait; 0 means: only if somebody is free now.
    pub max_waiting: Option<u32>,
    /// The T of the service level.
    pub answer_within: Span,
    /// The share to reach, in thousandths.
    pub target_permille: u16,
    /// Abandoned sooner than this does not count against the service level.
    pub short_abandon: Span,
    /// K of the policy: calls of lag at most.
    pub catch_up: u16,
    /// Breath between calls.
    pub rest: Span,
    /// For how long it is remembered who is owed what.
    pub ledger: LedgerPeriod,
    /// What is divided evenly, in thousandths: 0 calls, 1000 the time that they take.
    pub equal_work_permille: u16,
    /// Agents whose tags differ by less than about this, in millionths of a call, count as equal:
    /// the longest idle is chosen.
    pub tie_within: i64,
    /// What becomes of an agent who does not answer.
    pub rona: Rona,
    /// How often a wrap-up may be prolonged, each time by its limit.
    pub wrap_up_extensions: u8,
    /// A talk that the agent ends sooner than this does not count.
    pub short_talk: Span,
    /// Whether the best at what is asked for come first.
    pub rank_by_skill: bool,
    /// Agents who come in only when others do not do.
    pub tiers: Tiers,
}

/// For how long it is remembered who is owed what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LedgerPeriod {
    /// From signing in to signing out.
    Shift,
    /// Until midnight.
    Day,
    /// Until Sunday at midnight.
    Week,
}

/// What becomes of an agent who lets a call ring out or refuses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rona {
    /// Not ready until the agent acts.
    NotReady,
    /// Ready again by itself after a while: the first of these, after a second miss in a row the
    /// second, and so on; the last for all that follow.
    BackOff(Vec<Span>),
}

/// How the tiers of a group come in one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiers {
    /// How long a caller waits before the next tier may be offered the call; zero: all tiers may at
    /// once, lower ones first.
    pub wait: Span,
    /// Whether tier 2 waits twice that, counted from the start of the wait of tier 1, and so on.
    pub times_tier: bool,
    /// Whether a tier of which nobody is signed in is not waited for.
    pub skip_empty: bool,
    /// With so many agents signed in, or fewer, tiers do not matter.
    pub ignore_up_to: u16,
}

impl Tiers {
    /// Whether so few agents are signed in that tiers do not matter (Asterisk's `penaltymemberslimit`).
    pub fn are_ignored(&self, signed_in: usize) -> bool {
        self.ignore_up_to > 0 && signed_in <= usize::from(self.ignore_up_to)
    }
}

impl Default for Tiers {
    fn default() -> Self {
        Self {
            wait: Span::ZERO,
            times_tier: false,
            skip_empty: true,
            ignore_up_to: 0,
        }
    }
}

impl Default for Group {
    /// What holds where a groups file says nothing.
    fn default() -> Self {
        Self {
            name: String::new(),
            strategy: Strategy::Fair,
            ring: Span::seconds(12),
            wrap_up: Span::seconds(60),
            wrap_up_then_ready: true,
            max_waiting: None,
            answer_within: Span::seconds(20),
            target_permille: 800,
            short_abandon: Span::seconds(5),
            catch_up: 8,
            rest: Span::seconds(5),
            ledger: LedgerPeriod::Day,
            equal_work_permille: 0,
            tie_within: 0,
            rona: Rona::NotReady,
            wrap_up_extensions: 1,
            short_talk: Span::seconds(10),
            rank_by_skill: false,
            tiers: Tiers::default(),
        }
    }
}

/// Agents who may take exactly the same calls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The groups they belong to.
    pub groups: Vec<GroupId>,
    /// Their tier in each of these groups: 0 comes first.
    pub tiers: Vec<u8>,
    /// The skills they have, with their levels.
    pub skills: Vec<(String, u8)>,
    /// The lanes they serve.
    pub lanes: Vec<LaneId>,
}

impl Lane {
    /// The profiles that may serve it, each with its rank, the lowest first.
    pub fn servers(&self) -> impl Iterator<Item = (u32, ProfileId)> + '_ {
        let ranks = self.ranks.iter().copied().chain(std::iter::repeat(0));
        ranks.zip(self.profiles.iter().copied())
    }

    /// Sets who may serve it.
    fn set_servers(&mut self, mut servers: Vec<(u32, ProfileId)>) {
        servers.sort_unstable();
        (self.ranks, self.profiles) = servers.into_iter().unzip();
        if self.ranks.iter().all(|rank| *rank == 0) {
            self.ranks = Vec::new();
        }
    }
}

impl Profile {
    /// The rank of these agents among those who may serve a lane, 0 being the first; none when they
    /// may not. The tier counts before the skill, and of the skills that are asked for the weakest.
    fn rank_in(&self, lane: &Lane, by_skill: bool) -> Option<u32> {
        let place = self.groups.iter().position(|group| *group == lane.group)?;
        let tier = self.tiers.get(place).copied().unwrap_or(0);
        if lane.tier_max.is_some_and(|highest| tier > highest) {
            return None;
        }
        let mut weakest = LEVEL_MAX;
        for (name, least) in &lane.skills {
            let (_, level) = self.skills.iter().find(|(other, _)| other == name)?;
            if level < least {
                return None;
            }
            weakest = weakest.min(*level);
        }
        let skill = if by_skill { LEVEL_MAX - weakest } else { 0 };
        Some(u32::from(tier) * TIER_RANKS + u32::from(skill))
    }
}

/// One person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    /// The key in the groups file.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// The phone.
    pub device: String,
    /// What the person may take.
    pub profile: ProfileId,
    /// The share of calls owed, in millionths; 1,000,000 is a full share.
    pub weight: u32,
}

impl Agent {
    /// Whether the newest menus do not name this person any more.
    pub fn is_gone(&self) -> bool {
        self.name.is_empty()
    }

    /// The phone: the device, or the agent's own name where none is given.
    pub fn phone(&self) -> &str {
        if self.device.is_empty() {
            &self.name
        } else {
            &self.device
        }
    }
}

impl Dialplan {
    /// The agents who may take the same as these; added at the end, and serving nothing yet, if there
    /// are none.
    pub(super) fn profile_like(&mut self, profile: Profile) -> ProfileId {
        let kind = (&profile.groups, &profile.tiers, &profile.skills);
        let same = |other: &Profile| (&other.groups, &other.tiers, &other.skills) == kind;
        let place = self.profiles.iter().position(same).unwrap_or_else(|| {
            self.profiles.push(Profile {
                lanes: Vec::new(),
                ..profile
            });
            self.profiles.len() - 1
        });
        ProfileId(place as u16)
    }

    /// Adds the last of all profiles to the lanes that it may serve.
    fn add_server(&mut self, id: ProfileId) {
        for place in 0..self.lanes.len() {
            if let Some(rank) = self.rank(id, place) {
                let lane = &mut self.lanes[place];
                let mut servers: Vec<(u32, ProfileId)> = lane.servers().collect();
                servers.push((rank, id));
                lane.set_servers(servers);
                self.profiles[id.index()].lanes.push(LaneId(place as u16));
            }
        }
    }

    /// Finds who may serve which lane.
    pub fn find_servers(&mut self) {
        for profile in &mut self.profiles {
            profile.lanes.clear();
        }
        for place in 0..self.lanes.len() {
            let mut servers = Vec::new();
            for id in (0..self.profiles.len()).map(|place| ProfileId(place as u16)) {
                if let Some(rank) = self.rank(id, place) {
                    servers.push((rank, id));
                    self.profiles[id.index()].lanes.push(LaneId(place as u16));
                }
            }
            self.lanes[place].set_servers(servers);
        }
        self.find_neighbours();
    }

    /// For each profile the first whose agents may take the same calls, in the same order: skills that no
    /// queue asks for, and levels beyond those that are asked for, make no difference.
    pub fn peers(&self) -> Vec<ProfileId> {
        let mut serves = vec![Vec::new(); self.profiles.len()];
        for (lane, servers) in self.lanes.iter().map(Lane::servers).enumerate() {
            for (rank, profile) in servers {
                serves[profile.index()].push((lane, rank));
            }
        }
        let first = |own: &Vec<(usize, u32)>| serves.iter().position(|other| other == own);
        let first = serves.iter().map(|own| first(own).unwrap_or(0));
        first.map(|place| ProfileId(place as u16)).collect()
    }

    /// Tags of agents of a profile that differ by less than this count as equal: the widest of the bands of
    /// their groups, at least 1.
    pub fn tie_band(&self, profile: ProfileId) -> u32 {
        let groups = self.profiles[profile.index()].groups.iter();
        let band = groups.map(|group| self.group(*group).tie_within).max();
        band.unwrap_or(0).clamp(1, i64::from(u32::MAX)) as u32
    }

    fn rank(&self, profile: ProfileId, lane: usize) -> Option<u32> {
        let lane = &self.lanes[lane];
        // A compiler that has found errors goes on, and may know the group of a queue by no more than
        // a name.
        let group = self.groups.get(lane.group.index());
        let by_skill = group.is_some_and(|group| group.rank_by_skill);
        self.profiles[profile.index()].rank_in(lane, by_skill)
    }

    /// Notes for every lane which others some of its agents serve too.
    fn find_neighbours(&mut self) {
        for place in 0..self.lanes.len() {
            let profiles = self.lanes[place].profiles.iter();
            let lanes = profiles.flat_map(|profile| &self.profiles[profile.index()].lanes);
            let mut neighbours: Vec<LaneId> = lanes.copied().collect();
            neighbours.sort_unstable();
            neighbours.dedup();
            neighbours.retain(|lane| lane.index() != place);
            self.lanes[place].neighbours = neighbours;
        }
    }

    /// The plan with an agent in other groups. The agent's skills and the tiers in groups that are
    /// kept stay; if nobody was of this kind before, a profile is added, and all others keep their
    /// places.
    #[must_use]
    pub fn with_moved(&self, agent: AgentId, groups: &[GroupId]) -> Self {
        let mut plan = self.clone();
        let before = &self.profiles[self.agent(agent).profile.index()];
        let tier = |group: &GroupId| {
            let place = before.groups.iter().position(|other| other == group);
            place.map_or(0, |place| before.tiers[place])
        };
        let profile = Profile {
            groups: groups.to_vec(),
            tiers: groups.iter().map(tier).collect(),
            skills: before.skills.clone(),
            lanes: Vec::new(),
        };
        let known = plan.profiles.len();
        let id = plan.profile_like(profile);
        if id.index() == known {
            plan.add_server(id);
        }
        plan.agents[agent.index()].profile = id;
        plan.find_neighbours();
        plan
    }
}
