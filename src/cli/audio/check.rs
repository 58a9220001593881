//! `strowger audio check`: all recordings of lines at once.

use crate::cli::Exit;
use crate::cli::Format;
use crate::cli::output;
use crate::menu::audio;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use clap::Args;
use std::collections::BTreeSet;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 fine, 1 a recording is missing or cannot be played, 3 a file \
                        cannot be read. Warnings and remarks do not count."
)]
pub(super) struct Check {
    /// The lines; those that share a folder of recordings are given together. Files that are no lines by
    /// their names are passed over.
    #[arg(required = true, value_name = "LINE")]
    lines: Vec<PathBuf>,
    /// Count placeholders as errors: nobody should hear them once the line is open.
    #[arg(long)]
    release: bool,
    /// How to print what is found.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

impl Check {
    pub(super) fn run(&self) -> Exit {
        let (mut sources, mut problems) = (Sources::default(), Diagnostics::default());
        let scripts = audio::scripts(&super::lines(&self.lines), &mut sources, &mut problems);
        if let Some(scripts) = &scripts {
            audio::check(scripts, self.release, &sources, &mut problems);
        }
        match self.format {
            Format::Human => {
                output::report(&problems, &sources);
                let counts =
                    output::counts(&problems).unwrap_or_else(|| "nothing to report".to_owned());
                let recordings = scripts.iter().flatten().flat_map(|script| {
                    script
                        .recordings
                        .iter()
                        .map(|recording| script.file(recording))
                });
                let recordings: BTreeSet<PathBuf> = recordings.collect();
                output::print(&match recordings.len() {
                    1 => format!("1 recording looked at: {counts}\n"),
                    several => format!("{several} recordings looked at: {counts}\n"),
                });
            }
            Format::Json => {
                output::print(&format!(
                    "{:#}\n",
                    serde_json::json!(problems.to_json(&sources))
                ));
            }
        }
        output::exit_of(&problems)
    }
}
