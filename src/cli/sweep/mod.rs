//! `strowger sweep`: a scenario at one load or setting after another.

mod found;

use super::Exit;
use super::output;
use super::runs::Runs;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use crate::report::sweep;
use crate::report::sweep::ramp;
use crate::sim::study::Cases;
use crate::sim::study::load_changed;
use crate::sim::sweep as points;
use crate::sim::sweep::loads::Loads;
use crate::sim::sweep::ramp::half_level;
use crate::sim::sweep::setting::Setting;
use crate::sim::sweep::spike::Spike;
use clap::Args;
use std::path::PathBuf;

/// The loads where nothing else is asked for.
const LOADS: &str = "0.5..4";

#[derive(Debug, Args)]
pub(super) struct Sweep {
    /// The scenario, `*.scenario.toml`.
    #[arg(value_name = "FILE")]
    scenario: PathBuf,
    /// Factors on all calls: eight evenly spaced from one end to the other, `0.5..4`, as many as are
    /// wanted, `0.5..4/15`, or a list, `0.5,1,2`. `0.5..4` unless a `--set` has several values. Where
    /// load is the one dimension, twice the knee is run as well.
    #[arg(long, value_name = "LOADS", allow_hyphen_values = true)]
    load: Option<Loads>,
    /// A key that a `[[what_if]] set` may set, and a range or a list of values:
    /// `queue.support.overload.no_queue=30s..5m/4`, `line.trunks=150..300`,
    /// `callers.accepts_callback=0.0..0.6`, `group.support.strategy=fair,longest-idle`; or people added to
    /// a group, `add_agents.support=0..5`. Whole numbers stay whole. A single value holds for all points.
    /// Two of `--load` and `--set` with several values make a table.
    #[arg(long, value_name = "KEY=VALUES")]
    set: Vec<Setting>,
    /// The loads are those of this part of the day alone, whatever the intervals of the forecast are; and
    /// it is measured how long after it service has recovered.
    #[arg(long, value_name = "FROM-UNTIL")]
    spike: Option<Spike>,
    /// Up with the load and down again within one run, the calls spread evenly over it: what overload
    /// leaves behind shows as a gap between the way up and the way down.
    #[arg(long, conflicts_with = "spike")]
    ramp: bool,
    #[command(flatten)]
    runs: Runs,
    /// How to print the sweep.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// How a sweep is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

impl Sweep {
    pub(super) fn run(&self) -> Exit {
        match self.text() {
            Ok(text) => {
                output::print(&text);
                Exit::Fine
            }
            Err(exit) => exit,
        }
    }

    fn text(&self) -> Result<String, Exit> {
        let wanted = self.wanted();
        wanted.check().map_err(wrong)?;
        if let Some(several) = self.set.iter().find(|set| self.ramp && !set.is_fixed()) {
            let key = several.key();
            return Err(wrong(format!("a ramp takes one value of `{key}`")));
        }
        let mut sources = Sources::default();
        let mut problems = Diagnostics::default();
        let changes = wanted.changes(&mut sources);
        let cases = load_changed(&self.scenario, changes, &mut sources, &mut problems);
        let exit = output::report(&problems.without_remarks(), &sources);
        let (mut cases, left_out) = cases.ok_or(exit)?;
        if self.ramp {
            let found = self.ramp(&mut cases, left_out, &sources)?;
            return Ok(match self.format {
                Format::Human => ramp::text(&found, output::style()),
                Format::Json => format!("{:#}\n", ramp::json(&found)),
                Format::Csv => ramp::csv(&found),
            });
        }
        let found = self.sweep(&wanted, &mut cases, left_out, &sources)?;
        Ok(match self.format {
            Format::Human => sweep::text(&found, output::style()),
            Format::Json => format!("{:#}\n", sweep::json(&found)),
            Format::Csv => sweep::csv(&found),
        })
    }

    fn loads(&self) -> Loads {
        let usual = || LOADS.parse().expect("the usual loads are well formed");
        self.load.clone().unwrap_or_else(usual)
    }

    fn wanted(&self) -> points::Sweep {
        let is_swept = self.load.is_some() || self.set.iter().all(Setting::is_fixed);
        points::Sweep {
            loads: is_swept.then(|| self.loads()),
            settings: self.set.clone(),
            spike: self.spike,
        }
    }

    fn sweep(
        &self,
        wanted: &points::Sweep,
        cases: &mut Cases,
        left_out: bool,
        sources: &Sources,
    ) -> Result<sweep::Sweep, Exit> {
        let scenario = cases.base.scenario();
        wanted.check_spike(cases).map_err(wrong)?;
        let (seed, runs) = self.runs.size(scenario);
        let bar = self.runs.progress(0);
        bar.at("points");
        let scaled = cases.scale_to_first_attempts(seed);
        let more = |runs: u64| bar.of(runs);
        let swept = wanted.run(cases, (seed, runs), more, &|| bar.inc());
        bar.clear();
        Ok(found::sweep(
            self,
            cases,
            sources,
            swept,
            (scaled, left_out),
        ))
    }

    fn ramp(
        &self,
        cases: &mut Cases,
        left_out: bool,
        sources: &Sources,
    ) -> Result<ramp::Ramp, Exit> {
        let loads = self.loads();
        let half = half_level(&cases.base, &loads).map_err(wrong)?;
        let (seed, runs) = self.runs.size(cases.base.scenario());
        let bar = self.runs.progress(u64::from(runs));
        let scaled = cases.scale_to_first_attempts(seed);
        let done = || bar.inc();
        let model = cases
            .what_ifs
            .first()
            .map_or(&cases.base, |(_, model)| model);
        let ramped = points::ramp::ramp(model, &loads, half, (seed, runs), &done);
        bar.clear();
        Ok(found::ramp(
            self,
            cases,
            sources,
            ramped,
            (scaled, left_out),
        ))
    }
}

fn wrong(why: String) -> Exit {
    eprintln!("error: {why}");
    Exit::Usage
}
