//! One queue and one group in a steady state, and the figures that are looked at.

use super::site;
use super::site::Site;
use super::system::Held;
use super::system::Unit;
use super::watch::Run;
use strowger::measure::figure::Part;

/// Erlangs of most of these systems.
pub(super) const LOAD: f64 = 10.0;
pub(super) const AHT_S: f64 = 180.0;
pub(super) const PATIENCE_S: f64 = 60.0;
pub(super) const WITHIN_S: f64 = 20.0;
pub(super) const RUNS: u32 = 24;

/// What the plain systems differ in.
#[derive(Clone)]
pub(crate) struct Plain<'a> {
    pub(crate) agents: u32,
    pub(crate) talk: &'a str,
    pub(crate) patience: &'a str,
    /// Lines of `[line]`.
    pub(crate) line: &'a str,
    /// Lines of `[group.agents]`.
    pub(crate) group: &'a str,
    /// Lines of `[callers]`.
    pub(crate) callers: &'a str,
    pub(crate) calls_per_hour: f64,
    pub(crate) warm_up_h: u32,
    /// Find the warm-up in the place of `warm_up_h`, in a run of `hours` in all.
    pub(crate) finds_warm_up: bool,
    /// Of the statistics.
    pub(crate) hours: u32,
    /// Lines of `[run]`.
    pub(crate) run: &'a str,
}

impl Default for Plain<'_> {
    fn default() -> Self {
        Self {
            agents: 10,
            talk: r#"{ distribution = "exponential", mean = "180s" }"#,
            patience: r#"{ distribution = "exponential", mean = "60s" }"#,
            line: "",
            group: "",
            callers: "",
            calls_per_hour: LOAD / AHT_S * 3600.0,
            warm_up_h: 1,
            finds_warm_up: false,
            hours: 24,
            run: "",
        }
    }
}

impl Plain<'_> {
    pub(crate) fn site(&self) -> Site {
        let Self { talk, patience, .. } = self;
        let (length, warm_up) = match self.finds_warm_up {
            true => (self.hours, "auto".to_owned()),
            false => (self.warm_up_h + self.hours, format!("{}h", self.warm_up_h)),
        };
        let head = format!(
            "[run]\nlength = \"{length}h\"\nwarm_up = \"{warm_up}\"\n{}\n\
             [demand]\nv = {{ calls_per_hour = {} }}\n[staff]\nagents = {}",
            self.run, self.calls_per_hour, self.agents
        );
        let callers = format!("talk = {talk}\npatience = {patience}\n{}", self.callers);
        Site(vec![
            site::line("queue", self.line, &site::queue("queue", "")),
            site::group(self.group),
            site::scenario(&head, &callers, ""),
        ])
    }
}

pub(super) fn abandoned(exact: f64) -> Held {
    Held::metric("abandoned ÷ queued", Unit::Share, "abandoned_share", exact)
}

pub(super) fn wait(exact: f64) -> Held {
    let name = "mean wait of all who queued";
    Held::metric(name, Unit::Seconds, "wait_mean_s", exact)
}

pub(super) fn within(exact: f64) -> Held {
    let name = "answered within 20 s ÷ queued";
    Held::metric(name, Unit::Share, "service_level_of_entered", exact)
}

pub(super) fn occupancy(exact: f64) -> Held {
    Held::metric("occupancy", Unit::Share, "occupancy", exact)
}

/// The share of those who joined a queue for whom nobody was free.
pub(super) fn waits(queue: usize, exact: f64) -> Held {
    let part = move |run: &Run| Part::new(run.seen[queue].waited, run.seen[queue].joined);
    Held::counted("nobody free ÷ queued", Unit::Share, exact, part)
}

/// The mean number waiting.
pub(super) fn waiting(queue: usize, exact: f64) -> Held {
    let part = move |run: &Run| Part::new(run.seen[queue].area_ms, run.length_ms);
    Held::counted("mean number waiting", Unit::Number, exact, part)
}

pub(super) fn share_of_attempts(name: &str, exact: f64, count: fn(&Run) -> u64) -> Held {
    let part = move |run: &Run| Part::new(count(run), run.figures.total.calls.attempts);
    Held::counted(&format!("{name} ÷ attempts"), Unit::Share, exact, part)
}
