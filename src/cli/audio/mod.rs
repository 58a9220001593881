//! `strowger audio`: placeholders for recordings, and whether recordings are as they should be.

mod build;
mod check;
mod program;

use super::Exit;
use clap::Args;
use clap::Subcommand;

#[derive(Debug, Args)]
pub(super) struct Audio {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Let a speech program say what nobody has recorded yet.
    Build(build::Build),
    /// Report what is missing and what callers would not like to hear.
    Check(check::Check),
}

impl Audio {
    pub(super) fn run(&self) -> Exit {
        match &self.command {
            Command::Build(build) => build.run(),
            Command::Check(check) => check.run(),
        }
    }
}
