//! The kinds of files, by their names and by what is in them.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::tree::Table;
use std::path::Path;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::source::Sources;
    use crate::menu::tree;

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
}
