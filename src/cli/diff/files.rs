//! Which files are compared with which.

use super::Exit;
use crate::menu::FileKind;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Files of one folder that are looked at.
const FILES_MAX: usize = 10_000;

type Sides = (Vec<PathBuf>, Vec<PathBuf>);

/// The old lines and the new ones.
pub(super) fn sides(files: &[PathBuf]) -> Result<Sides, (Exit, String)> {
    let (new, old) = files.split_last().expect("two at least");
    match (old, new.is_dir()) {
        ([old], true) if old.is_dir() => folders(old, new),
        ([old], false) if !old.is_dir() => Ok((vec![old.clone()], vec![new.clone()])),
        (_, false) => {
            let new = new.display();
            Err((
                Exit::Usage,
                format!("{new} is no folder: several files are compared with those in a folder"),
            ))
        }
        (old, true) => {
            if let Some(folder) = old.iter().find(|file| file.is_dir()) {
                let message = format!("{} is a folder among files", folder.display());
                return Err((Exit::Usage, message));
            }
            let names = old.iter().filter_map(|file| file.file_name());
            Ok((old.to_vec(), names.map(|name| new.join(name)).collect()))
        }
    }
}

/// The lines of two folders: files that are no other kind by their names, and have a `[line]`, or had
/// one on the other side. Whatever is wrong with those is reported.
fn folders(old: &Path, new: &Path) -> Result<Sides, (Exit, String)> {
    let names = |folder: &Path| names_in(folder).map(|all| (lines_among(folder, &all), all));
    let ((old_lines, old_names), (new_lines, new_names)) = (names(old)?, names(new)?);
    let lines: BTreeSet<&OsString> = old_lines.union(&new_lines).collect();
    let side = |folder: &Path, all: &BTreeSet<OsString>| {
        let there = lines.iter().filter(|name| all.contains(**name));
        let paths: Vec<PathBuf> = there.map(|name| folder.join(name)).collect();
        match paths.is_empty() {
            false => Ok(paths),
            true => {
                let message = format!("there are no lines in {}", folder.display());
                Err((Exit::Unreadable, message))
            }
        }
    };
    Ok((side(old, &old_names)?, side(new, &new_names)?))
}

fn names_in(folder: &Path) -> Result<BTreeSet<OsString>, (Exit, String)> {
    let unreadable = |error| {
        let folder = folder.display();
        (Exit::Unreadable, format!("cannot read {folder}: {error}"))
    };
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let names = entries.take(FILES_MAX).flatten();
    Ok(names.map(|entry| entry.file_name()).collect())
}

fn lines_among(folder: &Path, names: &BTreeSet<OsString>) -> BTreeSet<OsString> {
    let lines = names.iter().filter(|name| is_line(&folder.join(name)));
    lines.cloned().collect()
}

fn is_line(path: &Path) -> bool {
    let toml = path
        .extension()
        .is_some_and(|extension| extension == "toml");
    // A file of steps that lines include has no head of its own. What cannot be read is looked at
    // all the same, and reported.
    let has_head = |text: String| match text.parse::<toml::Table>() {
        Ok(table) => table.contains_key("line"),
        Err(_) => true,
    };
    toml && FileKind::of(path) == FileKind::Line && fs::read_to_string(path).map_or(true, has_head)
}
