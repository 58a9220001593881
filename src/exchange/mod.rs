//! The exchange: every call, queue and agent of one site, as one deterministic machine.
//!
//! ```text
//! exchange.handle(now, input, &mut effects)     one input in, its effects appended
//! exchange.next_deadline() -> Option<Tick>      when it wants to be woken
//! exchange.wake(now, &mut effects)              fire what is due
//! ```
//!
//! Same dialplan, same inputs, same ticks: same effects, on every platform. There is no clock, no
//! chance, no hash-map order and no I/O in here, and nothing allocates once it is warm.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod ages;
pub(crate) mod ahead;
pub mod calendar;
mod call;
mod callbacks;
mod callers;
mod calls;
pub mod dialplan;
mod dispatch;
pub mod effect;
mod event;
pub(crate) mod fnv;
pub mod id;
pub mod input;
mod intake;
pub mod key;
pub mod limits;
mod loans;
mod publish;
mod questions;
pub mod record;
mod scene;
pub mod strategy;
mod switches;
pub mod time;
pub mod wheel;

use ages::Ages;
use call::Cx;
pub use call::KeyUse;
use call::Machine;
pub use call::Progress;
pub use call::Promised;
use call::State;
use call::Step;
use call::Trunks;
use callers::Callers;
use calls::Calls;
use dialplan::Dialplan;
use dispatch::Dispatch;
pub use dispatch::ONE_CALL;
use effect::Effect;
use event::CallDeadline;
use event::Deadline;
use event::Event;
use id::AgentId;
use id::CallId;
use id::GroupId;
use id::LineId;
use input::Groups;
use input::Input;
use loans::Loans;
pub use publish::Obstacle;
use scene::Booking;
use scene::Scene;
use serde::Deserialize;
use serde::Serialize;
use std::borrow::Borrow;
use std::sync::Arc;
pub use switches::Switch;
use switches::Switches;
use time::Tick;
use wheel::Wheel;

/// One site's calls, queues and agents.
///
/// Its whole state is serialized, but for the plan: see [`Exchange::restore`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Exchange {
    /// With the moves of agents between groups.
    #[serde(skip)]
    plan: Arc<Dialplan>,
    /// What the plan has grown out of, if menus have left it since it came into force.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "publish::shared"
    )]
    base: Option<Arc<Dialplan>>,
    /// Agents who were moved to other groups since then.
    moves: Vec<(AgentId, Groups)>,
    /// How many of these there had been each time that the plan grew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    growths: Vec<usize>,
    /// Agents who are in other groups than those of the files.
    #[serde(default)]
    loans: Loans,
    /// Unix time of tick 0, in milliseconds.
    origin_ms: i64,
    now: Tick,
    calls: Calls,
    ages: Ages,
    dispatch: Dispatch,
    trunks: Vec<Trunks>,
    /// By line.
    callers: Vec<Callers>,
    /// By line.
    #[serde(default)]
    switches: Vec<Switches>,
    /// Of lines that have left the plan, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    left: Vec<(String, Switches)>,
    wheel: Wheel<Deadline>,
    /// Empty between two inputs.
    #[serde(skip)]
    letters: Vec<(CallId, Event)>,
    #[serde(skip)]
    bookings: Vec<Booking>,
    deadline: Option<Tick>,
}

impl Exchange {
    /// An exchange without calls, all agents signed out. `origin_ms` is the Unix time of tick 0 in
    /// milliseconds: opening hours are read from there.
    pub fn new(plan: Arc<Dialplan>, origin_ms: i64) -> Self {
        Self {
            dispatch: Dispatch::new(&plan),
            trunks: vec![Trunks::default(); plan.lines.len()],
            callers: vec![Callers::default(); plan.lines.len()],
            switches: vec![Switches::default(); plan.lines.len()],
            origin_ms,
            now: Tick(0),
            calls: Calls::default(),
            ages: Ages::new(plan.lines.len()),
            wheel: Wheel::new(),
            letters: Vec::new(),
            bookings: Vec::new(),
            deadline: None,
            base: None,
            left: Vec::new(),
            moves: Vec::new(),
            loans: Loans::default(),
            growths: Vec::new(),
            plan,
        }
    }

    /// Gives a deserialized exchange the plan with which it began, unless it has brought what is left of
    /// that, and those by which it has grown since; none if these are not the plans, as far as their size
    /// tells.
    pub fn restore(mut self, plan: Arc<Dialplan>, newer: &[Arc<Dialplan>]) -> Option<Self> {
        let plan = self.plan_again(plan, newer)?;
        // One from before there were any has none.
        self.switches.resize(plan.lines.len(), Switches::default());
        let fits = self.trunks.len() == plan.lines.len() && self.dispatch.fits(&plan);
        self.plan = plan;
        fits.then(|| {
            self.dispatch.note_again();
            self
        })
    }

    /// The exchange that goes on with another plan once no call is in progress. Agents of the same
    /// name keep what is owed to them, and are brought to where they were; whoever wrapped up or
    /// caught breath is free.
    ///
    /// # Panics
    /// If a call is in progress.
    pub fn succeed(&self, now: Tick, plan: Arc<Dialplan>, effects: &mut Vec<Effect>) -> Self {
        assert_eq!(self.calls.len(), 0, "plans change between calls");
        let mut next = Self::new(plan, self.origin_ms);
        next.now = now;
        next.calls = self.calls.clone();
        next.left.clone_from(&self.left);
        for (place, line) in self.plan.lines.iter().enumerate() {
            let switches = self.switches[self.plan.line_root(LineId(place as u16)).index()];
            match next.plan.line_named(&line.name) {
                Some(same) => next.switches[same.index()] = switches,
                None if line.root.is_none() => next.left.push((line.name.clone(), switches)),
                None => {}
            }
        }
        next.switch_again(0);
        let day = self.plan.zone.day(self.origin_ms + now.0 as i64);
        for input in next
            .dispatch
            .succeed(&self.dispatch, (&self.plan, &next.plan), day)
        {
            next.handle(now, input, effects);
        }
        next
    }

    /// Takes one input and appends its effects. What falls due at or before `now` fires first.
    ///
    /// # Panics
    /// If `now` lies before the last one: time does not go backwards.
    pub fn handle(&mut self, now: Tick, input: impl Borrow<Input>, effects: &mut Vec<Effect>) {
        self.fire_due(now, effects);
        if let Err(ignored) = self.take(input.borrow(), effects) {
            effects.push(Effect::Ignored(ignored));
        }
        self.deliver_letters(effects);
        self.deadline = self.wheel.not_before(self.now);
    }

    /// When the exchange wants to be woken, if at all: nothing falls due before. With very many calls
    /// in progress it may want to be woken to look again, and nothing is due yet.
    pub fn next_deadline(&self) -> Option<Tick> {
        self.deadline
    }

    /// Fires everything that is due at `now`.
    ///
    /// # Panics
    /// If `now` lies before the last one: time does not go backwards.
    pub fn wake(&mut self, now: Tick, effects: &mut Vec<Effect>) {
        self.fire_due(now, effects);
        self.deadline = self.wheel.not_before(self.now);
    }

    /// The plan in force.
    pub fn plan(&self) -> &Arc<Dialplan> {
        &self.plan
    }

    /// The time of the last input.
    pub fn now(&self) -> Tick {
        self.now
    }

    /// Unix time of tick 0, in milliseconds.
    pub fn origin_ms(&self) -> i64 {
        self.origin_ms
    }

    /// Earlier deadlines fire at their own time, each complete before the next.
    #[inline]
    fn fire_due(&mut self, now: Tick, effects: &mut Vec<Effect>) {
        assert!(now >= self.now, "time does not go backwards");
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            self.fire(now, effects);
        }
        self.go_on_to(now, effects);
    }

    /// Time goes on. The waits that lasted until then are looked at first, and none that lasted no time.
    #[inline]
    fn go_on_to(&mut self, now: Tick, effects: &mut Vec<Effect>) {
        if now > self.now && self.dispatch.has_waits_to_look_at() {
            self.desk(effects, Dispatch::look_at_waits);
        }
        self.now = now;
    }

    #[inline(never)]
    fn fire(&mut self, now: Tick, effects: &mut Vec<Effect>) {
        while let Some((at, deadline)) = self.wheel.pop_due(now) {
            self.go_on_to(at, effects);
            match deadline {
                Deadline::Call(call, due) => {
                    self.tell(call, Event::FellDue(due), effects);
                }
                Deadline::Agent(agent, due) => {
                    self.desk(effects, |dispatch, scene| {
                        dispatch.fell_due(scene, agent, due);
                    });
                }
                Deadline::Oldest(line) => self.look_at_oldest(line, effects),
                // Looked at once the letters are delivered.
                Deadline::Callbacks => {}
            }
            self.deliver_letters(effects);
        }
    }

    /// Opening hours are looked at again wherever one waits for them to begin or to end.
    #[cold]
    fn move_origin(&mut self, origin_ms: i64, effects: &mut Vec<Effect>) {
        self.origin_ms = origin_ms;
        let booked = |machine: &&Machine| matches!(machine.state(), State::Booked { .. });
        let booked = self.calls.iter().filter(booked);
        let booked: Vec<CallId> = booked.map(|machine| machine.call().id).collect();
        for call in booked {
            self.tell(call, Event::OriginMoved, effects);
        }
    }

    /// Ends the oldest call of a line if it has lasted as long as it may.
    #[cold]
    fn look_at_oldest(&mut self, line: LineId, effects: &mut Vec<Effect>) {
        let due = |(_, until): &(CallId, Tick)| *until <= self.now;
        if let Some((call, _)) = self.ages.look(line).filter(due) {
            self.tell(call, Event::FellDue(CallDeadline::MaxCall), effects);
        }
        if let Some((_, until)) = self.ages.look(line) {
            self.wheel.schedule(until, Deadline::Oldest(line));
        }
    }

    /// Tells a call something; none if there is no such call. Not inlined: it holds the whole life of a
    /// call, of which one copy is enough for the processor's cache.
    #[inline(never)]
    fn tell(&mut self, id: CallId, event: Event, effects: &mut Vec<Effect>) -> Option<Step> {
        let machine = self.calls.get_mut(id)?;
        let line = self.plan.line_root(machine.call().line);
        let mut cx = Cx {
            scene: Scene {
                plan: &self.plan,
                now: self.now,
                unix_ms: self.origin_ms + self.now.0 as i64,
                effects,
                wheel: &mut self.wheel,
                letters: &mut self.letters,
                bookings: &mut self.bookings,
            },
            dispatch: &mut self.dispatch,
            trunks: &mut self.trunks[line.index()],
            switches: self.switches[line.index()],
            ages: &mut self.ages,
        };
        let step = machine.handle(&event, &mut cx);
        if matches!(machine.state(), State::Ended { .. }) {
            self.calls.remove(id);
        }
        Some(step)
    }

    /// Lets the dispatcher do something.
    fn desk<T>(
        &mut self,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut Dispatch, &mut Scene<'_>) -> T,
    ) -> T {
        let mut scene = Scene {
            plan: &self.plan,
            now: self.now,
            unix_ms: self.origin_ms + self.now.0 as i64,
            effects,
            wheel: &mut self.wheel,
            letters: &mut self.letters,
            bookings: &mut self.bookings,
        };
        act(&mut self.dispatch, &mut scene)
    }

    /// Nothing keeps an agent who is to go to other groups.
    fn move_agent(&mut self, agent: AgentId, groups: Groups, effects: &mut Vec<Effect>) {
        self.desk(effects, |dispatch, scene| {
            dispatch.leaves_groups(scene, agent);
        });
        self.moves.push((agent, groups));
        let profile = self.plan.agent(agent).profile;
        let from = &self.plan.profiles[profile.index()].groups;
        self.loans.note(agent, from, groups);
        let groups: Vec<GroupId> = groups.iter().collect();
        self.plan = Arc::new(self.plan.with_moved(agent, &groups));
        self.desk(effects, |dispatch, scene| {
            dispatch.joins_groups(scene, agent);
        });
    }

    /// Calls hear what was decided about them, in the order in which it was; that may bring more.
    #[inline]
    fn deliver_letters(&mut self, effects: &mut Vec<Effect>) {
        loop {
            let mut next = 0;
            while let Some((call, event)) = self.letters.get(next).copied() {
                next += 1;
                self.tell(call, event, effects);
            }
            self.letters.clear();
            let is_done = self.bookings.is_empty() && !self.dispatch.has_afterthoughts();
            if is_done || !self.decide_more(effects) {
                return;
            }
        }
    }

    /// What is left to decide once all calls have heard. False if nothing is.
    #[inline(never)]
    fn decide_more(&mut self, effects: &mut Vec<Effect>) -> bool {
        if let Some((agent, groups)) = self.dispatch.next_mover() {
            self.move_agent(agent, groups, effects);
            return true;
        }
        if self.dispatch.takes_another_look() {
            self.desk(effects, Dispatch::look_again);
            return true;
        }
        self.make_callback(effects) || self.let_callback_in(effects)
    }
}
