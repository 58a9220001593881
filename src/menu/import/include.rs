//! Files that other files include, by name or by pattern.
//!
//! What an import reads is what was named, and what lies in the folders of that: a file of somebody
//! else's makes nobody read another place of the disk.

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::source::FileId;
use super::super::source::Sources;
use super::glob;
use super::tally::Tally;
use std::path::Path;
use std::path::PathBuf;

/// Files that are read because others include them, each time counted.
const INCLUDED_MAX: usize = 500;
/// All of them together.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// Files that include files that include files: so deep.
const DEPTH_MAX: usize = 16;

/// A place where other files are to be read.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// A path or a pattern, as it is written.
    pub(super) name: String,
    pub(super) place: Place,
    /// Nothing is amiss where there is none.
    pub(super) is_optional: bool,
}

/// What has been included so far, and from where it may come.
#[derive(Debug)]
pub(super) struct Includes {
    folders: Vec<PathBuf>,
    files: usize,
    bytes: usize,
}

impl Includes {
    /// Includes of files that were named; these folders may be read besides theirs.
    pub(super) fn new(named: &[FileId], more: Vec<PathBuf>, sources: &Sources) -> Self {
        let mut folders = more;
        for file in named {
            let home = sources.home(*file);
            if !folders.contains(&home) {
                folders.push(home);
            }
        }
        Self {
            folders,
            files: 0,
            bytes: 0,
        }
    }

    /// The files that are wanted, by their names, in the order in which they are to be read. `open` are
    /// the files that lead here, the first of them one that was named: where nothing lies beside the
    /// last, it is looked for beside the first. What cannot be read is noted.
    pub(super) fn find(
        &mut self,
        wanted: &Wanted,
        open: &[FileId],
        sources: &mut Sources,
        tally: &mut Tally,
        out: &mut Diagnostics,
    ) -> Vec<FileId> {
        let (name, place) = (&wanted.name, &wanted.place);
        if name.contains("${") {
            let note = format!("`{name}` depends on a variable: name the files that it stands for");
            tally.skip(place, note);
            return Vec::new();
        }
        let paths = self.paths(name, open, sources);
        if paths.is_empty() {
            self.missing(wanted, open, sources, tally);
            return Vec::new();
        }
        let mut files = Vec::new();
        for path in paths {
            let shown = path.file_name().unwrap_or_default().to_string_lossy();
            if !self.may_read(&path, sources) {
                tally.skip(place, outside(&shown));
                continue;
            }
            match sources.read(&path) {
                Ok(file) if open.contains(&file) => {
                    let note = format!("{shown} leads back to itself here: it is read once");
                    tally.skip(place, note);
                }
                Ok(_) if open.len() >= DEPTH_MAX => {
                    let note = format!("{shown} is included {DEPTH_MAX} deep, and not read");
                    tally.skip(place, note);
                }
                Ok(file) if self.has_room(file, place, sources, out) => {
                    tally.convert(place);
                    files.push(file);
                }
                Ok(_) => return files,
                Err(error) => {
                    let remedy = Sources::remedy(&error);
                    let remedy = remedy.map_or_else(String::new, |remedy| format!("; {remedy}"));
                    let note = Sources::unreadable(&path, &error);
                    tally.skip(place, format!("{note}{remedy}"));
                }
            }
        }
        files
    }

    /// The paths that a name stands for.
    fn paths(&self, name: &str, open: &[FileId], sources: &Sources) -> Vec<PathBuf> {
        let beside = [open.last(), open.first()].into_iter().flatten();
        let mut all = beside.map(|file| {
            let folder = sources.beside(*file, "");
            let may_list = |folder: &Path| self.may_read(folder, sources);
            glob::files(&folder, name, sources, &may_list)
        });
        all.find(|paths| !paths.is_empty()).unwrap_or_default()
    }

    fn may_read(&self, path: &Path, sources: &Sources) -> bool {
        sources.lies_in(path, &self.folders) || sources.has_read(path)
    }

    fn has_room(
        &mut self,
        file: FileId,
        place: &Place,
        sources: &Sources,
        out: &mut Diagnostics,
    ) -> bool {
        self.files += 1;
        self.bytes += sources.get(file).text.len();
        let fits = self.files <= INCLUDED_MAX && self.bytes <= BYTES_MAX;
        if !fits && !out.has_errors() {
            let mebibytes = BYTES_MAX / 1024 / 1024;
            let message =
                format!("more than {INCLUDED_MAX} files, or {mebibytes} MiB, are included");
            let diagnostic = Diagnostic::error("too-large", place.clone(), message);
            out.push(diagnostic.help("import the files that hold the line, and not all of them"));
        }
        fits
    }

    fn missing(&self, wanted: &Wanted, open: &[FileId], sources: &Sources, tally: &mut Tally) {
        let (name, place) = (&wanted.name, &wanted.place);
        let beside = [open.last(), open.first()].into_iter().flatten();
        let beside: Vec<PathBuf> = beside.map(|file| sources.beside(*file, name)).collect();
        let folder = beside.first().and_then(|path| path.parent());
        let is_outside =
            folder.is_some_and(|folder| !self.may_read(folder, sources) && folder.is_dir());
        let is_folder = |path: &PathBuf| self.may_read(path, sources) && path.is_dir();
        if is_outside {
            tally.skip(place, outside(name));
        } else if beside.iter().any(is_folder) {
            let note = format!(
                "{name} is a folder: include the files in it, as in {}/*",
                name.trim_end_matches('/')
            );
            tally.skip(place, note);
        } else if wanted.is_optional || glob::is_pattern(name) {
            tally.remark(place, format!("there is no {name}, which is included here"));
        } else {
            let note =
                format!("there is no {name}, which is included here: name it with this file");
            tally.skip(place, note);
        }
    }
}

fn outside(name: &str) -> String {
    format!(
        "{name} lies outside of the folders of the files that were named, and is not read: name it too"
    )
}
