//! Random days: callers and agents of a small site who do everything, also at the worst moment.
//!
//! A day is a list of small acts (see [`Act`]) that are understood by what is there to act on, so
//! that any part of the list is a day too and a failing one can be made short.

mod acts;
mod shrink;
mod sites;

pub(crate) use acts::Act;
pub(crate) use shrink::Script;
pub(crate) use shrink::scripts;
pub(crate) use sites::numbered;
pub(crate) use sites::of_equals;
pub(crate) use sites::plan;

use crate::ledger::Books;
use crate::ledger::Checked;
use crate::ledger::Rules;
use crate::site;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LanguageId;
use strowger::exchange::id::LineId;
use strowger::exchange::input::Input;
use strowger::exchange::key::Key;
use strowger::exchange::time::Tick;

/// Tick 0: two hours before midnight, so that long days see a new ledger.
pub(crate) fn origin_ms() -> i64 {
    site::unix_ms("2026-11-23T22:00")
}

/// SplitMix64.
#[derive(Clone, Debug)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn pick(&mut self, list: &[&'static str]) -> &'static str {
        list[self.below(list.len() as u64) as usize]
    }
}

/// Something that was asked for at a time.
pub(crate) type Timed<T> = (Tick, T);

/// One exchange, the books that are kept of it, and what has happened.
pub(crate) struct Day {
    pub(crate) exchange: Exchange,
    pub(crate) books: Books,
    pub(crate) inputs: Vec<Timed<Input>>,
    pub(crate) effects: Vec<Timed<Effect>>,
    pub(crate) now: Tick,
    fresh: Vec<Effect>,
    dialled: u64,
}

impl Day {
    pub(crate) fn new(plan: Arc<Dialplan>) -> Self {
        Self::by_rules(plan, Rules::default())
    }

    /// A day whose books hold the exchange to these rules.
    pub(crate) fn by_rules(plan: Arc<Dialplan>, rules: Rules) -> Self {
        let origin = origin_ms();
        Self {
            exchange: Exchange::new(plan.clone(), origin),
            books: Books::new(plan, origin, rules),
            inputs: Vec::new(),
            effects: Vec::new(),
            now: Tick(0),
            fresh: Vec::new(),
            dialled: 0,
        }
    }

    /// Lets one more thing happen; afterwards everything must be in order.
    pub(crate) fn step(&mut self, act: Act) -> Checked {
        self.act(act)?;
        self.pass_time(self.now)?;
        self.books.settled();
        self.books.agree_with(&self.exchange)
    }

    /// The inputs of a day of so many, without a look at how it went: what a plain site sees, where
    /// nobody moves and no bridge is lost.
    pub(crate) fn inputs(plan: Arc<Dialplan>, seed: u64, count: usize) -> Vec<Timed<Input>> {
        let mut day = Self::new(plan);
        let mut chance = Chance(seed);
        day.crowd().expect("a crowd in order");
        while day.inputs.len() < count {
            day.act(Act::plain(&mut chance)).expect("a day in order");
            day.effects.clear();
        }
        day.inputs
    }

    fn act(&mut self, act: Act) -> Checked {
        let then = act.when(self.now, self.exchange.next_deadline());
        self.pass_time(then)?;
        self.dialled += 1;
        let input = act.input(&self.books, self.dialled);
        self.take(input)
    }

    /// Fires what is due until then, each at its own time.
    pub(crate) fn pass_time(&mut self, then: Tick) -> Checked {
        while let Some(due) = self.exchange.next_deadline().filter(|due| *due <= then) {
            self.now = due;
            self.exchange.wake(due, &mut self.fresh);
            self.settle()?;
        }
        self.now = then;
        Ok(())
    }

    pub(crate) fn take(&mut self, input: Input) -> Checked {
        self.inputs.push((self.now, input));
        self.books.said(self.now, &input);
        self.exchange.handle(self.now, input, &mut self.fresh);
        self.settle()
    }

    /// As many callers as there can be, for each queue in turn: room is made for all that follows.
    fn crowd(&mut self) -> Checked {
        for agent in (0..self.books.agents.len()).map(|place| AgentId(place as u32)) {
            self.take(Input::AgentSignedIn { agent })?;
        }
        for key in "12345678".chars().filter_map(Key::from_char) {
            for tag in 0..40 {
                self.take(Input::CallArrived {
                    line: LineId(0),
                    tag,
                    caller: 0,
                    agent: None,
                })?;
            }
            let calls: Vec<CallId> = self.books.calls.keys().copied().collect();
            for call in &calls {
                self.take(Input::Key { call: *call, key })?;
            }
            for call in calls {
                self.take(Input::CallerHungUp { call })?;
            }
        }
        Ok(())
    }

    fn settle(&mut self) -> Checked {
        for effect in self.fresh.drain(..) {
            self.books.enter(self.now, &effect)?;
            self.effects.push((self.now, effect));
        }
        self.books.done()
    }
}

/// The language that a key of the main menu sets.
pub(crate) fn language_of(key: Key) -> Option<LanguageId> {
    let digit = key.to_char().to_digit(10)?;
    (1..=8)
        .contains(&digit)
        .then_some(LanguageId(u8::from(digit % 2 == 0)))
}
