//! People who are called without having called, in simulated days: beside callers, and never before them.

use crate::written::cases;
use crate::written::said;
use crate::written::try_cases;
use strowger::measure::RunFigures;
use strowger::sim::model::Model;
use strowger::sim::replicate::replicate;

const GROUPS: &str = "format = 1\n[group.support]\nwrap_up = { limit = \"10m\" }\n";
/// Callers from 09:00 to 11:00, and then two hours without any.
const FORECAST: &str = "date,start,interval_min,line,calls\n2026-11-23,09:00,60,line,200\n\
    2026-11-23,10:00,60,line,200\n2026-11-23,11:00,60,line,0\n2026-11-23,12:00,60,line,0\n";

/// A queue for callers, and one for those who are called, by the same people; the step has these settings.
fn line(step: &str) -> String {
    format!(
        "{}[dialling]\nallow = [\"+44\"]\n[queue.outreach]\ngroup = \"support\"\nfull = \"@hangup\"\n\
         no_agents = \"@hangup\"\n[callback.renewals]\nqueue = \"outreach\"\nby_request = true\nsay = \"We call \
         you.\"\nthen = \"@hangup\"\n{step}\n",
        crate::written::LINE
    )
}

fn scenario(agents: u32, outbound: &str) -> String {
    format!(
        "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nstaff = {{ support = {agents} }}\n[callers]\n\
         talk = \"120s\"\nwrap_up = \"10s\"\npatience = {{ distribution = \"exponential\", mean = \"2m\" }}\n\
         [agents]\nanswers = \"2s\"\n{outbound}"
    )
}

fn files<'f>(line: &'f str, scenario: &'f str) -> [(&'f str, &'f str); 4] {
    [
        ("line.toml", line),
        ("groups.toml", GROUPS),
        ("forecast.csv", FORECAST),
        ("day.scenario.toml", scenario),
    ]
}

fn model(step: &str, agents: u32, outbound: &str) -> Model {
    let (line, scenario) = (line(step), scenario(agents, outbound));
    let cases = cases(&files(&line, &scenario));
    cases.base
}

fn runs(model: &Model, count: u32) -> Vec<RunFigures> {
    replicate(model, 1, 0..count, &|| ())
}

/// The share of entries into the queue of callers that were answered in time.
fn in_time(runs: &[RunFigures]) -> f64 {
    let sum = |of: fn(&RunFigures) -> u64| runs.iter().map(of).sum::<u64>() as f64;
    sum(|run| run.queues[0].total.tally.answered_within)
        / sum(|run| run.queues[0].total.tally.entered)
}

#[test]
fn a_list_is_called_once_each_until_it_is_done() {
    let outbound = "[outbound.renewals]\ncalls = 300\nreached = 0.4\ntalk = \"60s\"\n";
    let model = model(
        "attempts = 2\nretry = \"5m\"\nspare_agents = 1",
        20,
        outbound,
    );
    let mut reached = 0;
    for run in runs(&model, 8) {
        let out = run.total.outbound;
        assert_eq!(
            (out.booked, out.open(), out.withdrawn),
            (300, 0, 0),
            "{out:?}"
        );
        assert_eq!(out.reached + out.unreached, 300);
        // Whoever was not reached was dialled twice, the others once or twice.
        assert!((300 + out.unreached..=600).contains(&out.dialled));
        assert_eq!(
            run.total.callbacks,
            Default::default(),
            "nobody asked to be called back"
        );
        assert_eq!(run.total.calls.attempts, run.total.calls.outcomes());
        reached += out.reached;
    }
    // 1 - 0.6^2 of 2400, and the two-sided 99 % of that.
    let (n, p) = (2400.0, 0.64);
    let error = 2.576 * f64::sqrt(n * p * (1.0 - p));
    assert!((reached as f64 - n * p).abs() < error, "{reached}");
}

#[test]
fn agents_kept_free_keep_the_service_of_callers() {
    let outbound = "[outbound.renewals]\ncalls = 400\nreached = 0.6\n";
    let alone = in_time(&runs(&model("spare_agents = 0", 18, ""), 10));
    let taken = |step| {
        let runs = runs(&model(step, 18, outbound), 10);
        let reached: u64 = runs.iter().map(|run| run.total.outbound.reached).sum();
        (in_time(&runs), reached)
    };
    let in_turn = taken("");
    let at_once = taken("spare_agents = 0");
    let some_left = taken("spare_agents = 3");
    assert!(
        in_turn.0 < at_once.0 && at_once.0 < some_left.0 && some_left.0 < alone,
        "{in_turn:?} {at_once:?} {some_left:?} {alone}"
    );
    assert!(alone - some_left.0 < 0.03, "{some_left:?} {alone}");
    assert!(
        some_left.1 > 1500,
        "in the quiet hours there is time for them: {some_left:?}"
    );
}

#[test]
fn those_who_come_up_are_as_many_as_was_said() {
    let outbound = "[outbound.renewals]\ncalls_per_hour = 50.0\nreached = 1.0\n";
    let model = model("spare_agents = 0", 30, outbound);
    let runs = runs(&model, 20);
    let asked: u64 = runs.iter().map(|run| run.total.outbound.booked).sum();
    // 20 runs of four hours, and the two-sided 99 % of a Poisson number.
    let mean = 20.0 * 4.0 * 50.0;
    assert!(
        (asked as f64 - mean).abs() < 2.576 * f64::sqrt(mean),
        "{asked}"
    );
    // Those of a day are the same however many callers there are.
    let alone: Vec<u64> = runs.iter().map(|run| run.total.outbound.booked).collect();
    assert!(
        alone.windows(2).any(|pair| pair[0] != pair[1]),
        "days differ"
    );
}

#[test]
fn what_is_written_wrong_is_told() {
    let said_of = |step: &str, outbound: &str| {
        let (line, scenario) = (line(step), scenario(5, outbound));
        try_cases(&files(&line, &scenario))
            .err()
            .unwrap_or_default()
    };
    for (outbound, words) in [
        (
            "[outbound.renewal]\ncalls = 3\n",
            "no callback step is called \"renewal\"",
        ),
        (
            "[outbound.renewals]\nreached = 0.5\n",
            "say how many are to be called",
        ),
        (
            "[outbound.renewals]\ncalls = 3\ncalls_per_hour = 2.0\n",
            "`calls` and `calls_per_hour` cannot both be said",
        ),
        ("[outbound.renewals]\ncalls = 0\n", "`calls` cannot be 0"),
    ] {
        let said = said_of("", outbound);
        assert!(said.contains(words), "{said}");
    }
    let not_asked = line("").replace("by_request = true", "by_request = false");
    let scenario = scenario(5, "[outbound.renewals]\ncalls = 3\n");
    let said_so = said(&files(&not_asked, &scenario));
    assert!(
        said_so.contains("nobody may ask for calls back by \"renewals\""),
        "{said_so}"
    );
    let undialled = line("").replace("[dialling]\nallow = [\"+44\"]\n", "");
    let said_so = said(&files(&undialled, &scenario));
    assert!(
        said_so.contains("nothing says which numbers may be dialled"),
        "{said_so}"
    );
}
