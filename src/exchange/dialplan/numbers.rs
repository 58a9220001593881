//! Which numbers may be dialled for callers, and which number somebody means who types digits.

use crate::exchange::fnv::Fnv;
use crate::exchange::key::Digits;
use crate::exchange::key::Key;
use crate::exchange::limits::DIGITS_MAX;
use serde::Deserialize;
use serde::Serialize;
use std::hash::Hasher;

/// From so many digits on a number that begins like the country's is one with the country, whose plus the
/// carrier leaves out.
const FULL_LEAST: usize = 10;

/// The dialling rules of a line. Without any prefix in `allow` no number may be dialled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialling {
    /// What a national number begins with abroad, `+44`; empty if numbers are dialled as typed.
    pub country: String,
    /// What it begins with at home in the place of that, `0`; may be empty.
    pub national: String,
    /// What numbers of other countries begin with, `00`.
    pub international: String,
    /// A number has to begin with one of these.
    pub allow: Vec<String>,
    /// And with none of these.
    pub deny: Vec<String>,
    /// Fewest and most digits, those of the country included.
    pub digits: (u8, u8),
}

impl Dialling {
    /// Whether no number may be dialled at all.
    pub fn is_empty(&self) -> bool {
        self.allow.is_empty()
    }

    /// Whether the number that is typed like this may be dialled.
    pub fn accepts(&self, typed: &Digits) -> bool {
        self.allows(self.meant(typed))
    }

    /// Whether a number may be dialled that a carrier shows like `+441632960100`, `tel:+44-1632-960100` or
    /// `01632 960100`.
    pub fn accepts_number(&self, number: &str) -> bool {
        self.allows(self.shown(number).bytes())
    }

    /// Stands for the person whose number a carrier shows like this, however it is written.
    pub fn caller_from(&self, number: &str) -> u64 {
        Fnv::of_bytes(self.shown(number).as_bytes())
    }

    /// The number that a carrier shows, as it is dialled; anything else as it stands.
    pub fn shown(&self, number: &str) -> String {
        let plain = plain_number(number);
        let digits = plain.strip_prefix('+').unwrap_or(&plain);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let begins = |with: &str| !with.is_empty() && digits.starts_with(with);
        let country = self.country.trim_start_matches('+');
        let lacks_plus = digits.len() >= FULL_LEAST
            && !self.national.is_empty()
            && begins(country)
            && !begins(&self.national)
            && !begins(&self.international);
        match is_number {
            true if plain.starts_with('+') => plain,
            true if lacks_plus => format!("+{plain}"),
            true if digits.len() <= DIGITS_MAX => {
                self.number(&digits.chars().filter_map(Key::from_char).collect())
            }
            _ => number.to_owned(),
        }
    }

    /// The number that is typed like this, as it is dialled.
    pub fn number(&self, typed: &Digits) -> String {
        self.meant(typed).map(char::from).collect()
    }

    /// Stands for the person with this number, as for callers who come from it.
    pub fn caller(&self, typed: &Digits) -> u64 {
        let mut hash = Fnv::default();
        self.meant(typed).for_each(|byte| hash.write(&[byte]));
        hash.finish()
    }

    fn meant<'a>(&'a self, typed: &'a Digits) -> impl Iterator<Item = u8> + Clone + 'a {
        let begins = |with: &str| !with.is_empty() && begin(typed, with);
        let (before, home) = match () {
            () if begins(&self.international) => ("+", self.international.len()),
            () if begins(&self.national) => (self.country.as_str(), self.national.len()),
            () => (self.country.as_str(), 0),
        };
        let rest = (home..typed.len()).filter_map(|place| typed.at(place));
        before.bytes().chain(rest.map(|key| key.to_char() as u8))
    }

    fn allows(&self, number: impl Iterator<Item = u8> + Clone) -> bool {
        let begins = |with: &String| {
            let mut number = number.clone();
            with.bytes().all(|byte| number.next() == Some(byte))
        };
        let digits = number.clone().skip_while(|byte| *byte == b'+');
        let is_number = digits.clone().all(|byte| byte.is_ascii_digit());
        let (least, most) = self.digits;
        is_number
            && (usize::from(least)..=usize::from(most)).contains(&digits.count())
            && self.allow.iter().any(begins)
            && !self.deny.iter().any(begins)
    }
}

/// A number without what is written around its digits: `tel:+44-1632-960100;ext=5` is `+441632960100`.
pub fn plain_number(number: &str) -> String {
    let is_uri = number
        .get(..4)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("tel:"));
    let plain = if is_uri { &number[4..] } else { number };
    let plain = plain.split(';').next().unwrap_or(plain);
    // At home only: `+44 (0)1632 960100`.
    let plain = match plain.starts_with('+') {
        true => plain.replace("(0)", ""),
        false => plain.to_owned(),
    };
    plain.replace([' ', '\u{a0}', '-', '.', '(', ')'], "")
}

fn begin(typed: &Digits, with: &str) -> bool {
    let mut keys = typed.iter().map(Key::to_char);
    with.chars().all(|digit| keys.next() == Some(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Digits {
        text.chars().filter_map(Key::from_char).collect()
    }

    fn britain() -> Dialling {
        Dialling {
            country: "+44".to_owned(),
            national: "0".to_owned(),
            international: "00".to_owned(),
            allow: vec!["+44".to_owned(), "+353".to_owned()],
            deny: vec!["+449".to_owned()],
            digits: (8, 15),
        }
    }

    #[test]
    fn a_number_is_the_same_at_home_and_from_abroad() {
        for typed in ["01632960100", "1632960100", "00441632960100"] {
            assert_eq!(britain().number(&digits(typed)), "+441632960100");
            assert!(britain().accepts(&digits(typed)), "{typed}");
            let person = Fnv::of_bytes(b"+441632960100");
            assert_eq!(britain().caller(&digits(typed)), person);
        }
        assert_eq!(britain().number(&digits("0035312345678")), "+35312345678");
    }

    #[test]
    fn what_is_not_allowed_is_refused() {
        for typed in [
            "",
            "0",
            "0999",
            "09001234567",
            "00491701234567",
            "016329*01001",
        ] {
            assert!(!britain().accepts(&digits(typed)), "{typed}");
        }
        assert!(!britain().accepts(&digits("0163296010012345")));
        assert!(!Dialling::default().accepts(&digits("01632960100")));
    }

    #[test]
    fn numbers_of_callers_may_come_either_way() {
        assert!(britain().accepts_number("+441632960100"));
        assert!(britain().accepts_number("01632960100"));
        assert!(!britain().accepts_number("+449001234567"));
        assert!(!britain().accepts_number("anonymous"));
    }

    #[test]
    fn a_caller_is_the_same_person_however_the_carrier_writes_the_number() {
        let person = britain().caller(&digits("01632960100"));
        for shown in [
            "+441632960100",
            "01632960100",
            "00441632960100",
            "+44 1632 960100",
            "tel:+44-1632-960100",
            "(01632) 960.100",
            "441632960100",
            "+44 (0)1632 960100",
            "TEL:+441632960100;ext=5",
            "+44\u{a0}1632\u{a0}960100",
        ] {
            assert_eq!(britain().caller_from(shown), person, "{shown}");
            assert_eq!(britain().shown(shown), "+441632960100");
            assert!(britain().accepts_number(shown), "{shown}");
        }
        // Without rules, and what is no number, as it stands.
        let any = Dialling::default();
        assert_eq!(
            any.caller_from("01632960100"),
            Fnv::of_bytes(b"01632960100")
        );
        for name in ["anonymous", "sip:joe@example.org", "+", "tel:"] {
            assert_eq!(britain().caller_from(name), Fnv::of_bytes(name.as_bytes()));
        }
    }
}
