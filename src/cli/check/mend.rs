//! `strowger check --fix`: what can be mended without thought is, and what is left is reported.

use crate::cli::replace;
use crate::cli::replace::replace;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::fix;
use crate::menu::fix::Edit;
use crate::menu::fix::Fix;
use crate::menu::source::FileId;
use crate::menu::source::Sources;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Times that the files are mended and checked again: one mend may bring another to light.
const ROUNDS_MAX: usize = 8;

/// What was mended.
#[derive(Debug, Default)]
pub(super) struct Mended {
    /// A line for each mend.
    pub(super) said: Vec<String>,
    /// The new texts by file, and the old ones.
    files: BTreeMap<PathBuf, (String, String)>,
}

impl Mended {
    /// Mends what can be, for as long as less is wrong afterwards. `check` finds the problems of the
    /// files as they would then be.
    pub(super) fn new(
        sources: &mut Sources,
        problems: &mut Diagnostics,
        check: impl Fn(&mut Sources) -> Diagnostics,
    ) -> Self {
        let mut mended = Self::default();
        for _ in 0..ROUNDS_MAX {
            let found = problems.sorted();
            let mends = found.iter().filter_map(|problem| {
                let edit = Edit::of(problem, sources)?;
                Some((describe(problem, sources)?, edit))
            });
            let (said, edits): (Vec<String>, Vec<Edit>) = mends.unzip();
            if edits.is_empty() {
                break;
            }
            let texts = fix::apply(edits, sources);
            let mut after = sources.amended(&texts);
            let left = check(&mut after);
            if weight(&left) >= weight(problems) {
                break;
            }
            mended.note(&texts, sources);
            mended.said.extend(said);
            (*sources, *problems) = (after, left);
        }
        mended
    }

    fn note(&mut self, texts: &BTreeMap<FileId, String>, sources: &Sources) {
        for (file, text) in texts {
            let source = sources.get(*file);
            let old = || (String::new(), source.text.clone());
            let entry = self.files.entry(source.on_disk().to_owned());
            entry.or_insert_with(old).0.clone_from(text);
        }
    }

    /// Writes the files, each whole or not at all.
    pub(super) fn write(&self) -> Result<(), String> {
        let cannot =
            |path: &Path, error: &io::Error| format!("cannot write {}: {error}", path.display());
        // Where one of them cannot be written, none is.
        for path in self.files.keys() {
            replace::check(path).map_err(|error| cannot(path, &error))?;
        }
        for (path, (new, old)) in &self.files {
            let now = fs::read_to_string(path).map_err(|error| cannot(path, &error))?;
            if now != *old {
                let path = path.display();
                return Err(format!("{path} has changed meanwhile and is left as it is"));
            }
            replace(path, new.as_bytes()).map_err(|error| cannot(path, &error))?;
        }
        Ok(())
    }
}

/// How much is wrong: errors count before all else.
fn weight(problems: &Diagnostics) -> (usize, usize) {
    let all = problems.sorted();
    let errors = all.iter().filter(|problem| problem.is_error());
    (errors.count(), all.len())
}

fn describe(problem: &Diagnostic, sources: &Sources) -> Option<String> {
    let place = problem.place.as_ref()?;
    let source = sources.get(place.file);
    let (line, _) = sources.position(place.file, place.span.start);
    let written = source.text.get(place.span.clone())?;
    let what = match problem.fix.as_ref()? {
        Fix::Rename { from, to } => format!("\"{from}\" is now \"{to}\""),
        Fix::Unquote => format!("{written} has no quotes now"),
        Fix::Quote => format!("{written} has quotes now"),
        Fix::Disallow => format!("the remark that allows {written} is gone"),
    };
    Some(format!("mended {}:{line}: {what}", source.path.display()))
}
