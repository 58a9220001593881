//! `strowger schema`: the JSON Schema of a kind of file, or of one file with the names that it may use.

use super::Exit;
use super::output;
use crate::menu;
use crate::menu::FileKind;
use crate::menu::schema;
use crate::menu::schema::Names;
use crate::menu::schema::Shape;
use crate::menu::source::Sources;
use crate::sim;
use clap::Args;
use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// A kind of file: line, groups, scenario or test. Or a file: then steps, queues, groups and the like
    /// that it refers to are those that are there, so that editors complete and check their names.
    #[arg(value_name = "KIND|FILE")]
    of: Of,
}

/// What a schema is of.
#[derive(Clone, Debug)]
enum Of {
    Kind(FileKind),
    File(PathBuf),
}

impl FromStr for Of {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "line" => Self::Kind(FileKind::Line),
            "groups" => Self::Kind(FileKind::Groups),
            "scenario" => Self::Kind(FileKind::Scenario),
            "test" => Self::Kind(FileKind::Test),
            file => Self::File(PathBuf::from(file)),
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
                            "error: cannot read {}: {error}\n  = help: name a file, or a kind of them: \
                             the kinds of files are line, groups, scenario and test",
                            path.display()
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

/// What files of a kind are called, and their shape.
fn shape(kind: FileKind) -> (&'static str, &'static Shape) {
    match kind {
        FileKind::Line => ("A line of strowger", &schema::line::LINE),
        FileKind::Groups => ("Groups and agents of strowger", &schema::groups::GROUPS),
        FileKind::Scenario => ("A scenario of strowger", &sim::scenario::SCENARIO),
        FileKind::Test => ("Call tests of strowger", &schema::calls::CALLS),
    }
}
