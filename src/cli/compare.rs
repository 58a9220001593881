//! `strowger compare`: the same callers under several strategies.

use super::Exit;
use super::Format;
use super::output;
use super::runs::Runs;
use super::study::Ran;
use super::study::case;
use super::study::loaded;
use super::study::notes;
use crate::exchange::strategy::Strategy;
use crate::menu::source::Sources;
use crate::report::compare;
use crate::report::compare::Comparison;
use crate::report::picture;
use crate::sim::compare::Contender;
use crate::sim::compare::compare;
use crate::sim::scaling::Scaling;
use crate::sim::study::Cases;
use clap::Args;
use std::fs;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Compare {
    /// The scenario, `*.scenario.toml`.
    #[arg(value_name = "FILE")]
    scenario: PathBuf,
    /// The strategies, separated by commas; the others are compared with the first. All of them
    /// unless set.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = strategy)]
    strategies: Vec<Strategy>,
    #[command(flatten)]
    runs: Runs,
    /// How to print the comparison.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// Also draw the first run: a dot for each agent, by how far from the share it ended. SVG.
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

fn strategy(name: &str) -> Result<Strategy, String> {
    Strategy::named(name.trim()).ok_or_else(|| {
        let names = Strategy::ALL.map(Strategy::name);
        format!("the strategies are {}", names.join(", "))
    })
}

impl Compare {
    pub(super) fn run(&self) -> Exit {
        let mut sources = Sources::default();
        let mut cases = match loaded(&self.scenario, &mut sources) {
            Ok(cases) => cases,
            Err(exit) => return exit,
        };
        let (comparison, pictured) = self.comparison(&mut cases, &sources);
        output::print(&match self.format {
            Format::Human => compare::text(&comparison, output::style()),
            Format::Json => format!("{:#}\n", compare::json(&comparison)),
        });
        let Some(path) = &self.picture else {
            return Exit::Fine;
        };
        let title = "Calls answered beyond one's share, a dot for each agent";
        match fs::write(path, picture::svg(title, &pictured)) {
            Ok(()) => Exit::Fine,
            Err(error) => {
                eprintln!("error: cannot write {}: {error}", path.display());
                Exit::WriteFailed
            }
        }
    }

    fn comparison(&self, cases: &mut Cases, sources: &Sources) -> (Comparison, Vec<picture::Row>) {
        let (seed, runs) = self.runs.size(cases.base.scenario());
        let mut strategies = self.strategies.clone();
        if strategies.is_empty() {
            strategies = Strategy::ALL.to_vec();
        }
        let mut seen = Vec::new();
        strategies.retain(|strategy| !seen.contains(strategy) && (seen.push(*strategy), true).1);
        let bar = (self.runs).progress(u64::from(runs) * strategies.len() as u64);
        let scaled = cases.scale_to_first_attempts(seed);
        let contenders = compare(&cases.base, &strategies, seed, runs, &|| bar.inc());
        bar.clear();
        let pictured = contenders.iter().map(pictured).collect();
        let differences = contenders.iter().skip(1).map(|one| one.differences.clone());
        let differences = differences.collect();
        let mut named = contenders
            .into_iter()
            .map(|one| case(one.strategy.name(), one.result));
        let base = named.next().expect("at least one strategy");
        let names: Vec<&str> = strategies.iter().map(|strategy| strategy.name()).collect();
        let command = format!(
            "strowger compare {} --strategies {} --seed {seed} --runs {runs}",
            self.scenario.display(),
            names.join(",")
        );
        let ran = Ran {
            scenario: &self.scenario,
            model: &cases.base,
            sources,
            seed,
            base,
            what_ifs: named.collect(),
            precision: Vec::new(),
            notes: remarks(cases, &scaled, runs),
            command,
        };
        let comparison = Comparison {
            study: ran.study(),
            differences,
        };
        (comparison, pictured)
    }
}

fn remarks(cases: &Cases, scaled: &[Scaling], runs: u32) -> Vec<String> {
    let mut remarks = notes(&cases.base, scaled, runs == 1);
    if runs == 1 && cases.base.scenario().seeks_warm_up {
        let why = "Strategies are compared run by run: the batches of one long run, of which `simulate` \
                   makes its intervals, are not compared.";
        remarks.push(why.to_owned());
    }
    if !cases.what_ifs.is_empty() {
        remarks.push("What-ifs are left out: the base case is compared.".to_owned());
    }
    remarks
}

fn pictured(contender: &Contender) -> picture::Row {
    picture::Row {
        name: contender.strategy.name().to_owned(),
        errors: contender.share_errors.clone(),
    }
}
