//! What a report lists as assumed of groups of agents.

use crate::written::LINE;
use crate::written::cases;

const TWO_QUEUES: &str = "timeout = \"sales\"\nmax_wait = \"5m\"\n[queue.sales]\ngroup = \"sales\"\n\
                          full = \"@hangup\"\nno_agents = \"@hangup\"\n";

/// What is assumed of groups that are written so, on a day with this goal.
fn assumed(line: &str, groups: &str, goal: &str) -> Vec<(String, String)> {
    let scenario = format!(
        "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nstaff = {{ support = 1, sales = 1 }}\n\
         [callers]\ntalk = \"1m\"\n[goals]\n{goal}\n"
    );
    let cases = cases(&[
        ("line.toml", line),
        ("groups.toml", groups),
        (
            "forecast.csv",
            "date,start,interval_min,line,calls\n2026-11-23,09:00,60,line,10\n",
        ),
        ("day.scenario.toml", &scenario),
    ]);
    let all = cases.base.scenario().assumptions().iter();
    let of_groups = all.filter(|(subject, _)| subject.starts_with("group"));
    of_groups.cloned().collect()
}

fn entry(subject: &str, what: &str) -> (String, String) {
    (subject.to_owned(), what.to_owned())
}

#[test]
fn what_groups_leave_out_is_listed_once_where_all_leave_out_the_same() {
    let line = format!("{LINE}{TWO_QUEUES}");
    let groups = "[group.support]\n[group.sales]\n[group.unused]\n";
    let all = "strategy fair, catch_up 8, ring 12s, rest 5s, wrap_up.limit 1m, short_talk 10s, \
               short_abandon 5s, service_level.answer_within 20s, max_waiting 10000";
    assert_eq!(
        assumed(&line, groups, ""),
        [entry("groups support, sales", all)]
    );
}

#[test]
fn what_a_group_or_a_goal_says_is_not_assumed() {
    let line = format!("{LINE}{TWO_QUEUES}");
    let groups = "[group.support]\nstrategy = \"linear\"\ncatch_up = 8\nrest = \"5s\"\n\
                  wrap_up = { then = \"ready\" }\nshort_talk = \"0s\"\nmax_waiting = 10_000\n\
                  [group.sales]\nstrategy = \"fair\"\ncatch_up = 8\nring = \"12s\"\nrest = \"5s\"\n\
                  short_talk = \"10s\"\nshort_abandon = \"5s\"\nwrap_up = { limit = \"60s\" }\n\
                  service_level = { answer_within = \"20s\" }\nmax_waiting = 5\n";
    let goal = "\"queue.support\".service_level = \">= 80% in 30s\"";
    let left = "ring 12s, wrap_up.limit 1m, short_abandon 5s";
    assert_eq!(assumed(&line, groups, goal), [entry("group support", left)]);
}
