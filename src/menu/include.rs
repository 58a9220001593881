//! `include = ["common/answers.toml"]`: files whose steps become steps of a line.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::fields::Fields;
use super::source::FileId;
use super::source::Sources;
use super::source::open;
use super::tree;
use super::tree::Data;
use super::tree::Entry;
use super::tree::Name;
use super::tree::STEP_KINDS;
use super::tree::Table;

/// Files that one line includes, those of others included.
const INCLUDES_MAX: usize = 100;

/// A line file that was parsed.
pub(super) struct LineFile {
    pub(super) file: FileId,
    pub(super) stem: String,
    /// With the steps of the files that it includes.
    pub(super) tree: Table,
}

/// A file that was included, and where it is named.
#[derive(Clone, Debug)]
pub(super) struct Included {
    pub(super) file: FileId,
    pub(super) place: Place,
}

/// Adds the steps of the files that a line includes, each file once.
pub(super) fn read(
    line: &mut LineFile,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Vec<Included> {
    let mut included: Vec<Included> = Vec::new();
    let mut wanted = names(&line.tree, line.file, out);
    wanted.reverse();
    while let Some((from, name)) = wanted.pop() {
        let path = sources.beside(from, &name.text);
        let Some(file) = open(&path, Some(name.place.clone()), sources, out) else {
            continue;
        };
        // A file that two others include, or that comes back to itself, adds its steps once.
        if file == line.file || included.iter().any(|known| known.file == file) {
            continue;
        }
        if included.len() == INCLUDES_MAX {
            let message = format!("a line includes at most {INCLUDES_MAX} files");
            out.push(Diagnostic::error("too-large", name.place, message));
            break;
        }
        let tree = tree::parse(file, sources, out);
        let mut more = names(&tree, file, out);
        more.reverse();
        wanted.append(&mut more);
        merge(&mut line.tree, tree, file, out);
        let place = name.place;
        included.push(Included { file, place });
    }
    included
}

/// The files that a file includes.
fn names(tree: &Table, file: FileId, out: &mut Diagnostics) -> Vec<(FileId, Name)> {
    let start = Place { file, span: 0..0 };
    let mut root = Fields::new(tree, "a file of steps", start);
    root.forgive_unknown();
    let names = match tree.get("include") {
        Some(_) => root.texts("include").unwrap_or_default(),
        None => Vec::new(),
    };
    root.finish(out);
    names.into_iter().map(|name| (file, name)).collect()
}

/// Adds the steps of one file to those of the line.
fn merge(line: &mut Table, tree: Table, file: FileId, out: &mut Diagnostics) {
    let start = Place { file, span: 0..0 };
    let mut root = Fields::new(&tree, "an included file", start);
    root.format();
    root.value("include");
    STEP_KINDS.into_iter().for_each(|kind| {
        root.value(kind);
    });
    for foreign in [
        "line",
        "defaults",
        "global_keys",
        "calendar",
        "dialling",
        "phrases",
    ] {
        if let Some(place) = root.key_place(foreign) {
            root.value(foreign);
            let message = format!("an included file has no [{foreign}]: it adds steps");
            let help = format!("put [{foreign}] into the line that includes it");
            root.bad_value(place, message, &help);
        }
    }
    root.finish(out);
    for entry in tree.entries {
        if STEP_KINDS.contains(&entry.key.text.as_str()) {
            add(line, entry);
        }
    }
}

fn add(line: &mut Table, kind: Entry) {
    let mut own = line.entries.iter_mut();
    let own = own.find_map(|entry| match &mut entry.value.data {
        Data::Table(table) if entry.key.text == kind.key.text => Some(table),
        _ => None,
    });
    match (own, kind.value.data) {
        (Some(own), Data::Table(mut more)) => own.entries.append(&mut more.entries),
        (None, data @ Data::Table(_)) => line.entries.push(Entry {
            key: kind.key,
            value: tree::Value {
                place: kind.value.place,
                data,
            },
        }),
        // Reported where the line is read, if it is no table there either.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::menu::Request;
    use crate::menu::compile;
    use crate::menu::diagnostic::Diagnostics;
    use crate::menu::source::Sources;
    use std::path::Path;
    use std::path::PathBuf;

    const LINE: &str = r#"
include = ["common/a.toml"]
[line]
name = "X"
groups = "groups.toml"
timezone = "UTC"
languages = ["en"]
start = "main"
[menu.main]
say = "{options}"
give_up = "@hangup"
[menu.main.keys]
1 = { go = "a", label = "a" }
2 = { go = "b", label = "b" }
[transfer.desk]
to = "+441632960100"
failed = "@hangup"
"#;
    const A: &str = "include = [\"b.toml\"]\n[say.a]\nsay = \"A.\"\nthen = \"desk\"\n";
    const B: &str = "include = [\"a.toml\"]\n[say.b]\nsay = \"B.\"\nthen = \"a\"\n";

    /// The steps of the line, and what is wrong.
    fn steps(a: &str, b: &str) -> (Option<Vec<String>>, String) {
        let mut sources = Sources::sealed();
        for (name, text) in [
            ("x.toml", LINE),
            ("groups.toml", "[group.g]"),
            ("common/a.toml", a),
            ("common/b.toml", b),
        ] {
            sources.add(Path::new(name), text.to_owned());
        }
        let request = Request {
            lines: vec![PathBuf::from("x.toml")],
            ..Request::default()
        };
        let mut problems = Diagnostics::default();
        let plan = compile(&request, &mut sources, &mut problems);
        let names = plan.map(|plan| plan.steps.into_iter().map(|step| step.name).collect());
        (names, problems.render(&sources, false))
    }

    #[test]
    fn files_that_include_each_other_add_their_steps_once() {
        let (names, text) = steps(A, B);
        assert_eq!(text, "");
        assert_eq!(names.expect("a plan"), ["main", "desk", "a", "b"]);
    }

    #[test]
    fn a_name_used_in_two_files_is_shown_in_both() {
        let (names, text) = steps(A, &B.replace("say.b", "say.main"));
        assert!(names.is_none());
        for shown in [
            "error[duplicate-step]: two steps are called \"main\"",
            "common/b.toml:2:6",
            "x.toml:9:7",
        ] {
            assert!(text.contains(shown), "{shown} is not in:\n{text}");
        }
    }

    #[test]
    fn an_included_file_adds_steps_and_nothing_else() {
        let (_, text) = steps(&format!("{A}[line]\nname = \"Y\"\n[agent.x]\n"), B);
        for shown in [
            "an included file has no [line]: it adds steps",
            "an included file has no field `agent`",
        ] {
            assert!(text.contains(shown), "{shown} is not in:\n{text}");
        }
        let (_, text) = steps(&A.replace("b.toml", "c.toml"), B);
        assert!(text.contains("there is no file common/c.toml"), "{text}");
        let (_, text) = steps(&A.replace("[\"b.toml\"]", "7"), B);
        assert!(text.contains("`include` has to be a list"), "{text}");
    }
}
