//! The files a problem can be in.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::diagnostic::Severity;
use super::encoding;
use super::fnv::Fnv;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

/// A file among those read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

/// Every file that was read, so that a diagnostic can show the place.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
    /// Other names by which a file was read.
    aliases: Vec<(PathBuf, FileId)>,
    /// Nothing is read but what was added.
    sealed: bool,
}

/// One file.
#[derive(Clone, Debug)]
pub struct Source {
    /// As it was named on the command line, or relative to the file that names it.
    pub path: PathBuf,
    /// Its whole text.
    pub text: String,
    /// Where each of its lines begins.
    lines: Vec<usize>,
    /// Where it lies, by whatever name it was read.
    canonical: Option<PathBuf>,
    /// Its text is not the one on the disk.
    is_changed: bool,
    /// It is no file, but part of the command line.
    pub is_flag: bool,
    /// Lines of the file that come before the text, which is a piece of it.
    lines_before: usize,
}

/// The largest file that is read.
pub const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Names in a folder that are looked at.
const FOLDER_NAMES_MAX: usize = 10_000;

impl Source {
    /// A hash of the text that is the same everywhere.
    pub fn hash(&self) -> String {
        Fnv::hex(&self.text)
    }

    /// Where it lies, whatever links led to it.
    pub fn on_disk(&self) -> &Path {
        self.canonical.as_deref().unwrap_or(&self.path)
    }

    /// The line of a byte, from 0.
    fn line_of(&self, byte: usize) -> usize {
        self.lines.partition_point(|start| *start <= byte) - 1
    }

    /// The lines that hold some bytes, whole, and the number of the first, from 1. What is shown of a
    /// file need not be looked for in all of it.
    pub(super) fn lines_around(&self, span: &Range<usize>) -> (Range<usize>, usize) {
        let (first, last) = (self.line_of(span.start), self.line_of(span.end));
        let end = self.lines.get(last + 1).copied();
        let bytes = self.lines[first]..end.unwrap_or(self.text.len());
        (bytes, self.lines_before + first + 1)
    }
}

impl Sources {
    /// Files that are all added as texts: none is looked for on the disk.
    pub fn sealed() -> Self {
        Self {
            sealed: true,
            ..Self::default()
        }
    }

    /// Whether this is one of the files that were read, by whatever name.
    pub fn has_read(&self, path: &Path) -> bool {
        let canonical = fs::canonicalize(path).ok();
        let mut files = self.files.iter().filter(|source| !source.is_flag);
        files.any(|source| {
            source.path == path || (canonical.is_some() && source.canonical == canonical)
        })
    }

    /// Reads a file; one that was read before is not read again.
    pub fn read(&mut self, path: &Path) -> io::Result<FileId> {
        if let Some(place) = self
            .files
            .iter()
            .position(|source| source.path == path && !source.is_flag)
        {
            return Ok(FileId(place));
        }
        if let Some((_, file)) = self.aliases.iter().find(|(name, _)| name == path) {
            return Ok(*file);
        }
        if self.sealed {
            return Err(io::ErrorKind::NotFound.into());
        }
        let canonical = fs::canonicalize(path)?;
        let same = |source: &Source| source.canonical.as_ref() == Some(&canonical);
        if let Some(place) = self.files.iter().position(same) {
            self.add_alias(path, FileId(place));
            return Ok(FileId(place));
        }
        let metadata = fs::metadata(path)?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !metadata.is_file() {
            // A device or a pipe may never end.
            return Err(io::Error::other("it is not a regular file"));
        }
        if metadata.len() > FILE_BYTES_MAX {
            let limit = FILE_BYTES_MAX / 1024 / 1024;
            return Err(io::Error::other(format!(
                "the file is larger than {limit} MiB"
            )));
        }
        let text = encoding::text(fs::read(path)?)?;
        let id = self.add(path, text);
        self.files[id.0].canonical = Some(canonical);
        Ok(id)
    }

    /// The same files with other texts. Of the rest nothing is known yet.
    #[must_use]
    pub fn amended(&self, texts: &BTreeMap<FileId, String>) -> Self {
        let mut amended = Self {
            sealed: self.sealed,
            ..Self::default()
        };
        for (place, old) in self.files.iter().enumerate() {
            let new = texts.get(&FileId(place));
            if old.is_flag || (new.is_none() && !old.is_changed) {
                continue;
            }
            let id = amended.add(&old.path, new.unwrap_or(&old.text).clone());
            let file = &mut amended.files[id.0];
            file.canonical.clone_from(&old.canonical);
            file.is_changed = true;
        }
        amended
    }

    /// Adds a text that came from elsewhere under a name.
    pub fn add(&mut self, path: &Path, text: String) -> FileId {
        let ends = text.match_indices('\n').map(|(end, _)| end + 1);
        let lines = std::iter::once(0).chain(ends).collect();
        self.files.push(Source {
            path: path.to_owned(),
            text,
            lines,
            is_changed: false,
            canonical: None,
            is_flag: false,
            lines_before: 0,
        });
        FileId(self.files.len() - 1)
    }

    /// Adds some lines of a file that is too large to be kept, so that a diagnostic can show the place; the
    /// first of them has this number, from 1.
    pub fn add_excerpt(&mut self, path: &Path, first_line: usize, text: String) -> FileId {
        let id = self.add(path, text);
        self.files[id.0].lines_before = first_line - 1;
        id
    }

    /// The text that was added under a name, or read.
    pub fn known(&self, path: &Path) -> Option<&str> {
        let known = self.files.iter().find(|source| source.path == path)?;
        Some(&known.text)
    }

    /// Adds what a flag of the command line says, so that a diagnostic can show the place.
    pub fn add_flag(&mut self, flag: &str, text: String) -> FileId {
        let id = self.add(Path::new(flag), text);
        self.files[id.0].is_flag = true;
        id
    }

    /// Adds another name of a file.
    pub fn add_alias(&mut self, path: &Path, file: FileId) {
        self.aliases.push((path.to_owned(), file));
    }

    /// Other names by which files were read.
    pub fn aliases(&self) -> impl Iterator<Item = (&Path, FileId)> {
        self.aliases
            .iter()
            .map(|(path, file)| (path.as_path(), *file))
    }

    /// Whether there is such a file.
    pub(super) fn is_file(&self, path: &Path) -> bool {
        let known = self.files.iter().any(|source| source.path == path);
        known || (!self.sealed && path.is_file())
    }

    /// The names in a folder, at most so many; none where it cannot be read.
    pub(super) fn names_in(&self, folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        if self.sealed {
            let inside = self.files.iter();
            let inside = inside.filter_map(|source| source.path.strip_prefix(folder).ok());
            let first = inside.filter_map(|path| path.components().next());
            names.extend(first.map(|name| name.as_os_str().to_string_lossy().into_owned()));
        } else {
            let here = match folder.as_os_str().is_empty() {
                true => Path::new("."),
                false => folder,
            };
            let entries = fs::read_dir(here).into_iter().flatten().flatten();
            let entries = entries.take(FOLDER_NAMES_MAX);
            // A name that is no UTF-8 is one that no text can stand for.
            names.extend(entries.filter_map(|entry| entry.file_name().into_string().ok()));
        }
        names
    }

    /// The folder in which a file lies, whatever links led to it.
    pub(super) fn home(&self, file: FileId) -> PathBuf {
        let folder = self.get(file).on_disk().parent();
        folder.unwrap_or(Path::new("")).to_owned()
    }

    /// Whether a file or folder lies in one of some folders, or in one of theirs, whatever links lead
    /// to it. Texts that were added lie where they were put.
    pub(super) fn lies_in(&self, path: &Path, folders: &[PathBuf]) -> bool {
        if self.sealed {
            return true;
        }
        let path = match path.as_os_str().is_empty() {
            true => Path::new("."),
            false => path,
        };
        let real = fs::canonicalize(path);
        real.is_ok_and(|real| folders.iter().any(|folder| real.starts_with(folder)))
    }

    /// What is to be said of a file that cannot be read.
    pub fn unreadable(path: &Path, error: &io::Error) -> String {
        let path = path.display();
        match error.kind() {
            io::ErrorKind::NotFound => format!("there is no file {path}"),
            io::ErrorKind::IsADirectory => {
                format!("{path} is a folder: name the files in it")
            }
            io::ErrorKind::InvalidData if error.get_ref().is_some() => format!("{path} is {error}"),
            io::ErrorKind::InvalidData => format!("{path} is not text in UTF-8"),
            _ => format!("cannot read {path}: {error}"),
        }
    }

    /// What can be done about it, where that is known.
    pub fn remedy(error: &io::Error) -> Option<String> {
        encoding::remedy(error)
    }

    /// The path of a file that another one names, relative to that one.
    pub fn beside(&self, file: FileId, name: &str) -> PathBuf {
        let folder = self.get(file).path.parent();
        Self::follow(folder.unwrap_or(Path::new("")), Path::new(name))
    }

    /// A path without detours, by which two names of one file are one.
    pub fn plain(name: &Path) -> PathBuf {
        Self::follow(Path::new(""), name)
    }

    fn follow(from: &Path, name: &Path) -> PathBuf {
        let mut path = from.to_owned();
        for part in name.components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir if matches!(last(&path), Some(Component::Normal(_))) => {
                    path.pop();
                }
                part => path.push(part),
            }
        }
        path
    }

    /// The file.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.0]
    }

    /// Line and column of a byte, both from 1, columns in characters.
    pub fn position(&self, id: FileId, byte: usize) -> (usize, usize) {
        let source = self.get(id);
        let byte = character_start(&source.text, byte);
        let line = source.line_of(byte);
        let before = &source.text[source.lines[line]..byte];
        (source.lines_before + line + 1, before.chars().count() + 1)
    }

    /// Line and column of a byte, both from 1, columns in UTF-16 code units as editors count.
    pub fn position_utf16(&self, id: FileId, byte: usize) -> (usize, usize) {
        let source = self.get(id);
        let byte = character_start(&source.text, byte);
        let line = source.line_of(byte);
        let before = &source.text[source.lines[line]..byte];
        (
            source.lines_before + line + 1,
            before.encode_utf16().count() + 1,
        )
    }

    /// All files, in the order in which they were read.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.iter()
    }
}

/// Reads a file; one that cannot be read is reported where it is named.
pub fn open(
    path: &Path,
    place: Option<Place>,
    sources: &mut Sources,
    out: &mut Diagnostics,
) -> Option<FileId> {
    match sources.read(path) {
        Ok(file) => Some(file),
        Err(error) => {
            let message = Sources::unreadable(path, &error);
            let label = if place.is_some() { "named here" } else { "" };
            let mut diagnostic = Diagnostic::new("unreadable", Severity::Error, place, message);
            diagnostic.help = encoding::remedy(&error);
            out.push(diagnostic.label(label));
            None
        }
    }
}

/// The nearest beginning of a character at or before a byte.
pub(super) fn character_start(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    let start = (0..=byte).rev().find(|place| text.is_char_boundary(*place));
    start.unwrap_or(0)
}

fn last(path: &Path) -> Option<Component<'_>> {
    path.components().next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_relative_to_the_file_that_names_it() {
        let mut sources = Sources::default();
        let file = sources.add(Path::new("menus/uk/clinic.toml"), String::new());
        let beside = |name| {
            sources
                .beside(file, name)
                .to_string_lossy()
                .replace('\\', "/")
        };
        assert_eq!(beside("groups.toml"), "menus/uk/groups.toml");
        assert_eq!(beside("../groups.toml"), "menus/groups.toml");
        assert_eq!(beside("../../../groups.toml"), "../groups.toml");
        assert_eq!(beside("./holidays/uk.ics"), "menus/uk/holidays/uk.ics");
    }

    #[test]
    fn positions_count_characters_from_one() {
        let mut sources = Sources::default();
        let file = sources.add(Path::new("a.toml"), "é = 1\nü = 2\n".to_owned());
        assert_eq!(sources.position(file, 0), (1, 1));
        assert_eq!(sources.position(file, 10), (2, 3));
        assert_eq!(sources.position(file, 999), (3, 1));
    }

    #[test]
    fn lines_of_an_excerpt_keep_their_numbers() {
        let mut sources = Sources::default();
        let file = sources.add_excerpt(Path::new("a.csv"), 7_000_001, "x,y\n".to_owned());
        assert_eq!(sources.position(file, 2), (7_000_001, 3));
        assert_eq!(sources.get(file).lines_around(&(2..3)), (0..4, 7_000_001));
    }

    #[test]
    fn editors_count_characters_beyond_the_first_plane_twice() {
        let mut sources = Sources::default();
        let file = sources.add(Path::new("a.toml"), "x\né📞k = 1\n".to_owned());
        let at = sources.get(file).text.find('k').expect("a key");
        assert_eq!(sources.position(file, at), (2, 3));
        assert_eq!(sources.position_utf16(file, at), (2, 4));
        assert_eq!(sources.position_utf16(file, 0), (1, 1));
    }
}
