//! `strowger schema`: the JSON Schema of a kind of file, or of one file with the names that it may use.

use super::Exit;
use super::output;
use crate::menu;
use crate::menu::FileKind;
use crate::menu::schema;
use crate::menu::schema::Names;
use crate::menu::schema::Shape;
use crate::menu::source::Sources;
use crate::menu::value;
use crate::sim;
use clap::Args;
use std::convert::Infallible;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::str::FromStr;

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// A kind of file: line, groups, scenario or test. Or a file: then steps, queues, groups and the like
    /// that it refers to are those that are there, so that editors complete and check their names.
    #[arg(value_name = "KIND|FILE")]
    of: Of,
}

/// The kinds of files, as they are asked for.
const KINDS: [(&str, FileKind); 4] = [
    ("line", FileKind::Line),
    ("groups", FileKind::Groups),
    ("scenario", FileKind::Scenario),
    ("test", FileKind::Test),
];

/// What a schema is of.
#[derive(Clone, Debug)]
enum Of {
    Kind(FileKind),
    File(PathBuf),
}

impl FromStr for Of {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let kind = KINDS.iter().find(|(name, _)| *name == text);
        Ok(match kind {
            Some((_, kind)) => Self::Kind(*kind),
            None => Self::File(PathBuf::from(text)),
        })
    }
}

impl Schema {
    pub(super) fn run(&self) -> Exit {
        let schema = match &self.of {
            Of::Kind(kind) => {
                let (title, shape) = shape(*kind);
                schema::document(title, shape, &Names::default())
            }
            Of::File(path) => {
                let names = match menu::names(path, &mut Sources::default()) {
                    Ok(names) => names,
                    Err(error) => {
                        eprintln!(
                            "error: cannot read {}: {error}\n  = help: {}",
                            path.display(),
                            help(path, &error)
                        );
                        return Exit::Unreadable;
                    }
                };
                let (kind, shape) = shape(FileKind::of(path));
                let title = format!("{kind}: {}", path.display());
                schema::document(&title, shape, &names)
            }
        };
        output::print(&format!("{schema:#}\n"));
        Exit::Fine
    }
}

/// What can be done where a file cannot be read, which may be a kind that is misspelled.
fn help(path: &Path, error: &io::Error) -> String {
    if let Some(remedy) = Sources::remedy(error) {
        return remedy;
    }
    let name = path.to_string_lossy();
    let may_be_kind = !name.contains(['.', '/', '\\']);
    let nearest = value::nearest(&name, KINDS.map(|(name, _)| name));
    match nearest.filter(|_| may_be_kind) {
        Some(kind) => format!("did you mean `{kind}`? The kinds of files are {}", listed()),
        None => format!(
            "name a file, or a kind of them: the kinds of files are {}",
            listed()
        ),
    }
}

/// All kinds of files, as one says it.
fn listed() -> String {
    let [first @ .., last] = KINDS.map(|(name, _)| name);
    format!("{} and {last}", first.join(", "))
}

/// What files of a kind are called, and their shape.
fn shape(kind: FileKind) -> (&'static str, &'static Shape) {
    match kind {
        FileKind::Line => ("A line of strowger", &schema::line::LINE),
        FileKind::Groups => ("Groups and agents of strowger", &schema::groups::GROUPS),
        FileKind::Scenario => ("A scenario of strowger", &sim::scenario::SCENARIO),
        FileKind::Test => ("Call tests of strowger", &schema::calls::CALLS),
    }
}
