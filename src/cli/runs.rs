//! How often, from which seed, and how quietly: the same for all commands that simulate.

use super::bounds::whole;
use crate::report::number::count;
use crate::sim::scenario::Scenario;
use crate::sim::study::CaseResult;
use clap::Args;
use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;
use std::io;
use std::io::IsTerminal;
use std::time::Instant;

#[derive(Debug, Args)]
pub(super) struct Runs {
    /// Where all chance comes from; the scenario's own unless set.
    #[arg(long, value_parser = whole(0..=u64::MAX))]
    pub(super) seed: Option<u64>,
    /// Independent runs of each case; the scenario's own number unless set.
    #[arg(long, value_parser = whole(1..=100_000_u32))]
    pub(super) runs: Option<u32>,
    /// No progress bar.
    #[arg(long, short)]
    quiet: bool,
}

impl Runs {
    /// Seed and runs.
    pub(super) fn size(&self, scenario: &Scenario) -> (u64, u32) {
        (
            self.seed.unwrap_or(scenario.seed),
            self.runs.unwrap_or(scenario.runs),
        )
    }

    /// Says how long that took, where the bar was: it is no part of a report, which is the same each time.
    pub(super) fn took(&self, started: Instant, results: &[CaseResult]) {
        if self.quiet || !io::stderr().is_terminal() {
            return;
        }
        let attempts: u64 = results.iter().map(|case| case.attempts).sum();
        let wall_s = started.elapsed().as_secs_f64().max(f64::MIN_POSITIVE);
        let speed = count(attempts as f64 / wall_s, 0);
        eprintln!("{wall_s:.1} s, {speed} calls per second");
    }

    /// A bar of so many runs, on a terminal unless it is to be quiet.
    pub(super) fn progress(&self, runs: u64) -> ProgressBar {
        if self.quiet || !io::stderr().is_terminal() {
            return ProgressBar::with_draw_target(Some(runs), ProgressDrawTarget::hidden());
        }
        let template = "{msg:.dim} [{bar:40}] {pos}/{len} runs, {eta} left";
        let style = ProgressStyle::with_template(template).expect("the template is well formed");
        ProgressBar::new(runs).with_style(style.progress_chars("=> "))
    }
}
