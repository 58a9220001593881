//! Settings that change nothing are remarked, and no others.

use crate::written::LINE;
use crate::written::said;
use crate::written::shop;

const GROUPS: &str = "format = 1\n[group.support]\n";

/// The remarks on settings without effect of a day with this line and these settings.
fn remarks(line: &str, more: &str) -> Vec<String> {
    of_groups(line, GROUPS, more)
}

fn of_groups(line: &str, groups: &str, more: &str) -> Vec<String> {
    let scenario = format!(
        "menu = \"shop.toml\"\nstaff = {{ support = 3 }}\n\
         run = {{ length = \"10h\", warm_up = \"1h\" }}\n\
         demand = {{ shop = {{ calls_per_hour = 10.0 }} }}\n{more}"
    );
    let said = said(&[
        ("shop.toml", line),
        ("groups.toml", groups),
        ("day.scenario.toml", &scenario),
    ]);
    assert!(!said.contains("error["), "{said}");
    let notes = said
        .lines()
        .filter_map(|line| line.strip_prefix("note[without-effect]: "));
    notes.map(str::to_owned).collect()
}

const TALK: &str = "[callers]\ntalk = \"1m\"\n";

fn of_callers(more: &str) -> Vec<String> {
    remarks(LINE, &format!("{TALK}{more}"))
}

#[test]
fn what_no_line_has_needs_no_settings() {
    let more = "accepts_callback = 0.5\npicks_up = \"5s\"\nleaves_message = 0.2\nconfirms = 0.1\n";
    assert_eq!(
        of_callers(more),
        [
            "no line offers calls back: `callers.accepts_callback` changes nothing",
            "no line offers calls back: `callers.picks_up` changes nothing",
            "no line takes messages: `callers.leaves_message` changes nothing",
            "no line has a recorded answer: `callers.confirms` changes nothing",
        ]
    );
    assert!(of_callers("patience = \"1m\"\nbalks = 0.1\n").is_empty());
    let told = "leaves_when_told = 0.5\n";
    let never =
        "no line tells callers how long they will wait: `callers.leaves_when_told` changes nothing";
    assert_eq!(of_callers(told), [never]);
    let more = format!("{TALK}{told}");
    for tells in [
        "announce = { wait = true }",
        "overload = { offer_callback = \"1m\" }",
    ] {
        let said = remarks(&format!("{LINE}{tells}\n"), &more);
        assert!(said.is_empty(), "{tells}: {said:?}");
    }
}

#[test]
fn an_announcement_is_enough_for_those_only_who_want_it() {
    let line = shop("1 = { go = \"news\", label = \"news\" }\n")
        + "[say.news]\nsay = \"All is well.\"\nthen = \"main\"\n";
    let enough = "talk = \"1m\"\nsatisfied = 0.5\nconfirms = 0.5\n";
    let pressed = format!("[keys.main]\n1 = 1.0\n[callers]\n{enough}");
    let unless = |what: &str, key: &str| format!("{what}: `callers.{key}` changes nothing");
    let no_answer = |key: &str| unless("no line has a recorded answer", key);
    let talk = unless("no line has a queue", "talk");
    assert_eq!(
        remarks(&line, &pressed),
        [talk.clone(), no_answer("satisfied"), no_answer("confirms")]
    );
    let wanted = format!(
        "[wants.news]\nshare = 1.0\nanswered_by = \"news\"\nsatisfied = 0.5\n[callers]\n{enough}"
    );
    let own = unless("each want says it itself", "satisfied");
    assert_eq!(remarks(&line, &wanted), [talk, own]);
}

#[test]
fn phones_that_ring_in_a_what_if_are_answered_as_agents_do() {
    let what_if = "[[what_if]]\nname = \"ring\"\nset = { \"group.support.ring\" = \"20s\" }\n";
    let at_once = |more: &str| {
        let groups = format!("{GROUPS}ring = \"0s\"\n");
        of_groups(
            LINE,
            &groups,
            &format!("{TALK}[agents]\nmisses = 0.1\n{more}"),
        )
    };
    assert_eq!(at_once("").len(), 1);
    assert!(at_once(what_if).is_empty());
}

#[test]
fn redials_that_never_come_need_no_settings() {
    let redial = |inside: &str| of_callers(&format!("redial = {{ {inside} }}\n"));
    let never = ["nobody calls again: `callers.redial` changes nothing"];
    assert_eq!(redial("delay = \"5m\""), never);
    assert_eq!(redial("after_abandoned = 0.5, attempts = 1"), never);
    let unlimited = |key: &str| {
        format!(
            "no line has `trunks` or a `caller_limit`, so that nobody is blocked: `callers.redial.{key}` \
             changes nothing"
        )
    };
    let both = "after_abandoned = 0.5, after_blocked = 0.5, delay_blocked = \"1m\"";
    assert_eq!(
        redial(both),
        ["after_blocked", "delay_blocked"].map(unlimited)
    );
    let turned_away = "after_abandoned = 0.5, after_turned_away = 0, delay_turned_away = \"1m\"";
    assert_eq!(
        redial(turned_away),
        [
            "nobody calls again after being turned away: `callers.redial.delay_turned_away` changes nothing"
        ]
    );
    let line = LINE.replace("start =", "trunks = 3\nstart =");
    let more = format!("{TALK}redial = {{ {both} }}\n");
    assert!(remarks(&line, &more).is_empty());
    assert!(redial("after_abandoned = 0.5, delay = \"1m\", attempts = 2").is_empty());
}

#[test]
fn a_table_of_a_step_to_which_nobody_comes_changes_nothing() {
    let line = shop("0 = { go = \"support\", label = \"a person\" }\n")
        + "[queue.support]\ngroup = \"support\"\nfull = \"@hangup\"\nno_agents = \"@hangup\"\n\
           [survey.csat]\nthen = \"@hangup\"\n[[survey.csat.ask]]\nid = \"ok\"\nsay = \"One to five?\"\n\
           keys = \"1-5\"\n";
    let more = format!("{TALK}[keys.main]\n0 = 1.0\n[survey.csat]\nanswers = 0.4\n");
    let expected = ["no caller ever comes to that step: `survey.csat` changes nothing"];
    assert_eq!(remarks(&line, &more), expected);
    let asked = line.replace("[queue.support]\n", "[queue.support]\nafter = \"csat\"\n");
    assert!(remarks(&asked, &more).is_empty());
}

#[test]
fn callers_come_to_a_queue_by_agents_who_hand_them_on_or_call_them_back_too() {
    let rest = "full = \"@hangup\"\nno_agents = \"@hangup\"\n";
    let desk = format!(
        "[queue.desk]\ngroup = \"support\"\nafter = \"csat\"\n{rest}\
         [survey.csat]\nthen = \"@hangup\"\n[[survey.csat.ask]]\nid = \"ok\"\nsay = \"One to five?\"\n\
         keys = \"1-5\"\n"
    );
    let survey = "[survey.csat]\nanswers = 0.4\n";
    let handed = |from: &str, to: &str| format!("[transfers.{from}]\nshare = 0.1\nto = \"{to}\"\n");
    let line = format!("{LINE}{desk}");
    let both = [handed("support", "desk"), handed("desk", "support")].concat();
    assert!(remarks(&line, &format!("{TALK}{survey}{both}")).is_empty());
    let never = ["survey.csat", "transfers.desk"];
    let never =
        never.map(|table| format!("no caller ever comes to that step: `{table}` changes nothing"));
    let said = remarks(
        &line,
        &format!("{TALK}{survey}{}", handed("desk", "support")),
    );
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(never.iter().all(|never| said.contains(never)), "{said:?}");

    let booked = format!(
        "{LINE}keys = {{ 1 = {{ go = \"back\", label = \"a call back\" }} }}\n{desk}\
         [callback.back]\nqueue = \"desk\"\nsay = \"We call you.\"\nthen = \"@hangup\"\n"
    );
    assert!(remarks(&booked, &format!("{TALK}{survey}")).is_empty());
}

#[test]
fn what_acts_in_a_what_if_has_an_effect() {
    let redial = "redial = { after_blocked = 0.5, delay_blocked = \"1m\" }\n";
    let what_if = |set: &str| format!("[[what_if]]\nname = \"other\"\nset = {{ {set} }}\n");
    let few = what_if("\"line.trunks\" = 2");
    assert!(of_callers(&format!("{redial}{few}")).is_empty());
    // What a what-if sets as well, in vain, has none.
    let more = format!(
        "{redial}{}",
        what_if("\"callers.redial.delay_blocked\" = \"2m\"")
    );
    assert_eq!(of_callers(&more).len(), 2);
}

#[test]
fn control_has_an_effect_wherever_callers_differ_from_run_to_run() {
    let recorded = |more: &str| {
        let scenario = format!(
            "menu = \"shop.toml\"\narrivals = \"calls.csv\"\nstaff = {{ support = 3 }}\n{more}\
             run = {{ control_variate = \"callers\" }}\n"
        );
        let said = said(&[
            ("shop.toml", LINE),
            ("groups.toml", GROUPS),
            (
                "calls.csv",
                "time,line\n2026-11-23 09:00:00,shop\n2026-11-23 09:05:00,shop\n",
            ),
            ("day.scenario.toml", &scenario),
        ]);
        assert!(!said.contains("error["), "{said}");
        said.contains("warning[without-effect]: `control_variate` has no effect")
    };
    let callers = |more: &str| format!("callers = {{ talk = \"1m\"{more} }}\n");
    let again = callers(", redial = { after_abandoned = 0.5 }");
    let attempts = "forecast_counts = \"attempts\"\n";
    assert!(recorded(&callers("")));
    assert!(recorded(&again));
    assert!(recorded(&format!("{attempts}{}", callers(""))));
    assert!(!recorded(&callers(", busyness = { cv = 0.2 }")));
    assert!(!recorded(&format!("{attempts}{again}")));
}
