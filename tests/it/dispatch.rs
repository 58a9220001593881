//! The dispatcher's guarantees (F1 to F6, C1 to C3, E1) over random days at random sites, looked at
//! after every act. `ledger` has what each of them says.
//!
//! A day that goes wrong is made short, and printed as one line. That line in `day/went-wrong.txt`
//! lives it again. `STROWGER_DAYS=20000 cargo test --test it dispatch` lives more of them.

use crate::day;
use crate::day::Act;
use crate::day::Chance;
use crate::day::Day;
use crate::day::Script;
use crate::day::scripts;
use crate::ledger::Rules;
use crate::ledger::Tally;
use proptest::test_runner::Config;
use proptest::test_runner::RngAlgorithm;
use proptest::test_runner::TestCaseError;
use proptest::test_runner::TestError;
use proptest::test_runner::TestRng;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use strowger::exchange::Exchange;
use strowger::exchange::effect::Effect;
use strowger::exchange::id::AgentId;
use strowger::exchange::id::CallId;
use strowger::exchange::id::GroupId;
use strowger::exchange::id::LineId;
use strowger::exchange::input::Groups;
use strowger::exchange::input::Input;
use strowger::exchange::key::Key;
use strowger::exchange::record::Record;
use strowger::exchange::time::Span;

/// Days, unless `STROWGER_DAYS` says otherwise.
const DAYS: u32 = 300;
/// Of so many days one is long.
const LONG: u32 = 50;

fn days() -> u32 {
    let days = std::env::var("STROWGER_DAYS");
    days.map_or(DAYS, |text| {
        text.parse().expect("STROWGER_DAYS is a number")
    })
}

#[test]
fn every_decision_is_fair_and_nothing_is_lost() {
    hold_over(days(), 1..500, |script| script.check(Rules::True));
}

#[test]
fn long_days_stay_in_order() {
    let long = days().div_ceil(LONG);
    hold_over(long, 2000..5000, |script| script.check(Rules::True));
}

/// F6: the recorded inputs give the identical effects again, also to an exchange that was written
/// down and read again on the way.
#[test]
fn the_same_day_goes_the_same_way() {
    hold_over(days().div_ceil(6), 1..400, |script| {
        let day = script.live(Rules::True)?;
        replays(script, &day)
    });
}

/// Each day that went wrong once, as it was printed.
#[test]
fn days_that_once_went_wrong() {
    let lines = include_str!("day/went-wrong.txt").lines();
    let mut days = 0;
    for line in lines.filter(|line| line.starts_with("lives(")) {
        let script = Script::read(line);
        assert_eq!(format!("{script:?}"), line, "as it is printed");
        assert_eq!(script.check(Rules::True), Ok(()), "{line}");
        days += 1;
    }
    println!("{days} days");
}

/// Books that hold the exchange to a wrong rule find it out, and the day that shows it is short.
#[test]
fn a_day_that_fails_is_made_short() {
    for (rules, most) in [
        (Rules::NoRefund, 10),
        (Rules::LastComeFirst, 10),
        (Rules::GreatestTag, 20),
        (Rules::BreaksForgive, 16),
        (Rules::NothingBeyond, 16),
        (Rules::NoHeadStarts, 16),
    ] {
        let failing = failing(
            TestRunner::new_with_rng(
                config(200),
                TestRng::deterministic_rng(RngAlgorithm::ChaCha),
            ),
            200..3000,
            |script| script.check(rules),
        );
        let (script, why) = failing.unwrap_or_else(|| panic!("{rules:?} is never found out"));
        let acts = script.acts.len();
        assert!(acts <= most, "{acts} acts for {rules:?}: {script:?} {why}");
        assert_eq!(script.check(Rules::True), Ok(()), "{script:?}");
    }
}

fn hold_over(cases: u32, acts: Range<usize>, check: impl Fn(&Script) -> Result<(), String>) {
    if let Some((script, why)) = failing(TestRunner::new(config(cases)), acts, check) {
        panic!("{script:?} // {why}");
    }
}

fn config(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 100_000,
        ..Config::default()
    }
}

/// The shortest day found on which something does not hold, and what.
fn failing(
    mut runner: TestRunner,
    acts: Range<usize>,
    check: impl Fn(&Script) -> Result<(), String>,
) -> Option<(Script, String)> {
    let lived = runner.run(&scripts(acts), |script| {
        check(&script).map_err(TestCaseError::fail)
    });
    match lived {
        Ok(()) => None,
        Err(TestError::Fail(why, script)) => Some((script, why.message().to_owned())),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}

fn replays(script: &Script, day: &Day) -> Result<(), String> {
    let plan = Arc::new(day::numbered(script.site));
    let mut again = Exchange::new(plan.clone(), day::origin_ms());
    let mut cut = again.clone();
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for (place, (at, input)) in day.inputs.iter().enumerate() {
        again.handle(*at, *input, &mut one);
        cut.handle(*at, *input, &mut two);
        if place % 150 == 75 {
            let text = serde_json::to_string(&cut).expect("plain data");
            let bare: Exchange = serde_json::from_str(&text).expect("as it was written");
            cut = bare
                .restore(plan.clone(), &[])
                .ok_or("it is not that plan")?;
        }
    }
    again.wake(day.now, &mut one);
    cut.wake(day.now, &mut two);
    let effects: Vec<Effect> = day.effects.iter().map(|(_, effect)| *effect).collect();
    for (name, other) in [("once more", one), ("when restored", two)] {
        let differs = effects.iter().zip(&other).position(|(one, two)| one != two);
        if let Some(at) = differs.or((effects.len() != other.len()).then_some(usize::MAX)) {
            return Err(format!("F6: {name} it differs at effect {at}"));
        }
    }
    Ok(())
}

#[test]
fn random_days_see_everything() {
    let mut seen = BTreeSet::new();
    let mut tallies = Vec::new();
    let mut chance = Chance(1);
    for site in 0..40 {
        let acts = (0..600).map(|_| Act::drawn(&mut chance)).collect();
        let day = Script { site, acts }.live(Rules::True);
        let day = day.unwrap_or_else(|problem| panic!("site {site}: {problem}"));
        tallies.push(day.books.tally);
        for (_, effect) in &day.effects {
            let shown = format!("{effect:?}");
            let words = shown.split(|letter: char| !letter.is_alphanumeric());
            seen.extend(words.map(str::to_owned));
        }
    }
    let of = |count: fn(&Tally) -> u64| tallies.iter().map(count).sum::<u64>();
    let counts = [
        of(|tally| tally.choices),
        of(|tally| tally.staged),
        of(|tally| tally.tried_by_all),
        of(|tally| tally.handed),
        of(|tally| tally.preferred),
        of(|tally| tally.corrected),
        of(|tally| tally.returned),
    ];
    assert!(counts.iter().all(|count| *count > 20), "{counts:?}");
    for wanted in [
        "NoAnswer",
        "Declined",
        "CallerGone",
        "AgentGone",
        "Taken",
        "Overflowed",
        "TimedOut",
        "ByKey",
        "BySystem",
        "Abandoned",
        "Forgiven",
        "WrapUp",
        "Resting",
        "Paused",
        "NoAgents",
        "Full",
        "AllPaused",
        "Withdrawn",
        "NobodyToInvite",
        "StaleOffer",
        "CallerCame",
        "AgentFree",
        "Awaited",
        "Moved",
        "ShortTalk",
        "Blocked",
    ] {
        assert!(seen.contains(wanted), "no {wanted} in forty days");
    }
}

/// F4 as a count: all others are free and stay so; whoever is back takes no more than K + 1 calls
/// before one of them is asked, and a newcomer takes one at most.
///
/// For the `m`-th call in a row the comer's tag `V - lag + m - 1` is no more than the least of the
/// others, which is no more than their mean `V`: so `m <= lag + 1`.
#[test]
fn whoever_comes_takes_a_few_calls_in_a_row_at_most() {
    let mut longest = 0;
    for seed in 0..u64::from(days().div_ceil(6)) {
        let mut chance = Chance(seed);
        let limit = chance.below(5);
        let mut day = Day::new(Arc::new(day::of_equals(limit as u16, 6)));
        let newcomer = AgentId(5);
        for _ in 0..chance.below(300) {
            let act = Act::drawn(&mut chance);
            day.step(act).expect("a day in order");
        }
        let mut before = day.inputs.iter();
        let is_new = !before.any(|(_, input)| *input == Input::AgentReady { agent: newcomer });
        day.quiet(newcomer);
        // One talks for long, and the others take calls meanwhile.
        let (agent, call) = day.begin().expect("somebody is free");
        for _ in 0..chance.below(40) {
            day.serve();
        }
        day.hand(Input::CallerHungUp { call });
        if chance.below(2) == 0 {
            let reason = None;
            day.hand(Input::AgentPaused { agent, reason });
            day.serve();
            day.hand(Input::AgentReady { agent });
        }
        longest = longest.max(day.run_of(agent, limit + 1));
        day.hand(Input::AgentReady { agent: newcomer });
        day.run_of(newcomer, if is_new { 1 } else { limit + 1 });
    }
    // In a few days it need not come up.
    let enough = longest >= 3 || days() < DAYS;
    assert!(enough, "nobody has caught up: {longest}");
}

impl Day {
    fn hand(&mut self, input: Input) {
        self.take(input).expect("a day in order");
        let now = self.now;
        self.pass_time(now).expect("a day in order");
        self.books.settled();
        self.books
            .agree_with(&self.exchange)
            .expect("a day in order");
    }

    fn wait(&mut self, span: Span) {
        let then = self.now + span;
        self.pass_time(then).expect("a day in order");
    }

    /// Everybody is free in one group, but for somebody who has come and is not ready.
    fn quiet(&mut self, away: AgentId) {
        let calls: Vec<CallId> = self.books.calls.keys().copied().collect();
        for call in calls {
            self.hand(Input::CallerHungUp { call });
        }
        for agent in (0..self.books.agents.len()).map(|place| AgentId(place as u32)) {
            self.hand(Input::AgentReachable { agent });
            if agent == away {
                self.hand(Input::AgentSignedOut { agent });
            }
            self.hand(Input::AgentSignedIn { agent });
            if agent != away {
                self.hand(Input::AgentReady { agent });
            }
            let groups = Groups::new([GroupId(1)]).expect("a group");
            self.hand(Input::AgentMoved { agent, groups });
        }
        self.wait(Span::minutes(2));
    }

    /// How many calls in a row an agent is given.
    fn run_of(&mut self, agent: AgentId, most: u64) -> u64 {
        let mut run = 0;
        while self.serve() == Some(agent) {
            run += 1;
            assert!(run <= most, "{agent:?} has {run} calls in a row");
        }
        run
    }

    /// Somebody calls, is answered and is done: by whom.
    fn serve(&mut self) -> Option<AgentId> {
        let (agent, call) = self.begin()?;
        self.wait(Span::seconds(10));
        self.hand(Input::CallerHungUp { call });
        Some(agent)
    }

    /// Somebody calls and is answered: by whom, and which call it is.
    fn begin(&mut self) -> Option<(AgentId, CallId)> {
        let from = self.effects.len();
        self.hand(Input::CallArrived {
            line: LineId(0),
            tag: 0,
            caller: 0,
            agent: None,
        });
        let arrived = |effect: &Effect| match effect {
            Effect::Record(Record::Arrived { call, .. }) => Some(*call),
            _ => None,
        };
        let call = self.effects[from..]
            .iter()
            .find_map(|(_, effect)| arrived(effect))?;
        let key = Key::from_char('3').expect("a key");
        self.hand(Input::Key { call, key });
        let offered = |effect: &Effect| match effect {
            Effect::Record(Record::Offered(decision)) => Some((decision.agent, decision.offer)),
            _ => None,
        };
        let (agent, offer) = self.effects[from..]
            .iter()
            .find_map(|(_, effect)| offered(effect))?;
        self.hand(Input::AgentAnswered { agent, offer });
        Some((agent, call))
    }
}
