//! An agent goes to other groups: out of the old ones under the old plan, into the new ones under
//! the new plan, with what is owed.

use super::Dispatch;
use super::desk::Doing;
use crate::exchange::effect::Ignored;
use crate::exchange::id::AgentId;
use crate::exchange::input::Groups;
use crate::exchange::record::Record;
use crate::exchange::scene::Scene;

impl Dispatch {
    /// An agent is to go to other groups, as soon as nothing keeps it.
    pub(in crate::exchange) fn wants_to_move(
        &mut self,
        scene: &Scene<'_>,
        agent: AgentId,
        groups: Groups,
    ) -> Result<(), Ignored> {
        self.doing(agent)?;
        let known = scene.plan.groups.len();
        if let Some(unknown) = groups.iter().find(|group| group.index() >= known) {
            return Err(Ignored::UnknownGroup(unknown));
        }
        self.movers.retain(|(other, _)| *other != agent);
        self.movers.push((agent, groups));
        Ok(())
    }

    /// The groups that an agent is to go to.
    pub(in crate::exchange) fn moves_to(&self, agent: AgentId) -> Option<Groups> {
        let mut movers = self.movers.iter();
        movers.find_map(|(other, groups)| (*other == agent).then_some(*groups))
    }

    /// Somebody who is to go to other groups and whom nothing keeps.
    pub(in crate::exchange) fn next_mover(&mut self) -> Option<(AgentId, Groups)> {
        let is_free = |agent: AgentId| !self.desks[agent.index()].doing.is_busy();
        let place = self.movers.iter().position(|(agent, _)| is_free(*agent))?;
        Some(self.movers.remove(place))
    }

    /// The first half, under the plan that knows the agent in the old groups.
    pub(in crate::exchange) fn leaves_groups(&mut self, scene: &mut Scene<'_>, agent: AgentId) {
        let profile = self.profile_of(scene.plan, agent);
        if self.desks[agent.index()].doing == Doing::Idle {
            self.idle.remove(self.ledger.profile(agent), agent);
        }
        self.leave_work(scene, agent, profile);
        self.leave_behind(scene, agent, profile);
    }

    /// The second half, under the plan that knows the agent in the new groups.
    pub(in crate::exchange) fn joins_groups(&mut self, scene: &mut Scene<'_>, agent: AgentId) {
        let plan = scene.plan;
        self.idle.extend(plan.profiles.len());
        self.present.resize(plan.profiles.len(), 0);
        let doing = self.desks[agent.index()].doing;
        let profile_id = plan.agent(agent).profile;
        self.ledger.follow(agent, plan, profile_id);
        let profile = &plan.profiles[profile_id.index()];
        for lane in &profile.lanes {
            self.staff[lane.index()].count(doing, true);
        }
        if doing.is_present() {
            self.present[profile_id.index()] += 1;
            let moment = self.moment(scene, agent);
            self.ledger.come(agent, profile, moment);
        }
        self.ladders.waits_grow();
        scene.record(Record::Moved {
            agent,
            profile: profile_id,
        });
        let at_rest = doing == Doing::Resting && self.desks[agent.index()].timer.is_none();
        if doing == Doing::Idle || at_rest {
            self.free(scene, agent);
        }
    }
}
