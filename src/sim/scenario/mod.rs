//! Scenarios: what is simulated. Text in, a checked scenario or diagnostics out.
//!
//! [`ScenarioFile::read`] names the menu file; whoever compiles it (with the overrides of a what-if)
//! hands the dialplan to [`ScenarioFile::check`], which reads the forecast and the people as well.

mod agents;
mod answering;
mod arrivals;
mod behaviour;
mod callers;
mod check;
mod clocks;
mod costs;
mod coverage;
mod duty;
mod file;
mod goal;
mod idle;
mod keys;
mod languages;
mod law;
mod lengths;
mod lookup;
pub(crate) mod names;
mod of_groups;
mod outbound;
mod owner;
mod rate;
mod run;
mod shape;
mod share;
mod shift;
mod steady;
mod survey;
mod talk;
mod transfer;
mod twice;
mod want;
mod what_if;

pub use agents::Agents;
pub use agents::Away;
pub use agents::Late;
pub use behaviour::Behaviour;
pub use callers::ATTEMPTS_MAX;
pub use callers::BUSYNESS_CV_MAX;
pub use callers::BUSYNESS_CV_MIN;
pub use callers::Callers;
pub use callers::Redial;
pub use duty::KINDS_MAX;
pub use file::ScenarioFile;
pub use goal::Bound;
pub use goal::Goal;
pub use goal::Subject;
pub use keys::KeyShares;
pub use keys::Press;
pub use lookup::Oracle;
pub use outbound::Outbound;
pub use outbound::OutboundDemand;
pub use shape::SCENARIO;
pub use share::SHARES_TOLERANCE;
pub use share::percent;
pub use shift::BreakWindow;
pub use shift::ShiftPattern;
pub use survey::Opinion;
pub use transfer::Transfer;
pub use want::Aim;
pub use want::Want;
pub use what_if::ADDED_MAX;
pub use what_if::BASE;
pub use what_if::SCALE_MAX;
pub use what_if::WhatIf;

use super::clock::ClockChange;
use super::demand::Demand;
use super::staff::Staff;
use super::worker::Worker;
use crate::exchange::time::Span;
use crate::measure::worth::Costs;
use crate::menu::fields::Fields;
use check::Check;
use jiff::civil::DateTime;

/// Most independent runs.
pub const RUNS_MAX: i64 = 100_000;
/// The longest run: 10,000 hours.
pub const LENGTH_MAX: Span = Span::minutes(10_000 * 60);

/// A checked scenario: every name looked up in one dialplan, every default filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The file's stem without `.scenario`.
    pub name: String,
    /// The name of the what-if that applies.
    pub what_if: Option<String>,
    /// Independent runs.
    pub runs: u32,
    /// Where all chance comes from.
    pub seed: u64,
    /// Tick 0 in the line's own time.
    pub start: DateTime,
    /// Tick 0 as Unix time in milliseconds.
    pub start_unix_ms: i64,
    /// The change of the clocks that is left out, in a day that would have one.
    pub clock_change: Option<ClockChange>,
    /// From tick 0 to the last arrival.
    pub length: Span,
    /// Left out of all figures, from tick 0.
    pub warm_up: Span,
    /// Whether that is still to be found: `warm_up = "auto"`.
    pub seeks_warm_up: bool,
    /// Whether its figures are controlled by the callers who come: `control_variate = "callers"`.
    pub is_controlled: bool,
    /// The length of a report's intervals; none for a steady state.
    pub interval: Option<Span>,
    /// Who calls when.
    pub demand: Demand,
    /// What the forecast has counted.
    pub counts: ForecastCounts,
    /// What the callers do in the menus.
    pub behaviour: Behaviour,
    /// What all callers have in common.
    pub callers: Callers,
    /// What all agents have in common.
    pub agents: Agents,
    /// Whom they hand on to another queue.
    pub transfers: Vec<Transfer>,
    /// Who is called without having called.
    pub outbound: Vec<Outbound>,
    /// How the systems behave that its lines ask.
    pub oracles: Vec<Oracle>,
    /// What callers answer in surveys.
    pub opinions: Vec<Opinion>,
    /// The people on duty.
    pub workers: Vec<Worker>,
    /// How many they are at what time, where they are counted and not named.
    pub staff: Option<Staff>,
    /// The shifts that people may have, where rosters are to be made of them.
    pub shifts: Vec<ShiftPattern>,
    /// What is to be reached.
    pub goals: Vec<Goal>,
    /// What goals are about that the menu files of a what-if do not have: `queue.support`.
    pub void_goals: Vec<String>,
    /// What an hour of an agent costs, if it is said.
    pub costs: Option<Costs>,
    assumptions: Vec<(String, String)>,
}

impl Scenario {
    /// The defaults that apply because the file does not say otherwise, with what they are.
    pub fn assumptions(&self) -> &[(String, String)] {
        &self.assumptions
    }

    /// The time that is counted, for people: `2026-11-23 09:00-13:00`, `500h after 10h`; with the
    /// warm-up that was found, where it was to be.
    pub fn span(&self, found: Option<Span>) -> String {
        if self.interval.is_none() {
            let warm_up = found.unwrap_or(self.warm_up);
            let counted = Span(self.length.0 - warm_up.0);
            let (counted, warm_up) = (hours(counted), hours(warm_up));
            return format!("steady state, {counted} after {warm_up} of warm-up");
        }
        let (begin, end) = (self.moment(self.warm_up), self.moment(self.length));
        let (first, last) = (begin.date(), end.date());
        let from = format!("{first} {}", clock(begin));
        let to = if last == first {
            format!("{from}-{}", clock(end))
        } else if first
            .tomorrow()
            .is_ok_and(|next| end == next.at(0, 0, 0, 0))
        {
            format!("{from}-24:00")
        } else {
            format!("{from} to {last} {}", clock(end))
        };
        match self.warm_up {
            Span::ZERO => to,
            warm_up => format!("{to}, after {warm_up} of warm-up"),
        }
    }

    /// When each interval begins, `09:00`; none in a steady state.
    pub fn interval_starts(&self) -> Vec<String> {
        let Some(interval) = self.interval else {
            return Vec::new();
        };
        let counted = self.length.0 - self.warm_up.0;
        (0..counted.div_ceil(interval.0))
            .map(|place| clock(self.moment(Span(self.warm_up.0 + place * interval.0))))
            .collect()
    }

    /// Whether it is the same as another but for its name.
    pub(in crate::sim) fn is_same(&self, other: &Self) -> bool {
        let nameless = |scenario: &Self| Self {
            what_if: None,
            assumptions: Vec::new(),
            ..scenario.clone()
        };
        nameless(self) == nameless(other)
    }

    fn moment(&self, after: Span) -> DateTime {
        let span = jiff::Span::new().milliseconds(after.0 as i64);
        self.start.checked_add(span).unwrap_or(self.start)
    }
}

/// A length for people: `398h`, `195h 18m`, `45m`.
fn hours(length: Span) -> String {
    let (hours, minutes) = (length.0 / 3_600_000, length.0 / 60_000 % 60);
    match (hours, minutes) {
        (0, _) => length.to_string(),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h {minutes}m"),
    }
}

fn clock(moment: DateTime) -> String {
    format!("{:02}:{:02}", moment.hour(), moment.minute())
}

/// What the numbers of a forecast have counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForecastCounts {
    /// Callers; what they do after a first attempt is simulated.
    FirstAttempts,
    /// Attempts, redials included: to be scaled down, so that redials are not counted twice.
    Attempts,
}

/// Reads `forecast_counts`.
fn forecast_counts(root: &mut Fields<'_>, check: &mut Check<'_>) -> ForecastCounts {
    let word = root.word("forecast_counts", &["first-attempts", "attempts"]);
    let counted = ["forecast", "arrivals"].map(|key| root.value(key).is_some());
    if root.value("forecast_counts").is_none() && counted.contains(&true) {
        check.note("forecast_counts", "first-attempts");
    }
    match word {
        Some("attempts") => ForecastCounts::Attempts,
        _ => ForecastCounts::FirstAttempts,
    }
}
