//! A scenario file as it is written, before its names are looked up.

use super::check::key_place;
use super::shape::SCENARIO;
use super::what_if::WhatIf;
use crate::menu::FileKind;
use crate::menu::Override;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::fields::Fields;
use crate::menu::source::FileId;
use crate::menu::source::Sources;
use crate::menu::source::open;
use crate::menu::tree;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::menu::tree::Table;
use std::path::Path;
use std::path::PathBuf;

/// A scenario file: read, with its menu file named and its what-ifs known.
#[derive(Clone, Debug)]
pub struct ScenarioFile {
    /// Its path.
    pub path: PathBuf,
    /// Its place among the sources.
    pub file: FileId,
    /// The menu files, relative to the working directory: one for each line.
    pub menus: Vec<PathBuf>,
    /// Where each of them is named.
    pub(in crate::sim) menus_at: Vec<Place>,
    /// The what-ifs, in the order of the file.
    pub what_ifs: Vec<WhatIf>,
    /// With the own settings of the what-if that applies.
    tree: Table,
    /// Whether reading it found no error.
    pub(super) fine: bool,
    applied: Option<usize>,
}

impl ScenarioFile {
    /// Reads a scenario file. None when it cannot be read or does not name its menu file.
    pub fn read(path: &Path, sources: &mut Sources, problems: &mut Diagnostics) -> Option<Self> {
        let file = open(path, None, sources, problems)?;
        let mut found = Diagnostics::default();
        let tree = tree::parse(file, sources, &mut found);
        if FileKind::Scenario.is_missed(&tree, &mut found) {
            problems.append(found);
            return None;
        }
        let mut root = fields(&tree, file);
        let menus = menus(&mut root);
        let mut what_ifs: Vec<WhatIf> = Vec::new();
        for mut inner in root.repeated("what_if") {
            let what_if = WhatIf::read(&mut inner);
            if let Some(problem) = what_if.misnamed(&what_ifs) {
                inner.push(problem);
            }
            what_ifs.push(what_if);
            root.absorb(inner);
        }
        // The rest is read when the names of the menu are known.
        root.forgive_unknown();
        root.finish(&mut found);
        let fine = !found.has_errors();
        problems.append(found);
        let menus = menus?;
        Some(Self {
            path: path.to_owned(),
            file,
            menus: beside(&menus, file, sources),
            menus_at: places(&menus),
            what_ifs,
            tree,
            fine,
            applied: None,
        })
    }

    /// The scenario with its what-if of this number applied.
    #[must_use]
    pub fn with(&self, what_if: usize, sources: &Sources) -> Self {
        let mut variant = self.clone();
        if let Some(change) = self.what_ifs.get(what_if) {
            variant.applied = Some(what_if);
            change.apply(&mut variant.tree);
            // What it sets was looked at when it was read.
            if let Some(menus) = menus(&mut variant.fields()) {
                variant.menus = beside(&menus, self.file, sources);
                variant.menus_at = places(&menus);
            }
        }
        variant
    }

    /// The scenario with these changes and none of its what-ifs; None, with the reason among the
    /// problems, when they cannot be made.
    pub(in crate::sim) fn changed(
        &self,
        (name, changes): (String, Vec<Override>),
        sources: &Sources,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let mut variant = self.clone();
        let mut found = Diagnostics::default();
        variant.what_ifs = vec![WhatIf::of(name, changes, &mut found)];
        let fine = !found.has_errors();
        problems.append(found);
        if !fine {
            return None;
        }
        Some(variant.with(0, sources))
    }

    /// The what-if that applies.
    pub fn what_if(&self) -> Option<&WhatIf> {
        self.what_ifs.get(self.applied?)
    }

    /// What is wrong with the menu files of the what-if that applies, beside those of the scenario as it is
    /// written: a line is called after its file, and calls and goals are of lines by name.
    pub(in crate::sim) fn misses_a_line(&self, written: &Self) -> Option<Diagnostic> {
        let what_if = self.what_if()?;
        let place = what_if.menus_at()?;
        let names = |menus: &[PathBuf]| -> Vec<String> {
            let names = menus.iter().filter_map(|menu| menu.file_name());
            names
                .map(|name| name.to_string_lossy().into_owned())
                .collect()
        };
        let (own, written) = (names(&self.menus), names(&written.menus));
        let name = &what_if.name;
        let same_name = |file: &str| {
            format!(
                "a line is called after its file, and calls are of lines by name: keep the changed one under \
                 the same name in another folder, `next/{file}`"
            )
        };
        let (message, help) = match written.iter().find(|file| !own.contains(file)) {
            Some(file) => (
                format!("none of the menu files of \"{name}\" is called `{file}`"),
                match own.len() < written.len() {
                    true => {
                        "name all lines of the scenario in a `[[what_if]]`, those that stay too: \
                             `set = { menu = [\"next/shop.toml\", \"bank.toml\"] }`"
                            .to_owned()
                    }
                    false => same_name(file),
                },
            ),
            // The callers of the first line are the same ones whatever lines come after it.
            None if own.first() != written.first() => {
                let file = written.first()?;
                (
                    format!("the first of the menu files of \"{name}\" is not `{file}`"),
                    format!("the run goes by the first line: name `{file}` first"),
                )
            }
            None => return None,
        };
        Some(Diagnostic::error("bad-value", place, message).help(help))
    }

    /// What to say beside problems that a what-if has with menu files of its own alone: they stand where the
    /// scenario is right without it.
    pub(in crate::sim) fn blames_menus(&self) -> Option<Diagnostic> {
        let what_if = self.what_if()?;
        let place = what_if.menus_at()?;
        let message = format!(
            "the scenario does not fit the menu files of \"{}\"",
            what_if.name
        );
        let help = "what else is told is so with these files alone: all steps that wants and other tables name \
                    have to be in them, and lines of one scenario have to name the same groups files";
        Some(Diagnostic::error("bad-value", place, message).help(help))
    }

    /// The file's stem without `.scenario`.
    pub(super) fn name(&self) -> String {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        stem.strip_suffix(".scenario").unwrap_or(&stem).to_owned()
    }

    /// The whole file, to be read.
    pub(super) fn fields(&self) -> Fields<'_> {
        fields(&self.tree, self.file)
    }
}

/// Reads `menu`: one file, or several in a list.
fn menus(root: &mut Fields<'_>) -> Option<Vec<Name>> {
    let help = "name the line's menu file, relative to the scenario: `menu = \"shop.toml\"`; those of \
                several lines in a list";
    root.require("menu", help);
    match &root.value("menu")?.data {
        Data::List(list) if list.is_empty() => {
            root.bad_value(key_place(root, "menu"), "`menu` names no file", help);
            None
        }
        Data::List(list) => {
            let menus = root.texts("menu")?;
            (menus.len() == list.len()).then_some(menus)
        }
        _ => root.text("menu").map(|menu| vec![menu]),
    }
}

/// The paths of files that a scenario names.
fn beside(menus: &[Name], file: FileId, sources: &Sources) -> Vec<PathBuf> {
    let paths = menus.iter().map(|menu| sources.beside(file, &menu.text));
    paths.collect()
}

fn places(menus: &[Name]) -> Vec<Place> {
    menus.iter().map(|menu| menu.place.clone()).collect()
}

fn fields(tree: &Table, file: FileId) -> Fields<'_> {
    let fields = Fields::new(tree, "a scenario", Place { file, span: 0..0 });
    fields.shaped(Some(&SCENARIO))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
menu = "shop.toml"
[wants.delivery]
satisfied = 0.5
[[what_if]]
name = "better"
set = { "wants.delivery.satisfied" = 0.9, "group.support.max_waiting" = 0, "callers.redial.attempts" = 1 }
[[what_if]]
name = "a new line"
set = { menu = "../menus/new.toml" }
"#;

    fn file() -> (ScenarioFile, Sources) {
        let mut sources = Sources::default();
        let path = Path::new("days/x.scenario.toml");
        sources.add(path, TEXT.to_owned());
        let mut problems = Diagnostics::default();
        let file = ScenarioFile::read(path, &mut sources, &mut problems);
        assert_eq!(problems.render(&sources, false), "");
        (file.expect("a scenario file"), sources)
    }

    fn at<'t>(table: &'t Table, path: &[&str]) -> Option<&'t Data> {
        let data = &table.get(path.first()?)?.data;
        match data {
            Data::Table(inner) if path.len() > 1 => at(inner, &path[1..]),
            _ => Some(data),
        }
    }

    #[test]
    fn settings_of_the_menu_are_handed_over_and_others_are_applied() {
        let (file, sources) = file();
        assert_eq!(file.menus, [Path::new("days/shop.toml")]);
        let over = &file.what_ifs[0].overrides;
        assert_eq!(over.len(), 1);
        assert_eq!(over[0].path.text, "group.support.max_waiting");
        assert!(matches!(over[0].value.data, Data::Integer(0)));

        let tree = file.with(0, &sources).tree;
        let satisfied = at(&tree, &["wants", "delivery", "satisfied"]);
        assert!(matches!(satisfied, Some(Data::Float(share)) if *share == 0.9));
        let attempts = at(&tree, &["callers", "redial", "attempts"]);
        assert!(matches!(attempts, Some(Data::Integer(1))));
    }

    #[test]
    fn a_what_if_may_have_other_menus() {
        let (file, sources) = file();
        let other = file.with(1, &sources);
        assert_eq!(other.menus, [Path::new("menus/new.toml")]);
        assert!(other.what_ifs[1].overrides.is_empty());
    }
}
