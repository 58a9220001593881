//! Random days of a line that promises calls back and climbs the overload ladder: whatever callers,
//! agents and their phones do, every promise is kept once or given up openly, no trunk is lost, and
//! nobody is free beside a caller.

use crate::day::Chance;
use crate::site;
use proptest::prelude::*;
use std::collections::BTreeMap;
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
use strowger::exchange::id::StepId;
use strowger::exchange::input::Input;
use strowger::exchange::key::Key;
use strowger::exchange::record::AskedBy;
use strowger::exchange::record::CallbackEnd;
use strowger::exchange::record::CallbackFact;
use strowger::exchange::record::OfferEnd;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;
use strowger::exchange::time::Tick;
use strowger::sim::study::Cases;

const AGENTS: u64 = 4;
const CALLERS: u64 = 15;
const TRUNKS: usize = 9;
const ATTEMPTS: u32 = 2;
/// Steps that promise calls back.
const STEPS: usize = 2;

/// Rules of the group and of the callback step that are drawn.
const RINGS: [&str; 2] = ["0s", "9s"];
const STRATEGIES: [&str; 3] = ["fair", "ring-all", "longest-idle"];
const PACES: [&str; 4] = [
    "",
    "spare_agents = 0",
    "spare_agents = 1\nper_minute = 2",
    "per_minute = 4\nkeep_place = false",
];

fn plan(chance: &mut Chance) -> Dialplan {
    let ring = RINGS[chance.below(2) as usize];
    let strategy = STRATEGIES[chance.below(3) as usize];
    let pace = PACES[chance.below(4) as usize];
    let reserve = chance.below(3);
    let line = format!(
        r#"
format = 1
[line]
name = "Line"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "support"
trunks = {TRUNKS}
reserve = {reserve}
max_call = "10m"
[dialling]
allow = ["+44"]
[calendar.desk]
open = ["mon-sun 09:00-12:00", "mon-sun 13:00-17:00"]
[queue.support]
group = "support"
skills = ["a"]
relax = [{{ after = "30s", skills = [] }}]
max_wait = "4m"
timeout = "call-back"
full = "busy"
no_agents = "busy"
announce = {{ wait = true, first = "20s", every = "40s" }}
after = "thanks"
returning = "1m"
[queue.support.overload]
offer_callback = "40s"
no_queue = "90s"
[queue.support.keys]
1 = {{ go = "call-back", label = "a call back" }}
2 = {{ go = "call-later", label = "a call when it is quiet" }}
[callback.call-back]
queue = "support"
calendar = "desk"
by_request = true
confirm = false
attempts = {ATTEMPTS}
retry = "5m"
ring = "15s"
say = "We will."
then = "thanks"
refused = "busy"
{pace}
[callback.call-later]
queue = "support"
calendar = "desk"
attempts = {ATTEMPTS}
retry = "5m"
ring = "15s"
say = "We will, later."
then = "thanks"
refused = "busy"
spare_agents = 0
by_request = true
confirm = false
[menu.busy]
say = "{{options}}"
give_up = "@hangup"
[menu.busy.keys]
1 = {{ go = "call-back", label = "a call back" }}
2 = {{ go = "call-later", label = "a call when it is quiet" }}
[say.thanks]
say = "Thank you."
then = "@hangup"
"#
    );
    let mut groups = format!(
        "format = 1\n[group.support]\nring = \"{ring}\"\nstrategy = \"{strategy}\"\nrest = \"2s\"\n\
         wrap_up = {{ limit = \"8s\", then = \"ready\" }}\n[agent]\n"
    );
    for agent in 0..AGENTS {
        let skills = if agent % 2 == 0 {
            "{ a = 1 }"
        } else {
            "{ b = 1 }"
        };
        let _ = writeln!(
            groups,
            "a{agent} = {{ groups = [\"support\"], skills = {skills} }}"
        );
    }
    site::plan_of(&[("line.toml", &line), ("groups.toml", &groups)])
}

/// What a day remembers of a call back.
#[derive(Default)]
struct Promise {
    caller: u64,
    /// The call in which it was asked for, and those that have come from the caller since.
    during: Vec<CallId>,
    dialled: u32,
    on_line: bool,
    reached: bool,
}

struct Day {
    exchange: Exchange,
    now: Tick,
    calls: Vec<CallId>,
    playing: BTreeMap<CallId, PlayId>,
    offers: BTreeMap<AgentId, OfferId>,
    /// For which call each phone rings.
    rung: BTreeMap<AgentId, CallId>,
    promises: BTreeMap<CallId, Promise>,
    dialling: Vec<CallId>,
    /// Who calls in each call.
    callers: BTreeMap<CallId, u64>,
    dials: u32,
    served: u32,
    /// Calls for which another program has asked.
    asked: u32,
}

impl Day {
    fn new(plan: Arc<Dialplan>) -> Self {
        Self {
            exchange: Exchange::new(plan, site::unix_ms("2026-11-23T08:30")),
            now: Tick(0),
            calls: Vec::new(),
            playing: BTreeMap::new(),
            offers: BTreeMap::new(),
            rung: BTreeMap::new(),
            promises: BTreeMap::new(),
            dialling: Vec::new(),
            callers: BTreeMap::new(),
            dials: 0,
            served: 0,
            asked: 0,
        }
    }

    fn draw(&self, chance: &mut Chance, tag: u64) -> Input {
        let agent = AgentId(chance.below(AGENTS) as u32);
        let any = |list: &[CallId], chance: &mut Chance| {
            list.get(chance.below(list.len().max(1) as u64) as usize)
                .copied()
        };
        let arrival = Input::CallArrived {
            line: LineId(0),
            tag,
            caller: tag * 7 % CALLERS,
            agent: None,
        };
        let of =
            |call: Option<CallId>, input: &dyn Fn(CallId) -> Input| call.map_or(arrival, input);
        let key = if tag.is_multiple_of(3) { '2' } else { '1' };
        let key = Key::from_char(key).expect("a key");
        let booked: Vec<CallId> = self.promises.keys().copied().collect();
        match chance.below(42) {
            0..9 => arrival,
            9..15 => of(any(&self.calls, chance), &|call| Input::Key { call, key }),
            15..19 => of(any(&self.calls, chance), &|call| Input::PromptEnded {
                call,
                play: self.playing.get(&call).copied().unwrap_or(PlayId(3)),
            }),
            19..21 => of(any(&self.calls, chance), &|call| Input::CallerHungUp {
                call,
            }),
            21..23 => Input::AgentReady { agent },
            23 => Input::AgentSignedIn { agent },
            24 => Input::AgentPaused {
                agent,
                reason: None,
            },
            25 => match chance.below(4) {
                0 => Input::AgentSignedOut { agent },
                1 => Input::AgentUnreachable { agent },
                _ => Input::AgentReachable { agent },
            },
            26..31 => match self.offers.iter().nth(chance.below(2) as usize) {
                Some((&agent, &offer)) => Input::AgentAnswered { agent, offer },
                None => Input::AgentReady { agent },
            },
            31 => match self.offers.first_key_value() {
                Some((&agent, &offer)) => Input::AgentDeclined { agent, offer },
                None => Input::AgentReady { agent },
            },
            32..35 => Input::AgentHungUp { agent },
            35 | 36 => of(any(&self.dialling, chance), &|call| {
                Input::CallbackReached { call }
            }),
            37 => of(any(&self.dialling, chance), &|call| match tag % 8 {
                0 => Input::CallbackUndialled {
                    call,
                    away: tag.is_multiple_of(16),
                },
                _ => Input::CallbackFailed { call },
            }),
            // Whoever drives the exchange may be wrong about which calls are calls back.
            38 => of(any(&booked, chance), &|call| match tag % 6 {
                5 if tag.is_multiple_of(3) => Input::CallbackDialable { call },
                5 => Input::CallbackUndialled {
                    call,
                    away: tag.is_multiple_of(2),
                },
                0 => Input::CallerHungUp { call },
                1 => Input::CallbackFailed { call },
                2 => Input::CallbackReached { call },
                3 if tag.is_multiple_of(2) => Input::CallAdrift {
                    call,
                    patience: Span::seconds(20),
                },
                3 => Input::Key { call, key },
                _ => Input::PromptEnded {
                    call,
                    play: PlayId(1),
                },
            }),
            40 if tag.is_multiple_of(3) => of(any(&booked, chance), &|call| {
                Input::CallbackWithdrawn { call }
            }),
            40 | 41 => Input::CallbackAsked {
                // Now and then a step that may not be asked.
                step: StepId(chance.below(8) as u32),
                tag,
                caller: tag * 5 % CALLERS,
                language: LanguageId(chance.below(20) as u8 / 19),
                not_before: self.now + Span(chance.below(3) * 200_000),
            },
            _ => of(any(&self.calls, chance), &|call| match tag % 3 {
                0 => Input::CallAdrift {
                    call,
                    patience: Span::seconds(20),
                },
                1 => Input::CallBack {
                    call,
                    afresh: false,
                },
                _ => Input::CallBack { call, afresh: true },
            }),
        }
    }

    fn pass(&mut self, span: Span) {
        let then = self.now + span;
        let mut effects = Vec::new();
        while let Some(due) = self.exchange.next_deadline().filter(|due| *due <= then) {
            self.now = due;
            self.exchange.wake(due, &mut effects);
            self.note(&mut effects);
        }
        self.now = then;
    }

    fn take(&mut self, input: Input) {
        if let Input::CallbackUndialled { call, away: true } = input
            && let Some(promise) = self.promises.get_mut(&call)
        {
            // Whoever could dial it is only away: that was no attempt.
            promise.dialled -= u32::from(promise.on_line && !promise.reached);
        }
        let mut effects = Vec::new();
        self.exchange.handle(self.now, input, &mut effects);
        self.note(&mut effects);
    }

    fn note(&mut self, effects: &mut Vec<Effect>) {
        for effect in effects.drain(..) {
            match effect {
                Effect::Answer { call, .. } => self.calls.push(call),
                Effect::Play { call, play, .. } => {
                    self.playing.insert(call, play);
                }
                Effect::Ring { agent, offer, call } => {
                    self.offers.insert(agent, offer);
                    self.rung.insert(agent, call);
                }
                Effect::Dial { call, .. } => self.dialling.push(call),
                Effect::Record(record) => self.record(&record),
                _ => {}
            }
        }
        assert!(self.exchange.is_sound(), "at {}", self.now);
        assert!(self.exchange.is_exclusive());
        assert_eq!(self.exchange.callbacks_promised(), self.promises.len());
        self.one_promise_rings();
        let dialled = self.promises.values().filter(|promise| promise.on_line);
        assert!(
            self.calls.len() + dialled.count() <= TRUNKS,
            "more calls than trunks"
        );
        assert_eq!(
            self.exchange.calls_in_progress(),
            self.calls.len() + self.promises.len()
        );
    }

    /// Phones ring for one promise to a caller at a time, and for none while the number is dialled.
    fn one_promise_rings(&self) {
        let mut by_caller: BTreeMap<u64, CallId> = BTreeMap::new();
        let dialled = self.promises.iter().filter(|(_, promise)| promise.on_line);
        by_caller.extend(dialled.map(|(call, promise)| (promise.caller, *call)));
        for call in self.rung.values() {
            if let Some(promise) = self.promises.get(call) {
                let first = by_caller.entry(promise.caller).or_insert(*call);
                assert_eq!(first, call, "two phones ring for one caller");
            }
        }
    }

    /// From now on all agents are there and answer, and no number does: every promise is given up.
    fn settles(&mut self) {
        for _ in 0..20_000 {
            for agent in (0..AGENTS as u32).map(AgentId) {
                self.take(Input::AgentReachable { agent });
                self.take(Input::AgentSignedIn { agent });
                self.take(Input::AgentReady { agent });
            }
            for (agent, offer) in self.offers.clone() {
                self.take(Input::AgentAnswered { agent, offer });
            }
            for call in self.dialling.clone() {
                self.take(Input::CallbackFailed { call });
            }
            let reached = self.promises.iter().filter(|(_, promise)| promise.reached);
            let reached: Vec<CallId> = reached.map(|(call, _)| *call).collect();
            for call in reached {
                self.take(Input::CallerHungUp { call });
            }
            let due = self.exchange.next_deadline();
            match due.filter(|_| !self.promises.is_empty()) {
                Some(due) => self.pass(due - self.now),
                None => break,
            }
        }
        assert_eq!(self.promises.len(), 0, "promises that nobody keeps");
    }

    fn record(&mut self, record: &Record) {
        match *record {
            Record::Ended { call, .. } => {
                self.calls.retain(|other| *other != call);
                self.playing.remove(&call);
            }
            Record::Arrived { call, caller, .. } => {
                self.callers.insert(call, caller);
                let promises = self.promises.values_mut();
                for promise in promises.filter(|promise| promise.caller == caller) {
                    promise.during.push(call);
                }
            }
            Record::OfferEnded { agent, .. } => {
                self.offers.remove(&agent);
                self.rung.remove(&agent);
            }
            Record::Callback { call, what, .. } => self.callback(call, what),
            _ => {}
        }
    }

    fn callback(&mut self, call: CallId, what: CallbackFact) {
        if let CallbackFact::Booked { caller, by, .. } = what {
            assert!(
                caller != 0,
                "nobody can be called back whose number is withheld"
            );
            let others = self.promises.values();
            let others = others.filter(|other| other.caller == caller && !other.reached);
            assert!(
                others.count() < STEPS,
                "one caller was promised two by one step"
            );
            // Whoever is on the line when another program asks is engaged.
            let own = |call: &&CallId| self.callers.get(*call) == Some(&caller);
            let during = match by {
                AskedBy::Call(during) => vec![during],
                AskedBy::Program(_) => self.calls.iter().filter(own).copied().collect(),
            };
            self.asked += u32::from(by.call().is_none());
            let promise = Promise {
                caller,
                during,
                ..Promise::default()
            };
            assert!(self.promises.insert(call, promise).is_none());
            return;
        }
        let promise = self.promises.get_mut(&call).expect("a promised call back");
        match what {
            CallbackFact::Booked { .. } | CallbackFact::InLine { .. } => {
                assert!(!promise.on_line);
                assert!(
                    !promise.during.iter().any(|call| self.calls.contains(call)),
                    "nobody is reserved while the caller is on the line"
                );
            }
            CallbackFact::Dialled { .. } => {
                assert!(!promise.on_line && promise.dialled < ATTEMPTS);
                assert!(
                    !promise.during.iter().any(|call| self.calls.contains(call)),
                    "nobody is dialled who is on the line"
                );
                // From 08:30 on: open from 09:00 to 12:00 and from 13:00 to 17:00.
                let minute = (self.now.0 / 60_000 + 510) % 1440;
                assert!((540..720).contains(&minute) || (780..1020).contains(&minute));
                (promise.on_line, promise.dialled) = (true, promise.dialled + 1);
                self.dials += 1;
                let caller = promise.caller;
                let rung = self.promises.values();
                let rung = rung.filter(|other| other.on_line && other.caller == caller);
                assert_eq!(rung.count(), 1, "one number is dialled once at a time");
            }
            CallbackFact::Reached { .. } => {
                assert!(promise.on_line && !promise.reached);
                promise.reached = true;
                self.dialling.retain(|other| *other != call);
            }
            CallbackFact::Unreached { .. } => {
                assert!(promise.on_line && !promise.reached);
                promise.on_line = false;
                self.dialling.retain(|other| *other != call);
            }
            CallbackFact::Ended(how) => {
                match how {
                    CallbackEnd::Served => assert!(promise.reached),
                    CallbackEnd::Unreached => assert!(!promise.reached && promise.dialled > 0),
                    CallbackEnd::Undialled => assert!(!promise.reached),
                    CallbackEnd::Withdrawn => assert!(!promise.reached),
                }
                self.served += u32::from(promise.reached);
                self.promises.remove(&call);
            }
        }
    }
}

fn copy(exchange: &Exchange, plan: &Arc<Dialplan>) -> Exchange {
    let text = serde_json::to_string(exchange).expect("plain data");
    let bare: Exchange = serde_json::from_str(&text).expect("as it was written");
    bare.restore(plan.clone(), &[]).expect("the same plan")
}

/// One random day. Gives how many numbers were dialled, how many callers were served by that, and how many
/// calls other programs have asked for.
fn live(seed: u64, acts: u64) -> [u32; 3] {
    let mut chance = Chance(seed);
    let plan = Arc::new(plan(&mut chance));
    let mut day = Day::new(plan.clone());
    for agent in (0..AGENTS as u32).map(AgentId) {
        day.take(Input::AgentSignedIn { agent });
        day.take(Input::AgentReady { agent });
    }
    for tag in 0..acts {
        let span = match chance.below(12) {
            0 => chance.below(90_000),
            1 => chance.below(20_000),
            2 if chance.below(40) == 0 => chance.below(3 * 3_600_000),
            3..6 => 0,
            _ => chance.below(4000),
        };
        day.pass(Span(span));
        let input = day.draw(&mut chance, tag);
        if chance.below(40) == 0 {
            day.exchange = copy(&day.exchange, &plan);
        }
        day.take(input);
    }
    for call in day.calls.clone() {
        day.take(Input::CallerHungUp { call });
    }
    let met = [day.dials, day.served, day.asked];
    day.settles();
    met
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_promises_are_kept_once_and_no_trunk_is_lost(seed: u64) {
        live(seed, 1200);
    }
}

#[test]
fn the_random_days_dial_and_reach_callers() {
    let days = (0..30).map(|seed| live(seed, 1200));
    let met = days.reduce(|all, day| [0, 1, 2].map(|place| all[place] + day[place]));
    let [dials, served, asked] = met.expect("there are days");
    assert!(
        dials > 100 && served > 30 && asked > 100,
        "{dials} dialled, {served} served, {asked} asked for"
    );
}

/// A line with so few trunks that there is often none for calls back, and phones that answer at once.
pub(crate) fn few_trunks() -> Cases {
    let line = "format = 1\n[line]\nname = \"L\"\ngroups = \"groups.toml\"\ntrunks = 5\nreserve = 1\n\
                timezone = \"Etc/UTC\"\nlanguages = [\"en\"]\nstart = \"support\"\n[queue.support]\n\
                group = \"support\"\noverload = { offer_callback = \"1s\" }\nfull = \"message\"\n\
                no_agents = \"@hangup\"\n[queue.support.keys]\n1 = { go = \"later\", label = \"a call back\" }\n\
                [callback.later]\nqueue = \"support\"\nsay = \"We call you.\"\nthen = \"@hangup\"\n\
                [record.message]\nsay = \"Please leave a message.\"\nmailbox = \"all\"\nthen = \"@hangup\"\n";
    let scenario = "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nstaff = { support = 2 }\n\
                    agents = { answers = \"0s\" }\n[wants.person]\nshare = 1.0\nneeds = \"support\"\n\
                    [callers]\ntalk = \"100s\"\npatience = \"1h\"\naccepts_callback = 0.7\n";
    crate::written::cases(&[
        ("line.toml", line),
        (
            "groups.toml",
            "format = 1\n[group.support]\nrest = \"0s\"\n",
        ),
        (
            "forecast.csv",
            "date,start,interval_min,line,calls\n2026-11-23,09:00,60,line,180\n",
        ),
        ("day.scenario.toml", scenario),
    ])
}

#[test]
fn phones_that_answer_by_themselves_answer_no_call_back_that_has_no_trunk() {
    let cases = few_trunks();
    // Whose ringing is taken back in the moment in which it begins.
    let mut taken_back = 0;
    let mut reached = 0;
    for replication in 0..20 {
        strowger::sim::run(
            &cases.base,
            1,
            replication,
            &mut |_: Tick, record: &Record| {
                taken_back += u32::from(matches!(
                    record,
                    Record::OfferEnded {
                        how: OfferEnd::CallerGone,
                        ..
                    }
                ));
                reached += u32::from(matches!(
                    record,
                    Record::Callback {
                        what: CallbackFact::Reached { .. },
                        ..
                    }
                ));
            },
        );
    }
    assert!(taken_back > 0 && reached > 100, "{taken_back} {reached}");
}
