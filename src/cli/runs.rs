//! How often, from which seed, and how quietly: the same for all commands that simulate.

use super::bounds::whole;
use super::output;
use crate::report::number::count;
use crate::report::shortened;
use crate::report::style::Style;
use crate::sim::scenario::Scenario;
use crate::sim::study::CaseResult;
use clap::Args;
use crossterm::terminal;
use indicatif::ProgressBar;
use indicatif::ProgressDrawTarget;
use indicatif::ProgressStyle;
use std::io;
use std::io::IsTerminal;
use std::time::Instant;

/// The columns of a terminal that does not say how many it has.
const COLUMNS: usize = 80;
/// The fewest and the most columns of a bar, and of the name beside it.
const BAR: (usize, usize) = (5, 40);
const NAME: (usize, usize) = (7, 40);
/// The columns of all that stands around both: ` [] 100000/100000 runs, 59m left`, and the last one, for some
/// terminals begin a new line after it.
const COUNTS: usize = 36;

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
    pub(super) fn progress(&self, runs: u64) -> Progress {
        let columns = terminal::size().map_or(COLUMNS, |(columns, _)| usize::from(columns));
        let (name, bar) = widths(columns);
        let bar = match self.quiet || !io::stderr().is_terminal() {
            true => ProgressBar::with_draw_target(Some(runs), ProgressDrawTarget::hidden()),
            false => {
                let template =
                    format!("{{msg:.dim}} [{{bar:{bar}}}] {{pos}}/{{len}} runs, {{eta}} left");
                let style = ProgressStyle::with_template(&template);
                let style = style.expect("the template is well formed");
                ProgressBar::new(runs).with_style(style.progress_chars("=> "))
            }
        };
        Progress { bar, name }
    }
}

/// How many runs are done, on one line of the terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    /// Columns for what is run.
    name: usize,
}

impl Progress {
    /// What is run now; a long name is cut.
    pub(super) fn at(&self, name: &str) {
        let style = Style {
            unicode: output::unicode(),
            ..Style::PLAIN
        };
        let name = shortened(style, name, self.name);
        self.bar.set_message(name.trim_end().to_owned());
    }

    /// One more is done.
    pub(super) fn inc(&self) {
        self.bar.inc(1);
    }

    /// How many there are, as far as is known by now.
    pub(super) fn of(&self, runs: u64) {
        self.bar.set_length(runs);
    }

    /// All are done: the line is there for others.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// The columns for a name and for the bar beside it, on a terminal of so many.
fn widths(columns: usize) -> (usize, usize) {
    let room = columns.saturating_sub(COUNTS);
    let bar = (room / 2).clamp(BAR.0, BAR.1);
    let name = room.saturating_sub(bar);
    (name.clamp(NAME.0, NAME.1), bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_bar_and_counts_fit_into_a_line() {
        for columns in 60..300 {
            let (name, bar) = widths(columns);
            assert!(name + bar + COUNTS <= columns, "{columns}");
            assert!(name >= 12 && bar >= 10, "{columns}");
        }
        assert_eq!(widths(100), (32, 32));
        assert_eq!(widths(300), (40, 40));
        assert_eq!(widths(0), (7, 5));
    }
}
