//! Random days at the agent line: whatever agents press on their phones, nothing rings that is in
//! use for getting ready, and the books stay in order.

use crate::day::Chance;
use crate::site;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::dialplan::Dialplan;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::LineId;
use strowger::exchange::id::OfferId;
use strowger::exchange::input::Input;
use strowger::exchange::key::Key;
use strowger::exchange::record::AgentState;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::measure::RunFigures;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::replicate::replicate;
use strowger::sim::study::load;

const SHOP: LineId = LineId(0);
const AGENTS: LineId = LineId(1);

const SHOP_LINE: &str = r#"
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "support"
[queue.support]
group = "support"
max_wait = "2m"
timeout = "sales"
full = "sales"
no_agents = "sales"
[queue.sales]
group = "sales"
max_wait = "2m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
all_paused = "@hangup"
"#;

/// Keys do one thing each; 6 waits like a caller, 7 goes home when the wait is over, and then waits
/// elsewhere.
const AGENT_LINE: &str = r#"
[line]
name = "Agents"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
max_call = "3m"
start = "main"
[menu.main]
say = "Keys 1 to 7."
give_up = "@hangup"
[menu.main.keys]
1 = "ready"
2 = "lunch"
3 = "sign-in"
4 = "sign-out"
5 = "pause"
6 = "wait"
7 = "wait-and-go"
[duty]
ready = { do = "ready", then = "main", refused = "main" }
lunch = { do = "pause", reason = "lunch", then = "main", refused = "main" }
pause = { do = "pause", then = "main", refused = "main" }
sign-in = { do = "sign-in", then = "main", refused = "main" }
sign-out = { do = "sign-out", then = "main", refused = "main" }
go = { do = "sign-out", then = "wait", refused = "wait" }
[queue.wait]
group = "sales"
max_wait = "20s"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
[queue.wait-and-go]
group = "support"
max_wait = "5s"
timeout = "go"
full = "@hangup"
no_agents = "@hangup"
"#;

const GROUPS: &str = r#"
[group.support]
wrap_up = { limit = "10s", then = "not-ready" }
[group.sales]
rest = "0s"
wrap_up = { limit = "0s", then = "ready" }
[agent]
a0 = { groups = ["support"] }
a1 = { groups = ["support", "sales"] }
a2 = { groups = ["sales"] }
"#;

/// What somebody at a phone knows.
#[derive(Clone, Copy, Debug, Default)]
struct Phone {
    /// The call to the agent line.
    call: Option<CallId>,
    rings: Option<OfferId>,
    state: Option<AgentState>,
}

struct Day {
    exchange: Exchange,
    chance: Chance,
    now: Tick,
    phones: Vec<Phone>,
    callers: Vec<CallId>,
    readied: u32,
}

impl Day {
    fn new(plan: Dialplan, seed: u64) -> Self {
        Self {
            phones: vec![Phone::default(); plan.agents.len()],
            exchange: Exchange::new(Arc::new(plan), site::unix_ms("2026-11-23T09:00")),
            chance: Chance(seed),
            now: Tick(0),
            callers: Vec::new(),
            readied: 0,
        }
    }

    fn step(&mut self) {
        let mut effects = Vec::new();
        let then = self.now + Span(self.chance.below(4000));
        while let Some(due) = self.exchange.next_deadline().filter(|due| *due <= then) {
            self.exchange.wake(due, &mut effects);
            self.hear(&mut effects);
        }
        self.now = then;
        let input = self.something();
        self.exchange.handle(then, input, &mut effects);
        self.hear(&mut effects);
    }

    fn something(&mut self) -> Input {
        let place = self.chance.below(self.phones.len() as u64) as usize;
        let (agent, phone) = (AgentId(place as u32), self.phones[place]);
        let caller = self.chance.below(self.callers.len().max(1) as u64) as usize;
        match (self.chance.below(10), phone.call, phone.rings) {
            (0..2, ..) => arrival(SHOP, u64::MAX, None),
            (2, ..) if caller < self.callers.len() => Input::CallerHungUp {
                call: self.callers[caller],
            },
            (3..6, None, Some(offer)) => Input::AgentAnswered { agent, offer },
            (6, ..) => Input::AgentHungUp { agent },
            (_, Some(call), _) if self.chance.below(4) == 0 => Input::CallerHungUp { call },
            (_, Some(call), _) => {
                let key = char::from(b"1123312345567"[self.chance.below(13) as usize]);
                let key = Key::from_char(key).expect("a key");
                Input::Key { call, key }
            }
            (_, None, _) => arrival(AGENTS, place as u64, Some(agent)),
        }
    }

    fn hear(&mut self, effects: &mut Vec<Effect>) {
        assert!(self.exchange.is_sound(), "{effects:?}");
        for effect in effects.drain(..) {
            match effect {
                Effect::Answer { call, tag } => match self.phones.get_mut(tag as usize) {
                    Some(phone) => phone.call = Some(call),
                    None => self.callers.push(call),
                },
                Effect::Ring { agent, offer, .. } => {
                    self.phones[agent.index()].rings = Some(offer);
                }
                Effect::Record(Record::OfferEnded { agent, .. }) => {
                    self.phones[agent.index()].rings = None;
                }
                Effect::Record(Record::Agent { agent, state }) => self.agent_is(agent, state),
                Effect::Record(Record::Ended { call, .. }) => {
                    self.callers.retain(|other| *other != call);
                    let ended = |phone: &&mut Phone| phone.call == Some(call);
                    if let Some(phone) = self.phones.iter_mut().find(ended) {
                        phone.call = None;
                    }
                }
                _ => {}
            }
        }
    }

    /// Nobody else makes anybody ready here: it may happen only when the agent has hung up.
    fn agent_is(&mut self, agent: AgentId, state: AgentState) {
        let phone = &mut self.phones[agent.index()];
        let before = phone.state.replace(state).unwrap_or(AgentState::SignedOut);
        let away = |state| {
            use AgentState::{NotReady, Paused, SignedOut};
            matches!(state, NotReady | Paused | SignedOut)
        };
        if away(before) && !away(state) {
            assert!(
                phone.call.is_none(),
                "{agent:?} is {state:?} and on the phone"
            );
            self.readied += 1;
        }
    }
}

fn arrival(line: LineId, tag: u64, agent: Option<AgentId>) -> Input {
    Input::CallArrived {
        line,
        tag,
        caller: 0,
        agent,
    }
}

#[test]
fn nobody_is_ready_before_hanging_up_and_the_books_stay_in_order() {
    let files = [
        ("shop.toml", SHOP_LINE),
        ("agents.toml", AGENT_LINE),
        ("groups.toml", GROUPS),
    ];
    let plan = site::plan_of(&files);
    assert_eq!(plan.line_named("agents"), Some(AGENTS));
    let mut readied = 0;
    for seed in 0..20 {
        let mut day = Day::new(plan.clone(), seed);
        (0..2_000).for_each(|_| day.step());
        readied += day.readied;
    }
    assert!(readied > 300, "agents get ready: {readied} times");
}

#[test]
fn imaginary_callers_pass_a_duty_step_as_strangers_and_nothing_else_changes() {
    const LINE: &str = "tests/it/tiny/tiny.toml";
    const DUTY: &str = r#"
[duty.off]
do = "sign-out"
then = "@hangup"
refused = "@hangup"
stranger = "support"
"#;
    let plain = fs::read_to_string(LINE).expect("a line");
    let asked = plain.replace(r#"0 = { go = "support""#, r#"0 = { go = "off""#);
    assert_ne!(plain, asked);
    assert_eq!(figures(LINE, plain), figures(LINE, asked + DUTY));
}

/// What some runs of the tiny scenario come to.
fn figures(line: &str, text: String) -> Vec<(u64, u64, u64, u64)> {
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    sources.add(Path::new(line), text);
    let scenario = Path::new("tests/it/tiny/tiny.scenario.toml");
    let cases = load(scenario, None, &mut sources, &mut problems);
    let runs = replicate(&cases.expect("a scenario").base, 7, 0..4, &|| ());
    let of_run = |run: &RunFigures| {
        let (calls, queue) = (run.total.calls, run.queues[0].total.tally);
        (calls.attempts, calls.answered, queue.wait_ms, queue.talk_ms)
    };
    runs.iter().map(of_run).collect()
}
