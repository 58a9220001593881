//! `strowger schema`: the JSON Schema of a kind of file.

use super::Exit;
use super::output;
use crate::menu::schema;
use crate::sim;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The kind of file.
    #[arg(value_enum, value_name = "KIND")]
    kind: Kind,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// A line.
    Line,
    /// `groups.toml`, `*.groups.toml`.
    Groups,
    /// `*.scenario.toml`.
    Scenario,
    /// `*.test.toml`.
    Test,
}

impl Schema {
    pub(super) fn run(&self) -> Exit {
        let (title, shape) = match self.kind {
            Kind::Line => ("A line of strowger", &schema::line::LINE),
            Kind::Groups => ("Groups and agents of strowger", &schema::groups::GROUPS),
            Kind::Scenario => ("A scenario of strowger", &sim::scenario::SCENARIO),
            Kind::Test => ("Call tests of strowger", &schema::calls::CALLS),
        };
        output::print(&format!("{:#}\n", schema::document(title, shape)));
        Exit::Fine
    }
}
