//! Extensions and their patterns: `_9NXX.`

use super::super::regex;

/// The longest entry that an open pattern (`.`, `!`) is taken to stand for.
const OPEN_DIGITS_MAX: usize = 8;

/// Whether an extension fits the pattern, or is the very same.
pub(super) fn fits(pattern: &str, extension: &str) -> bool {
    match pattern.strip_prefix('_') {
        Some(pattern) => pattern_fits(pattern, extension),
        None => pattern == extension,
    }
}

fn pattern_fits(pattern: &str, extension: &str) -> bool {
    let mut rest = pattern;
    let mut keys = extension.chars();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == '-' {
            // A hyphen is there for people, unless the extension has one too.
            if keys.as_str().starts_with('-') {
                keys.next();
            }
            continue;
        }
        match c {
            '!' => return true,
            '.' => return keys.next().is_some(),
            _ => {}
        }
        let Some(key) = keys.next() else {
            return false;
        };
        let good = match c {
            'X' | 'x' => key.is_ascii_digit(),
            'Z' | 'z' => ('1'..='9').contains(&key),
            'N' | 'n' => ('2'..='9').contains(&key),
            '[' => {
                let end = rest.find(']').unwrap_or(rest.len());
                let class = &rest[..end];
                rest = rest.get(end + 1..).unwrap_or("");
                in_class(class, key)
            }
            c => c == key,
        };
        if !good {
            return false;
        }
    }
    keys.next().is_none()
}

fn in_class(class: &str, key: char) -> bool {
    let chars: Vec<char> = class.chars().collect();
    let mut place = 0;
    while place < chars.len() {
        match (chars.get(place + 1), chars.get(place + 2)) {
            (Some('-'), Some(to)) => {
                if (chars[place]..=*to).contains(&key) {
                    return true;
                }
                place += 3;
            }
            _ => {
                if chars[place] == key {
                    return true;
                }
                place += 1;
            }
        }
    }
    false
}

/// Whether a pattern is one of keys: `_stdexten-.` is not.
pub(super) fn is_dialled(pattern: &str) -> bool {
    let Some(pattern) = pattern.strip_prefix('_') else {
        return false;
    };
    let mut in_class = false;
    pattern.chars().all(|c| {
        in_class = c == '[' || in_class && c != ']';
        let is_key = c.is_ascii_digit() || "XxZzNn.!*#-[]".contains(c);
        is_key && (!in_class || !c.is_ascii_alphabetic())
    })
}

/// How much a pattern leaves open: of several that fit, Asterisk takes the one that leaves least.
pub(super) fn vagueness(pattern: &str) -> (bool, Vec<u8>) {
    let Some(pattern) = pattern.strip_prefix('_') else {
        return (false, Vec::new());
    };
    let vague = pattern.chars().map(|c| match c {
        '!' => 5,
        '.' => 4,
        'X' | 'x' => 3,
        'Z' | 'z' => 2,
        'N' | 'n' => 1,
        _ => 0,
    });
    (true, vague.collect())
}

/// What callers press to reach an extension; none where they cannot, or in too many ways. The second
/// says whether the keys stand for a little more than the pattern.
pub(super) fn keys(extension: &str) -> Option<(Vec<String>, bool)> {
    let Some(pattern) = extension.strip_prefix('_') else {
        let is_key = super::super::super::keys::is_pattern(extension) && !extension.contains('x');
        return is_key.then(|| (vec![extension.to_owned()], false));
    };
    let expression = |classes: bool| {
        let mut expression = String::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            match c {
                'N' | 'n' if classes => expression.push_str("[2-9]"),
                'Z' | 'z' if classes => expression.push_str("[1-9]"),
                'X' | 'x' | 'N' | 'n' | 'Z' | 'z' => expression.push_str("[0-9]"),
                '.' => expression.push_str("[0-9]+"),
                '!' => expression.push_str("[0-9]*"),
                '-' => {}
                '[' => {
                    expression.push('[');
                    for c in chars.by_ref() {
                        expression.push(c);
                        if c == ']' {
                            break;
                        }
                    }
                }
                '*' => expression.push_str("\\*"),
                c => expression.push(c),
            }
        }
        expression
    };
    let is_open = pattern.ends_with(['.', '!']);
    let longest = match is_open {
        true => OPEN_DIGITS_MAX.max(pattern.len()),
        false => super::super::super::keys::KEYS_IN_PATTERN_MAX,
    };
    let keys = |is_exact| {
        let fits = regex::patterns(&expression(is_exact), longest)?;
        Some(fits.into_iter().map(|fit| fit.keys).collect())
    };
    if let Some(exact) = keys(true) {
        return Some((exact, is_open));
    }
    keys(false).map(|keys| (keys, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_in_asterisk() {
        for (pattern, good, bad) in [
            ("_11XX", "1106", "110"),
            ("_NXX", "234", "123"),
            ("_Z.", "12", "1"),
            ("_9!", "9", "8"),
            ("_[1-35]", "5", "4"),
            ("_dialed-.", "dialed-BUSY", "dialled"),
            ("_stde[x]te[n]-.", "stdexten-BUSY", "stdexten"),
            ("s", "s", "t"),
        ] {
            assert!(fits(pattern, good) && !fits(pattern, bad), "{pattern}");
        }
    }

    #[test]
    fn keys_stand_for_patterns() {
        assert_eq!(keys("12"), Some((vec!["12".to_owned()], false)));
        assert_eq!(keys("_11XX"), Some((vec!["11xx".to_owned()], false)));
        assert_eq!(keys("_2N").map(|(keys, _)| keys.len()), Some(8));
        assert_eq!(keys("_NXXNXX"), Some((vec!["xxxxxx".to_owned()], true)));
        assert_eq!(keys("s"), None);
        assert_eq!(keys("_a."), None);
    }
}
