//! `strowger simulate`: a scenario, run and reported.

use super::Exit;
use super::Format;
use super::explain;
use super::explain::Page;
use super::explain::Told;
use super::output;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use crate::report;
use crate::report::study::Case;
use crate::report::study::GoalResult;
use crate::report::study::Study;
use crate::report::style::Style;
use crate::sim::model::Model;
use crate::sim::study::CaseResult;
use crate::sim::study::Cases;
use crate::sim::study::load;
use crate::sim::study::run_case;
use clap::Args;
use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;
use std::io;
use std::io::IsTerminal;
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
    /// The run that is told about, from 1.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "explain",
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
        if let Some(told) = self.explain {
            let seed = self.seed.unwrap_or_else(|| cases.base.scenario().seed);
            cases.scale_to_first_attempts(seed);
            let page = Page {
                scenario: self.scenario.display().to_string(),
                seed,
                run: self.run,
                format: self.format,
            };
            return explain::run(&cases.base, told, &page);
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

    fn study(&self, cases: &mut Cases, sources: &Sources) -> Study {
        let seed = self.seed.unwrap_or_else(|| cases.base.scenario().seed);
        let runs = self.runs.unwrap_or_else(|| cases.base.scenario().runs);
        let all_runs = u64::from(runs) * (1 + cases.what_ifs.len() as u64);
        let bar = self.progress(all_runs);
        let scaled = cases.scale_to_first_attempts(seed);
        let run = |name: &str, model: &Model| {
            bar.set_message(name.to_owned());
            case(name, run_case(model, seed, runs, &|| bar.inc(1)))
        };
        let base = run("base", &cases.base);
        let what_ifs = cases
            .what_ifs
            .iter()
            .map(|(name, model)| run(name, model))
            .collect();
        bar.finish_and_clear();
        let model = &cases.base;
        Study {
            scenario: self.scenario.display().to_string(),
            title: model.plan.lines[0].title.clone(),
            span: model.scenario().span(),
            seed,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            starts: model.scenario().interval_starts(),
            base,
            what_ifs,
            assumptions: model.scenario().assumptions().to_vec(),
            files: sources
                .iter()
                .map(|file| (file.path.display().to_string(), file.hash()))
                .collect(),
            notes: notes(scaled, runs),
            command: format!(
                "strowger simulate {} --seed {seed} --runs {runs}",
                self.scenario.display()
            ),
        }
    }

    fn progress(&self, runs: u64) -> ProgressBar {
        if self.quiet || !io::stderr().is_terminal() {
            return ProgressBar::with_draw_target(Some(runs), ProgressDrawTarget::hidden());
        }
        let template = "{msg:.dim} [{bar:40}] {pos}/{len} runs, {eta} left";
        let style = ProgressStyle::with_template(template).expect("the template is well formed");
        ProgressBar::new(runs).with_style(style.progress_chars("=> "))
    }
}

fn case(name: &str, result: CaseResult) -> Case {
    let goals = result.verdicts.into_iter().map(|verdict| GoalResult {
        subject: verdict.subject,
        metric: verdict.metric.to_owned(),
        wanted: verdict.wanted,
        value: verdict.value,
        share_of_intervals: verdict.share_of_intervals,
        met: verdict.met,
    });
    Case {
        name: name.to_owned(),
        goals: goals.collect(),
        summary: result.summary,
        wall_s: result.wall_s,
        calls_per_s: result.attempts as f64 / result.wall_s.max(f64::MIN_POSITIVE),
    }
}

fn notes(scaled: Option<f64>, runs: u32) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(factor) = scaled {
        notes.push(format!(
            "The forecast counts attempts: scaled by {factor:.3} to first attempts, so that redials \
             are not counted twice."
        ));
    }
    if runs == 1 {
        notes.push("One run has no confidence intervals: use --runs.".to_owned());
    }
    notes
}

pub(super) fn style() -> Style {
    let stdout = io::stdout();
    let width = terminal_width().clamp(80, 100);
    Style {
        width,
        colour: output::colour(&stdout),
        unicode: output::unicode(),
    }
}

fn terminal_width() -> usize {
    let columns = std::env::var("COLUMNS").ok();
    columns
        .and_then(|columns| columns.parse().ok())
        .unwrap_or(100)
}
