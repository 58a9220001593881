//! Patterns of file names, as `glob(3)` has them: `*`, `?`, `[a-z]`, `{a,b}`.

use super::super::source::Sources;
use std::collections::BTreeSet;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

/// Names that the braces of one pattern may stand for.
const BRACES_MAX: usize = 64;
/// Files and folders that one pattern may stand for.
pub(super) const FOUND_MAX: usize = 500;

/// The files that a name or a pattern stands for beside a folder, sorted by their names. Folders that
/// `may_list` refuses, and those that cannot be read, hold nothing.
pub(super) fn files(
    folder: &Path,
    pattern: &str,
    sources: &Sources,
    may_list: &impl Fn(&Path) -> bool,
) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in braces(pattern) {
        let mut paths = BTreeSet::from([Sources::plain(folder)]);
        for part in Path::new(&name).components() {
            paths = step(&paths, part, sources, may_list);
        }
        let new = paths.into_iter().filter(|path| sources.is_file(path));
        for path in new.take(FOUND_MAX) {
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found.truncate(FOUND_MAX);
    found
}

/// Whether it stands for more than itself.
pub(super) fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '[', '{'])
}

/// One part of a path further, from each of some folders.
fn step(
    folders: &BTreeSet<PathBuf>,
    part: Component<'_>,
    sources: &Sources,
    may_list: &impl Fn(&Path) -> bool,
) -> BTreeSet<PathBuf> {
    let mut paths = BTreeSet::new();
    for folder in folders {
        let name = part.as_os_str().to_string_lossy();
        if !is_pattern(&name) {
            paths.insert(Sources::plain(&folder.join(part)));
            continue;
        }
        if !may_list(folder) {
            continue;
        }
        let names = sources.names_in(folder);
        let fitting = names.iter().filter(|other| fits(&name, other));
        paths.extend(fitting.map(|name| folder.join(name)));
    }
    paths
}

/// Whether a name fits a pattern without braces. A dot at its beginning has to be written.
fn fits(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
    let (mut pattern, mut name) = (pattern, name);
    // What is left behind the last star, and what this star has not taken yet.
    let mut retry: Option<(&str, &str)> = None;
    loop {
        if let Some(rest) = pattern.strip_prefix('*') {
            pattern = rest;
            retry = Some((rest, name));
            continue;
        }
        let next = name.chars().next();
        match (next, next.and_then(|c| one(pattern, c))) {
            (None, _) if pattern.is_empty() => return true,
            (Some(c), Some(rest)) => {
                pattern = rest;
                name = &name[c.len_utf8()..];
            }
            _ => {
                let Some((after, left)) = retry else {
                    return false;
                };
                let Some(c) = left.chars().next() else {
                    return false;
                };
                let left = &left[c.len_utf8()..];
                retry = Some((after, left));
                (pattern, name) = (after, left);
            }
        }
    }
}

/// What is left of a pattern behind a part that fits a character.
fn one(pattern: &str, c: char) -> Option<&str> {
    let first = pattern.chars().next()?;
    let rest = &pattern[first.len_utf8()..];
    match first {
        '?' => Some(rest),
        '[' => match class(rest) {
            Some((inner, after)) => is_in(inner, c).then_some(after),
            None => (c == '[').then_some(rest),
        },
        '\\' => rest.strip_prefix(c),
        first => (first == c).then_some(rest),
    }
}

/// `a-z]rest` as `a-z` and `rest`; a bracket that comes first is one of the characters.
fn class(text: &str) -> Option<(&str, &str)> {
    let negated = text.starts_with(['!', '^']);
    let from = usize::from(negated);
    let first = text[from..].chars().next()?;
    let from = from + first.len_utf8();
    let end = from + text[from..].find(']')?;
    Some((&text[..end], &text[end + 1..]))
}

fn is_in(class: &str, c: char) -> bool {
    let inner = class.strip_prefix(['!', '^']);
    let negated = inner.is_some();
    let set: Vec<char> = inner.unwrap_or(class).chars().collect();
    let mut place = 0;
    let mut found = false;
    while let Some(first) = set.get(place) {
        match (set.get(place + 1), set.get(place + 2)) {
            (Some('-'), Some(last)) => {
                found |= (*first..=*last).contains(&c);
                place += 3;
            }
            _ => {
                found |= *first == c;
                place += 1;
            }
        }
    }
    found != negated
}

/// `a{b,c}d` as `abd` and `acd`.
fn braces(pattern: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut open = vec![pattern.to_owned()];
    while let Some(pattern) = open.pop() {
        let inner = pattern.find('{').and_then(|start| {
            let end = start + pattern[start..].find('}')?;
            Some((start, end))
        });
        match inner {
            Some((start, end)) if open.len() + done.len() < BRACES_MAX => {
                let words: Vec<&str> = pattern[start + 1..end].split(',').collect();
                let room = BRACES_MAX.saturating_sub(open.len() + done.len());
                for word in words.into_iter().take(room).rev() {
                    open.push(format!(
                        "{}{word}{}",
                        &pattern[..start],
                        &pattern[end + 1..]
                    ));
                }
            }
            _ => done.push(pattern),
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_patterns_as_a_shell_has_them() {
        for (pattern, name) in [
            ("*.conf", "queues.conf"),
            ("*", "a"),
            ("a*b*c", "aXbYbZc"),
            ("ivr-?.xml", "ivr-é.xml"),
            ("[a-c]*[!0-9]", "b9x"),
            ("[]x]", "]"),
            ("[x", "[x"),
            (".*", ".hidden"),
            ("\\*", "*"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.conf", "queues.conf.bak"),
            ("*", ".hidden"),
            ("?", ""),
            ("[!a]", "a"),
            ("a*b", "ac"),
            ("", "a"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn braces_stand_for_each_word_and_do_not_multiply_without_end() {
        assert_eq!(braces("a{b,c}{d,}"), ["abd", "ab", "acd", "ac"]);
        assert_eq!(braces("a{b"), ["a{b"]);
        assert!(braces(&"{a,b}".repeat(40)).len() <= BRACES_MAX + 1);
        assert!(braces(&format!("{{{}}}", ",".repeat(9999))).len() <= BRACES_MAX);
    }

    #[test]
    fn files_come_in_the_order_of_their_names() {
        let mut sources = Sources::sealed();
        for name in ["d/b.xml", "d/a.xml", "d/.c.xml", "d/e/f.xml", "d/g.conf"] {
            sources.add(Path::new(name), String::new());
        }
        let found = |pattern| files(Path::new("d"), pattern, &sources, &|_| true);
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(found("*.xml"), paths(&["d/a.xml", "d/b.xml"]));
        assert_eq!(found("*/f.xml"), paths(&["d/e/f.xml"]));
        assert_eq!(
            found("../d/{g.conf,a.xml}"),
            paths(&["d/g.conf", "d/a.xml"])
        );
        assert_eq!(found("z.xml"), paths(&[]));
        assert!(files(Path::new("d"), "*", &sources, &|_| false).is_empty());
    }
}
