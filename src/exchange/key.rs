//! The twelve keys of a telephone, and short lists of them.

use super::limits::DIGITS_MAX;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One key: 0 to 9, star or pound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key(u8);

impl Key {
    /// `1`
    pub const ONE: Self = Self(1);
    /// `*`
    pub const STAR: Self = Self(10);
    /// `#`
    pub const POUND: Self = Self(11);

    /// A digit that only the driver knows: of a card, a PIN.
    pub const HIDDEN: Self = Self(12);

    /// The key with this character, if there is one.
    pub fn from_char(c: char) -> Option<Self> {
        match c {
            '0'..='9' => Some(Self(c as u8 - b'0')),
            '*' => Some(Self::STAR),
            '#' => Some(Self::POUND),
            _ => None,
        }
    }

    /// The character printed on the key; `x` for a hidden one.
    pub fn to_char(self) -> char {
        char::from(b"0123456789*#x"[self.index()])
    }

    /// 0 to 11; 12 for a hidden one.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Whether the key is one of 0 to 9.
    pub fn is_digit(self) -> bool {
        self.0 < 10
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_char())
    }
}

/// Keys in the order in which they were pressed; at most [`DIGITS_MAX`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Digits {
    len: u8,
    packed: [u8; DIGITS_MAX / 2],
}

impl Digits {
    /// No keys.
    pub const EMPTY: Self = Self {
        len: 0,
        packed: [0; DIGITS_MAX / 2],
    };

    /// Appends a key; false when the list is full, and the list is then unchanged.
    pub fn push(&mut self, key: Key) -> bool {
        let at = usize::from(self.len);
        if at == DIGITS_MAX {
            return false;
        }
        let shift = (at % 2) * 4;
        let cell = &mut self.packed[at / 2];
        *cell = (*cell & !(0xF << shift)) | (key.0 << shift);
        self.len += 1;
        true
    }

    /// The key at a place.
    pub fn at(&self, place: usize) -> Option<Key> {
        (place < self.len()).then(|| Key((self.packed[place / 2] >> ((place % 2) * 4)) & 0xF))
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// Whether one of them is hidden.
    pub fn has_hidden(&self) -> bool {
        self.iter().any(|key| key == Key::HIDDEN)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The keys in order.
    pub fn iter(&self) -> impl Iterator<Item = Key> + '_ {
        (0..self.len()).filter_map(|place| self.at(place))
    }

    /// Takes the first `count` keys away.
    pub fn consume(&mut self, count: usize) {
        if count >= self.len() {
            return self.clear();
        }
        let rest = std::mem::take(self);
        for key in rest.iter().skip(count) {
            self.push(key);
        }
    }

    /// Takes all keys away, leaving no trace of them.
    pub fn clear(&mut self) {
        *self = Self::EMPTY;
    }

    /// Whether the digits pass the Luhn check of payment cards (ISO/IEC 7812-1, annex B).
    pub fn passes_luhn(&self) -> bool {
        let digit = |key: Key| u32::from(key.0);
        let sum: u32 = (0..self.len())
            .rev()
            .filter_map(|place| self.at(place))
            .enumerate()
            .map(|(from_right, key)| match (from_right % 2, digit(key)) {
                (0, d) => d,
                (_, d) if d > 4 => 2 * d - 9,
                (_, d) => 2 * d,
            })
            .sum();
        !self.is_empty() && self.iter().all(Key::is_digit) && sum.is_multiple_of(10)
    }
}

impl FromIterator<Key> for Digits {
    /// Keys beyond [`DIGITS_MAX`] are left out.
    fn from_iter<I: IntoIterator<Item = Key>>(keys: I) -> Self {
        let mut digits = Self::EMPTY;
        for key in keys {
            digits.push(key);
        }
        digits
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|key| write!(f, "{key}"))
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Digits may be a card or a PIN: only their number is ever shown by accident.
        write!(f, "Digits({} keys)", self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Digits {
        text.chars().filter_map(Key::from_char).collect()
    }

    #[test]
    fn keys_come_out_as_they_went_in() {
        assert_eq!(digits("0123456789*#").to_string(), "0123456789*#");
        let mut some = digits("4711#");
        some.consume(2);
        assert_eq!(some.to_string(), "11#");
    }

    #[test]
    fn a_full_list_refuses_and_stays() {
        let mut full: Digits = std::iter::repeat_n(Key(7), DIGITS_MAX).collect();
        let before = full;
        assert!(!full.push(Key(1)));
        assert_eq!(full, before);
    }

    #[test]
    fn luhn_follows_the_standard() {
        assert!(digits("4111111111111111").passes_luhn());
        assert!(!digits("4111111111111112").passes_luhn());
        assert!(!digits("").passes_luhn());
    }
}
