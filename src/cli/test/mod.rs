//! `strowger test`: plays the calls of call test files.

mod json;
mod text;

use super::Exit;
use super::Format;
use super::output;
use crate::menu::call_test::CallTest;
use crate::menu::call_test::CallTests;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::read_tests;
use crate::menu::source::FileId;
use crate::menu::source::Sources;
use crate::rehearse;
use crate::rehearse::Coverage;
use crate::rehearse::Played;
use crate::rehearse::Problem;
use clap::Args;
use jiff::civil::Date;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Test {
    /// Call tests (`*.test.toml`), each with the line that it names.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Fail unless the calls reach at least so many of a hundred steps, and of a hundred keys, of
    /// each line: 100%.
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    coverage: Option<u8>,
    /// How to print what comes of the calls.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
    /// The day for what the check of a line makes of dates; today unless set. Each call has a time of
    /// its own.
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
}

/// The calls of one file.
struct FileRun {
    file: PathBuf,
    tests: CallTests,
    calls: Vec<Run>,
}

/// One call.
struct Run {
    test: CallTest,
    played: Played,
    problems: Vec<Problem>,
}

/// One line, and what the calls to it have reached.
struct LineRun {
    file: FileId,
    path: PathBuf,
    coverage: Coverage,
}

/// Everything that was played.
struct Results {
    files: Vec<FileRun>,
    lines: Vec<LineRun>,
    /// The share that has to be reached.
    wanted: Option<u8>,
}

impl Results {
    fn calls(&self) -> impl Iterator<Item = &Run> {
        self.files.iter().flat_map(|file| &file.calls)
    }

    fn passed(&self) -> usize {
        self.calls().filter(|call| call.problems.is_empty()).count()
    }

    fn is_good(&self) -> bool {
        let covered = self.lines.iter().all(|line| self.is_covered(line));
        covered && self.calls().all(|call| call.problems.is_empty())
    }

    fn is_covered(&self, line: &LineRun) -> bool {
        let coverage = &line.coverage;
        self.wanted.is_none_or(|percent| {
            coverage.steps().is_enough(percent) && coverage.keys().is_enough(percent)
        })
    }
}

impl Test {
    pub(super) fn run(&self) -> Exit {
        let mut sources = Sources::default();
        let mut problems = Diagnostics::default();
        let at = Some(self.at.unwrap_or_else(|| jiff::Zoned::now().date()));
        let mut all = Vec::new();
        for file in &self.files {
            let mut found = Diagnostics::default();
            let tests = read_tests(file, at, &mut sources, &mut found);
            all.extend(tests.map(|tests| (file.clone(), tests)));
            problems.append_new(found);
        }
        if problems.has_errors() {
            return match self.format {
                Format::Json => output::print_findings(&problems, &sources),
                Format::Human => output::report(&problems, &sources),
            };
        }
        let results = self.play(all, &sources);
        let text = match self.format {
            Format::Json => json::print(&results),
            Format::Human => text::print(&results, &sources, output::style()),
        };
        output::print(&text);
        match results.is_good() {
            true => Exit::Fine,
            false => Exit::Findings,
        }
    }

    fn play(&self, all: Vec<(PathBuf, CallTests)>, sources: &Sources) -> Results {
        let mut results = Results {
            files: Vec::new(),
            lines: Vec::new(),
            wanted: self.coverage,
        };
        for (file, tests) in all {
            let known = results
                .lines
                .iter()
                .position(|line| line.file == tests.menu);
            let place = known.unwrap_or_else(|| {
                results.lines.push(LineRun {
                    file: tests.menu,
                    path: sources.get(tests.menu).path.clone(),
                    coverage: Coverage::new(tests.plan.clone()),
                });
                results.lines.len() - 1
            });
            let coverage = &mut results.lines[place].coverage;
            let calls = tests.calls.iter().map(|test| {
                let played = rehearse::play(&tests.plan, &test.script);
                coverage.add(&played.story);
                Run {
                    problems: rehearse::judge(&test.expected, &played),
                    test: test.clone(),
                    played,
                }
            });
            let calls = calls.collect();
            results.files.push(FileRun { file, tests, calls });
        }
        results
    }
}

/// `100%`, or the number alone.
fn percent(text: &str) -> Result<u8, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim();
    let percent = number.parse().ok().filter(|percent| *percent <= 100);
    percent.ok_or_else(|| "write a share from 0% to 100%".to_owned())
}
