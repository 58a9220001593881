//! The numbers of `queues.conf`: what Asterisk takes them for (`queue_set_param` in its `app_queue.c`), and
//! what is set here.

use super::super::super::group::ANSWER_TIMES;
use super::super::super::group::RINGS;
use super::super::super::group::WAITING_LIMIT;
use super::super::super::group::WRAP_UPS;
use super::super::super::queue::ANNOUNCEMENTS;
use super::super::super::queue::WEIGHT_MAX;
use super::super::tally::Fate;
use crate::exchange::time::Span;
use std::ops::RangeInclusive;

/// How long a telephone rings where the time is below 0.
const RING_S: i64 = 15;

/// What a number is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Ring,
    WrapUp,
    Waiting,
    ServiceLevel,
    Weight,
    Every,
}

/// A setting that is a number.
#[derive(Clone, Debug)]
pub(super) struct Number {
    kind: Kind,
    /// As it is written.
    written: String,
    is_whole: bool,
    /// As the C library reads it: what it begins with, and 0 where that is no number.
    number: i64,
}

impl Number {
    /// The number that a setting is; none for other settings, and for those that are left empty.
    pub(super) fn of(key: &str, text: &str) -> Option<Self> {
        let kind = match key {
            "timeout" => Kind::Ring,
            "wrapuptime" => Kind::WrapUp,
            "maxlen" => Kind::Waiting,
            "servicelevel" => Kind::ServiceLevel,
            "weight" => Kind::Weight,
            "announce-frequency" | "periodic-announce-frequency" => Kind::Every,
            _ => return None,
        };
        if text.is_empty() {
            return None;
        }
        let (number, is_whole) = whole(text);
        Some(Self {
            kind,
            written: format!("`{key} = {text}`"),
            is_whole,
            number,
        })
    }

    /// What Asterisk goes by; none: without a limit.
    fn taken(&self) -> Option<i64> {
        match (self.kind, self.number) {
            (Kind::Ring, ..0) => Some(RING_S),
            (Kind::Ring, 0) => None,
            (_, number) => Some(number.max(0)),
        }
    }

    /// What is set here; none: nothing is.
    pub(super) fn used(&self) -> Option<i64> {
        let bounds = self.kind.bounds();
        match self.taken() {
            Some(..=0) => None,
            Some(number) => Some(number.clamp(*bounds.start(), *bounds.end())),
            None => Some(*bounds.end()),
        }
    }

    /// The field of a group that it becomes, as TOML writes it; none where nothing is set, or in a queue.
    pub(super) fn field(&self) -> Option<(&'static str, String)> {
        let used = self.used()?;
        let time = Span::seconds(used.unsigned_abs());
        Some(match self.kind {
            Kind::Ring => ("ring", format!("\"{time}\"")),
            Kind::WrapUp => (
                "wrap_up",
                format!("{{ limit = \"{time}\", then = \"ready\" }}"),
            ),
            Kind::Waiting => ("max_waiting", used.to_string()),
            Kind::ServiceLevel => ("service_level", format!("{{ answer_within = \"{time}\" }}")),
            Kind::Weight | Kind::Every => return None,
        })
    }

    /// What is wrong with it, or different here; with what is used instead.
    pub(super) fn note(&self) -> Option<(Fate, String)> {
        let here = match (self.field(), self.used()) {
            (Some((field, value)), _) => format!("here {field} = {value}"),
            (None, Some(used)) => format!("here {used} is used"),
            (None, None) => "here nothing is set".to_owned(),
        };
        let written = &self.written;
        let taken = match self.taken() {
            Some(taken) => format!("Asterisk takes it as {taken}"),
            None => "Asterisk takes it as 0, without end".to_owned(),
        };
        if !self.is_whole {
            let note = format!("{written} is no whole number: {taken}, and {here}");
            return Some((Fate::Skipped, note));
        }
        if self.number < 0 {
            let note = format!("{written} is below 0: {taken}, and {here}");
            return Some((Fate::Skipped, note));
        }
        if self.taken().is_none() {
            return Some((
                Fate::Approximated,
                format!("{written} is without end; {here}"),
            ));
        }
        let differs = self.number > 0 && self.used() != Some(self.number);
        differs.then(|| {
            let note = format!("{written} is beyond what can be set; {here}");
            (Fate::Approximated, note)
        })
    }
}

impl Kind {
    /// What can be set here, in seconds where it is a time.
    fn bounds(self) -> RangeInclusive<i64> {
        let seconds = |bounds: RangeInclusive<Span>| {
            let second = |span: &Span| (span.0 / 1000) as i64;
            second(bounds.start()).max(1)..=second(bounds.end())
        };
        match self {
            Self::Ring => seconds(RINGS),
            Self::WrapUp => seconds(WRAP_UPS),
            Self::Waiting => 1..=WAITING_LIMIT,
            Self::ServiceLevel => seconds(ANSWER_TIMES),
            Self::Weight => 1..=WEIGHT_MAX,
            Self::Every => seconds(ANNOUNCEMENTS),
        }
    }
}

/// A whole number as the C library reads it, and whether all of the text is one.
pub(super) fn whole(text: &str) -> (i64, bool) {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = digits.split_at(count);
    let most = i64::from(i32::MAX);
    let number = digits
        .parse()
        .map_or(if digits.is_empty() { 0 } else { most }, |number: i64| {
            number.min(most)
        });
    let number = if text.starts_with('-') {
        -number
    } else {
        number
    };
    (number, rest.is_empty() && !digits.is_empty())
}

/// `yes` or `no`, in all words that Asterisk takes for it; none for others, which it takes for `no`.
pub(super) fn is_on(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "y" | "t" | "1" | "on" => Some(true),
        "" | "no" | "false" | "n" | "f" | "0" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(key: &str, text: &str) -> (Option<i64>, Option<(Fate, String)>) {
        let number = Number::of(key, text).expect("a number");
        (number.used(), number.note())
    }

    #[test]
    fn numbers_are_read_as_asterisk_reads_them() {
        for (text, read) in [
            ("15", (15, true)),
            (" -5 ", (-5, true)),
            ("+7", (7, true)),
            ("15s", (15, false)),
            ("abc", (0, false)),
            ("", (0, false)),
            ("-", (0, false)),
            ("99999999999999999999", (i64::from(i32::MAX), true)),
        ] {
            assert_eq!(whole(text), read, "{text}");
        }
    }

    #[test]
    fn good_numbers_are_set_without_a_word() {
        assert_eq!(number("timeout", "15"), (Some(15), None));
        assert_eq!(number("maxlen", "0"), (None, None));
        assert_eq!(number("weight", "1000"), (Some(1000), None));
        assert!(Number::of("timeout", "").is_none() && Number::of("retry", "5").is_none());
    }

    #[test]
    fn wrong_numbers_are_named_with_what_is_used_instead() {
        let (used, note) = number("timeout", "abc");
        let told = "`timeout = abc` is no whole number: Asterisk takes it as 0, without end, and here \
                    ring = \"5m\"";
        assert_eq!(
            (used, note),
            (Some(300), Some((Fate::Skipped, told.to_owned())))
        );
        assert_eq!(number("timeout", "-5").0, Some(15));
        let (used, note) = number("maxlen", "-5");
        let told = "`maxlen = -5` is below 0: Asterisk takes it as 0, and here nothing is set";
        assert_eq!((used, note), (None, Some((Fate::Skipped, told.to_owned()))));
        let (used, note) = number("weight", "12x");
        let told =
            "`weight = 12x` is no whole number: Asterisk takes it as 12, and here 12 is used";
        assert_eq!(
            (used, note),
            (Some(12), Some((Fate::Skipped, told.to_owned())))
        );
        let (used, note) = number("timeout", "900");
        let told = "`timeout = 900` is beyond what can be set; here ring = \"5m\"";
        assert_eq!(
            (used, note),
            (Some(300), Some((Fate::Approximated, told.to_owned())))
        );
    }
}
