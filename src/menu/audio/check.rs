//! Recordings against the words of their lines: what is missing, what bridges cannot play, and what
//! callers would not like to hear.

use super::drift;
use super::file;
use super::file::Tally;
use super::name;
use super::recording::Recording;
use super::recording::Script;
use crate::menu::allow;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Severity;
use crate::menu::source::FileId;
use crate::menu::source::Sources;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// How the recordings begin of which sums of money are made.
const MONEY: &str = "money-";
/// Files of one folder that are looked at.
const FILES_MAX: usize = 20_000;
/// Names that a message tells of.
const NAMES_MAX: usize = 5;

/// Reports all that is wrong with the recordings of lines, but what they allow. With `release`,
/// placeholders are errors.
pub fn check(scripts: &[Script], release: bool, sources: &Sources, out: &mut Diagnostics) {
    let mut found = Diagnostics::default();
    let mut seen = BTreeSet::new();
    for script in scripts {
        missing(script, &mut seen, &mut found);
        recordings(script, release, &mut seen, &mut found);
    }
    shared(scripts, &mut found);
    let mut folders: BTreeMap<&Path, Vec<&Script>> = BTreeMap::new();
    for script in scripts {
        folders.entry(&script.folder).or_default().push(script);
    }
    for (folder, scripts) in folders {
        unused(folder, &scripts, &mut found);
    }
    let of_lines: BTreeSet<FileId> = scripts.iter().map(|script| script.place.file).collect();
    let recordings = scripts.iter().flat_map(|script| &script.recordings);
    let included: BTreeSet<FileId> = recordings.map(|recording| recording.place.file).collect();
    let included: Vec<FileId> = included.difference(&of_lines).copied().collect();
    let of_lines: Vec<FileId> = of_lines.into_iter().collect();
    let kept = allow::apply_to_recordings(&of_lines, &included, sources, found);
    out.append(kept.problems);
    let unused = kept.unused.into_iter().chain(kept.shared);
    unused.for_each(|unused| out.push(unused));
}

/// Reports recordings that are not there: all of a folder at once, where there is no such folder.
fn missing(script: &Script, seen: &mut BTreeSet<PathBuf>, out: &mut Diagnostics) {
    let none = |folder: &Path, what: &str| {
        let message = format!("there is no folder {}: {what}", folder.display());
        let diagnostic = Diagnostic::error("missing-audio", script.place.clone(), message);
        diagnostic.help(help(script))
    };
    if !script.folder.is_dir() {
        let what = format!("all {} recordings are missing", script.recordings.len());
        return out.push(none(&script.folder, &what));
    }
    for language in &script.languages {
        let of_language = |recording: &&Recording| recording.language == *language;
        let folder = script.folder.join(language);
        let count = script.recordings.iter().filter(of_language).count();
        if count > 0 && !folder.is_dir() {
            let what = format!("all {count} recordings in \"{language}\" are missing");
            out.push(none(&folder, &what));
            continue;
        }
        for recording in script.recordings.iter().filter(of_language) {
            let file = script.file(recording);
            if !file.is_file() && seen.insert(file.clone()) {
                let message = format!("there is no recording {}", file.display());
                let place = recording.place.clone();
                let label = format!("callers would not hear \"{}\"", beginning(&recording.words));
                let diagnostic = Diagnostic::error("missing-audio", place, message);
                out.push(diagnostic.label(label).help(help(script)));
            }
        }
    }
}

fn help(script: &Script) -> String {
    let line = script.line_file.display();
    format!(
        "`strowger script {line}` prints what to record, `strowger audio build {line}` makes \
         placeholders"
    )
}

/// The beginning of what is said, for a line of its own.
pub(super) fn beginning(words: &str) -> String {
    const CHARS_MAX: usize = 50;
    match words.char_indices().nth(CHARS_MAX) {
        Some((at, _)) => format!("{}...", words[..at].trim_end()),
        None => words.to_owned(),
    }
}

/// Looks at each file that is there, once; what many of them have in common is reported together.
fn recordings(script: &Script, release: bool, seen: &mut BTreeSet<PathBuf>, out: &mut Diagnostics) {
    let mut tally = Tally::default();
    for recording in &script.recordings {
        let path = script.file(recording);
        if path.is_file() && seen.insert(path.clone()) {
            file::judge(recording, &path, &mut tally, out);
        }
    }
    drift::report(&tally.lengths, out);
    let line = script.line_file.display();
    let mut report = |files: &[String], code, severity, [one, several]: [&str; 2], help: &str| {
        let message = match files.len() {
            0 => return,
            1 => format!("1 recording is {one}"),
            count => format!("{count} recordings are {several}"),
        };
        let diagnostic = Diagnostic::new(code, severity, Some(script.place.clone()), message);
        out.push(diagnostic.label(names(files)).help(help));
    };
    report(
        &tally.foreign,
        "audio-format",
        Severity::Warning,
        ["of a kind that Asterisk does not play"; 2],
        "convert to PCM of 16 bits with 8000 samples a second, or allow it where your bridge plays it",
    );
    let severity = |otherwise| if release { Severity::Error } else { otherwise };
    report(
        &tally.outdated,
        "audio-placeholder",
        severity(Severity::Warning),
        [
            "a placeholder of other words",
            "placeholders of other words",
        ],
        &format!("`strowger audio build {line}` makes another"),
    );
    report(
        &tally.placeholders,
        "audio-placeholder",
        severity(Severity::Info),
        ["a placeholder", "placeholders"],
        &format!("`strowger script {line}` prints what to record"),
    );
}

/// Some names, and how many more there are.
fn names(files: &[String]) -> String {
    let shown = files[..files.len().min(NAMES_MAX)].join(", ");
    match files.len().checked_sub(NAMES_MAX) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}

/// Reports lines that share a folder, and would have one file say two things.
pub fn shared(scripts: &[Script], out: &mut Diagnostics) {
    let mut known: BTreeMap<PathBuf, &Recording> = BTreeMap::new();
    for script in scripts {
        for recording in &script.recordings {
            let file = script.file(recording);
            let Some(first) = known.get(&file) else {
                known.insert(file, recording);
                continue;
            };
            if first.words != recording.words {
                let message = format!("{} would have to say two things", file.display());
                let words =
                    |recording: &Recording| format!("says \"{}\"", beginning(&recording.words));
                out.push(
                    Diagnostic::warning("audio-shared", recording.place.clone(), message)
                        .label(words(recording))
                        .related(first.place.clone(), words(first))
                        .help(
                            "recordings are called after steps: give one of the steps another \
                             name, or each line a folder of its own (`audio` in [line])",
                        ),
                );
            }
        }
    }
}

/// Reports files that no line plays, and folders of languages that none speaks.
fn unused(folder: &Path, scripts: &[&Script], out: &mut Diagnostics) {
    let Some(first) = scripts.first().filter(|_| folder.is_dir()) else {
        return;
    };
    let used: BTreeSet<PathBuf> = scripts
        .iter()
        .flat_map(|script| {
            let recordings = script.recordings.iter();
            recordings.map(|recording| script.file(recording))
        })
        .collect();
    let speaks = |tag: &str| {
        let mut languages = scripts.iter().flat_map(|script| &script.languages);
        languages.any(|known| known == tag)
    };
    for language in entries(folder).into_iter().filter(|path| path.is_dir()) {
        let tag = language.file_name().unwrap_or_default().to_string_lossy();
        let files = entries(&language);
        let mut files = files.iter().filter(|file| is_recording(file));
        let place = first.place.clone();
        if !speaks(&tag) {
            // A folder with the folders of another line in it is none of a language.
            if files.next().is_some() {
                let message = format!("no line speaks \"{tag}\", for which there are recordings");
                let help = "add it to `languages`, or remove the folder";
                out.push(Diagnostic::warning("audio-language", place, message).help(help));
            }
            continue;
        }
        let stem = |file: &Path| {
            file.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        let unused: Vec<String> = files
            // Sums of money are said with recordings that no line names.
            .filter(|file| !used.contains(*file) && !stem(file).starts_with(MONEY))
            .map(|file| format!("{tag}/{}.{}", stem(file), name::EXTENSION))
            .collect();
        if !unused.is_empty() {
            let message = match unused.len() {
                1 => format!(
                    "there is a recording in {} that nothing plays",
                    language.display()
                ),
                count => {
                    format!(
                        "there are {count} recordings in {} that nothing plays",
                        language.display()
                    )
                }
            };
            let help = "recordings are called after steps; lines that share a folder are checked \
                        together";
            let diagnostic = Diagnostic::info("unused-audio-file", place, message);
            out.push(diagnostic.label(names(&unused)).help(help));
        }
    }
}

fn is_recording(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == name::EXTENSION)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries
        .take(FILES_MAX)
        .flatten()
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    paths
}
