//! Files that a command writes into a folder.

use super::Exit;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Writes them, and makes the folder where there is none; none of them when one is there already and may not be
/// overwritten. Their paths come back.
///
/// # Errors
/// How to end, and why.
pub(super) fn write(
    folder: &Path,
    files: &[(PathBuf, &str)],
    may_overwrite: bool,
) -> Result<Vec<String>, (Exit, String)> {
    let is_there = |path: &PathBuf| path.exists() && !may_overwrite;
    if let Some((path, _)) = files.iter().find(|(path, _)| is_there(path)) {
        let path = path.display();
        let message =
            format!("{path} is there already; nothing was written. Add --force to overwrite it");
        return Err((Exit::Findings, message));
    }
    let cannot = |path: &Path, error: &io::Error| {
        let message = format!("cannot write {}: {error}", path.display());
        (Exit::WriteFailed, message)
    };
    if folder.exists() && !folder.is_dir() {
        let path = folder.display();
        let message = format!("{path} is a file, and has to be a folder: name another one");
        return Err((Exit::Findings, message));
    }
    fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
    for (path, text) in files {
        fs::write(path, text).map_err(|error| cannot(path, &error))?;
    }
    let names = files.iter().map(|(path, _)| path.display().to_string());
    Ok(names.collect())
}
