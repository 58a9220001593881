//! `# lint: allow(hidden-key)` on the line above: what is meant to be as it is, is not reported.

use super::codes;
use super::diagnostic::CODES;
use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::diagnostic::Severity;
use super::source::FileId;
use super::source::Sources;

const MARK: &str = "# lint:";

/// A code that is allowed on one line.
struct Allowed {
    code: String,
    /// The code in the remark.
    place: Place,
    /// The line it is about, from its first byte to its last.
    line: std::ops::Range<usize>,
    used: bool,
}

/// Takes out what is allowed where it is found. What is allowed and not found is reported, so that
/// no such remark outlives its reason.
pub(super) fn apply(files: &[FileId], sources: &Sources, found: Diagnostics) -> Diagnostics {
    let mut kept = Diagnostics::default();
    let mut allowed: Vec<Allowed> = Vec::new();
    for file in files {
        read(*file, &sources.get(*file).text, &mut allowed, &mut kept);
    }
    for problem in found.into_list() {
        let about = |one: &&mut Allowed| {
            let here = problem.place.as_ref().is_some_and(|place| {
                place.file == one.place.file && one.line.contains(&place.span.start)
            });
            here && one.code == problem.code && problem.severity != Severity::Error
        };
        match allowed.iter_mut().find(about) {
            Some(one) => one.used = true,
            None => kept.push(problem),
        }
    }
    for one in allowed.iter().filter(|one| !one.used) {
        let message = format!("there is no `{}` on the next line to allow", one.code);
        let diagnostic = Diagnostic::warning("unused-allow", one.place.clone(), message);
        kept.push(diagnostic.help("leave it out; errors cannot be allowed"));
    }
    kept
}

/// The remarks of one file.
fn read(file: FileId, text: &str, allowed: &mut Vec<Allowed>, out: &mut Diagnostics) {
    let mut start = 0;
    // Remarks may stand one below the other.
    let mut waiting: Vec<(String, Place)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if let Some(remark) = trimmed.strip_prefix(MARK) {
            let at = start + line.find(MARK).unwrap_or(0);
            for (code, span) in codes_in(remark, at + MARK.len()) {
                let place = Place { file, span };
                if codes::named(&code, &[CODES]).is_some() {
                    waiting.push((code, place));
                } else {
                    out.push(unknown(&code, place));
                }
            }
        } else if !trimmed.starts_with('#') {
            for (code, place) in waiting.drain(..) {
                allowed.push(Allowed {
                    code,
                    place,
                    line: start..start + line.len(),
                    used: false,
                });
            }
        }
        start += line.len();
    }
    for (code, place) in waiting {
        allowed.push(Allowed {
            code,
            place,
            line: 0..0,
            used: false,
        });
    }
}

/// What stands between the brackets of `allow(…)`; of anything else, all of it.
fn codes_in(remark: &str, start: usize) -> Vec<(String, std::ops::Range<usize>)> {
    let inside = remark.trim().strip_prefix("allow(");
    let inside = inside.and_then(|rest| rest.strip_suffix(')'));
    let inside = inside.unwrap_or(remark.trim());
    let mut at = start + remark.find(inside).unwrap_or(0);
    let mut codes = Vec::new();
    for part in inside.split(',') {
        let code = part.trim();
        let from = at + part.find(code).unwrap_or(0);
        codes.push((code.to_owned(), from..from + code.len()));
        at += part.len() + 1;
    }
    codes
}

fn unknown(code: &str, place: Place) -> Diagnostic {
    let message = format!("there is no code \"{code}\" to allow");
    let diagnostic = Diagnostic::warning("unknown-allow", place, message);
    let names = CODES.iter().map(|code| code.name);
    match super::value::nearest(code, names) {
        Some(near) => diagnostic.help(format!("did you mean \"{near}\"?")),
        None => diagnostic.help("write # lint: allow(CODE)"),
    }
}
