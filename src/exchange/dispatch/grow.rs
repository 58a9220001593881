//! The plan grows under callers and agents: everybody keeps their place and what is owed to them.

use super::Dispatch;
use super::LaneStaff;
use super::desk::Desk;
use super::desk::Doing;
use super::idle::IdleKey;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::event::Event;
use crate::exchange::id::AgentId;
use crate::exchange::id::GroupId;
use crate::exchange::id::LaneId;
use crate::exchange::scene::Scene;

impl Dispatch {
    /// Whether an agent is at work, on a break, or signed in otherwise.
    pub(in crate::exchange) fn is_signed_in(&self, agent: AgentId) -> bool {
        let desk = self.desks.get(agent.index());
        desk.is_some_and(|desk| desk.doing != Doing::SignedOut)
    }

    /// Goes over to a plan that has grown out of the one before. Whoever is in other groups by it, or
    /// knows other things, goes there with what is owed; whoever has a call keeps it.
    pub(in crate::exchange) fn grow(&mut self, scene: &mut Scene<'_>, before: &Dialplan) {
        let plan = scene.plan;
        let others = self.leave_profiles(plan, before);
        self.make_room(plan, before);
        self.ledger.grow(plan);
        self.count_staff(plan);
        for (agent, was_present) in others {
            self.take_profile(scene, agent, was_present);
        }
        self.thinned = true;
        self.ladders.waits_grow();
        self.tell_all_stranded(scene);
    }

    /// Whoever is to have another profile leaves the present one; who that is, and whether at work.
    fn leave_profiles(&mut self, plan: &Dialplan, before: &Dialplan) -> Vec<(AgentId, bool)> {
        let mut others = Vec::new();
        for place in 0..before.agents.len() {
            let agent = AgentId(place as u32);
            let profile = self.ledger.profile(agent);
            if plan.agent(agent).profile == profile {
                continue;
            }
            let doing = self.desks[place].doing;
            if doing == Doing::Idle {
                self.idle.remove(profile, agent);
            }
            if doing.is_present() {
                self.ledger.leave(agent, &before.profiles[profile.index()]);
            }
            others.push((agent, doing.is_present()));
        }
        others
    }

    fn make_room(&mut self, plan: &Dialplan, before: &Dialplan) {
        self.desks.resize(plan.agents.len(), Desk::default());
        self.waiting.grow(plan);
        self.idle.extend(plan.profiles.len());
        self.pace.resize(plan.groups.len(), Default::default());
        self.rung_last.resize(plan.groups.len(), None);
        self.known.ask(plan);
        self.ladders.grow(plan, before);
    }

    fn count_staff(&mut self, plan: &Dialplan) {
        self.staff = vec![LaneStaff::default(); plan.lanes.len()];
        self.present = vec![0; plan.profiles.len()];
        for (desk, agent) in self.desks.iter().zip(&plan.agents) {
            for lane in &plan.profiles[agent.profile.index()].lanes {
                self.staff[lane.index()].count(desk.doing, true);
            }
            self.present[agent.profile.index()] += u32::from(desk.doing.is_present());
        }
    }

    fn take_profile(&mut self, scene: &mut Scene<'_>, agent: AgentId, was_present: bool) {
        let profile_id = scene.plan.agent(agent).profile;
        if was_present {
            let moment = self.moment(scene, agent);
            let profile = &scene.plan.profiles[profile_id.index()];
            self.ledger.come(agent, profile, moment);
        }
        let desk = &mut self.desks[agent.index()];
        desk.absences += 1;
        if desk.doing == Doing::Idle {
            let since = desk.since;
            let tag = self.ledger.rough_tag(agent);
            self.idle.insert(profile_id, agent, IdleKey { tag, since });
        }
        self.release(scene, agent);
    }

    /// Tells the callers for whom nobody is left.
    fn tell_all_stranded(&self, scene: &mut Scene<'_>) {
        let from = scene.letters.len();
        for place in 0..scene.plan.lanes.len() {
            let lane = LaneId(place as u16);
            let Some(why) = self.deserted_lane(lane) else {
                continue;
            };
            for ticket in self.waiting.tickets_in(lane) {
                scene.tell(ticket.call, Event::Stranded(why));
            }
        }
        self.in_order_of_place(scene, from);
    }

    /// Whether a call back was promised that this group is to make.
    pub(in crate::exchange) fn calls_back_for(&self, plan: &Dialplan, group: GroupId) -> bool {
        let mut steps = self.callbacks.steps();
        steps.any(|step| super::callback_step(plan, step).2.group == group)
    }
}
