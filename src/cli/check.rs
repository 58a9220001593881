//! `strowger check`: all problems of the files at once.

use super::Exit;
use super::Format;
use super::output;
use crate::menu;
use crate::menu::FileKind;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Severity;
use crate::menu::source::Sources;
use crate::sim::study;
use clap::Args;
use jiff::civil::Date;
use std::path::Path;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Lines, groups (`groups.toml`, `*.groups.toml`), scenarios (`*.scenario.toml`) and call tests
    /// (`*.test.toml`); a file says by its name what it is.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to print what is found.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// The day for what depends on one, such as answers that expire; today unless set.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
}

impl Check {
    pub(super) fn run(&self) -> Exit {
        let mut sources = Sources::default();
        let mut problems = Diagnostics::default();
        let at = Some(self.at.unwrap_or_else(|| jiff::Zoned::now().date()));
        let mut found = Diagnostics::default();
        // Numbers clash across lines: all of them are looked at together.
        let is_line = |file: &&PathBuf| FileKind::of(file) == FileKind::Line;
        let lines: Vec<PathBuf> = self.files.iter().filter(is_line).cloned().collect();
        menu::check_lines(&lines, at, &mut sources, &mut found);
        for file in &self.files {
            check_other(file, at, &mut sources, &mut found);
        }
        // A groups file that several lines share is read with each of them.
        problems.append_new(found);
        match self.format {
            Format::Human => {
                let exit = output::report(&problems, &sources);
                output::print(&self.summary(&problems));
                exit
            }
            Format::Json => {
                let list = problems.to_json(&sources);
                let json = serde_json::to_string_pretty(&list).expect("diagnostics are plain data");
                output::print(&format!("{json}\n"));
                output::exit_of(&problems)
            }
        }
    }

    fn summary(&self, problems: &Diagnostics) -> String {
        let count = |severity| {
            problems
                .sorted()
                .iter()
                .filter(|problem| problem.severity == severity)
                .count()
        };
        let files = match self.files.len() {
            1 => "1 file".to_owned(),
            several => format!("{several} files"),
        };
        let parts: Vec<String> = [
            (count(Severity::Error), "error"),
            (count(Severity::Warning), "warning"),
            (count(Severity::Info), "remark"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" }))
        .collect();
        match parts.is_empty() {
            true => format!("{files} checked, nothing to report\n"),
            false => format!("{files} checked: {}\n", parts.join(", ")),
        }
    }
}

/// Checks a file that is no line.
fn check_other(file: &Path, at: Option<Date>, sources: &mut Sources, found: &mut Diagnostics) {
    match FileKind::of(file) {
        FileKind::Line => {}
        FileKind::Groups => menu::check_groups(file, sources, found),
        FileKind::Scenario => {
            study::load(file, at, sources, found);
        }
        FileKind::Test => menu::check_tests(file, at, sources, found),
    }
}
