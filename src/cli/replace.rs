//! Files that are put in the place of others.

use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;
use std::process;

/// Puts a file in its place whole: whoever reads it meanwhile finds the old one or the new one.
///
/// # Errors
/// If it cannot be written, or the old one may not be.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.new", process::id()));
    let written = write_beside(path, &beside, bytes);
    let moved = written.and_then(|()| fs::rename(&beside, path));
    if moved.is_err() {
        // What is wrong has been found; a file more or less does not matter beside it.
        fs::remove_file(&beside).unwrap_or_default();
    }
    moved
}

fn write_beside(path: &Path, beside: &Path, bytes: &[u8]) -> io::Result<()> {
    // A folder that may be written does not make its files so.
    let old = match OpenOptions::new().write(true).open(path) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut file = File::create_new(beside)?;
    if let Some(old) = old {
        file.set_permissions(old.metadata()?.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}
