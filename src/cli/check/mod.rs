//! `strowger check`: all problems of the files at once.

mod github;
mod levels;
mod mend;
mod sarif;

use super::Exit;
use super::output;
use super::terminal::clean;
use crate::menu;
use crate::menu::FileKind;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::source::Sources;
use crate::sim::study;
use clap::Args;
use jiff::civil::Date;
use levels::Levels;
use mend::Mended;
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
    format: CheckFormat,
    /// The day for what depends on one, such as answers that expire; today unless set.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    #[command(flatten)]
    levels: Levels,
    /// Mend what needs no thought: names with a slip of the finger, numbers and days with quotes too
    /// many or too few, remarks that allow nothing. What was mended is said on stderr.
    #[arg(long)]
    fix: bool,
}

/// How problems are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum CheckFormat {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// Workflow commands, for annotations on GitHub.
    Github,
}

impl Check {
    pub(super) fn run(&self) -> Exit {
        if let Err(message) = self.levels.check() {
            eprintln!("error: {message}");
            return Exit::Usage;
        }
        let mut sources = Sources::default();
        let mut problems = self.find(&mut sources);
        if self.fix {
            let mended = Mended::new(&mut sources, &mut problems, |sources| self.find(sources));
            if let Err(message) = mended.write() {
                eprintln!("error: {message}");
                return Exit::WriteFailed;
            }
            for line in &mended.said {
                eprintln!("{}", clean(line, true));
            }
        }
        let problems = self.levels.apply(problems);
        match self.format {
            CheckFormat::Human => {
                output::report(&problems, &sources);
                eprint!("{}", hint(&problems));
                output::print(&self.summary(&problems));
            }
            CheckFormat::Json => return output::print_findings(&problems, &sources),
            CheckFormat::Sarif => {
                output::print(&format!("{:#}\n", sarif::log(&problems, &sources)));
            }
            CheckFormat::Github => output::print(&github::commands(&problems, &sources)),
        }
        output::exit_of(&problems)
    }

    /// The problems of all files.
    fn find(&self, sources: &mut Sources) -> Diagnostics {
        let at = Some(self.at.unwrap_or_else(|| jiff::Zoned::now().date()));
        let mut found = Diagnostics::default();
        // Numbers clash across lines: all of them are looked at together.
        let is_line = |file: &&PathBuf| FileKind::of(file) == FileKind::Line;
        let lines: Vec<PathBuf> = self.files.iter().filter(is_line).cloned().collect();
        menu::check_lines(&lines, at, sources, &mut found);
        for file in &self.files {
            check_other(file, at, sources, &mut found);
        }
        // A groups file that several lines share is read with each of them.
        let mut problems = Diagnostics::default();
        problems.append_new(found);
        problems
    }

    fn summary(&self, problems: &Diagnostics) -> String {
        let files = match self.files.len() {
            1 => "1 file".to_owned(),
            several => format!("{several} files"),
        };
        match output::counts(problems) {
            Some(counts) => format!("{files} checked: {counts}\n"),
            None => format!("{files} checked, nothing to report\n"),
        }
    }
}

/// Where to read more about what was found.
fn hint(problems: &Diagnostics) -> String {
    let mut codes: Vec<&str> = problems.sorted().iter().map(|found| found.code).collect();
    codes.sort_unstable();
    codes.dedup();
    match codes[..] {
        [] => String::new(),
        [code] => format!("For more about this: strowger explain-code {code}\n"),
        _ => "For more about one of these: strowger explain-code CODE\n".to_owned(),
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
