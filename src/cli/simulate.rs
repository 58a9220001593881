//! `strowger simulate`: a scenario, run and reported.

use super::Exit;
use super::Format;
use super::explain;
use super::explain::Page;
use super::explain::Told;
use super::ledger;
use super::output;
use super::study::Ran;
use super::study::case;
use super::study::notes;
use super::study::progress;
use super::study::style;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use crate::report;
use crate::report::study::Study;
use crate::sim::model::Model;
use crate::sim::study::Cases;
use crate::sim::study::load;
use crate::sim::study::run_case;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// The scenario, `*.scenario.toml`.
    #[arg(value_name = "FILE")]
    scenario: PathBuf,
    /// Where all chance comes from; the scenario's own unless set.
    #[arg(long)]
    seed: Option<u64>,
    /// Independent runs; the scenario's own number unless set.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    runs: Option<u32>,
    /// Tell the story of one call instead: of the attempt of this number in order of arrival, or of
    /// the one that waited the longest.
    #[arg(long, value_name = "CALL")]
    explain: Option<Told>,
    /// Print the ledger of this agent's day instead: what came, what was due, what was taken.
    #[arg(long, value_name = "AGENT", conflicts_with = "explain")]
    ledger: Option<String>,
    /// The run that is told about, from 1.
    #[arg(long, value_name = "NUMBER", default_value_t = 1,
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    run: u32,
    /// How to print the report.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// No progress bar.
    #[arg(long, short)]
    quiet: bool,
}

impl Simulate {
    pub(super) fn run(&self) -> Exit {
        let mut sources = Sources::default();
        let mut problems = Diagnostics::default();
        let cases = load(&self.scenario, None, &mut sources, &mut problems);
        let exit = output::report(&problems.without_remarks(), &sources);
        let Some(mut cases) = cases else { return exit };
        if self.explain.is_some() || self.ledger.is_some() {
            return self.one_run(&mut cases);
        }
        let study = self.study(&mut cases, &sources);
        output::print(&match self.format {
            Format::Human => report::text(&study, style()),
            Format::Json => format!("{:#}\n", report::json(&study)),
        });
        if study.goals_met() {
            Exit::Fine
        } else {
            Exit::GoalMissed
        }
    }

    /// One run, and what is told of it instead of a report.
    fn one_run(&self, cases: &mut Cases) -> Exit {
        let seed = self.seed.unwrap_or_else(|| cases.base.scenario().seed);
        cases.scale_to_first_attempts(seed);
        let page = Page {
            scenario: self.scenario.display().to_string(),
            seed,
            run: self.run,
            format: self.format,
        };
        match (&self.ledger, self.explain) {
            (Some(agent), _) => ledger::run(&cases.base, agent, &page),
            (None, Some(told)) => explain::run(&cases.base, told, &page),
            (None, None) => unreachable!("asked for one or the other"),
        }
    }

    fn study(&self, cases: &mut Cases, sources: &Sources) -> Study {
        let seed = self.seed.unwrap_or_else(|| cases.base.scenario().seed);
        let runs = self.runs.unwrap_or_else(|| cases.base.scenario().runs);
        let all_runs = u64::from(runs) * (1 + cases.what_ifs.len() as u64);
        let bar = progress(all_runs, self.quiet);
        let scaled = cases.scale_to_first_attempts(seed);
        let run = |name: &str, model: &Model| {
            bar.set_message(name.to_owned());
            case(name, run_case(model, seed, runs, &|| bar.inc(1)))
        };
        let base = run("base", &cases.base);
        let what_ifs = cases.what_ifs.iter();
        let what_ifs = what_ifs.map(|(name, model)| run(name, model)).collect();
        bar.finish_and_clear();
        let command = format!(
            "strowger simulate {} --seed {seed} --runs {runs}",
            self.scenario.display()
        );
        Ran {
            scenario: &self.scenario,
            model: &cases.base,
            sources,
            seed,
            base,
            what_ifs,
            notes: notes(scaled, runs),
            command,
        }
        .study()
    }
}
