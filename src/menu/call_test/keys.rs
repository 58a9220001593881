//! What a caller presses, as it is written: `"1 4711# -"`.

use crate::exchange::key::Key;
use crate::menu::keypad;
use std::fmt;

/// The longest script of keys, in characters.
const KEYS_MAX: usize = 1000;
/// A time that passes in silence.
const SILENCE: &str = "-";
/// A digit of a secret entry, which no file shows.
const HIDDEN: char = 'x';

/// What a caller presses, one group for each time that the line waits for the caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// In this order.
    pub groups: Vec<Group>,
}

/// What a caller does once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Group {
    /// Nothing, until the line has waited for long enough.
    Silence,
    /// Presses these keys at once.
    Presses(Vec<Press>),
}

/// One key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// This one.
    Key(Key),
    /// A digit of a secret entry: one that fits, whichever it is.
    Hidden,
}

impl Keys {
    /// Reads keys; else the fact that is wrong with them.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() > KEYS_MAX {
            return Err(format!("more than {KEYS_MAX} characters of keys"));
        }
        let groups = text.split_whitespace().map(group);
        Ok(Self {
            groups: groups.collect::<Result<_, _>>()?,
        })
    }

    /// Whether nothing is pressed, ever.
    pub fn is_silent(&self) -> bool {
        self.groups.is_empty()
    }
}

fn group(text: &str) -> Result<Group, String> {
    if text == SILENCE {
        return Ok(Group::Silence);
    }
    let press = |c: char| match (c, key_with(c)) {
        (HIDDEN, _) => Ok(Press::Hidden),
        (_, Some(key)) => Ok(Press::Key(key)),
        (c, None) => Err(format!("there is no key {c:?} on a telephone")),
    };
    let presses: Result<Vec<Press>, String> = text.chars().map(press).collect();
    presses.map(Group::Presses)
}

/// The key with this character, or with this capital letter: names are spelled so.
pub fn key_with(c: char) -> Option<Key> {
    Key::from_char(c).or_else(|| keypad::key_of(c).filter(|_| c.is_ascii_uppercase()))
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, group) in self.groups.iter().enumerate() {
            let space = if place == 0 { "" } else { " " };
            write!(f, "{space}{group}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silence => f.write_str(SILENCE),
            Self::Presses(presses) => presses.iter().try_for_each(|press| match press {
                Press::Key(key) => write!(f, "{key}"),
                Press::Hidden => write!(f, "{HIDDEN}"),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_they_were_read() {
        for text in ["", "1", "1 12345678# 1", "22 - - *", "xxxx# 0"] {
            let keys = Keys::parse(text).expect("keys");
            assert_eq!(keys.to_string(), text);
        }
        assert_eq!(Keys::parse(" 1  2 ").expect("keys").to_string(), "1 2");
    }

    #[test]
    fn names_may_be_spelled_in_capitals() {
        let spelled = Keys::parse("2 WEBER# 1").expect("keys");
        assert_eq!(spelled.to_string(), "2 93237# 1");
    }

    #[test]
    fn what_is_no_key_is_named() {
        let wrong = |text| Keys::parse(text).expect_err("no keys");
        assert_eq!(wrong("12y"), "there is no key 'y' on a telephone");
        assert_eq!(wrong("1-2"), "there is no key '-' on a telephone");
        assert!(wrong(&"1".repeat(1001)).starts_with("more than 1000"));
    }
}
