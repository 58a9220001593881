//! The files of a system, as texts.

use std::fmt::Write as _;
use std::path::Path;
use strowger::menu::diagnostic::Diagnostics;
use strowger::menu::source::Sources;
use strowger::sim::model::Model;
use strowger::sim::study::load;

/// Texts by file name; the scenario is `v.scenario.toml`.
pub(crate) struct Site(pub(super) Vec<(&'static str, String)>);

impl Site {
    pub(crate) fn model(&self) -> Model {
        let mut sources = Sources::sealed();
        let mut problems = Diagnostics::default();
        for (name, text) in &self.0 {
            sources.add(Path::new(name), text.clone());
        }
        let scenario = Path::new("v.scenario.toml");
        let cases = load(scenario, None, &mut sources, &mut problems);
        cases
            .unwrap_or_else(|| panic!("{}", problems.render(&sources, false)))
            .base
    }
}

/// A line that begins at `start`, with these steps, and what else stands in `[line]`.
pub(super) fn line(start: &str, more: &str, steps: &str) -> (&'static str, String) {
    let text = format!(
        r#"
format = 1
[line]
name = "Validation"
groups = "v.groups.toml"
max_call = "24h"
timezone = "Etc/UTC"
languages = ["en"]
start = "{start}"
{more}
{steps}"#
    );
    ("v.toml", text)
}

/// A queue for the one group.
pub(super) fn queue(name: &str, more: &str) -> String {
    format!(
        r#"
[queue.{name}]
group = "agents"
full = "@hangup"
no_agents = "@hangup"
{more}
"#
    )
}

/// A menu whose keys lead to these queues.
pub(super) fn menu(queues: &[&str]) -> String {
    let mut text = r#"
[menu.main]
say = "{options}"
give_up = "@hangup"
first_key = "60s"
[menu.main.keys]
"#
    .to_owned();
    for (place, queue) in queues.iter().enumerate() {
        let key = place + 1;
        let goes = format!("{{ go = \"{queue}\", label = \"{queue}\" }}");
        let _ = writeln!(text, "{key} = {goes}");
    }
    text
}

/// One group without ringing, wrap-up or rest: the servers of queueing theory.
pub(super) fn group(more: &str) -> (&'static str, String) {
    let text = format!(
        r#"
format = 1
[group.agents]
ring = "0s"
wrap_up = {{ limit = "0s", then = "ready" }}
rest = "0s"
service_level = {{ answer_within = "20s", target = 0.80 }}
{more}
[agent.a]
groups = ["agents"]
skills = {{ usual = 100, urgent = 100 }}
"#
    );
    ("v.groups.toml", text)
}

/// A scenario of these tables.
pub(super) fn scenario(head: &str, callers: &str, rest: &str) -> (&'static str, String) {
    let text = format!(
        r#"
format = 1
menu = "v.toml"
{head}
[agents]
answers = "0s"
[callers]
wrap_up = "0s"
slips = 0.0
silent = 0.0
{callers}
{rest}
"#
    );
    ("v.scenario.toml", text)
}

/// `{ distribution = "exponential", mean = "60s" }`
pub(super) fn exponential(mean_s: f64) -> String {
    format!("{{ distribution = \"exponential\", mean = \"{mean_s}s\" }}")
}
