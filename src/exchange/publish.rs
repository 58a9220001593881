//! Newer menus while calls go on: each call keeps the menus with which it began.

use super::Exchange;
use super::dialplan::Dialplan;
use super::dialplan::Growth;
use super::effect::Effect;
use super::id::GroupId;
use super::limits::VERSIONS_MAX;
use super::switches::Switches;
use super::time::Tick;
use std::sync::Arc;

/// Why menus cannot be published now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// They do not name an agent who is at work.
    AgentAtWork(String),
    /// They do not name a group for which callers wait, or which has promised to call back.
    GroupWanted(String),
    /// Calls follow [`VERSIONS_MAX`] versions already, or all of them together are too large.
    TooMuch,
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AgentAtWork(agent) => write!(
                f,
                "the agent \"{agent}\" is at work and not in these files: sign the agent out first"
            ),
            Self::GroupWanted(group) => write!(
                f,
                "callers wait for the group \"{group}\", which is not in these files: keep it until \
                 they are served"
            ),
            Self::TooMuch => write!(
                f,
                "too many versions since there was last no call: calls in progress and calls back may \
                 follow {VERSIONS_MAX} at most"
            ),
        }
    }
}

impl Exchange {
    fn growth(&self, newer: &Dialplan) -> Option<Growth> {
        let growth = self.plan.grown_with(newer);
        growth.filter(|_| self.growths.len() < VERSIONS_MAX - 1)
    }

    fn in_the_way(&self, growth: &Growth) -> Vec<Obstacle> {
        let agents = growth.agents_gone.iter();
        let at_work = agents.filter(|agent| self.dispatch.is_signed_in(**agent));
        let at_work =
            at_work.map(|agent| Obstacle::AgentAtWork(self.plan.agent(*agent).name.clone()));
        let is_wanted = |group: GroupId| {
            self.waiting_in(group) > 0 || self.dispatch.calls_back_for(&self.plan, group)
        };
        let groups = growth.groups_gone.iter();
        let wanted = groups.filter(|group| is_wanted(**group));
        let wanted =
            wanted.map(|group| Obstacle::GroupWanted(self.plan.group(*group).name.clone()));
        at_work.chain(wanted).collect()
    }

    /// Puts newer menus in force: calls that come follow them, calls in progress and calls back that
    /// were promised go on with those with which they began. Agents and groups are those of the newer
    /// menus at once, but for what an agent is in the middle of.
    ///
    /// # Errors
    /// If something is in the way; nothing has changed then.
    ///
    /// # Panics
    /// If `now` lies before the last input: time does not go backwards.
    pub fn publish(
        &mut self,
        now: Tick,
        newer: &Dialplan,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Vec<Obstacle>> {
        self.fire_due(now, effects);
        let growth = self.growth(newer).ok_or_else(|| vec![Obstacle::TooMuch])?;
        let obstacles = self.in_the_way(&growth);
        if !obstacles.is_empty() {
            return Err(obstacles);
        }
        let before = std::mem::replace(&mut self.plan, Arc::new(growth.plan));
        self.growths.push(self.moves.len());
        let lines = self.plan.lines.len();
        self.trunks.resize(lines, Default::default());
        self.callers.resize_with(lines, Default::default);
        self.switches.resize(lines, Switches::default());
        self.ages.extend(lines);
        self.desk(effects, |dispatch, scene| dispatch.grow(scene, &before));
        self.deliver_letters(effects);
        self.deadline = self.wheel.not_before(self.now);
        Ok(())
    }

    /// The plan as it has become, by moves of agents and by newer menus.
    pub(super) fn plan_again(
        &self,
        plan: Arc<Dialplan>,
        newer: &[Arc<Dialplan>],
    ) -> Option<Arc<Dialplan>> {
        if newer.len() != self.growths.len() {
            return None;
        }
        let moved = |plan: Arc<Dialplan>, from: usize, to: usize| {
            let moves = self.moves.get(from..to)?.iter();
            Some(moves.fold(plan, |plan, (agent, groups)| {
                let groups: Vec<GroupId> = groups.iter().collect();
                Arc::new(plan.with_moved(*agent, &groups))
            }))
        };
        let (mut plan, mut done) = (plan, 0);
        for (moves, newer) in self.growths.iter().zip(newer) {
            plan = moved(plan, done, *moves)?;
            plan = Arc::new(plan.grown_with(newer)?.plan);
            done = *moves;
        }
        moved(plan, done, self.moves.len())
    }
}
