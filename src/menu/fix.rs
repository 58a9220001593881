//! Mends that need no thought: a name with a slip of the finger, quotes that are missing or too many,
//! a remark that allows nothing.

use super::comments::comments;
use super::diagnostic::Diagnostic;
use super::source::FileId;
use super::source::Source;
use super::source::Sources;
use std::collections::BTreeMap;
use std::ops::Range;

/// How a problem can be mended at its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fix {
    /// A name that nothing has, and the only one that can be meant.
    Rename {
        /// As it is written.
        from: String,
        /// As it has to be.
        to: String,
    },
    /// A text that has to be a number, a day, or true or false.
    Unquote,
    /// A number that has to be a text.
    Quote,
    /// A code in a remark that allows it in vain.
    Disallow,
}

/// A change of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub file: FileId,
    /// The bytes that go.
    pub span: Range<usize>,
    /// What comes in their place.
    pub text: String,
}

impl Edit {
    /// The change that mends a problem; none where there is no mend, or the file is not written as
    /// one would think.
    pub fn of(problem: &Diagnostic, sources: &Sources) -> Option<Self> {
        let place = problem.place.as_ref()?;
        let source = sources.get(place.file);
        if source.is_flag {
            return None;
        }
        let written = source.text.get(place.span.clone())?;
        let (span, text) = match problem.fix.as_ref()? {
            Fix::Rename { from, to } => (place.span.clone(), renamed(written, from, to)?),
            Fix::Unquote => (place.span.clone(), unquoted(written)?.to_owned()),
            Fix::Quote => (place.span.clone(), format!("\"{written}\"")),
            Fix::Disallow => (remark(source, &place.span)?, String::new()),
        };
        Some(Self {
            file: place.file,
            span,
            text,
        })
    }
}

/// The texts of files after changes; of changes that overlap, the first is made.
pub fn apply(mut edits: Vec<Edit>, sources: &Sources) -> BTreeMap<FileId, String> {
    edits.sort_by_key(|edit| (edit.file, edit.span.start));
    let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
    let mut done: BTreeMap<FileId, usize> = BTreeMap::new();
    for edit in edits {
        let text = &sources.get(edit.file).text;
        let from = done.entry(edit.file).or_default();
        let new = texts.entry(edit.file).or_default();
        if edit.span.start < *from {
            continue;
        }
        new.push_str(&text[*from..edit.span.start]);
        new.push_str(&edit.text);
        *from = edit.span.end;
    }
    for (file, from) in done {
        let rest = &sources.get(file).text[from..];
        texts.entry(file).or_default().push_str(rest);
    }
    texts
}

/// A name in the place of another, in the same quotes.
fn renamed(written: &str, from: &str, to: &str) -> Option<String> {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if written == from {
        return to.chars().all(bare).then(|| to.to_owned());
    }
    let quote = written.chars().next().filter(|c| "\"'".contains(*c))?;
    let plain = !to.contains(['"', '\'', '\\']) && !to.chars().any(char::is_control);
    let same = written == format!("{quote}{from}{quote}");
    (plain && same).then(|| format!("{quote}{to}{quote}"))
}

fn unquoted(written: &str) -> Option<&str> {
    let quote = written.chars().next().filter(|c| "\"'".contains(*c))?;
    written.strip_prefix(quote)?.strip_suffix(quote)
}

/// What goes with a code that a remark allows: its comma, or where it is the only one all of the remark,
/// with its line if nothing else is on it.
fn remark(source: &Source, code: &Range<usize>) -> Option<Range<usize>> {
    let start = source.text[..code.start]
        .rfind('\n')
        .map_or(0, |end| end + 1);
    let line = source.text[start..].split_inclusive('\n').next()?;
    let end = start + line.len();
    let before = source.text[start..code.start].trim_end();
    let after = &source.text[code.end..end];
    if after.trim_start().starts_with(',') {
        let comma = code.end + after.find(',')? + 1;
        let gap = source.text[comma..end].len() - source.text[comma..end].trim_start().len();
        return Some(code.start..comma + gap);
    }
    if before.ends_with(',') {
        return Some(start + before.len() - 1..code.end);
    }
    let sign = start + comments(line).first()?;
    let beside = source.text[start..sign].trim_end();
    match beside.is_empty() {
        true => Some(start..end),
        false => Some(start + beside.len()..start + line.trim_end().len()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::diagnostic::Place;
    use super::*;
    use std::path::Path;

    /// A text after a mend where `at` stands.
    fn mended(text: &str, at: &str, fix: Fix) -> Option<String> {
        let mut sources = Sources::default();
        let file = sources.add(Path::new("a.toml"), text.to_owned());
        let start = text.find(at).expect("the place");
        let span = start..start + at.len();
        let mut problem = Diagnostic::error("unknown-target", Place { file, span }, "");
        problem.fix = Some(fix);
        let edit = Edit::of(&problem, &sources)?;
        apply(vec![edit], &sources).remove(&file)
    }

    fn rename(text: &str, at: &str, to: &str) -> Option<String> {
        let from = at.trim_matches(['"', '\'']).to_owned();
        let to = to.to_owned();
        mended(text, at, Fix::Rename { from, to })
    }

    #[test]
    fn a_name_keeps_its_quotes() {
        assert_eq!(
            rename("é = \"ab\" # x", "\"ab\"", "cd").as_deref(),
            Some("é = \"cd\" # x")
        );
        assert_eq!(
            rename("ab = 'ab'", "'ab'", "cd").as_deref(),
            Some("ab = 'cd'")
        );
        assert_eq!(
            rename("tires = 2", "tires", "tries").as_deref(),
            Some("tries = 2")
        );
    }

    #[test]
    fn a_name_that_is_written_in_another_way_is_left_alone() {
        assert_eq!(rename("tires = 2", "tires", "two words"), None);
        let from = "ab".to_owned();
        let to = "cd".to_owned();
        let fix = Fix::Rename { from, to };
        assert_eq!(mended("a = \"\\u0061b\"", "\"\\u0061b\"", fix), None);
    }

    #[test]
    fn quotes_come_and_go() {
        assert_eq!(
            mended("a = \"3\"", "\"3\"", Fix::Unquote).as_deref(),
            Some("a = 3")
        );
        assert_eq!(
            mended("a = +3", "+3", Fix::Quote).as_deref(),
            Some("a = \"+3\"")
        );
    }

    #[test]
    fn a_code_goes_with_its_comma_and_the_last_with_its_line() {
        let text = "x\n  # lint: allow(one, two)\ny\n";
        let one = mended(text, "one", Fix::Disallow);
        assert_eq!(one.as_deref(), Some("x\n  # lint: allow(two)\ny\n"));
        let two = mended(text, "two", Fix::Disallow);
        assert_eq!(two.as_deref(), Some("x\n  # lint: allow(one)\ny\n"));
        let only = mended("x\n# lint: allow(one)\ny\n", "one", Fix::Disallow);
        assert_eq!(only.as_deref(), Some("x\ny\n"));
        let behind = mended(
            "x = \"#\"  # lint: allow(one) so\ny\n",
            "one",
            Fix::Disallow,
        );
        assert_eq!(behind.as_deref(), Some("x = \"#\"\ny\n"));
    }

    #[test]
    fn of_two_changes_of_the_same_place_the_first_is_made() {
        let mut sources = Sources::default();
        let file = sources.add(Path::new("a.toml"), "abcdef".to_owned());
        let edit = |span, text: &str| Edit {
            file,
            span,
            text: text.to_owned(),
        };
        let edits = vec![edit(4..5, "E"), edit(1..3, "-"), edit(2..4, "!")];
        assert_eq!(apply(edits, &sources)[&file], "a-dEf");
    }
}
