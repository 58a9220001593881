//! `strowger diff`: what changes for callers between two versions of lines.

mod files;
mod text;

use super::Exit;
use super::Format;
use super::output;
use crate::exchange::dialplan::Dialplan;
use crate::menu;
use crate::menu::Request;
use crate::menu::compile;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "Example: strowger diff menus/ /srv/strowger/menus/ says what callers will \
                        notice when one folder of lines takes the place of another.\n\n\
                        Exit codes: 0 nothing changes for callers, 1 something does, 3 a file cannot \
                        be read or has errors."
)]
pub(super) struct Diff {
    /// The lines as they were, and last as they are: two files, or two folders of lines. Several
    /// files may be compared with those of the same names in a folder.
    #[arg(required = true, num_args = 2.., value_names = ["OLD", "NEW"])]
    files: Vec<PathBuf>,
    /// How to print what changes.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

impl Diff {
    pub(super) fn run(&self) -> Exit {
        let (old, new) = match files::sides(&self.files) {
            Ok(sides) => sides,
            Err((exit, message)) => {
                eprintln!("error: {message}");
                return exit;
            }
        };
        let (old, new) = (plan(old), plan(new));
        let (Some(old), Some(new)) = (old, new) else {
            return Exit::Unreadable;
        };
        let changes = menu::diff::diff(&old, &new);
        output::print(&match self.format {
            Format::Human => text::print(&changes, &new, output::style()),
            Format::Json => {
                let json = serde_json::json!({ "changes": changes });
                format!("{json:#}\n")
            }
        });
        match changes.is_empty() {
            true => Exit::Fine,
            false => Exit::Findings,
        }
    }
}

/// One side; its errors are shown where it has any.
fn plan(lines: Vec<PathBuf>) -> Option<Dialplan> {
    let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
    let request = Request {
        lines,
        ..Request::default()
    };
    let plan = compile(&request, &mut sources, &mut problems);
    if plan.is_none() {
        output::report(&problems, &sources);
    }
    plan
}
