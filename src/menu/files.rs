//! Checks files without running them: what kind a file is, lines one by one, groups files alone.

use super::allow::Shared;
use super::audio;
use super::compile::Request;
use super::compile::compile_shared;
use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::groups::Roster;
use super::numbers;
use super::numbers::Numbers;
use super::source::Sources;
use super::source::open;
use super::tree;
use super::tree::Table;
use jiff::civil::Date;
use std::path::Path;
use std::path::PathBuf;

/// What a file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A line: any other name.
    Line,
    /// `groups.toml` or `*.groups.toml`.
    Groups,
    /// `*.scenario.toml`.
    Scenario,
    /// `*.test.toml`.
    Test,
}

/// Fields of which a scenario has some, and no other file any.
const OF_SCENARIOS: [&str; 8] = [
    "arrivals", "callers", "demand", "forecast", "roster", "run", "staff", "wants",
];

impl FileKind {
    /// The kind of the file with this path.
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name == "groups.toml" || name.ends_with(".groups.toml") {
            Self::Groups
        } else if name.ends_with(".scenario.toml") {
            Self::Scenario
        } else if name.ends_with(".test.toml") {
            Self::Test
        } else {
            Self::Line
        }
    }

    /// What it is by what is in it, and where that shows; none where that may be anything.
    fn of_content(tree: &Table) -> Option<(Self, &Place)> {
        let first = |key: &str| tree.entries.iter().find(|entry| entry.key.text == key);
        let place = |key: &str| first(key).map(|entry| &entry.key.place);
        let is_table = |key: &str| tree.table(key).is_some();
        let found = match () {
            () if is_table("line") && tree.text("menu").is_none() => (Self::Line, "line"),
            () if tree.text("menu").is_some() && first("call").is_some() => (Self::Test, "call"),
            () if tree.text("menu").is_some()
                && OF_SCENARIOS.iter().any(|key| first(key).is_some()) =>
            {
                (Self::Scenario, "menu")
            }
            () if is_table("group") && first("menu").is_none() => (Self::Groups, "group"),
            () => return None,
        };
        Some((found.0, place(found.1)?))
    }

    /// Whether a file is plainly of another kind than this one, which is then said: that nearly nothing
    /// in it is as it should be would be of no help.
    pub(crate) fn is_missed(self, tree: &Table, out: &mut Diagnostics) -> bool {
        let other = Self::of_content(tree).filter(|(kind, _)| *kind != self);
        let Some((kind, place)) = other else {
            return false;
        };
        let message = format!("this file is {}, not {}", kind.words(), self.words());
        let help = match self {
            Self::Line => "name a line's file: it has a table [line]",
            Self::Groups => "name a groups file: it has tables [group.NAME]",
            Self::Scenario => {
                "name a scenario, `*.scenario.toml`: it names its line with `menu = \"shop.toml\"`"
            }
            Self::Test => {
                "name call tests, `*.test.toml`: they name their line with `menu` and have [[call]]"
            }
        };
        out.push(Diagnostic::error("wrong-type", place.clone(), message).help(help));
        true
    }

    fn words(self) -> &'static str {
        match self {
            Self::Line => "a line",
            Self::Groups => "a groups file",
            Self::Scenario => "a scenario",
            Self::Test => "a file of call tests",
        }
    }
}

/// Checks each line by itself, with the groups file it names, and their numbers and recordings
/// together.
pub fn check_lines(
    lines: &[PathBuf],
    at: Option<Date>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let mut numbers: Vec<Numbers> = Vec::new();
    let (mut scripts, mut shared) = (Vec::new(), Shared::default());
    for line in lines {
        let request = Request {
            lines: vec![line.clone()],
            at,
            ..Request::default()
        };
        let compiled = compile_shared(&request, sources, diagnostics, &mut shared);
        if let Some((plan, trace)) = compiled {
            scripts.extend(audio::recorded(&plan, &trace, line));
        }
        let Ok(file) = sources.read(line) else {
            continue;
        };
        // Its problems were reported by the compiler.
        let tree = tree::parse(file, sources, &mut Diagnostics::default());
        numbers.push(Numbers::of(&tree));
    }
    shared.report(diagnostics);
    numbers::clashes(&numbers, diagnostics);
    audio::check(&scripts, false, sources, diagnostics);
}

/// Checks a groups file alone.
pub fn check_groups(path: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) {
    let mut roster = Roster::default();
    if let Some(file) = open(path, None, sources, diagnostics) {
        let table = tree::parse(file, sources, diagnostics);
        roster.read(&table, Place { file, span: 0..0 }, diagnostics);
        roster.check_agents(diagnostics);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_it_is_by_its_name() {
        let kind = |name| FileKind::of(Path::new(name));
        assert_eq!(kind("menus/groups.toml"), FileKind::Groups);
        assert_eq!(kind("night.groups.toml"), FileKind::Groups);
        assert_eq!(kind("day.scenario.toml"), FileKind::Scenario);
        assert_eq!(kind("shop.test.toml"), FileKind::Test);
        assert_eq!(kind("shop.toml"), FileKind::Line);
    }

    #[test]
    fn a_file_of_another_kind_is_called_what_it_is() {
        let said = |wanted: FileKind, text: &str| {
            let (mut sources, mut out) = (Sources::default(), Diagnostics::default());
            let file = sources.add(Path::new("x.toml"), text.to_owned());
            let tree = tree::parse(file, &sources, &mut out);
            wanted
                .is_missed(&tree, &mut out)
                .then(|| out.sorted()[0].message.clone())
        };
        let line = "[line]\nname = \"X\"\n[menu.main]\nsay = \"x\"\n";
        let tests = "menu = \"x.toml\"\n[[call]]\nname = \"x\"\n";
        let expected = "this file is a line, not a scenario";
        assert_eq!(said(FileKind::Scenario, line).as_deref(), Some(expected));
        let expected = "this file is a file of call tests, not a line";
        assert_eq!(said(FileKind::Line, tests).as_deref(), Some(expected));
        assert_eq!(said(FileKind::Line, line), None);
        assert_eq!(said(FileKind::Test, tests), None);
        // May become anything.
        assert_eq!(said(FileKind::Scenario, "[run]\nruns = 3\n"), None);
        assert_eq!(said(FileKind::Test, "menu = \"x.toml\"\n"), None);
        assert_eq!(said(FileKind::Line, "[menu.main]\nsay = \"x\"\n"), None);
    }

    #[test]
    fn lines_of_different_sites_are_checked_side_by_side() {
        let mut sources = Sources::default();
        let mut lines = Vec::new();
        for (folder, number) in [
            ("a", "+441632960100"),
            ("b", "+441632960101"),
            ("c", "+441632960100"),
        ] {
            let text = format!(
                "[line]\nname = \"X\"\ngroups = \"groups.toml\"\ntimezone = \"UTC\"\n\
                 languages = [\"en\"]\nnumbers = [\"{number}\"]\nstart = \"desk\"\n\
                 [transfer.desk]\nto = \"{number}\"\nfailed = \"@hangup\"\n"
            );
            let line = Path::new(folder).join("shop.toml");
            sources.add(&line, text);
            sources.add(
                &Path::new(folder).join("groups.toml"),
                "[group.desk]\n".to_owned(),
            );
            lines.push(line);
        }
        let mut diagnostics = Diagnostics::default();
        check_lines(&lines[..2], None, &mut sources, &mut diagnostics);
        assert_eq!(diagnostics.render(&sources, false), "");
        check_lines(&lines, None, &mut sources, &mut diagnostics);
        assert!(diagnostics.has("number-clash"));
    }
}
