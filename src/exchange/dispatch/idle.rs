//! The free agents, by profile, in the order in which they are offered calls.

use super::heap::Heap;
use super::heap::Places;
use super::heap::is_before;
use crate::exchange::id::AgentId;
use crate::exchange::id::ProfileId;
use crate::exchange::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::cmp::Ordering;

/// The least is offered the next call; the order of the free agents of one profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IdleKey {
    pub(super) tag: i64,
    pub(super) since: Tick,
}

impl IdleKey {
    /// The tag, and the moment among equal tags, in one number that is compared at once.
    #[inline]
    pub(super) fn rank(self) -> i128 {
        i128::from(self.tag) << 64 | i128::from(self.since.0)
    }
}

impl PartialOrd for IdleKey {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    #[inline]
    fn lt(&self, other: &Self) -> bool {
        self.tag < other.tag || (self.tag == other.tag && self.since < other.since)
    }
}

impl Ord for IdleKey {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

/// A free agent, and where it stands.
pub(super) type Free = (IdleKey, u32);

/// Nobody: greater than everybody.
const NOBODY: Free = (
    IdleKey {
        tag: i64::MAX,
        since: Tick(u64::MAX),
    },
    u32::MAX,
);

/// One heap for each profile, and the first of each side by side: a choice looks at these alone,
/// which stay in the cache where the heaps of a hundred thousand agents do not.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Idle {
    firsts: Vec<Free>,
    heaps: Vec<Heap<IdleKey>>,
    places: Places,
}

impl Idle {
    pub(super) fn new(profiles: usize) -> Self {
        Self {
            firsts: vec![NOBODY; profiles],
            heaps: vec![Heap::default(); profiles],
            places: Places::default(),
        }
    }

    /// How many profiles.
    pub(super) fn profiles(&self) -> usize {
        self.heaps.len()
    }

    /// Makes room for profiles that were added.
    pub(super) fn extend(&mut self, profiles: usize) {
        self.firsts.resize(profiles, NOBODY);
        self.heaps.resize(profiles, Heap::default());
    }

    /// Whether anybody of a profile is free.
    pub(super) fn has(&self, profile: ProfileId) -> bool {
        self.firsts[profile.index()].1 != NOBODY.1
    }

    /// How many of a profile are free.
    pub(super) fn len(&self, profile: ProfileId) -> usize {
        self.heaps[profile.index()].len()
    }

    /// The first of a profile.
    pub(super) fn first(&self, profile: ProfileId) -> Option<Free> {
        Some(self.firsts[profile.index()]).filter(|(_, agent)| *agent != NOBODY.1)
    }

    /// The one after the first.
    #[inline(always)]
    pub(super) fn second(&self, profile: ProfileId) -> Option<Free> {
        self.heaps[profile.index()].second()
    }

    /// All of a profile, in no particular order.
    pub(super) fn of(&self, profile: ProfileId) -> impl Iterator<Item = Free> + '_ {
        self.heaps[profile.index()].iter()
    }

    pub(super) fn insert(&mut self, profile: ProfileId, agent: AgentId, key: IdleKey) {
        let first = &mut self.firsts[profile.index()];
        if is_before(&(key, agent.0), first) {
            (first.0.tag, first.0.since, first.1) = (key.tag, key.since, agent.0);
        }
        self.heaps[profile.index()].insert(key, agent.0, &mut self.places);
    }

    pub(super) fn remove(&mut self, profile: ProfileId, agent: AgentId) {
        let heap = &mut self.heaps[profile.index()];
        heap.remove(agent.0, &mut self.places);
        self.firsts[profile.index()] = *heap.first().unwrap_or(&NOBODY);
    }
}
