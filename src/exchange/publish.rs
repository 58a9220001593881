//! Newer menus while calls go on: each call keeps the menus with which it began.

use super::Exchange;
use super::call::Trunks;
use super::callers::Callers;
use super::dialplan::Dialplan;
use super::dialplan::Growth;
use super::dialplan::Moved;
use super::effect::Effect;
use super::event::Deadline;
use super::id::AgentId;
use super::id::GroupId;
use super::id::LineId;
use super::input::Groups;
use super::limits::VERSIONS_MAX;
use super::limits::VERSIONS_SPARE;
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
    /// Calls follow so many versions that there are [`VERSIONS_MAX`] already, or all of them together are too large.
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
                "too many versions: calls in progress and calls back that were promised may follow \
                 {VERSIONS_MAX} together"
            ),
        }
    }
}

impl Exchange {
    /// Versions of menus by which the plan has grown since it came into force, or since menus left it.
    pub fn growths(&self) -> usize {
        self.growths.len()
    }

    /// The versions that calls follow, or agents after calls; and the one in force.
    fn followed(&self) -> Vec<bool> {
        let mut followed = vec![false; self.plan.editions()];
        let of_calls = self.calls.iter().map(|machine| machine.call().line);
        let queues = self.dispatch.queues_followed();
        let of_queues = queues.map(|queue| self.plan.step(self.plan.queue(queue).step).line);
        for line in of_calls.chain(of_queues) {
            followed[self.plan.edition_of(line)] = true;
        }
        if let Some(in_force) = followed.last_mut() {
            *in_force = true;
        }
        followed
    }

    /// The plan without what nobody follows, but for so many of the last versions; if there is anything.
    fn thinned(&self, spare: usize) -> Option<(Dialplan, Moved)> {
        let mut kept = self.followed();
        let followed = kept.iter().filter(|followed| **followed).count();
        let spare = spare.min((VERSIONS_MAX - 1).saturating_sub(followed));
        let others = kept.iter_mut().rev().filter(|followed| !**followed);
        for other in others.take(spare) {
            *other = true;
        }
        let all = kept.iter().all(|kept| *kept);
        (!all).then(|| self.plan.with_editions(&kept))
    }

    /// The plan, thinned if need be, as it grows by newer menus; none if there is no room for them.
    fn room_for(&self, newer: &Dialplan) -> Option<(Option<(Dialplan, Moved)>, Growth)> {
        [VERSIONS_SPARE, 0].into_iter().find_map(|spare| {
            let thinned = self.thinned(spare);
            let plan = thinned.as_ref().map_or(&*self.plan, |(plan, _)| plan);
            let growth = plan.grown_with(newer)?;
            (growth.plan.editions() <= VERSIONS_MAX).then_some((thinned, growth))
        })
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
    /// menus at once, but for what an agent is in the middle of. Menus that nobody follows any more leave
    /// the plan: where the others are then is given back, and holds for all effects from now on, but not
    /// for those of what was due.
    ///
    /// # Errors
    /// If something is in the way; nothing has changed then, but for what was due.
    ///
    /// # Panics
    /// If `now` lies before the last input: time does not go backwards.
    pub fn publish(
        &mut self,
        now: Tick,
        newer: &Dialplan,
        effects: &mut Vec<Effect>,
    ) -> Result<Option<Moved>, Vec<Obstacle>> {
        assert!(now >= self.now, "time does not go backwards");
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            self.fire_due(now, effects);
        }
        let room = self.room_for(newer);
        let (thinned, growth) = room.ok_or_else(|| vec![Obstacle::TooMuch])?;
        let obstacles = self.in_the_way(&growth);
        if !obstacles.is_empty() {
            return Err(obstacles);
        }
        // Not before: who is refused leaves no trace, not even of having asked.
        self.now = now;
        let moved = thinned.map(|(plan, moved)| {
            self.renumber(plan, &moved);
            moved
        });
        self.growths.push(self.moves.len());
        // Whom somebody has moved stays there: moved again, in the grown plan.
        self.loans.end_by(&growth);
        let kept: Vec<(AgentId, Groups)> = self.loans.iter().collect();
        let plan = with_moves(Arc::new(growth.plan), &kept);
        self.moves.extend(kept);
        let before = std::mem::replace(&mut self.plan, plan);
        let lines = self.plan.lines.len();
        self.trunks.resize(lines, Default::default());
        self.callers.resize_with(lines, Default::default);
        self.switches.resize(lines, Switches::default());
        self.switch_again(before.lines.len());
        self.ages.extend(lines);
        self.desk(effects, |dispatch, scene| dispatch.grow(scene, &before));
        self.deliver_letters(effects);
        self.deadline = self.wheel.not_before(self.now);
        Ok(moved)
    }

    /// Lines that come back to the plan are switched as they were when they left it.
    pub(super) fn switch_again(&mut self, from: usize) {
        let now = self.now;
        self.left.retain(|(_, switches)| switches.is_on(now));
        for place in from..self.plan.lines.len() {
            let line = &self.plan.lines[place];
            let known = self.left.iter().position(|(name, _)| *name == line.name);
            if let Some(known) = known.filter(|_| line.root.is_none()) {
                self.switches[place] = self.left.swap_remove(known).1;
            }
        }
    }

    /// Goes over to the plan that menus have left which nobody followed.
    fn renumber(&mut self, plan: Dialplan, moved: &Moved) {
        for (place, line) in self.plan.lines.iter().enumerate() {
            let id = LineId(place as u16);
            if line.root.is_none() && moved.line_root(id).is_none() {
                self.left.push((line.name.clone(), self.switches[place]));
            }
        }
        self.plan = Arc::new(plan);
        (self.base, self.moves, self.growths) = (Some(self.plan.clone()), Vec::new(), Vec::new());
        self.trunks = moved.lines_counted(&self.trunks, &Trunks::default());
        self.callers = moved.lines_counted(&self.callers, &Callers::default());
        self.switches = moved.lines_counted(&self.switches, &Switches::default());
        self.ages.renumber(moved);
        self.dispatch.renumber(moved);
        for machine in self.calls.iter_mut() {
            machine.renumber(moved);
        }
        for deadline in self.wheel.items_mut() {
            if let Deadline::Oldest(line) = deadline {
                // Of a line that nobody is in, nobody looks for the oldest.
                *deadline = moved
                    .line(*line)
                    .map_or(Deadline::Callbacks, Deadline::Oldest);
            }
        }
    }

    /// The plan as it has become, by moves of agents and by newer menus.
    pub(super) fn plan_again(
        &self,
        plan: Arc<Dialplan>,
        newer: &[Arc<Dialplan>],
    ) -> Option<Arc<Dialplan>> {
        let plan = self.base.clone().unwrap_or(plan);
        if newer.len() != self.growths.len() {
            return None;
        }
        let moved = |plan, from, to| Some(with_moves(plan, self.moves.get(from..to)?));
        let (mut plan, mut done) = (plan, 0);
        for (moves, newer) in self.growths.iter().zip(newer) {
            plan = moved(plan, done, *moves)?;
            plan = Arc::new(plan.grown_with(newer)?.plan);
            done = *moves;
        }
        moved(plan, done, self.moves.len())
    }
}

/// A plan with agents in the groups that they were moved to.
fn with_moves(plan: Arc<Dialplan>, moves: &[(AgentId, Groups)]) -> Arc<Dialplan> {
    moves.iter().fold(plan, |plan, (agent, groups)| {
        let groups: Vec<GroupId> = groups.iter().collect();
        Arc::new(plan.with_moved(*agent, &groups))
    })
}

/// A plan that is shared, written whole.
#[expect(clippy::ref_option, reason = "as serde wants it")]
pub(super) mod shared {
    use super::Arc;
    use super::Dialplan;
    use serde::Deserialize;
    use serde::Deserializer;
    use serde::Serialize;
    use serde::Serializer;

    pub(in crate::exchange) fn serialize<S: Serializer>(
        plan: &Option<Arc<Dialplan>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        plan.as_deref().serialize(to)
    }

    pub(in crate::exchange) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Arc<Dialplan>>, D::Error> {
        Ok(Option::<Dialplan>::deserialize(from)?.map(Arc::new))
    }
}
