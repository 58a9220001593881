//! `strowger sweep`: a scenario at one load after another.

use super::Exit;
use super::output;
use super::study::Ran;
use super::study::case;
use super::study::notes;
use super::study::progress;
use super::study::style;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use crate::report::sweep;
use crate::report::sweep::Sweep as Found;
use crate::sim::study::Cases;
use crate::sim::study::load;
use crate::sim::sweep::Loads;
use clap::Args;
use std::path::PathBuf;

const MS_PER_HOUR: f64 = 3_600_000.0;

#[derive(Debug, Args)]
pub(super) struct Sweep {
    /// The scenario, `*.scenario.toml`.
    #[arg(value_name = "FILE")]
    scenario: PathBuf,
    /// Factors on all calls: eight evenly spaced from one end to the other, `0.5..4`, or a list,
    /// `0.5,1,2`. Twice the knee is run as well.
    #[arg(long, value_name = "LOADS", default_value = "0.5..4")]
    load: Loads,
    /// Where all chance comes from; the scenario's own unless set.
    #[arg(long)]
    seed: Option<u64>,
    /// Independent runs at each load; the scenario's own number unless set.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    runs: Option<u32>,
    /// How to print the sweep.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// No progress bar.
    #[arg(long, short)]
    quiet: bool,
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
        let mut sources = Sources::default();
        let mut problems = Diagnostics::default();
        let cases = load(&self.scenario, None, &mut sources, &mut problems);
        let exit = output::report(&problems.without_remarks(), &sources);
        let Some(mut cases) = cases else { return exit };
        let found = self.sweep(&mut cases, &sources);
        output::print(&match self.format {
            Format::Human => sweep::text(&found, style()),
            Format::Json => format!("{:#}\n", sweep::json(&found)),
            Format::Csv => sweep::csv(&found),
        });
        Exit::Fine
    }

    fn sweep(&self, cases: &mut Cases, sources: &Sources) -> Found {
        let scenario = cases.base.scenario();
        let seed = self.seed.unwrap_or(scenario.seed);
        let runs = self.runs.unwrap_or(scenario.runs);
        let bar = progress(0, self.quiet);
        bar.set_message("loads");
        let scaled = cases.scale_to_first_attempts(seed);
        let more = |runs: u64| bar.set_length(runs);
        let swept = crate::sim::sweep::sweep(&cases.base, &self.load, (seed, runs), more, &|| {
            bar.inc(1);
        });
        bar.finish_and_clear();
        let loads: Vec<f64> = swept.points.iter().map(|point| point.load).collect();
        let mut named = swept.points.into_iter().map(|point| {
            let name = format!("load {:.2}", point.load);
            case(&name, point.result)
        });
        let base = named.next().expect("at least one load");
        let listed: Vec<String> = loads.iter().map(f64::to_string).collect();
        let mut notes = notes(scaled, base.summary.wants_runs());
        if !cases.what_ifs.is_empty() {
            notes.push("The what-ifs of the scenario are left out.".to_owned());
        }
        let study = Ran {
            scenario: &self.scenario,
            model: &cases.base,
            sources,
            seed,
            base,
            what_ifs: named.collect(),
            precision: Vec::new(),
            notes,
            command: format!(
                "strowger sweep {} --load {} --seed {seed} --runs {runs}",
                self.scenario.display(),
                listed.join(",")
            ),
        }
        .study();
        let frame = cases.base.frame;
        Found {
            study,
            loads,
            knee: swept.knee,
            twice: swept.twice,
            hours: (frame.until.0 - frame.from.0) as f64 / MS_PER_HOUR,
        }
    }
}
