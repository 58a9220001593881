//! Which files are compared with which.

use super::Exit;
use crate::menu::FileKind;
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
        ([old], true) if old.is_dir() => Ok((lines_in(old)?, lines_in(new)?)),
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

/// The lines of a folder: files that are no other kind by their names, and have a `[line]`.
fn lines_in(folder: &Path) -> Result<Vec<PathBuf>, (Exit, String)> {
    let unreadable = |error| {
        let folder = folder.display();
        (Exit::Unreadable, format!("cannot read {folder}: {error}"))
    };
    let entries = fs::read_dir(folder).map_err(unreadable)?;
    let paths = entries.take(FILES_MAX).flatten().map(|entry| entry.path());
    let mut lines: Vec<PathBuf> = paths.filter(|path| is_line(path)).collect();
    lines.sort();
    match lines.is_empty() {
        false => Ok(lines),
        true => {
            let message = format!("there are no lines in {}", folder.display());
            Err((Exit::Unreadable, message))
        }
    }
}

fn is_line(path: &Path) -> bool {
    let toml = path
        .extension()
        .is_some_and(|extension| extension == "toml");
    // A file of steps that lines include has no head of its own. What cannot be read is looked at
    // all the same, and reported.
    let has_head = |text: String| {
        text.lines()
            .any(|line| line.trim_start().starts_with("[line]"))
    };
    toml && FileKind::of(path) == FileKind::Line && fs::read_to_string(path).map_or(true, has_head)
}
