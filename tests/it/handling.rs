//! Talks as long as the forecast says for the interval in which their callers come first.

use crate::written::LINE;
use crate::written::cases;
use crate::written::shop;
use strowger::measure::run::Sums;
use strowger::sim::model::Model;
use strowger::sim::replicate::replicate;

const GROUPS: &str = "format = 1\n[group.support]\n";
const HOUR: &str = "09:00,60,shop";
const NEXT: &str = "10:00,60,shop";

/// A day with these rows after the first one, and people enough unless it says otherwise.
fn day(rows: &[String], staff: &str, callers: &str) -> Model {
    let header = "date,start,interval_min,line,calls,aht_s".to_owned();
    let rows = rows.iter().map(|row| format!("2026-11-23,{row}"));
    let forecast = [header]
        .into_iter()
        .chain(rows)
        .collect::<Vec<_>>()
        .join("\n");
    let scenario = format!(
        "menu = \"shop.toml\"\nforecast = \"calls.csv\"\nstaff = \"staff.csv\"\n[callers]\n{callers}\n"
    );
    cases(&[
        ("shop.toml", LINE),
        ("groups.toml", GROUPS),
        ("calls.csv", &forecast),
        ("staff.csv", staff),
        ("day.scenario.toml", &scenario),
    ])
    .base
}

fn staff(heads: [u32; 2]) -> String {
    let [first, second] = heads;
    format!(
        "date,start,interval_min,group,agents\n2026-11-23,09:00,60,support,{first}\n\
         2026-11-23,10:00,60,support,{second}\n2026-11-23,11:00,60,support,{second}\n"
    )
}

fn two(first: &str, second: &str) -> [String; 2] {
    [format!("{HOUR},{first}"), format!("{NEXT},{second}")]
}

/// Talks, and their seconds, by the interval in which their callers joined the queue.
fn talks(model: &Model) -> Vec<(u64, f64)> {
    let mut runs = replicate(model, 3, 0..1, &|| ());
    let run = runs.pop().expect("a run");
    let of = |sums: &Sums| (sums.queues.talks, sums.queues.talk_ms as f64 / 1000.0);
    run.intervals.iter().map(of).collect()
}

#[test]
fn talks_are_scaled_to_what_the_row_of_their_interval_leaves_beside_the_wrap_up() {
    let callers = "wrap_up = \"20s\"";
    // Nobody is on the line at eleven whose talk the end would cut: 0.001 calls an hour.
    let rest = "11:00,60,shop,0.001,180".to_owned();
    let rows = |first: &str, second: &str| {
        let [first, second] = two(first, second);
        vec![first, second, rest.clone()]
    };
    let plain = talks(&day(&rows("60,180", "60,180"), &staff([90, 90]), callers));
    let varied = talks(&day(&rows("60,60", "60,300"), &staff([90, 90]), callers));
    // The same callers draw the same lengths: 160 s on average become 40 s and 280 s.
    for (place, factor) in [(0, 0.25), (1, 1.75)] {
        let ((count, usual_s), (same, varied_s)) = (plain[place], varied[place]);
        assert_eq!(count, same);
        let off_s = (varied_s - factor * usual_s).abs();
        assert!(count > 30 && off_s < 0.01, "{plain:?} {varied:?}");
    }
}

#[test]
fn whoever_calls_again_talks_as_in_the_interval_of_the_first_attempt() {
    let callers = "redial = { after_turned_away = 1.0, delay_turned_away = { distribution = \"fixed\", \
                   value = \"1h\" }, attempts = 2 }\npatience = \"1h\"";
    let seconds = |second: &str| {
        let model = day(&two("60,120", second), &staff([0, 90]), callers);
        // Everybody of the first hour is turned away, and calls again in the second.
        let talks = talks(&model);
        assert!(talks[0].0 == 0 && talks[1].0 > 30, "{talks:?}");
        talks[1].1
    };
    let (same, longer) = (seconds("0.00001,120"), seconds("0.00001,600"));
    assert!((longer / same - 1.0).abs() < 1e-4, "{longer} {same}");
}

#[test]
fn intervals_that_agree_leave_every_talk_as_it_is() {
    for rows in [
        two("60,181.3", "70,181.3"),
        two("60,181.3", "70,"),
        // A row without calls says nothing.
        two("60,181.3", "0,0"),
    ] {
        let model = day(&rows, &staff([9, 9]), "wrap_up = \"20s\"");
        let lines = &model.scenario().demand.lines;
        assert!(
            lines.iter().all(|line| line.talk_factors.is_none()),
            "{rows:?}"
        );
    }
}

#[test]
fn a_want_with_a_talk_of_its_own_keeps_it_all_day() {
    let keys = "1 = { go = \"own\", label = \"own\" }\n2 = { go = \"usual\", label = \"usual\" }\n\
                [queue.own]\ngroup = \"support\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n\
                [queue.usual]\ngroup = \"support\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n";
    let scenario = "menu = \"shop.toml\"\nforecast = \"calls.csv\"\n\
                    [callers]\nslips = 0.0\nsilent = 0.0\n[staff]\nsupport = 200\n\
                    [wants.own]\nneeds = \"own\"\nshare = 0.5\ntalk = \"100s\"\n\
                    [wants.usual]\nneeds = \"usual\"\nshare = 0.5\n";
    let line = shop(keys);
    let seconds = |[first, second]: [String; 2]| {
        let forecast = format!(
            "date,start,interval_min,line,calls,aht_s\n2026-11-23,{first}\n2026-11-23,{second}\n"
        );
        let cases = cases(&[
            ("shop.toml", line.as_str()),
            ("groups.toml", GROUPS),
            ("calls.csv", &forecast),
            ("day.scenario.toml", scenario),
        ]);
        let runs = replicate(&cases.base, 3, 0..1, &|| ());
        let queues = runs[0]
            .queues
            .iter()
            .map(|queue| queue.intervals[0].tally.talk_ms);
        queues.collect::<Vec<_>>()
    };
    let plain = seconds(two("200,200", "200,200"));
    let varied = seconds(two("200,100", "200,300"));
    assert_eq!(plain[0], varied[0]);
    let part = varied[1] as f64 / plain[1] as f64;
    assert!((part - 0.5).abs() < 0.02, "{plain:?} {varied:?}");
}
