//! Files that are put in the place of others.

use std::fs;
use std::fs::File;
use std::fs::Metadata;
use std::fs::OpenOptions;
use std::io;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process;

/// Puts a file in its place whole: whoever reads it meanwhile finds the old one or the new one. Where the
/// place is a link, the file to which it leads is replaced, and the link stays one.
///
/// # Errors
/// If it cannot be written, or [`check`] refuses it.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (path, old) = target(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.new", process::id()));
    let written = write_beside(old, &beside, bytes);
    let moved = written.and_then(|()| fs::rename(&beside, &path));
    if moved.is_err() {
        // What is wrong has been found; a file more or less does not matter beside it.
        fs::remove_file(&beside).unwrap_or_default();
    }
    moved
}

/// Whether a file can be put in this place.
///
/// # Errors
/// If the old one may not be written, or has other names (hard links): these would keep the old text, and
/// nobody would know.
pub(super) fn check(path: &Path) -> io::Result<()> {
    target(path).map(|_| ())
}

/// The file itself, whatever links lead to it, and what there is of it.
fn target(path: &Path) -> io::Result<(PathBuf, Option<Metadata>)> {
    let path = match fs::symlink_metadata(path) {
        Ok(link) if link.is_symlink() => fs::canonicalize(path)?,
        _ => path.to_owned(),
    };
    // A folder that may be written does not make its files so.
    let old = match OpenOptions::new().write(true).open(&path) {
        Ok(old) => Some(old.metadata()?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if let Some(names) = old.as_ref().map(names).filter(|names| *names > 1) {
        return Err(io::Error::other(format!(
            "it is one file with {names} names (hard links), and the others would keep the old text; make \
             it a file of its own first, or the others links to it"
        )));
    }
    Ok((path, old))
}

#[cfg(unix)]
fn names(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(file)
}

/// Elsewhere nobody says.
#[cfg(not(unix))]
fn names(_: &Metadata) -> u64 {
    1
}

fn write_beside(old: Option<Metadata>, beside: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(beside)?;
    if let Some(old) = old {
        file.set_permissions(old.permissions())?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}
