//! What came of calls is told apart in the words of a report: every figure is computed by hand.

use crate::check::folder;
use crate::cli::strowger;
use crate::written::LINE;
use crate::written::shop;
use serde_json::Value;

/// One agent, who answers at once and rests never; callers say at once what they want.
const GROUPS: &str = "format = 1\n[group.support]\nring = \"0s\"\nrest = \"0s\"\n\
                      wrap_up = { limit = \"0s\", then = \"ready\" }\n";

/// What the program says of a morning of these calls at this line.
fn run(args: &[&str], line: &str, calls: &str, scenario: &str) -> String {
    let scenario = format!(
        "menu = \"line.toml\"\narrivals = \"calls.csv\"\nstaff = {{ support = 1 }}\n\
         [run]\nruns = 1\nlength = \"1h\"\n[agents]\nanswers = \"0s\"\n{scenario}"
    );
    let folder = folder(&[
        ("line.toml", line),
        ("groups.toml", GROUPS),
        ("calls.csv", calls),
        ("day.scenario.toml", &scenario),
    ]);
    let mut command = strowger(&["simulate", "day.scenario.toml", "-q"]);
    let output = command.args(args).current_dir(folder.path()).output();
    String::from_utf8(output.expect("the program runs").stdout).expect("text")
}

/// What happened: the sentences, and the rows without their bars.
fn happened(report: &str) -> Vec<String> {
    let (_, rest) = report.split_once("\nWHAT HAPPENED").expect("a heading");
    let (part, _) = rest.split_once("\nSERVICE AND WAITS").expect("the next");
    let bare = |line: &str| {
        let words = line
            .trim_end_matches(['\u{2588}', '\u{2592}', ' '])
            .split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    };
    part.lines()
        .skip(1)
        .map(bare)
        .filter(|line| !line.is_empty())
        .collect()
}

fn total(json: &str, name: &str) -> f64 {
    let json: Value = serde_json::from_str(json).expect("JSON");
    let mean = json["total"][name]["mean"].as_f64();
    mean.unwrap_or_else(|| panic!("{name} in {}", json["total"]))
}

/// The first caller talks for 5 minutes. The second gives up after 10 s, twice, and calls again after 30 s
/// each time: the third and the fourth attempt within the hour are more than the line takes of anybody.
#[test]
fn who_calls_too_often_has_found_a_line_free() {
    let limit = "caller_limit = { calls = 2, within = \"1h\" }\nstart =";
    let line = LINE.replace("start =", limit);
    let calls = "time,line,want\n2026-11-23 09:00:00,line,long\n2026-11-23 09:00:10,line,short\n";
    let scenario = "[callers]\ntalk = \"5m\"\n[callers.redial]\nafter_abandoned = 1.0\n\
                    after_blocked = 1.0\ndelay = \"30s\"\nattempts = 4\n\
                    [wants.long]\nneeds = \"support\"\n\
                    [wants.short]\nneeds = \"support\"\npatience = \"10s\"\n";
    let told = happened(&run(&[], &line, calls, scenario));
    assert_eq!(
        told[..2].join(" "),
        "2 people called 5 times: 3 attempts were redials; everybody found a free line; 2 were \
         turned off by caller_limit."
    );
    let rows = [
        "blocked at the door 40.0 2.0",
        "of these by caller_limit 40.0 2.0",
    ];
    assert!(
        rows.iter().all(|row| told.contains(&(*row).to_owned())),
        "{told:#?}"
    );
    let json = run(&["--format", "json"], &line, calls, scenario);
    assert_eq!(total(&json, "blocked_by_limit"), 2.0);
    let story = run(&["--explain", "4"], &line, calls, scenario);
    assert!(
        story.contains(
            "Line takes no more calls of this caller (caller_limit): the caller is turned off."
        ),
        "{story}"
    );
}

/// Talks of 400 s at a line that ends calls after 5 minutes: two calls of 300 s, and nobody is served.
#[test]
fn lines_are_held_in_vain_by_talks_that_are_cut_off() {
    let line = LINE.replace("start =", "max_call = \"5m\"\nstart =");
    let calls = "time,line\n2026-11-23 09:00:00,line\n2026-11-23 09:10:00,line\n";
    let scenario = "[callers]\ntalk = \"400s\"\n";
    let json = run(&["--format", "json"], &line, calls, scenario);
    let figures = [
        "trunk_s",
        "trunk_wasted_s",
        "talks_cut_off",
        "callers_served",
    ];
    assert_eq!(
        figures.map(|name| total(&json, name)),
        [600.0, 600.0, 2.0, 0.0]
    );
    let told = happened(&run(&[], &line, calls, scenario)).join(" ");
    let words = "100.0 % of it for attempts that brought nothing. Of 100 callers, 0 got what they called for";
    assert!(told.contains(words), "{told}");
}

/// One agent for two queues. The first caller is answered at once and handed on at 5:00 to a queue where two wait
/// since 4:00 and 4:50; all three have patience for 100 s. The second is answered at 5:00, after 60 s, and
/// talks until 10:00; the third hangs up at 6:30, the first at 6:40. Of four waits one was in time.
#[test]
fn a_caller_lost_when_handed_on_is_told_and_has_waited_twice() {
    let line = shop(
        "1 = { go = \"support\", label = \"support\" }\n2 = { go = \"sales\", label = \"sales\" }\n\
         [queue.support]\ngroup = \"support\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n\
         [queue.sales]\ngroup = \"support\"\nhead_start = \"10m\"\nfull = \"@hangup\"\n\
         no_agents = \"@hangup\"\n",
    );
    let calls = "time,line,want\n2026-11-23 09:00:00,line,help\n2026-11-23 09:04:00,line,buy\n\
                 2026-11-23 09:04:50,line,buy\n";
    let scenario = "[callers]\nlistens = \"0s\"\nslips = 0.0\nsilent = 0.0\ntalk = \"300s\"\n\
                    patience = \"100s\"\n[transfers.support]\nshare = 1.0\nto = \"sales\"\n\
                    [wants.help]\nneeds = \"support\"\n[wants.buy]\nneeds = \"sales\"\n";
    let json = run(&["--format", "json"], &line, calls, scenario);
    let figures = ["service_level", "asa_s", "wait_mean_s", "lost_after_talk"];
    assert_eq!(
        figures.map(|name| total(&json, name)),
        [0.25, 30.0, 65.0, 1.0]
    );
    let told = happened(&run(&[], &line, calls, scenario));
    let row = "of these lost when handed on 33.3 1.0".to_owned();
    assert!(told.contains(&row), "{told:#?}");
    // 400 s and 100 s, of 400, 360 and 100.
    assert_eq!(
        ["trunk_wasted_s", "trunk_s"].map(|name| total(&json, name)),
        [500.0, 860.0]
    );
}

/// An agent talks while two callers are promised two calls back each, one after the other: where one of the two has
/// reached its caller, the other is not wanted any more.
#[test]
fn calls_back_add_up() {
    let line = shop(
        "1 = { go = \"support\", label = \"support\" }\n2 = { go = \"back\", label = \"call back\" }\n\
         [queue.support]\ngroup = \"support\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n\
         [callback.back]\nqueue = \"support\"\nsay = \"We call.\"\nthen = \"again\"\n\
         [callback.again]\nqueue = \"support\"\nsay = \"We call.\"\nthen = \"@hangup\"\n",
    );
    let calls = "time,line,want\n2026-11-23 09:00:00,line,help\n2026-11-23 09:01:00,line,back\n\
                 2026-11-23 09:02:00,line,back\n";
    let scenario = "[callers]\nlistens = \"0s\"\nslips = 0.0\nsilent = 0.0\ntalk = \"300s\"\n\
                    patience = \"2h\"\naccepts_callback = 1.0\nreached_by_callback = 1.0\n\
                    [wants.help]\nneeds = \"support\"\n[wants.back]\nneeds = \"back\"\n";
    let json = run(&["--format", "json"], &line, calls, scenario);
    let ways = ["booked", "reached", "unreached", "withdrawn", "open"];
    let ways = ways.map(|way| total(&json, &format!("callbacks_{way}")));
    assert_eq!(ways, [4.0, 2.0, 0.0, 2.0, 0.0]);
    let report = run(&[], &line, calls, scenario);
    let row = report
        .lines()
        .find(|line| line.contains("not wanted any more"));
    assert!(row.expect("a row").ends_with(" 2"), "{report}");
}
