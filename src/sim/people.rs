//! What agents do: come and go, pick up or not, talk, write it down, take breaks.

use super::attendance::Attendance;
use super::stream::Purpose;
use super::world::Errand;
use super::world::World;
use crate::exchange::ahead::fetch_entry;
use crate::exchange::id::AgentId;
use crate::exchange::id::CallId;
use crate::exchange::id::OfferId;
use crate::exchange::input::Input;
use crate::exchange::record::AgentState;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use crate::exchange::wheel::TimerId;
use crate::exchange::wheel::Wheel;

/// The people on duty.
#[derive(Clone, Debug)]
pub(super) struct People {
    list: Vec<Person>,
}

/// In one line of the cache each.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Person {
    state: AgentState,
    /// The next thing this person does: pick up, or end wrap-up.
    timer: Option<TimerId>,
    /// Being ready again, after a missed call or a break.
    returns: Option<TimerId>,
    /// How long the work after the present call will take.
    wrap_up: Span,
    /// Calls missed so far.
    missed: u32,
    /// Breaks that were due and have not begun.
    owed: Span,
    /// The shift is over, and the call in progress is not.
    over_since: Option<Tick>,
    /// The next shift has begun before the last call of the one before it was over.
    stays: bool,
}

impl People {
    pub(super) fn new(count: usize) -> Self {
        let person = Person {
            state: AgentState::SignedOut,
            timer: None,
            returns: None,
            wrap_up: Span::ZERO,
            owed: Span::ZERO,
            missed: 0,
            over_since: None,
            stays: false,
        };
        Self {
            list: vec![person; count],
        }
    }

    pub(super) fn picks_up(&mut self, agent: AgentId) {
        self.of(agent).timer = None;
    }

    pub(super) fn wrapped_up(&mut self, agent: AgentId) {
        self.of(agent).timer = None;
    }

    pub(super) fn begins_talk(&mut self, agent: AgentId, wrap_up: Span) {
        self.of(agent).wrap_up = wrap_up;
    }

    pub(super) fn drops_it(&mut self, agent: AgentId, agenda: &mut Wheel<Errand>) {
        if let Some(timer) = self.of(agent).timer.take() {
            agenda.cancel(timer);
        }
    }

    /// Asks for the memory of somebody who will be looked at soon, and does not wait for it.
    #[inline]
    pub(super) fn fetch(&self, agent: AgentId) {
        fetch_entry(&self.list, agent.index());
    }

    fn of(&mut self, agent: AgentId) -> &mut Person {
        &mut self.list[agent.index()]
    }
}

impl World<'_> {
    /// Everybody's shifts and breaks, before the run.
    pub(super) fn expects_people(&mut self) {
        let (model, until) = (self.model, self.model.frame.until);
        let chance = (&model.agents, &self.streams);
        for (agent, worker) in model.workers() {
            for comes in Attendance::of(chance, worker).filter_map(|shift| shift.comes()) {
                self.agenda.schedule(comes, Errand::ShiftBegins(agent));
            }
        }
        for (agent, worker) in model.workers() {
            for shift in worker.shifts.iter().filter(|shift| shift.to < until) {
                self.agenda.schedule(shift.to, Errand::ShiftEnds(agent));
            }
            let kept = Attendance::of(chance, worker).filter(|shift| shift.comes().is_some());
            for at in kept.flat_map(|shift| shift.breaks()) {
                let begins = Errand::BreakBegins(agent, at.length);
                self.agenda.schedule(at.at, begins);
            }
        }
    }

    pub(super) fn shift_begins(&mut self, agent: AgentId) {
        let person = self.people.of(agent);
        if person.state != AgentState::SignedOut {
            person.stays = true;
            return self.counts_overtime(agent);
        }
        self.at_once.push(Input::AgentSignedIn { agent });
        self.at_once.push(Input::AgentReady { agent });
    }

    /// Goes home, after the call in progress. Who has never come has nothing to say.
    pub(super) fn shift_ends(&mut self, agent: AgentId) {
        let now = self.now;
        let person = self.people.of(agent);
        person.stays = false;
        if person.state != AgentState::SignedOut {
            person.over_since = Some(now);
            self.at_once.push(Input::AgentSignedOut { agent });
        }
    }

    /// A break is taken after the call in progress, and after the break in progress; by nobody who
    /// is not there.
    pub(super) fn break_is_due(&mut self, agent: AgentId, length: Span) {
        let person = self.people.of(agent);
        if person.state == AgentState::SignedOut {
            return;
        }
        person.owed = Span(person.owed.0 + length.0);
        if person.state != AgentState::Paused {
            let reason = None;
            self.at_once.push(Input::AgentPaused { agent, reason });
        }
    }

    /// Is ready again, unless another break was due meanwhile.
    pub(super) fn returns(&mut self, agent: AgentId) {
        let person = self.people.of(agent);
        person.returns = None;
        if person.state == AgentState::Paused && person.owed > Span::ZERO {
            self.takes_break(agent);
        } else {
            self.at_once.push(Input::AgentReady { agent });
        }
    }

    fn takes_break(&mut self, agent: AgentId) {
        let length = std::mem::take(&mut self.people.of(agent).owed);
        let timer = self.in_time(length, Errand::Returns(agent));
        self.people.of(agent).returns = Some(timer);
    }

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
        self.people.of(agent).timer = Some(timer);
    }

    /// The phone rings no more, and is not picked up; it may have begun in the same moment.
    #[inline(never)]
    pub(super) fn rings_no_more(&mut self, agent: AgentId, offer: OfferId) {
        self.people.drops_it(agent, &mut self.agenda);
        let answer = |input: &Input| matches!(input, Input::AgentAnswered { offer: other, .. } if *other == offer);
        if let Some(place) = self.at_once.iter().rposition(answer) {
            self.at_once.remove(place);
        }
    }

    /// After a missed call the agent is away for a while.
    pub(super) fn missed_call(&mut self, agent: AgentId) {
        let person = self.people.of(agent);
        person.missed += 1;
        let absence = u64::from(agent.0) << 32 | u64::from(person.missed);
        let unit = self.streams.unit(Purpose::Return, absence);
        let away = self.model.agents.returns.sample(unit);
        let timer = self.in_time(away, Errand::Returns(agent));
        self.people.of(agent).returns = Some(timer);
    }

    /// Wrap-up ends when the work is done, or before, at its limit.
    pub(super) fn agent_state(&mut self, agent: AgentId, state: AgentState) {
        let person = self.people.of(agent);
        person.state = state;
        match state {
            AgentState::WrapUp if person.wrap_up == Span::ZERO => {
                self.at_once.push(Input::AgentReady { agent });
                return;
            }
            AgentState::WrapUp => {
                let span = person.wrap_up;
                let timer = self.in_time(span, Errand::WrapUpEnds(agent));
                self.people.of(agent).timer = Some(timer);
                return;
            }
            // Wrap-up was cut by its limit, and the agent has to say when the work is done; or a
            // call was missed.
            AgentState::NotReady => return,
            _ => {}
        }
        // Whatever the agent was about to do, the exchange has moved them on.
        let (timer, returns) = (person.timer.take(), person.returns.take());
        self.cancel(timer);
        self.cancel(returns);
        match state {
            AgentState::Paused => self.takes_break(agent),
            AgentState::SignedOut => self.went_home(agent),
            _ => {}
        }
    }

    /// Whoever has worked on after a shift does so no more.
    fn counts_overtime(&mut self, agent: AgentId) {
        if let Some(since) = self.people.of(agent).over_since.take() {
            let since = since.max(self.model.frame.from);
            self.overtime = Span(self.overtime.0 + self.now.since(since).0);
        }
    }

    /// The run is over: so long all people together have worked after the ends of their shifts.
    pub(super) fn overtime(&mut self) -> Span {
        self.now = self.model.frame.until;
        for place in 0..self.people.list.len() {
            self.counts_overtime(AgentId(place as u32));
        }
        self.overtime
    }

    /// Breaks that were not taken are lost. Whose next shift has begun meanwhile is back at once.
    fn went_home(&mut self, agent: AgentId) {
        self.counts_overtime(agent);
        let person = self.people.of(agent);
        person.owed = Span::ZERO;
        if std::mem::take(&mut person.stays) {
            self.shift_begins(agent);
        }
    }
}
