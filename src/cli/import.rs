//! `strowger import`: the files of another system as a line.

use super::Exit;
use super::Format;
use super::folder;
use super::output;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::import;
use crate::menu::import::Fate;
use crate::menu::import::Imported;
use crate::menu::import::Note;
use crate::menu::import::System;
use crate::menu::source::Sources;
use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use serde::Serialize;
use std::path::Path;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The system whose files these are.
    #[arg(value_parser = systems())]
    system: System,
    /// Its files; those that belong together are given together.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where calls begin, as the original calls it: a menu, a context or `context,extension`;
    /// otherwise the likeliest place.
    #[arg(long, value_name = "NAME")]
    start: Option<String>,
    /// The time zone of the line; most systems do not write it down.
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// Write the line, and `groups.toml` where it has queues, into this folder instead of to stdout.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Overwrite files that are there already.
    #[arg(long, requires = "out")]
    force: bool,
    /// How to print what became of each piece of the original.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

fn systems() -> impl TypedValueParser<Value = System> {
    let names = System::ALL.map(System::name);
    PossibleValuesParser::new(names).map(|name| System::named(&name).expect("one of the names"))
}

/// What programs are told.
#[derive(Serialize)]
struct Summary<'a> {
    #[serde(flatten)]
    counts: import::Counts,
    remarks: Vec<Note>,
    approximations: Vec<Note>,
    left_out: Vec<Note>,
    not_of_this_line: Vec<Note>,
    /// The files that were written.
    written: Vec<String>,
    /// The line file, where no folder was given.
    line: Option<&'a str>,
    /// The groups file, where no folder was given and the line needs one.
    groups: Option<&'a str>,
}

impl Import {
    pub(super) fn run(&self) -> Exit {
        let mut sources = Sources::default();
        let mut problems = Diagnostics::default();
        let request = import::Request {
            system: self.system,
            files: self.files.clone(),
            start: self.start.clone(),
            timezone: self.timezone.clone(),
        };
        let imported = import::import(&request, &mut sources, &mut problems);
        let exit = output::report(&problems, &sources);
        let Some(imported) = imported else {
            return exit;
        };
        let written = match &self.out {
            None => Vec::new(),
            Some(folder) => match self.write(folder, &imported) {
                Ok(written) => written,
                Err((exit, message)) => {
                    eprintln!("error: {message}");
                    return exit;
                }
            },
        };
        match self.format {
            Format::Human => self.tell(&imported, &written, &sources),
            Format::Json => {
                let summary = summary(&imported, &written, &sources);
                let json = serde_json::to_string_pretty(&summary).expect("a summary is plain data");
                output::print(&format!("{json}\n"));
            }
        }
        Exit::Fine
    }

    /// Writes the files; none when one of them is there already.
    fn write(&self, folder: &Path, imported: &Imported) -> Result<Vec<String>, (Exit, String)> {
        let line = folder.join(format!("{}.toml", imported.name));
        let mut files = vec![(line, imported.line.as_str())];
        if let Some(groups) = &imported.groups {
            files.push((folder.join("groups.toml"), groups.as_str()));
        }
        folder::write(folder, &files, self.force)
    }

    /// The line on stdout, unless it was written; what became of it on stderr.
    fn tell(&self, imported: &Imported, written: &[String], sources: &Sources) {
        if written.is_empty() {
            output::print(&imported.line);
            if let Some(groups) = &imported.groups {
                output::print(&as_comment(groups));
            }
        }
        let tally = &imported.tally;
        list("worth knowing", &tally.notes(Fate::Converted, sources));
        list("approximated", &tally.notes(Fate::Approximated, sources));
        list("skipped", &tally.notes(Fate::Skipped, sources));
        list("not part of this line", &tally.notes_elsewhere(sources));
        for path in written {
            eprintln!("wrote {path}");
        }
        let counts = tally.counts();
        if counts.recordings > 0 {
            let recordings = match counts.recordings {
                1 => "1 recording is".to_owned(),
                several => format!("{several} recordings are"),
            };
            eprintln!("{recordings} known by the file name only: look for \"TODO: transcript\"");
        }
        eprintln!(
            "converted {}, approximated {}, skipped {}{}",
            counts.converted,
            counts.approximated,
            counts.skipped,
            match counts.elsewhere {
                0 => String::new(),
                more => format!("; {more} more belong to no call of this line"),
            }
        );
    }
}

fn summary<'a>(imported: &'a Imported, written: &[String], sources: &Sources) -> Summary<'a> {
    let tally = &imported.tally;
    let is_shown = written.is_empty();
    Summary {
        counts: tally.counts(),
        remarks: tally.notes(Fate::Converted, sources),
        approximations: tally.notes(Fate::Approximated, sources),
        left_out: tally.notes(Fate::Skipped, sources),
        not_of_this_line: tally.notes_elsewhere(sources),
        written: written.to_vec(),
        line: is_shown.then_some(imported.line.as_str()),
        groups: imported.groups.as_deref().filter(|_| is_shown),
    }
}

fn list(title: &str, notes: &[Note]) {
    if notes.is_empty() {
        return;
    }
    eprintln!("{title}");
    for note in notes {
        eprintln!("  {}:{}: {}", note.file, note.line, note.note);
    }
}

/// The groups file below the line, where there is only one stream for both.
fn as_comment(groups: &str) -> String {
    let mut text = "\n# ---- groups.toml, a file of its own: --out writes it ----\n".to_owned();
    for line in groups.lines() {
        text.push_str(if line.is_empty() { "#" } else { "# " });
        text.push_str(line);
        text.push('\n');
    }
    text
}
