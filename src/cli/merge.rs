//! `strowger merge`: what shards of a study came to, as one report.

use super::Exit;
use super::Format;
use super::study::Simulated;
use crate::sim::shard::merge::merge;
use crate::sim::shard::part::Fault;
use crate::sim::shard::part::Part;
use clap::Args;
use std::path::Path;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Merge {
    /// What `strowger simulate --shard` printed, all parts of one study in any order.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// How to print the report.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

impl Merge {
    pub(super) fn run(&self) -> Exit {
        let (mut parts, mut exit) = (Vec::new(), Exit::Fine);
        for path in &self.files {
            match Part::read(path) {
                Ok(part) => parts.push((path.clone(), part)),
                Err(Fault::Unreadable(error)) => {
                    eprintln!("error: cannot read {}: {error}", path.display());
                    exit = Exit::Unreadable;
                }
                Err(Fault::Wrong(why)) => {
                    eprintln!("error: {} is no part of a study: {why}", path.display());
                    // A file that cannot be read weighs more.
                    if exit == Exit::Fine {
                        exit = Exit::Findings;
                    }
                }
            }
        }
        if exit != Exit::Fine {
            return exit;
        }
        let whole = match merge(parts) {
            Ok(whole) => whole,
            Err(why) => {
                eprintln!("error: {why}");
                return Exit::Findings;
            }
        };
        Simulated {
            scenario: Path::new(&whole.head.scenario),
            cases: &whole.cases,
            sources: &whole.sources,
            seed: whole.head.seed,
            runs: whole.head.runs,
            scaled: whole.head.first_attempts,
            results: whole.results,
            precision: Vec::new(),
        }
        .show(self.format)
    }
}
