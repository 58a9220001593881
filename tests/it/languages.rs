//! What callers of several lines speak, and what is said of lines that do not.

use crate::written::LINE;
use crate::written::said;

/// What is said of the languages of callers who call a line in English and Vietnamese, and one that speaks these.
fn remarks(languages: &str, of_callers: &str) -> Vec<String> {
    let line =
        |spoken: &str| LINE.replace("languages = [\"en\"]", &format!("languages = [{spoken}]"));
    let scenario = format!(
        "menu = [\"shop.toml\", \"bank.toml\"]\nstaff = {{ support = 3 }}\n\
         run = {{ length = \"10h\", warm_up = \"1h\" }}\n\
         demand = {{ shop = {{ calls_per_hour = 10.0 }}, bank = {{ calls_per_hour = 10.0 }} }}\n\
         [callers]\ntalk = \"1m\"\n{of_callers}\n"
    );
    let said = said(&[
        ("shop.toml", &line("\"en\", \"vi\"")),
        ("bank.toml", &line(languages)),
        ("groups.toml", "format = 1\n[group.support]\n"),
        ("day.scenario.toml", &scenario),
    ]);
    assert!(!said.contains("error["), "{said}");
    let remarks = said
        .lines()
        .filter(|line| line.contains("[unspoken-language]"));
    remarks.map(str::to_owned).collect()
}

const BOTH: &str = "languages = { en = 0.25, vi = 0.75 }";

#[test]
fn a_line_that_does_not_speak_a_language_of_the_callers_is_remarked() {
    assert_eq!(
        remarks("\"vi\"", BOTH),
        [
            "note[unspoken-language]: the line \"bank\" does not speak \"en\": its callers speak 100 % vi"
        ]
    );
    assert_eq!(
        remarks("\"es\"", BOTH),
        [
            "warning[unspoken-language]: the line \"bank\" speaks none of the languages of its callers: they \
             speak 100 % es, its first one"
        ]
    );
    assert!(remarks("\"vi\", \"es\", \"en\"", BOTH).is_empty());
    assert!(remarks("\"es\"", "").is_empty());
    // Nobody speaks it.
    assert!(remarks("\"en\"", "languages = { en = 1.0, vi = 0.0 }").is_empty());
    let said = remarks("\"vi\"", "languages = { en = 1.0, vi = 0.0 }");
    assert!(said[0].contains("speaks none of the languages of its callers"));
}
