//! `strowger audio`: placeholders for recordings, and whether recordings are as they should be.

mod build;
mod check;
mod program;

use super::Exit;
use crate::menu::FileKind;
use clap::Args;
use clap::Subcommand;
use std::path::PathBuf;

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

/// The lines among files, so that `menus/*.toml` names those of a folder; all, where none is a line by
/// its name.
pub(super) fn lines(files: &[PathBuf]) -> Vec<PathBuf> {
    let is_line = |file: &&PathBuf| FileKind::of(file) == FileKind::Line;
    let lines: Vec<PathBuf> = files.iter().filter(is_line).cloned().collect();
    match lines.is_empty() {
        true => files.to_owned(),
        false => lines,
    }
}

impl Audio {
    pub(super) fn run(&self) -> Exit {
        match &self.command {
            Command::Build(build) => build.run(),
            Command::Check(check) => check.run(),
        }
    }
}
