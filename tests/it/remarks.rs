//! What is said of scenarios that can be simulated, but may not be what somebody meant.

use crate::written::LINE;
use crate::written::said;

const FORECAST: &str = "date,start,interval_min,line,calls\n2026-11-23,09:00,60,line,10\n";

/// What is said of a day with these tables, and groups in which phones ring for so long.
fn of_day(ring: &str, tables: &str) -> Vec<String> {
    let line = LINE.replace(
        "[queue.support]",
        "[queue.support]\nmax_wait = \"5m\"\ntimeout = \"@hangup\"",
    );
    let groups = format!("format = 1\n[group.support]\nring = \"{ring}\"\n");
    let scenario = format!(
        "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nstaff = {{ support = 1 }}\n\
         [callers]\ntalk = \"1m\"\n{tables}\n"
    );
    let said = said(&[
        ("line.toml", &line),
        ("groups.toml", &groups),
        ("forecast.csv", FORECAST),
        ("day.scenario.toml", &scenario),
    ]);
    let firsts = said
        .lines()
        .filter(|line| line.contains("]: ") && !line.contains("[hang-up-"));
    firsts.map(str::to_owned).collect()
}

#[test]
fn people_who_are_never_there_during_the_run_are_told() {
    let line = format!("{LINE}max_wait = \"5m\"\ntimeout = \"@hangup\"\n");
    let of_staff = |from: &str, given: &str| {
        let staff =
            format!("date,start,interval_min,group,agents\n2026-11-23,{from},60,support,2\n");
        let scenario = format!(
            "menu = \"line.toml\"\narrivals = \"calls.csv\"\nstaff = \"staff.csv\"\n\
             [callers]\ntalk = \"1m\"\n[run]\n{given}\n"
        );
        let said = said(&[
            ("line.toml", &line),
            ("groups.toml", "format = 1\n[group.support]\n"),
            ("calls.csv", "time,line\n2026-11-23 09:50:00,line\n"),
            ("staff.csv", &staff),
            ("day.scenario.toml", &scenario),
        ]);
        let mut firsts = said.lines().filter(|line| line.contains("[staff-"));
        firsts.next().map(str::to_owned)
    };
    let given = "start = 2026-11-23T08:00:00\nlength = \"4h\"";
    let early = "warning[staff-ends-early]: the staff file ends before the run";
    let late = "warning[staff-comes-late]: the staff file begins";
    for (from, given, said) in [
        (
            "07:00",
            "",
            format!("{early} begins: nobody is on duty all day"),
        ),
        (
            "12:00",
            "",
            format!("{late} when the run is over: nobody is on duty all day"),
        ),
        (
            "08:00",
            given,
            format!("{early} does: nobody is on duty then"),
        ),
        (
            "10:00",
            given,
            format!("{late} after the run does: nobody is on duty until then"),
        ),
    ] {
        assert_eq!(of_staff(from, given), Some(said), "{from}");
    }
    assert_eq!(of_staff("09:00", given), None);
}

#[test]
fn a_what_if_that_changes_nothing_is_told() {
    let what_if = |name: &str, change: &str| format!("[[what_if]]\nname = \"{name}\"\n{change}\n");
    let nothing = what_if("nothing", "scale_calls = 1.0\nadd_agents = { support = 0 }");
    let as_it_is = what_if(
        "as it is",
        "set = { \"agents.misses\" = 0, \"group.support.rest\" = \"5s\" }",
    );
    let busier = what_if("busier", "scale_calls = 1.1");
    let longer = what_if("longer", "set = { \"group.support.rest\" = \"6s\" }");
    let warning =
        |name: &str| format!("warning[without-effect]: the what-if \"{name}\" changes nothing");
    let all = [nothing, as_it_is, busier, longer].concat();
    assert_eq!(
        of_day("12s", &all),
        [warning("nothing"), warning("as it is")]
    );
}

#[test]
fn what_is_said_of_phones_that_answer_by_themselves_is_remarked_to_have_no_effect() {
    let agents = "[agents]\nanswers = \"20s\"\nmisses = 0.1\nabsent = 0.1\n";
    let note = |key: &str| {
        format!(
            "note[without-effect]: phones answer by themselves (`ring = \"0s\"` of their groups): \
             `agents.{key}` changes nothing"
        )
    };
    assert_eq!(of_day("0s", agents), [note("answers"), note("misses")]);
    assert!(of_day("21s", agents).is_empty());
    assert!(of_day("0s", "[agents]\nanswers = \"0s\"\nmisses = 0\n").is_empty());
}

#[test]
fn a_skill_that_is_but_a_slip_away_from_one_that_is_asked_for_is_warned_of() {
    let line = LINE.replace(
        "group = \"support\"\n",
        "group = \"support\"\nskills = [\"billing\"]\n",
    );
    let said = |skills: &str| {
        let roster =
            "date,agent,groups,skills,start,end\n2026-11-23,ana,support,billing,09:00,10:00\n";
        said(&[
            ("line.toml", &line),
            ("groups.toml", "format = 1\n[group.support]\n"),
            (
                "forecast.csv",
                "date,start,interval_min,line,calls\n2026-11-23,09:00,60,line,20\n",
            ),
            (
                "roster.csv",
                &format!("{roster}2026-11-23,ben,support,{skills},09:00,10:00\n"),
            ),
            (
                "day.scenario.toml",
                "menu = \"line.toml\"\nforecast = \"forecast.csv\"\nroster = \"roster.csv\"\n\
                 callers = { talk = \"60s\" }\n\
                 wants = { person = { share = 1.0, needs = \"support\" } }\n",
            ),
        ])
    };
    let slip = said("biling=80 es");
    let words =
        "warning[unknown-skill]: row 3, column `skills`: no queue asks for the skill `biling`";
    assert!(slip.contains(words), "{slip}");
    assert!(slip.contains("did you mean \"billing\"?"), "{slip}");
    // Skills that other lines ask for are in the same roster.
    let fine = said("billing=80 es sales");
    assert!(!fine.contains("unknown-skill"), "{fine}");
}
