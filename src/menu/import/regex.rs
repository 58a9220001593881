//! Patterns of keys out of regular expressions, as far as these stand for a few of them.

use std::collections::BTreeMap;
use std::ops::Range;

/// Patterns, or numbers, that one expression may stand for.
const KEYS_MAX: usize = 32;
/// Parts and alternatives of one expression at most.
const PARTS_MAX: usize = 64;
const DIGITS: &str = "0123456789";

/// A part of an expression: what fits, and how often.
struct Part {
    atom: Atom,
    least: usize,
    most: usize,
}

enum Atom {
    /// One of these keys.
    Keys(String),
    /// A group with its number, if it has one.
    Group(Option<usize>, Vec<Vec<Part>>),
}

/// Keys that fit, and which of them the groups hold.
#[derive(Clone, Debug)]
pub(super) struct Fit {
    pub(super) keys: String,
    groups: BTreeMap<usize, Range<usize>>,
    /// Where the groups begin that are not closed yet.
    open: Vec<usize>,
    /// Whether the groups may hold other keys as well, when the same are pressed.
    is_unclear: bool,
}

impl Fit {
    fn empty() -> Self {
        Self {
            keys: String::new(),
            groups: BTreeMap::new(),
            open: Vec::new(),
            is_unclear: false,
        }
    }

    /// The text with what the groups hold in the place of `$1`, and all keys in that of `$0`; a group
    /// that holds nothing leaves nothing. None where it is not plain what the groups hold.
    pub(super) fn filled(&self, text: &str) -> Option<String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            filled.push_str(before);
            let end = after.find(|c: char| !c.is_ascii_digit());
            let (number, after) = after.split_at(end.unwrap_or(after.len()));
            rest = after;
            match number.parse::<usize>() {
                Ok(0) => filled.push_str(&self.keys),
                Ok(_) if self.is_unclear => return None,
                Ok(number) => {
                    let held = self.groups.get(&number).cloned();
                    filled.push_str(&self.keys[held.unwrap_or(0..0)]);
                }
                Err(_) => {
                    filled.push('$');
                    filled.push_str(number);
                }
            }
        }
        filled.push_str(rest);
        Some(filled)
    }
}

/// The patterns of keys that fit, with `x` for any digit; none when they are too many, or more than
/// digits, classes, groups, `\d`, `.` and counts are used.
pub(super) fn patterns(expression: &str, longest: usize) -> Option<Vec<Fit>> {
    expand(expression, longest, true)
}

/// The same without `x`: every number in full.
pub(super) fn numbers(expression: &str, longest: usize) -> Option<Vec<Fit>> {
    expand(expression, longest, false)
}

fn expand(expression: &str, longest: usize, any: bool) -> Option<Vec<Fit>> {
    let inner = expression.strip_prefix('^').unwrap_or(expression);
    let mut reader = Reader {
        rest: inner.strip_suffix('$').unwrap_or(inner),
        longest,
        parts: 0,
        groups: 0,
    };
    let alternatives = reader.alternatives()?;
    if !reader.rest.is_empty() {
        return None;
    }
    let mut all: Vec<Fit> = Vec::new();
    for alternative in &alternatives {
        let found = sequence(vec![Fit::empty()], alternative, longest, any)?;
        for fit in found.into_iter().filter(|fit| !fit.keys.is_empty()) {
            match all.iter_mut().find(|other| other.keys == fit.keys) {
                Some(other) => other.is_unclear |= other.groups != fit.groups,
                None => all.push(fit),
            }
        }
    }
    (all.len() <= KEYS_MAX).then_some(all)
}

/// Reads an expression from left to right.
struct Reader<'e> {
    rest: &'e str,
    longest: usize,
    parts: usize,
    groups: usize,
}

impl Reader<'_> {
    /// What is told apart by `|`, up to the end or a closing bracket.
    fn alternatives(&mut self) -> Option<Vec<Vec<Part>>> {
        let mut all = vec![Vec::new()];
        loop {
            match self.rest.chars().next() {
                None | Some(')') => return Some(all),
                Some('|') => {
                    self.one_more()?;
                    self.rest = &self.rest[1..];
                    all.push(Vec::new());
                }
                Some(first) => {
                    let part = self.part(first)?;
                    all.last_mut()?.push(part);
                }
            }
        }
    }

    /// Counts a part, or an alternative, which may be empty.
    fn one_more(&mut self) -> Option<()> {
        self.parts += 1;
        (self.parts <= PARTS_MAX).then_some(())
    }

    fn part(&mut self, first: char) -> Option<Part> {
        self.one_more()?;
        let rest = self.rest;
        let (atom, after) = match first {
            '(' => self.group()?,
            '0'..='9' | '#' => (Atom::Keys(first.to_string()), &rest[1..]),
            '.' => (Atom::Keys(DIGITS.to_owned()), &rest[1..]),
            '\\' => match rest[1..].chars().next()? {
                'd' => (Atom::Keys(DIGITS.to_owned()), &rest[2..]),
                c @ ('*' | '#') => (Atom::Keys(c.to_string()), &rest[2..]),
                _ => return None,
            },
            '[' => {
                let end = rest.find(']')?;
                (Atom::Keys(class(&rest[1..end])?), &rest[end + 1..])
            }
            _ => return None,
        };
        let (least, most, after) = count(after, self.longest)?;
        self.rest = after;
        // A group that is repeated holds its last keys alone.
        let is_repeated = matches!(atom, Atom::Group(..)) && (least > 1 || most > 1);
        (!is_repeated).then_some(Part { atom, least, most })
    }
}

impl<'e> Reader<'e> {
    fn group(&mut self) -> Option<(Atom, &'e str)> {
        self.rest = &self.rest[1..];
        let number = match self.rest.strip_prefix("?:") {
            Some(inner) => {
                self.rest = inner;
                None
            }
            None => {
                self.groups += 1;
                Some(self.groups)
            }
        };
        let inner = self.alternatives()?;
        Some((Atom::Group(number, inner), self.rest.strip_prefix(')')?))
    }
}

/// `0-357*` as the keys in it, each of them once.
fn class(text: &str) -> Option<String> {
    let mut keys = String::new();
    let add = |keys: &mut String, key: char| {
        if !keys.contains(key) {
            keys.push(key);
        }
    };
    let chars: Vec<char> = text.chars().collect();
    let mut place = 0;
    while place < chars.len() {
        match (chars[place], chars.get(place + 1), chars.get(place + 2)) {
            (from @ '0'..='9', Some('-'), Some(to @ '0'..='9')) => {
                (from..=*to).for_each(|key| add(&mut keys, key));
                place += 3;
            }
            (c @ ('0'..='9' | '*' | '#'), ..) => {
                add(&mut keys, c);
                place += 1;
            }
            _ => return None,
        }
    }
    Some(keys)
}

fn count(rest: &str, longest: usize) -> Option<(usize, usize, &str)> {
    match rest.chars().next() {
        Some('+') => Some((1, longest, &rest[1..])),
        Some('*') => Some((0, longest, &rest[1..])),
        Some('?') => Some((0, 1, &rest[1..])),
        Some('{') => {
            let end = rest.find('}')?;
            let inner = &rest[1..end];
            let (least, most) = match inner.split_once(',') {
                Some((least, "")) => (least.parse().ok()?, longest),
                Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
                None => (inner.parse().ok()?, inner.parse().ok()?),
            };
            Some((least, usize::min(most, longest), &rest[end + 1..]))
        }
        _ => Some((1, 1, rest)),
    }
}

/// What was found so far, followed by all parts.
fn sequence(found: Vec<Fit>, parts: &[Part], longest: usize, any: bool) -> Option<Vec<Fit>> {
    let mut parts = parts.iter();
    parts.try_fold(found, |found, part| follow(found, part, longest, any))
}

/// What was found so far, followed by the part as often as it may occur.
fn follow(found: Vec<Fit>, part: &Part, longest: usize, any: bool) -> Option<Vec<Fit>> {
    let mut all = Vec::new();
    let mut layer = found;
    for times in 0..=part.most {
        if times >= part.least {
            all.extend(layer.iter().cloned());
        }
        if times < part.most {
            layer = once(layer, &part.atom, longest, any)?;
        }
        if all.len() > KEYS_MAX || layer.len() > KEYS_MAX {
            return None;
        }
    }
    Some(all)
}

/// What was found so far, followed by the atom once.
fn once(mut found: Vec<Fit>, atom: &Atom, longest: usize, any: bool) -> Option<Vec<Fit>> {
    let (number, alternatives) = match atom {
        Atom::Keys(keys) => return Some(longer(&found, keys, longest, any)),
        Atom::Group(number, alternatives) => (*number, alternatives),
    };
    for fit in &mut found {
        fit.open.push(fit.keys.len());
    }
    let mut all = Vec::new();
    for alternative in alternatives {
        all.extend(sequence(found.clone(), alternative, longest, any)?);
        if all.len() > KEYS_MAX {
            return None;
        }
    }
    for fit in &mut all {
        let start = fit.open.pop()?;
        if let Some(number) = number {
            fit.groups.insert(number, start..fit.keys.len());
        }
    }
    Some(all)
}

/// What was found so far, each with one of the keys more.
fn longer(found: &[Fit], keys: &str, longest: usize, any: bool) -> Vec<Fit> {
    let is_any = any && keys.len() == DIGITS.len() && !keys.contains(['*', '#']);
    let keys = if is_any { "x" } else { keys };
    let short = found.iter().filter(|fit| fit.keys.len() < longest);
    let longer = short.flat_map(|before| {
        keys.chars().map(move |key| {
            let mut fit = before.clone();
            fit.keys.push(key);
            fit
        })
    });
    longer.take(KEYS_MAX + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(fits: Vec<Fit>) -> Vec<String> {
        fits.into_iter().map(|fit| fit.keys).collect()
    }

    #[test]
    fn expressions_stand_for_patterns() {
        let patterns = |expression| patterns(expression, 4).map(keys);
        let these = |keys: &[&str]| Some(keys.iter().map(|key| (*key).to_owned()).collect());
        assert_eq!(patterns("^(10[01][0-9])$"), these(&["100x", "101x"]));
        assert_eq!(patterns(r"^(\d{2,3})$"), these(&["xx", "xxx"]));
        assert_eq!(patterns("^(1|2[34])$"), these(&["1", "23", "24"]));
        assert_eq!(patterns("^[1-9]$").map(|keys| keys.len()), Some(9));
        assert_eq!(patterns(r"^\*$"), these(&["*"]));
        assert_eq!(patterns("^[^1]$"), None);
        assert_eq!(patterns("^[1-9][1-9]$"), None);
        assert_eq!(patterns("^a+$"), None);
        assert_eq!(patterns("^(2..).+$"), these(&["2xxx"]));
        assert_eq!(patterns("^(1|2)3$"), these(&["13", "23"]));
        assert_eq!(patterns("^4(?:1|2(0))?$"), these(&["4", "41", "420"]));
        for broken in ["^(1$", "^1)$", "^(12)+$", "^(1", "(", r"\", "^(?=1)$"] {
            assert_eq!(patterns(broken), None, "{broken}");
        }
        assert_eq!(patterns(&"(".repeat(5000)), None);
    }

    #[test]
    fn alternatives_are_few_also_where_they_are_empty() {
        let patterns = |expression: &str| patterns(expression, 4).map(keys);
        assert_eq!(
            patterns("^1(|2|)$"),
            Some(vec!["1".to_owned(), "12".to_owned()])
        );
        let pipes = "|".repeat(PARTS_MAX + 1);
        for many in [format!("^{pipes}$"), format!("^[1-9]({pipes})1$")] {
            assert_eq!(patterns(&many), None);
        }
        let each = "(||||||||)".repeat(6);
        assert_eq!(patterns(&format!("^1{each}$")), None);
    }

    #[test]
    fn a_key_that_stands_twice_in_a_class_is_one_key() {
        let patterns = |expression| patterns(expression, 4).map(keys);
        assert_eq!(patterns("^[1-91]$").map(|keys| keys.len()), Some(9));
        assert_eq!(patterns("^[0-95]$"), Some(vec!["x".to_owned()]));
        assert_eq!(patterns("^[11]$"), Some(vec!["1".to_owned()]));
    }

    #[test]
    fn numbers_are_written_in_full_where_they_are_few() {
        assert_eq!(
            numbers("^(10[01][0-9])$", 4).map(|keys| keys.len()),
            Some(20)
        );
        assert!(numbers(r"^(\d+)$", 4).is_none());
    }

    #[test]
    fn groups_hold_what_stands_in_them() {
        let filled = |expression, text| {
            let fits = numbers(expression, 4).expect("few numbers");
            let filled = fits.iter().map(|fit| fit.filled(text));
            filled.collect::<Option<Vec<String>>>()
        };
        let these = |all: &[&str]| Some(all.iter().map(|one| (*one).to_owned()).collect());
        assert_eq!(
            filled("^9(10[01])$", "$1 XML"),
            these(&["100 XML", "101 XML"])
        );
        assert_eq!(filled("^9(10[01])$", "$0"), these(&["9100", "9101"]));
        assert_eq!(filled("^(8)(20)$", "$2-$1"), these(&["20-8"]));
        assert_eq!(filled("^((7)1)$", "$1/$2/$3."), these(&["71/7/."]));
        assert_eq!(filled("^(1)|(2)$", "a$1b$2"), these(&["a1b", "ab2"]));
        assert_eq!(filled("^1$", "${x}$ $"), these(&["${x}$ $"]));
        // Which group holds the key, only the order of trying decides.
        assert_eq!(filled("^(5?)(5?)$", "$1"), None);
    }
}
