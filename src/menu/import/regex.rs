//! Patterns of keys out of regular expressions, as far as these stand for a few of them.

/// Patterns, or numbers, that one expression may stand for.
const KEYS_MAX: usize = 32;
/// Parts of one expression at most.
const PARTS_MAX: usize = 64;

/// A part of an expression: the keys that fit, and how often.
struct Part {
    keys: String,
    least: usize,
    most: usize,
}

/// The patterns of keys that fit, with `x` for any digit; none when they are too many, or more than
/// digits, classes, `\d`, `.` and counts are used.
pub(super) fn patterns(expression: &str, longest: usize) -> Option<Vec<String>> {
    expand(expression, longest, true)
}

/// The same without `x`: every number in full.
pub(super) fn numbers(expression: &str, longest: usize) -> Option<Vec<String>> {
    expand(expression, longest, false)
}

fn expand(expression: &str, longest: usize, any: bool) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for alternative in alternatives(expression) {
        let mut found = vec![String::new()];
        for part in parts(alternative, longest)? {
            found = follow(&found, &part, longest, any)?;
        }
        found.retain(|keys| !keys.is_empty());
        for keys in found {
            if !all.contains(&keys) {
                all.push(keys);
            }
        }
    }
    (all.len() <= KEYS_MAX).then_some(all)
}

/// `^(1|2)$` as `1` and `2`: the only group there may be is around everything.
fn alternatives(expression: &str) -> Vec<&str> {
    let inner = expression.strip_prefix('^').unwrap_or(expression);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let bare = inner.strip_prefix('(').and_then(|at| at.strip_suffix(')'));
    let bare = bare.filter(|at| !at.contains(['(', ')'])).unwrap_or(inner);
    bare.strip_prefix("?:").unwrap_or(bare).split('|').collect()
}

fn parts(alternative: &str, longest: usize) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = alternative;
    while let Some(first) = rest.chars().next() {
        if parts.len() == PARTS_MAX {
            return None;
        }
        let (keys, after) = match first {
            '(' | ')' => {
                rest = &rest[1..];
                continue;
            }
            '0'..='9' | '#' => (first.to_string(), &rest[1..]),
            '.' => ("0123456789".to_owned(), &rest[1..]),
            '\\' => match rest[1..].chars().next()? {
                'd' => ("0123456789".to_owned(), &rest[2..]),
                c @ ('*' | '#') => (c.to_string(), &rest[2..]),
                _ => return None,
            },
            '[' => {
                let end = rest.find(']')?;
                (class(&rest[1..end])?, &rest[end + 1..])
            }
            _ => return None,
        };
        let (least, most, after) = count(after, longest)?;
        parts.push(Part { keys, least, most });
        rest = after;
    }
    Some(parts)
}

/// `0-357*` as the keys in it.
fn class(text: &str) -> Option<String> {
    let mut keys = String::new();
    let chars: Vec<char> = text.chars().collect();
    let mut place = 0;
    while place < chars.len() {
        match (chars[place], chars.get(place + 1), chars.get(place + 2)) {
            (from @ '0'..='9', Some('-'), Some(to @ '0'..='9')) => {
                keys.extend(from..=*to);
                place += 3;
            }
            (c @ ('0'..='9' | '*' | '#'), ..) => {
                keys.push(c);
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

/// What was found so far, followed by the part as often as it may occur.
fn follow(found: &[String], part: &Part, longest: usize, any: bool) -> Option<Vec<String>> {
    let is_any = any && part.keys.len() == 10 && !part.keys.contains(['*', '#']);
    let keys = if is_any { "x" } else { part.keys.as_str() };
    let mut all = Vec::new();
    let mut layer = found.to_vec();
    for times in 0..=part.most {
        if times >= part.least {
            all.extend(layer.iter().cloned());
        }
        let longer = layer.iter().filter(|keys| keys.len() < longest);
        let longer =
            longer.flat_map(|before| keys.chars().map(move |key| format!("{before}{key}")));
        layer = longer.take(KEYS_MAX + 1).collect();
        if all.len() > KEYS_MAX || layer.len() > KEYS_MAX && times < part.most {
            return None;
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_stand_for_patterns() {
        let patterns = |expression| patterns(expression, 4);
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
    }

    #[test]
    fn numbers_are_written_in_full_where_they_are_few() {
        assert_eq!(
            numbers("^(10[01][0-9])$", 4).map(|keys| keys.len()),
            Some(20)
        );
        assert_eq!(numbers(r"^(\d+)$", 4), None);
    }
}
