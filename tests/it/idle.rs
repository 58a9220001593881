//! Settings that change nothing are remarked, and no others.

use crate::written::LINE;
use crate::written::said;
use crate::written::shop;

const GROUPS: &str = "format = 1\n[group.support]\n";

/// The remarks on settings without effect of a day with this line and these settings.
fn remarks(line: &str, more: &str) -> Vec<String> {
    let scenario = format!(
        "menu = \"shop.toml\"\nstaff = {{ support = 3 }}\n\
         run = {{ length = \"10h\", warm_up = \"1h\" }}\n\
         demand = {{ shop = {{ calls_per_hour = 10.0 }} }}\n{more}"
    );
    let said = said(&[
        ("shop.toml", line),
        ("groups.toml", GROUPS),
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
