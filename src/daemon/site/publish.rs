//! Newer menus, between two calls or under them.

use super::Applied;
use super::Board;
use super::Numbers;
use super::Site;
use crate::exchange::Obstacle;
use crate::exchange::dialplan::Agent;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Moved;
use crate::exchange::effect::Effect;
use crate::exchange::id::AgentId;
use crate::exchange::id::LineId;
use crate::exchange::time::Tick;
use crate::measure::worth::Ledger;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Menus that calls may still follow though newer ones are in force: a version of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Followed {
    version: u64,
}

/// Menus to be put in force.
#[derive(Clone, Debug)]
pub struct Edition {
    /// What they are compiled to.
    pub plan: Arc<Dialplan>,
    /// Their version.
    pub version: u64,
    /// Whether they come to a running daemon, not with its start.
    pub live: bool,
}

impl Site {
    /// The versions of menus of which the plan is made, the oldest first.
    pub fn versions(&self) -> Vec<u64> {
        let older = self.older.iter().map(|followed| followed.version);
        older.chain([self.version]).collect()
    }

    /// Those that [`Site::restore`] needs: the one by which the plan began to grow, and all since.
    pub fn versions_needed(&self) -> Vec<u64> {
        let mut versions = self.versions();
        let needed = self.exchange.growths() + 1;
        versions.split_off(versions.len().saturating_sub(needed))
    }

    /// Whether the menus in force were published to a running daemon.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// The version of the menus that a line belongs to.
    pub(super) fn version_of(&self, line: LineId) -> u64 {
        let edition = self.exchange.plan().edition_of(line);
        let own = self.older.get(edition);
        own.map_or(self.version, |followed| followed.version)
    }

    /// Gives a deserialized site the plans of its versions; none if they are others.
    pub fn restore(mut self, plans: &[Arc<Dialplan>]) -> Option<Self> {
        let (oldest, newer) = plans.split_first()?;
        self.exchange = self.exchange.restore(oldest.clone(), newer)?;
        self.numbers = Arc::new(Numbers::of(self.exchange.plan()));
        // A snapshot of an older program has none.
        if !self.worth.is_for(self.exchange.plan()) {
            self.worth = Ledger::new(self.exchange.plan(), self.exchange.now());
        }
        Some(self)
    }

    /// Puts newer menus in force. Calls in progress go on with those that they began with, and what is
    /// counted and remembered stays.
    ///
    /// # Errors
    /// If something is in the way: the menus in force stay.
    ///
    /// # Panics
    /// If `at` lies before the last entry.
    pub fn publish(&mut self, at: Tick, edition: &Edition) -> Result<Applied, Vec<Obstacle>> {
        self.fire_due(at);
        if self.begins_anew(edition) {
            self.renew(at, edition);
        } else {
            self.grow(at, edition)?;
        }
        self.numbers = Arc::new(Numbers::of(self.exchange.plan()));
        self.position += 1;
        self.live = edition.live;
        self.check_reach(at);
        Ok(std::mem::take(&mut self.work.outcome))
    }

    /// Whether nothing follows the menus before: at a start with others and no calls.
    fn begins_anew(&self, edition: &Edition) -> bool {
        self.exchange.calls_in_progress() == 0 && !edition.live
    }

    fn renew(&mut self, at: Tick, edition: &Edition) {
        let mut effects = Vec::new();
        let (before, plan) = (self.exchange.plan().clone(), edition.plan.clone());
        self.worth.renew(&before, &plan);
        self.exchange = self.exchange.succeed(at, plan, &mut effects);
        (self.version, self.older) = (edition.version, Vec::new());
        self.offers.clear();
        self.offer_at.clear();
        self.unplugged = self.still_unplugged(&before);
        let (unix_ms, now) = (self.unix_ms(at), self.exchange.plan());
        let counted = std::mem::replace(&mut self.board, Board::new(now));
        for effect in &effects {
            if let Effect::Record(record) = effect {
                self.board.note(now, at, unix_ms, record);
            }
        }
        self.board.succeed(&counted, (&before, now), unix_ms);
    }

    /// Agents who now have a device that was reported as out of reach under the plan before.
    fn still_unplugged(&self, before: &Dialplan) -> BTreeSet<AgentId> {
        let agents = self.unplugged.iter().map(|agent| before.agent(*agent));
        let phones: BTreeSet<&str> = agents.map(Agent::phone).collect();
        let people = (0..).zip(&self.exchange.plan().agents);
        let same = people.filter(|(_, agent)| !agent.is_gone() && phones.contains(agent.phone()));
        same.map(|(place, _)| AgentId(place)).collect()
    }

    fn grow(&mut self, at: Tick, edition: &Edition) -> Result<(), Vec<Obstacle>> {
        let version = self.version;
        let before = self.exchange.plan().clone();
        let effects = &mut self.work.effects;
        let moved = self.exchange.publish(at, &edition.plan, effects)?;
        self.older.push(Followed { version });
        self.unplugged = self.still_unplugged(&before);
        let now = self.exchange.plan();
        self.worth.grow(&before, now, moved.as_ref());
        if let Some(moved) = moved {
            self.renumber(&moved);
        }
        self.version = edition.version;
        self.board.grow(self.exchange.plan());
        self.carry_out(at);
        Ok(())
    }

    /// Goes over to a plan that menus have left which nobody followed.
    fn renumber(&mut self, moved: &Moved) {
        let mut editions = 0..;
        self.older
            .retain(|_| moved.has_kept(editions.next().unwrap_or_default()));
        self.calls.renumber(moved);
        self.board.renumber(moved);
    }
}
