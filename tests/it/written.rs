//! Scenarios written into the tests that need them.

use std::path::Path;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::study::Cases;
use strowger::sim::study::load;

/// A line that is nothing but a queue.
pub(crate) const LINE: &str = r#"
format = 1
[line]
name = "Line"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "support"
[queue.support]
group = "support"
full = "@hangup"
no_agents = "@hangup"
"#;

/// A line that begins with a menu: its keys, and what they lead to.
pub(crate) fn shop(keys: &str) -> String {
    let head = r#"
format = 1
[line]
name = "Shop"
groups = "groups.toml"
timezone = "Etc/UTC"
languages = ["en"]
start = "main"
[menu.main]
say = "{options}"
give_up = "@hangup"
[menu.main.keys]
"#;
    format!("{head}{keys}")
}

/// The scenario `day.scenario.toml` among these files.
pub(crate) fn cases(files: &[(&str, &str)]) -> Cases {
    try_cases(files).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The same, or what is wrong with it.
pub(crate) fn try_cases(files: &[(&str, &str)]) -> Result<Cases, String> {
    let (cases, said) = loaded(files);
    cases.ok_or(said)
}

/// What is said of it, errors, warnings and remarks.
pub(crate) fn said(files: &[(&str, &str)]) -> String {
    loaded(files).1
}

fn loaded(files: &[(&str, &str)]) -> (Option<Cases>, String) {
    let mut sources = Sources::default();
    for (name, text) in files {
        sources.add(Path::new(name), (*text).to_owned());
    }
    let mut problems = Diagnostics::default();
    let path = Path::new("day.scenario.toml");
    let cases = load(path, None, &mut sources, &mut problems);
    (cases, problems.render(&sources, false))
}
