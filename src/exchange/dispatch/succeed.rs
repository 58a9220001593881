//! From one plan to the next: what is remembered of agents and groups.

use super::Dispatch;
use super::ledger::Moment;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::ReasonId;
use crate::exchange::input::Input;

impl Dispatch {
    /// Whether this state was made with a plan of this size.
    pub(in crate::exchange) fn fits(&self, plan: &Dialplan) -> bool {
        self.desks.len() == plan.agents.len()
            && self.idle.profiles() == plan.profiles.len()
            && self.staff.len() == plan.lanes.len()
            && self.pace.len() == plan.groups.len()
    }

    /// Notes what a snapshot does not hold.
    pub(in crate::exchange) fn note_again(&mut self) {
        self.waiting.note_again();
    }

    /// Takes over what is remembered of the agents and groups whose names are in both plans; the
    /// inputs bring the agents to where they were.
    pub(in crate::exchange) fn succeed(
        &mut self,
        before: &Self,
        (old, new): (&Dialplan, &Dialplan),
        day: i32,
    ) -> Vec<Input> {
        self.offers = before.offers;
        let mut inputs = Vec::new();
        let place_in = |plan: &Dialplan, name: &str| {
            let place = plan.agents.iter().position(|other| other.name == name);
            place.map(|place| AgentId(place as u32))
        };
        for (place, person) in new.agents.iter().enumerate() {
            let Some(same) = place_in(old, &person.name) else {
                continue;
            };
            let agent = AgentId(place as u32);
            let lag = before.ledger.lag(same, before.profile_of(old, same));
            self.ledger.owe(agent, lag, Moment { day, shift: 1 });
            self.desks[agent.index()].calls = before.desks[same.index()].calls;
            inputs.extend(before.steps_of(same, agent, |reason| {
                let name = &old.pause_reasons[reason.index()];
                let place = new.pause_reasons.iter().position(|other| other == name);
                place.map(|place| ReasonId(place as u8))
            }));
        }
        for (place, group) in new.groups.iter().enumerate() {
            let same = old.groups.iter().position(|other| other.name == group.name);
            if let Some(same) = same {
                self.pace[place] = before.pace[same];
            }
        }
        let renamed = |agent: AgentId| place_in(new, &old.agent(agent).name);
        self.known.succeed(&before.known, renamed);
        inputs
    }
}
