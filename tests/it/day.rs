//! Random days: callers and agents of a small site who do everything, also at the worst moment.

use crate::ledger::Books;
use crate::site;
use std::fmt::Write as _;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LanguageId;
use strowger::exchange::id::LineId;
use strowger::exchange::id::OfferId;
use strowger::exchange::id::PlayId;
use strowger::exchange::input::Input;
use strowger::exchange::key::Key;
use strowger::exchange::record::AgentState;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;

/// Four queues over two groups: one with a skill by language, one with a head start, one for
/// emergencies. Keys 1 to 8 lead to them in English and Spanish.
const LINE: &str = r#"
format = 1
[line]
name = "Line"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en", "es"]
start = "main"
trunks = 40
reserve = 4
max_call = "20m"
[defaults]
first_key = "4s"
next_key = "2s"
tries = 2
give_up = "support"
[menu.main]
say.en = "Press 1 to 8."
say.es = "Pulse de 1 a 8."
[menu.main.keys]
1 = { go = "sales", language = "en" }
2 = { go = "sales", language = "es" }
3 = { go = "support", language = "en" }
4 = { go = "support", language = "es" }
5 = { go = "members", language = "en" }
6 = { go = "members", language = "es" }
7 = { go = "urgent", language = "en" }
8 = { go = "urgent", language = "es" }
[queue.sales]
group = "sales"
max_wait = "40s"
timeout = "support"
full = "support"
no_agents = "support"
[queue.support]
group = "support"
skills = ["{language}"]
say.en = "Hold."
say.es = "Espere."
announce = { position = true, wait = true, first = "20s", every = "30s" }
max_wait = "3m"
timeout = "message"
full = "message"
no_agents = "message"
after = "thanks"
[queue.support.keys]
9 = { go = "message", label = { en = "a message", es = "un mensaje" } }
[queue.members]
group = "support"
skills = ["vip"]
head_start = "45s"
max_wait = "3m"
timeout = "sales"
full = "message"
no_agents = "message"
all_paused = "message"
[queue.urgent]
group = "support"
emergency = true
max_wait = "3m"
timeout = "message"
full = "message"
no_agents = "message"
[say.thanks]
say.en = "Thank you."
say.es = "Gracias."
then = "@hangup"
[record.message]
say.en = "Leave a message."
say.es = "Deje un mensaje."
max = "30s"
mailbox = "support"
then = "thanks"
"#;

/// The site with this many agents of eight kinds.
pub(crate) fn plan(agents: usize) -> Dialplan {
    const KINDS: [&str; 8] = [
        r#"groups = ["sales"]"#,
        r#"groups = ["sales", "support"], skills = { en = 50 }"#,
        r#"groups = ["support"], skills = { en = 50 }"#,
        r#"groups = ["support"], skills = { es = 50 }"#,
        r#"groups = ["support"], skills = { en = 50, es = 50, vip = 1 }"#,
        r#"groups = ["sales", "support"], skills = { en = 50, es = 50 }"#,
        r#"groups = ["support"], skills = { en = 50 }, weight = 0.5"#,
        r#"groups = ["sales"], skills = { en = 10 }"#,
    ];
    let room = agents.max(6);
    let mut groups = format!(
        r#"
format = 1
[group.sales]
ring = "10s"
max_waiting = {room}
catch_up = 2
rest = "0s"
wrap_up = {{ limit = "0s", then = "ready" }}
[group.support]
ring = "12s"
max_waiting = {room}
catch_up = 3
rest = "5s"
wrap_up = {{ limit = "20s", then = "ready" }}
[agent]
"#
    );
    for agent in 0..agents {
        let _ = writeln!(groups, "a{agent} = {{ {} }}", KINDS[agent % KINDS.len()]);
    }
    let trunks = format!("trunks = {}", 5 * agents);
    let line = LINE.replace("trunks = 40", &trunks);
    site::plan_of(&[("line.toml", &line), ("groups.toml", &groups)])
}

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

    fn one_of<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        (!list.is_empty()).then(|| list[self.below(list.len() as u64) as usize])
    }
}

/// Something that was asked for at a time.
pub(crate) type Timed<T> = (Tick, T);

/// One exchange, the books that are kept of it, and who does something next.
pub(crate) struct Day {
    pub(crate) exchange: Exchange,
    pub(crate) books: Books,
    pub(crate) inputs: Vec<Timed<Input>>,
    pub(crate) effects: Vec<Timed<Effect>>,
    pub(crate) now: Tick,
    chance: Chance,
    fresh: Vec<Effect>,
    dialled: u64,
}

impl Day {
    pub(crate) fn new(plan: Arc<Dialplan>, seed: u64) -> Self {
        let origin = origin_ms();
        Self {
            exchange: Exchange::new(plan.clone(), origin),
            books: Books::new(plan, origin),
            inputs: Vec::new(),
            effects: Vec::new(),
            now: Tick(0),
            chance: Chance(seed),
            fresh: Vec::new(),
            dialled: 0,
        }
    }

    /// Lets one more thing happen; afterwards everything must be in order.
    pub(crate) fn step(&mut self) -> Result<(), String> {
        self.go_on()?;
        self.books.agree_with(&self.exchange)
    }

    /// The inputs of a day of so many, without a look at how it went.
    pub(crate) fn inputs(plan: Arc<Dialplan>, seed: u64, count: usize) -> Vec<Timed<Input>> {
        let mut day = Self::new(plan, seed);
        day.crowd().expect("a crowd in order");
        while day.inputs.len() < count {
            day.go_on().expect("a day in order");
        }
        day.inputs
    }

    fn go_on(&mut self) -> Result<(), String> {
        let wait = match self.chance.below(10) {
            0..4 => Span(0),
            4..7 => Span(self.chance.below(1500)),
            7..9 => Span(self.chance.below(12_000)),
            _ => Span(self.chance.below(60_000)),
        };
        let mut then = self.now + wait;
        // Often at the very tick of a deadline, which fires first.
        if let Some(due) = self.exchange.next_deadline()
            && self.chance.below(4) == 0
        {
            then = then.max(self.now).min(due.max(self.now));
            if self.chance.below(2) == 0 {
                then = due;
            }
        }
        while let Some(due) = self.exchange.next_deadline().filter(|due| *due <= then) {
            self.now = due;
            self.exchange.wake(due, &mut self.fresh);
            self.settle()?;
        }
        self.now = then;
        let input = self.something();
        self.take(input)
    }

    fn take(&mut self, input: Input) -> Result<(), String> {
        self.inputs.push((self.now, input));
        self.books.said(&input);
        self.exchange.handle(self.now, input, &mut self.fresh);
        self.settle()
    }

    /// As many callers as there can be, for each queue in turn: room is made for all that follows.
    fn crowd(&mut self) -> Result<(), String> {
        for agent in (0..self.books.agents.len()).map(|place| AgentId(place as u32)) {
            self.take(Input::AgentSignedIn { agent })?;
        }
        for key in "12345678".chars().filter_map(Key::from_char) {
            for tag in 0..40 {
                let line = LineId(0);
                self.take(Input::CallArrived {
                    line,
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

    fn settle(&mut self) -> Result<(), String> {
        for effect in self.fresh.drain(..) {
            self.books.enter(self.now, &effect)?;
            self.effects.push((self.now, effect));
        }
        Ok(())
    }

    /// What somebody does next: mostly something that makes sense.
    fn something(&mut self) -> Input {
        let chance = &mut self.chance;
        let books = &self.books;
        let agent = AgentId(chance.below(books.agents.len() as u64) as u32);
        let ringing: Vec<(AgentId, OfferId)> = books.open_offers().collect();
        let calls: Vec<CallId> = books.calls.keys().copied().collect();
        let call = chance.one_of(&calls);
        let waiting: Vec<CallId> = books.waiting().collect();
        match (chance.below(100), call) {
            (0..22, _) | (_, None) => {
                self.dialled += 1;
                let (tag, caller) = (self.dialled, self.dialled);
                let line = LineId(u16::from(chance.below(200) == 0));
                Input::CallArrived {
                    line,
                    tag,
                    caller,
                    agent: None,
                }
            }
            (22..48, Some(call)) => {
                let in_menu: Vec<CallId> = books.in_menu().collect();
                let call = chance.one_of(&in_menu).unwrap_or(call);
                let key = char::from(b"1234567890*#"[chance.below(8) as usize]);
                let key = Key::from_char(key).expect("a key");
                Input::Key { call, key }
            }
            (48..52, Some(call)) => {
                let play = books.calls[&call].playing.unwrap_or(PlayId(7));
                Input::PromptEnded { call, play }
            }
            (52..56, Some(call)) => Input::CallerHungUp { call },
            // at the worst moment: while the phone rings
            (56..58, Some(call)) => {
                let rung: Vec<CallId> = books.rung().collect();
                let call = chance.one_of(&rung).unwrap_or(call);
                Input::CallerHungUp { call }
            }
            (58..61, Some(call)) => {
                let call = chance.one_of(&waiting).unwrap_or(call);
                let key = Key::from_char('9').expect("a key");
                Input::Key { call, key }
            }
            (61..76, _) => match chance.one_of(&ringing) {
                Some((agent, offer)) => Input::AgentAnswered { agent, offer },
                None => Input::AgentReady { agent },
            },
            (76..79, _) => match chance.one_of(&ringing) {
                Some((agent, offer)) => Input::AgentDeclined { agent, offer },
                None => Input::AgentSignedIn { agent },
            },
            (79..80, _) => Input::AgentAnswered {
                agent,
                offer: OfferId(chance.below(20)),
            },
            (80..88, _) => {
                let talking = books.agents_who(AgentState::Talking);
                let agent = chance.one_of(&talking).unwrap_or(agent);
                Input::AgentHungUp { agent }
            }
            (88..92, _) => {
                let out = books.agents_who(AgentState::SignedOut);
                let agent = chance.one_of(&out).unwrap_or(agent);
                Input::AgentSignedIn { agent }
            }
            (92..97, _) => {
                let mut away = books.agents_who(AgentState::NotReady);
                away.extend(books.agents_who(AgentState::Paused));
                let agent = chance.one_of(&away).unwrap_or(agent);
                Input::AgentReady { agent }
            }
            (97..98, _) => Input::AgentSignedOut { agent },
            _ => Input::AgentPaused {
                agent,
                reason: None,
            },
        }
    }
}

/// The language that a key of the main menu sets.
pub(crate) fn language_of(key: Key) -> Option<LanguageId> {
    let digit = key.to_char().to_digit(10)?;
    (1..=8)
        .contains(&digit)
        .then_some(LanguageId(u8::from(digit % 2 == 0)))
}
