//! What agents do: pick up or not, talk, write it down, come back.

use super::stream::Purpose;
use super::world::Errand;
use super::world::World;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::OfferId;
use crate::exchange::input::Input;
use crate::exchange::record::AgentState;
use crate::exchange::record::OfferEnd;
use crate::exchange::time::Span;
use crate::exchange::wheel::TimerId;
use crate::exchange::wheel::Wheel;

/// The people on duty.
#[derive(Clone, Debug)]
pub(super) struct People {
    list: Vec<Person>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Person {
    /// The next thing this person does: pick up, or end wrap-up.
    timer: Option<TimerId>,
    /// How long the work after the present call will take.
    wrap_up: Span,
    /// Calls missed so far.
    missed: u32,
}

impl People {
    pub(super) fn new(count: usize) -> Self {
        Self {
            list: vec![Person::default(); count],
        }
    }

    pub(super) fn picks_up(&mut self, agent: AgentId) {
        self.list[agent.index()].timer = None;
    }

    pub(super) fn wrapped_up(&mut self, agent: AgentId) {
        self.list[agent.index()].timer = None;
    }

    pub(super) fn begins_talk(&mut self, agent: AgentId, wrap_up: Span) {
        self.list[agent.index()].wrap_up = wrap_up;
    }

    pub(super) fn drops_it(&mut self, agent: AgentId, agenda: &mut Wheel<Errand>) {
        if let Some(timer) = self.list[agent.index()].timer.take() {
            agenda.cancel(timer);
        }
    }
}

impl World<'_> {
    /// An agent's phone rings. Whoever would take longer than it rings lets it ring out.
    pub(super) fn rings(&mut self, agent: AgentId, offer: OfferId, call: CallId) {
        let habits = &self.model.agents;
        if habits.misses == 0.0 && habits.answers.is_always_zero() {
            self.at_once.push(Input::AgentAnswered { agent, offer });
            return;
        }
        let slot = self.slot(call);
        self.loses_patience(slot);
        // Of the call and not of the agent: whoever is chosen, it is picked up as fast.
        let attempt = &mut self.attempts[slot as usize];
        attempt.rings = attempt.rings.wrapping_add(1);
        let ringing = attempt.entity() << 16 | u64::from(attempt.rings);
        let mut stream = self.streams.stream(Purpose::PickUp, ringing);
        if stream.chance(self.model.agents.misses) {
            return;
        }
        let takes = self.model.agents.answers.sample(stream.unit());
        let timer = self.in_time(takes, Errand::PickUp(agent, offer));
        self.people.list[agent.index()].timer = Some(timer);
    }

    /// After a missed call the agent is away for a while.
    pub(super) fn offer_ended(&mut self, agent: AgentId, how: OfferEnd) {
        if how == OfferEnd::NoAnswer {
            let person = &mut self.people.list[agent.index()];
            person.missed += 1;
            let absence = u64::from(agent.0) << 32 | u64::from(person.missed);
            let unit = self.streams.unit(Purpose::Return, absence);
            let away = self.model.agents.returns.sample(unit);
            self.in_time(away, Errand::Returns(agent));
        }
    }

    /// Wrap-up ends when the work is done, or before, at its limit.
    pub(super) fn agent_state(&mut self, agent: AgentId, state: AgentState) {
        let person = &mut self.people.list[agent.index()];
        match state {
            AgentState::WrapUp if person.wrap_up == Span::ZERO => {
                self.at_once.push(Input::AgentReady { agent });
            }
            AgentState::WrapUp => {
                let span = person.wrap_up;
                let timer = self.in_time(span, Errand::WrapUpEnds(agent));
                self.people.list[agent.index()].timer = Some(timer);
            }
            // Wrap-up was cut by its limit, and the agent has to say when the work is done.
            AgentState::NotReady => {}
            // Whatever the agent was about to do, the exchange has moved them on.
            _ => self.people.drops_it(agent, &mut self.agenda),
        }
    }
}
