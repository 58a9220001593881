//! `<X-PRE-PROCESS cmd="include" data="dir/*.xml"/>`, and the comment `#include` of older files.

use super::super::super::diagnostic::Diagnostics;
use super::super::super::diagnostic::Place;
use super::super::super::source::FileId;
use super::super::super::source::Sources;
use super::super::include::Includes;
use super::super::include::Wanted;
use super::super::tally::Tally;
use super::super::xml;
use roxmltree::Node;
use std::path::PathBuf;

/// The folder beside which the others of a configuration lie; its files reach them by `../`.
const BESIDE_OTHERS: &str = "autoload_configs";

/// The files that were named, each with those that it includes behind it.
pub(super) struct Included {
    pub(super) files: Vec<FileId>,
    /// The first include of which nothing came.
    pub(super) lost: Option<Lost>,
}

/// An include of which nothing came.
pub(super) struct Lost {
    pub(super) place: Place,
    pub(super) why: String,
}

/// What a file asks of whoever reads it.
enum Command {
    Include(Wanted),
    Program(String, Place),
}

/// Finds what the files include, and what those do.
pub(super) fn with_included(
    files: &[FileId],
    sources: &mut Sources,
    tally: &mut Tally,
    out: &mut Diagnostics,
) -> Option<Included> {
    let beside = files.iter().filter_map(|file| {
        let home = sources.home(*file);
        let is_beside = home.ends_with(BESIDE_OTHERS);
        home.parent().filter(|_| is_beside).map(PathBuf::from)
    });
    let mut walk = Walk {
        includes: Includes::new(files, beside.collect(), sources),
        found: Included {
            files: Vec::new(),
            lost: None,
        },
        open: Vec::new(),
        sources,
        tally,
        out,
    };
    for file in files {
        walk.file(*file)?;
    }
    Some(walk.found)
}

struct Walk<'w> {
    includes: Includes,
    found: Included,
    open: Vec<FileId>,
    sources: &'w mut Sources,
    tally: &'w mut Tally,
    out: &'w mut Diagnostics,
}

impl Walk<'_> {
    /// A file and those that it includes; menus and queues that stand in two places are the same.
    fn file(&mut self, file: FileId) -> Option<()> {
        if self.found.files.contains(&file) {
            return Some(());
        }
        self.found.files.push(file);
        self.open.push(file);
        for command in commands(file, self.sources, self.out)? {
            match command {
                Command::Include(wanted) => self.include(&wanted)?,
                Command::Program(program, place) => {
                    let note =
                        format!("the output of `{program}` would stand here, which is not run");
                    self.tally.skip(&place, note);
                }
            }
        }
        self.open.pop();
        Some(())
    }

    fn include(&mut self, wanted: &Wanted) -> Option<()> {
        let (sources, tally) = (&mut *self.sources, &mut *self.tally);
        let found = self
            .includes
            .find(wanted, &self.open, sources, tally, self.out);
        if self.out.has_errors() {
            return None;
        }
        if found.is_empty() && self.found.lost.is_none() {
            let why = self.tally.said_of(&wanted.place).unwrap_or_default();
            let place = wanted.place.clone();
            self.found.lost = Some(Lost { place, why });
        }
        found.into_iter().try_for_each(|file| self.file(file))
    }
}

fn commands(file: FileId, sources: &Sources, out: &mut Diagnostics) -> Option<Vec<Command>> {
    let document = xml::parse(file, sources, out)?;
    let nodes = document.descendants();
    Some(nodes.filter_map(|node| command(file, node)).collect())
}

fn command(file: FileId, node: Node<'_, '_>) -> Option<Command> {
    let include = |name: &str| {
        Some(Command::Include(Wanted {
            name: name.to_owned(),
            place: xml::place(file, node),
            is_optional: false,
        }))
    };
    if node.is_comment() {
        let name = node.text()?.trim().strip_prefix("#include")?;
        return include(name.trim().trim_matches('"'));
    }
    let is_ours = node.tag_name().name().eq_ignore_ascii_case("x-pre-process");
    let data = xml::attribute(node, "data").filter(|_| is_ours)?;
    match xml::attribute(node, "cmd")? {
        "include" => include(data),
        "exec" => Some(Command::Program(data.to_owned(), xml::place(file, node))),
        _ => None,
    }
}
