//! Wall clocks that are set while a daemon runs, or between two of them: hours and dates are right again at
//! once, and whatever goes on has as long left as before.

use crate::publications::Site;
use crate::publications::compiled;
use crate::storm::driver::MORNING_MS;
use strowger::daemon::bridge::protocol::Act;
use strowger::daemon::bridge::protocol::Event;
use strowger::daemon::clock::Leap;
use strowger::daemon::entry::AgentAct;
use strowger::daemon::entry::Entry;
use strowger::daemon::entry::ORIGIN_MS_MAX;
use strowger::daemon::entry::What;
use strowger::daemon::journal::Position;
use strowger::daemon::journal::rows::DeliveryRow;
use strowger::daemon::journal::rows::Rows;
use strowger::daemon::wallboard::AgentView;
use strowger::exchange::record::AgentState;
use strowger::exchange::time::Tick;

const HOUR_MS: i64 = 3_600_000;
const YEAR_MS: i64 = 365 * 24 * HOUR_MS;
/// Open from 9 to 17; it is 9:30 on a Monday when a site begins.
const DESK: &str = r#"
format = 1
[line]
name = "Desk"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "desk"
max_call = "3h"
[hours.desk]
calendar = "office"
open = "main"
closed = "sorry"
[calendar.office]
open = ["mon-fri 09:00-17:00"]
[say.sorry]
say = "We are closed."
then = "call-me"
[menu.main]
say = "We are open. {options}"
give_up = "support"
[menu.main.keys]
1 = { go = "support", label = "a person" }
2 = { go = "call-me", label = "a call back" }
[queue.support]
group = "support"
max_wait = "30m"
timeout = "@hangup"
full = "@hangup"
no_agents = "@hangup"
[callback.call-me]
queue = "support"
calendar = "office"
say = "We will call you back."
then = "@hangup"
"#;

fn desk() -> Site {
    Site::of(compiled(&[("desk.toml", DESK)]))
}

impl Site {
    /// The wall clock is found to be so far ahead.
    fn leaps(&mut self, ahead_ms: i64) {
        let leap = Leap::of(ahead_ms).expect("it is far ahead");
        self.owner.commit().expect("there is room");
        self.owner.leap(leap).expect("a journal that can be read");
        self.owner.commit().expect("there is room");
        self.now = self.owner.now().0;
    }

    /// The process is killed, and the next one finds the wall clock at this time.
    fn starts_at(&mut self, wall_ms: i64) {
        self.wrong_ms = wall_ms - MORNING_MS - self.now as i64;
        self.crashes(wall_ms % 2 == 0);
        // Whoever drives the owner lets the time go by that has passed meanwhile.
        let passed = u64::try_from(wall_ms - self.wall_ms()).unwrap_or(0);
        self.passes(passed / 1000);
        assert_eq!(self.wall_ms(), wall_ms);
    }

    fn wall_ms(&self) -> i64 {
        self.owner.site().unix_ms(Tick(self.now))
    }

    /// Whether somebody who calls now is told that the desk is open.
    fn is_open(&mut self, call: &str) -> bool {
        self.calls_line("desk", call, None);
        let prompt = self.asked(|act| match act {
            Act::Play { prompt, .. } => Some(prompt.clone()),
            _ => None,
        });
        self.hangs_up(call);
        prompt.expect("something is said").starts_with("main")
    }

    fn in_progress(&self) -> usize {
        self.owner.site().exchange().calls_in_progress()
    }

    fn ana_is(&self) -> AgentState {
        AgentView::all(self.owner.site(), Tick(self.now))[0].state
    }
}

#[test]
fn a_clock_that_is_set_while_the_daemon_runs_is_followed_at_once() {
    let mut site = desk();
    assert!(site.is_open("a"));
    for (ahead_ms, open) in [
        (8 * HOUR_MS, false),
        (15 * HOUR_MS + HOUR_MS / 2, true),
        (-2 * HOUR_MS, false),
        (-15 * HOUR_MS, true),
        (10 * YEAR_MS, true),
        (-10 * YEAR_MS, true),
        (-2 * 24 * HOUR_MS, false),
    ] {
        let (before, tick) = (site.wall_ms(), site.now);
        site.leaps(ahead_ms);
        assert_eq!(site.wall_ms(), before + ahead_ms);
        assert_eq!(site.now, tick);
        assert_eq!(site.is_open("b"), open, "{ahead_ms} ms ahead");
        // A crash brings the same state back, and the clock is still right.
        site.starts_at(site.wall_ms());
        assert_eq!(site.is_open("c"), open, "{ahead_ms} ms ahead, and a crash");
    }
}

#[test]
fn a_start_with_a_clock_of_another_year_is_not_for_ever() {
    // To 1970 and back, of a machine whose clock does not run while it is off.
    for wrong_ms in [10 * YEAR_MS, 20 * 24 * HOUR_MS, -56 * YEAR_MS, -HOUR_MS] {
        let mut site = desk();
        site.calls_line("desk", "a", None);
        site.hangs_up("a");
        site.starts_at(MORNING_MS + wrong_ms);
        site.calls_line("desk", "b", None);
        site.hangs_up("b");
        let tick = site.now;
        site.starts_at(MORNING_MS);
        assert!(site.now >= tick);
        assert!(site.is_open("c"), "{wrong_ms} ms wrong before");
    }
}

#[test]
fn whatever_waits_or_talks_has_as_long_left_as_before() {
    for ahead_ms in [HOUR_MS, 20 * 24 * HOUR_MS, 10 * YEAR_MS, -HOUR_MS] {
        let mut site = desk();
        site.ana(AgentAct::Ready);
        site.calls_line("desk", "talks", Some('1'));
        let (_, offer) = site.rings().expect("ana is free");
        site.reports(Event::AgentAnswered { offer });
        site.calls_line("desk", "waits", Some('1'));
        site.calls_line("desk", "listens", None);
        let tick = site.now;
        site.leaps(ahead_ms);
        assert_eq!(site.now, tick, "no time has passed");
        // Half an hour in line, and three hours on the line.
        let mut left = |seconds| {
            site.passes(seconds);
            site.owner.commit().expect("there is room");
            (site.in_progress(), site.ana_is())
        };
        assert_eq!(left(1799), (3, AgentState::Talking), "{ahead_ms} ms");
        assert_eq!(left(1), (2, AgentState::Talking), "{ahead_ms} ms");
        assert_eq!(
            left(9 * 1000 - 1),
            (2, AgentState::Talking),
            "{ahead_ms} ms"
        );
        assert_eq!(left(1), (0, AgentState::WrapUp), "{ahead_ms} ms");
    }
}

#[test]
fn whoever_hears_a_menu_or_talks_does_not_notice_ten_minutes() {
    let mut site = desk();
    site.ana(AgentAct::Ready);
    site.calls_line("desk", "talks", Some('1'));
    let (_, offer) = site.rings().expect("ana is free");
    site.reports(Event::AgentAnswered { offer });
    site.calls_line("desk", "listens", None);
    site.calls_line("desk", "waits", Some('1'));
    site.leaps(HOUR_MS / 6);
    assert_eq!(site.in_progress(), 3);
    assert_eq!(site.ana_is(), AgentState::Talking);
    // Nobody was hung up on.
    let hung_up = site.asked(|act| match act {
        Act::HangUp { call } => Some(call.clone()),
        _ => None,
    });
    assert_eq!(hung_up, None);
    site.hangs_up("talks");
    site.ana(AgentAct::WrapUpDone);
    assert_eq!(site.rings().map(|(call, _)| call).as_deref(), Some("waits"));
}

#[test]
fn promised_calls_back_go_by_the_new_hours() {
    let mut site = desk();
    site.ana(AgentAct::Ready);
    // By a clock that is 12 hours ahead nobody is called before tomorrow.
    site.leaps(12 * HOUR_MS);
    site.calls_line("desk", "promise", None);
    let sorry = site.asked(|act| match act {
        Act::Play { play, .. } => Some(*play),
        _ => None,
    });
    let (call, play) = ("promise".to_owned(), sorry.expect("it is closed"));
    site.reports(Event::PlayDone { call, play });
    site.hangs_up("promise");
    assert_eq!(site.in_progress(), 1, "a call back is promised");
    assert_eq!(site.rings(), None);
    site.leaps(-12 * HOUR_MS);
    assert!(site.rings().is_some(), "it is open now");
}

#[test]
fn deliveries_do_not_wait_for_the_wrong_year() {
    let mut site = desk();
    site.leaps(10 * YEAR_MS);
    let due_ms = site.wall_ms() + HOUR_MS / 2;
    let row = DeliveryRow {
        position: Position(1),
        number: 0,
        id: "1".to_owned(),
        kind: "ticket".to_owned(),
        url: "https://office.example".to_owned(),
        secret_env: "OFFICE".to_owned(),
        body: "{}".to_owned(),
        created_ms: due_ms,
        due_ms,
        attempts: 3,
        given_up: false,
        why: None,
    };
    let rows = Rows {
        deliveries: vec![row],
        ..Rows::default()
    };
    site.owner.journal().commit(&rows).expect("there is room");
    site.leaps(-10 * YEAR_MS);
    let by_ms = site.wall_ms() + HOUR_MS;
    let due = site.owner.journal().deliveries_due(by_ms, 8);
    let due = due.expect("readable");
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].attempts, due[0].given_up), (3, false));
}

#[test]
fn what_no_program_has_written_is_refused() {
    let entry = |origin_ms| Entry {
        at: 5,
        what: What::ClockSet { origin_ms },
    };
    assert_eq!(entry(-ORIGIN_MS_MAX).check(Tick(5)), Ok(()));
    for far in [ORIGIN_MS_MAX + 1, i64::MIN] {
        assert!(entry(far).check(Tick(5)).is_err());
    }
}

#[test]
fn the_log_says_how_far_it_is() {
    let said = |ahead_ms| Leap::of(ahead_ms).map(|leap| leap.to_string());
    assert_eq!(said(-299_000), None);
    for (ahead_ms, words) in [
        (HOUR_MS, "the clock is 60 minutes ahead"),
        (16 * HOUR_MS, "the clock is 16 hours ahead"),
        (-3 * HOUR_MS, "the clock is 3 hours behind"),
        (10 * YEAR_MS, "the clock is 3650 days ahead"),
    ] {
        let said = said(ahead_ms).expect("a leap");
        assert!(said.starts_with(words), "{said}");
    }
}
