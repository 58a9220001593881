//! `# lint: allow(hidden-key)` on the line above: what is meant to be as it is, is not reported.

use super::codes;
use super::codes::Code;
use super::diagnostic::AUDIO_CODES;
use super::diagnostic::CODES;
use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::diagnostic::Severity;
use super::fix::Fix;
use super::source::FileId;
use super::source::Sources;
use std::collections::BTreeMap;

const MARK: &str = "# lint:";

/// Codes that are looked for only where a day is known.
const DATED: [&str; 4] = [
    "answer-expires-soon",
    "expired-answer",
    "holidays-past",
    "missing-hour",
];

/// What is left of the problems of some files.
pub(crate) struct Kept {
    /// What is not allowed.
    pub(crate) problems: Diagnostics,
    /// What is allowed and not found, to be reported so that no such remark outlives its reason.
    pub(crate) unused: Vec<Diagnostic>,
    /// The same of files that were included: another line may need it.
    pub(super) shared: Vec<Diagnostic>,
}

/// Allowances of files that several lines include: of no use where none of these lines needs them.
#[derive(Default)]
pub(super) struct Shared {
    /// How many lines include a file.
    lines: BTreeMap<FileId, usize>,
    /// What they allow in vain, and how many of them do.
    idle: Vec<(Diagnostic, usize)>,
    /// A line was not looked at to the end.
    has_holes: bool,
}

impl Shared {
    /// A line that was looked at to the end includes these files, of which it needs no such allowances.
    pub(super) fn line(&mut self, included: &[FileId], idle: Vec<Diagnostic>) {
        for file in included {
            *self.lines.entry(*file).or_default() += 1;
        }
        for diagnostic in idle {
            match self.idle.iter_mut().find(|(known, _)| *known == diagnostic) {
                Some((_, count)) => *count += 1,
                None => self.idle.push((diagnostic, 1)),
            }
        }
    }

    /// A line has errors: nobody knows what it needs.
    pub(super) fn hole(&mut self) {
        self.has_holes = true;
    }

    /// What no line needs.
    pub(super) fn report(self, out: &mut Diagnostics) {
        let lines = |diagnostic: &Diagnostic| {
            let file = diagnostic.place.as_ref().map(|place| place.file);
            file.and_then(|file| self.lines.get(&file)).copied()
        };
        let idle = self.idle.iter().filter(|_| !self.has_holes);
        for (diagnostic, count) in idle {
            if lines(diagnostic) == Some(*count) {
                out.push(diagnostic.clone());
            }
        }
    }
}

/// A code that is allowed on one line.
struct Allowed {
    code: String,
    /// The code in the remark.
    place: Place,
    /// The line it is about, from its first byte to its last.
    line: std::ops::Range<usize>,
    fate: Fate,
}

/// What became of an allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// Nothing of the kind was found.
    Idle,
    /// Something was, and is allowed.
    Used,
    /// What was found is an error.
    Refused,
}

/// Takes out what is allowed where it is found.
///
/// `included` are files that others may include too; `known` are the codes that these files can draw;
/// `dated`, whether it is known which day it is.
pub(crate) fn apply(
    files: &[FileId],
    included: &[FileId],
    known: &[&[Code]],
    dated: bool,
    sources: &Sources,
    found: Diagnostics,
) -> Kept {
    let is_dated = |code: &str| DATED.contains(&code);
    let looked_for = |code: &str| !is_of_recordings(code) && (dated || !is_dated(code));
    sift(files, included, known, looked_for, sources, found)
}

/// The same where only recordings were looked at.
pub(super) fn apply_to_recordings(
    files: &[FileId],
    included: &[FileId],
    sources: &Sources,
    found: Diagnostics,
) -> Kept {
    sift(
        files,
        included,
        &[CODES, AUDIO_CODES],
        is_of_recordings,
        sources,
        found,
    )
}

fn is_of_recordings(code: &str) -> bool {
    codes::named(code, &[AUDIO_CODES]).is_some()
}

fn sift(
    files: &[FileId],
    included: &[FileId],
    known: &[&[Code]],
    looked_for: impl Fn(&str) -> bool,
    sources: &Sources,
    found: Diagnostics,
) -> Kept {
    let mut problems = Diagnostics::default();
    let mut allowed: Vec<Allowed> = Vec::new();
    for file in files.iter().chain(included) {
        let text = &sources.get(*file).text;
        read(*file, text, known, &mut allowed, &mut problems);
    }
    // What has errors is not looked at to the end.
    let whole = !found.has_errors();
    for problem in found.into_list() {
        let about = |one: &&mut Allowed| {
            let here = problem.place.as_ref().is_some_and(|place| {
                place.file == one.place.file && one.line.contains(&place.span.start)
            });
            here && one.code == problem.code
        };
        let allowance = allowed.iter_mut().find(about);
        match (allowance, problem.severity) {
            (Some(one), Severity::Warning | Severity::Info) => one.fate = Fate::Used,
            (Some(one), Severity::Error) => {
                one.fate = Fate::Refused;
                problems.push(problem);
            }
            (None, _) => problems.push(problem),
        }
    }
    let is_of_no_use = |one: &&Allowed| match one.fate {
        Fate::Used => false,
        Fate::Refused => true,
        Fate::Idle => whole && looked_for(&one.code),
    };
    let of_no_use = allowed.iter().filter(is_of_no_use);
    let (shared, own): (Vec<&Allowed>, Vec<&Allowed>) =
        of_no_use.partition(|one| included.contains(&one.place.file) && one.fate == Fate::Idle);
    Kept {
        problems,
        unused: own.into_iter().map(unused_allow).collect(),
        shared: shared.into_iter().map(shared_allow).collect(),
    }
}

/// Another line that includes the file may need it: nothing is wrong for certain, or mended.
fn shared_allow(one: &Allowed) -> Diagnostic {
    let code = &one.code;
    let message = format!("no line that was looked at has a `{code}` on the next line to allow");
    let diagnostic = Diagnostic::info("unused-allow", one.place.clone(), message);
    diagnostic.help("leave it out, unless another line includes this file and needs it")
}

fn unused_allow(one: &Allowed) -> Diagnostic {
    let code = &one.code;
    let (message, help) = match one.fate {
        Fate::Refused => (
            format!("`{code}` is an error on the next line, and errors cannot be allowed"),
            "leave this out, and mend what is wrong",
        ),
        Fate::Idle | Fate::Used => (
            format!("there is no `{code}` on the next line to allow"),
            "leave it out",
        ),
    };
    let diagnostic = Diagnostic::warning("unused-allow", one.place.clone(), message);
    diagnostic.help(help).fix(Fix::Disallow)
}

/// The remarks of one file.
fn read(
    file: FileId,
    text: &str,
    known: &[&[Code]],
    allowed: &mut Vec<Allowed>,
    out: &mut Diagnostics,
) {
    let mut start = 0;
    // Remarks may stand one below the other.
    let mut waiting: Vec<(String, Place)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if let Some(remark) = trimmed.strip_prefix(MARK) {
            let at = start + line.find(MARK).unwrap_or(0);
            for (code, span) in codes_in(remark, at + MARK.len()) {
                let place = Place { file, span };
                if codes::named(&code, known).is_some() {
                    waiting.push((code, place));
                } else {
                    out.push(unknown(&code, known, place));
                }
            }
        } else if !trimmed.starts_with('#') {
            for (code, place) in waiting.drain(..) {
                allowed.push(Allowed {
                    code,
                    place,
                    line: start..start + line.len(),
                    fate: Fate::Idle,
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
            fate: Fate::Idle,
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

fn unknown(code: &str, known: &[&[Code]], place: Place) -> Diagnostic {
    let message = format!("there is no code \"{code}\" to allow");
    let diagnostic = Diagnostic::warning("unknown-allow", place, message);
    let names = known.iter().copied().flatten().map(|code| code.name);
    match super::value::nearest(code, names.clone()) {
        Some(_) => diagnostic.suggest(code, names),
        None => diagnostic.help("write # lint: allow(CODE)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// What is left of one problem on the third line of a file, and what was allowed in vain.
    fn kept(code: &'static str, severity: Severity, dated: bool) -> Vec<&'static str> {
        let text = "# lint: allow(hidden-key, expired-answer)\n# why\n1 = \"sales\"\n";
        let mut sources = Sources::default();
        let file = sources.add(Path::new("a.toml"), text.to_owned());
        let mut found = Diagnostics::default();
        let span = text.len() - 3..text.len() - 1;
        let place = Place { file, span };
        found.push(Diagnostic::new(code, severity, Some(place), "found"));
        let kept = apply(&[file], &[], &[CODES], dated, &sources, found);
        let problems = kept.problems.into_list().into_iter();
        let all = problems.chain(kept.unused);
        all.map(|problem| problem.code).collect()
    }

    #[test]
    fn what_depends_on_the_day_is_in_vain_only_where_the_day_is_known() {
        assert_eq!(kept("hidden-key", Severity::Info, false), [""; 0]);
        assert_eq!(kept("hidden-key", Severity::Info, true), ["unused-allow"]);
    }

    #[test]
    fn errors_are_not_allowed_and_hide_what_else_is_in_vain() {
        assert_eq!(
            kept("hidden-key", Severity::Error, true),
            ["hidden-key", "unused-allow"]
        );
        assert_eq!(kept("dead-end", Severity::Error, true), ["dead-end"]);
    }
}
