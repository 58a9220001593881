//! Patterns for what is written with a number in it, made of the bounds that its reader has.

use super::Piece;
use crate::exchange::time::Span;
use std::fmt::Write as _;

/// The units of a length of time, with their milliseconds.
const UNITS: [(&str, u64); 4] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];

/// A whole text of these pieces.
pub(super) fn of(pieces: &[Piece]) -> String {
    format!("^{}$", all(pieces))
}

fn all(pieces: &[Piece]) -> String {
    let one = |piece: &Piece| match piece {
        Piece::As(pattern) => (*pattern).to_owned(),
        Piece::Time(least, most) => time(*least, *most),
        Piece::Whole(least, most) => whole(*least, *most),
        Piece::Rising(least, most) => rising(*least, *most),
        Piece::Percent => percent(),
        Piece::OneOf(words) => one_of(words),
        Piece::All(pieces) => all(pieces),
    };
    pieces.iter().map(one).collect()
}

/// A whole number within bounds, with zeros in front or without.
fn whole(least: u64, most: u64) -> String {
    let mut ways = Vec::new();
    // Numbers of the same length are compared digit by digit.
    let mut from = least;
    while from <= most {
        let digits = from.max(1).ilog10();
        let longest = 10_u64
            .checked_pow(digits + 1)
            .map_or(u64::MAX, |next| next - 1);
        let to = longest.min(most);
        same_length(&from.to_string(), &to.to_string(), "", &mut ways);
        match to.checked_add(1) {
            Some(next) => from = next,
            None => break,
        }
    }
    format!("0*({})", ways.join("|"))
}

/// The ways to write the numbers between two of as many digits.
fn same_length(from: &str, to: &str, before: &str, ways: &mut Vec<String>) {
    let (Some(first), Some(last)) = (from.chars().next(), to.chars().next()) else {
        ways.push(before.to_owned());
        return;
    };
    let (from, to) = (&from[1..], &to[1..]);
    let (all_zeros, all_nines) = (is_all(from, '0'), is_all(to, '9'));
    if first == last && !(all_zeros && all_nines) {
        return same_length(from, to, &format!("{before}{first}"), ways);
    }
    let next = |digit: char, by: i8| char::from((digit as u8).wrapping_add_signed(by));
    let mut whole = (first, last);
    if !all_zeros {
        let nines = "9".repeat(from.len());
        same_length(from, &nines, &format!("{before}{first}"), ways);
        whole.0 = next(first, 1);
    }
    if !all_nines {
        whole.1 = next(last, -1);
    }
    if whole.0 <= whole.1 {
        let mut way = format!("{before}{}", class(whole.0, whole.1));
        match from.len() {
            0 => {}
            1 => way.push_str("[0-9]"),
            count => {
                let _ = write!(way, "[0-9]{{{count}}}");
            }
        }
        ways.push(way);
    }
    if !all_nines {
        let zeros = "0".repeat(to.len());
        same_length(&zeros, to, &format!("{before}{last}"), ways);
    }
}

fn is_all(text: &str, digit: char) -> bool {
    text.chars().all(|other| other == digit)
}

/// One digit of several.
fn class(first: char, last: char) -> String {
    match first == last {
        true => first.to_string(),
        false => format!("[{first}-{last}]"),
    }
}

/// A length of time within bounds, in any unit in which there is one.
fn time(least: Span, most: Span) -> String {
    let mut ways = Vec::new();
    for (unit, ms) in UNITS {
        let (from, to) = (least.0.div_ceil(ms), most.0 / ms);
        if from <= to {
            ways.push(format!("{}{unit}", whole(from, to)));
        }
    }
    format!("({})", ways.join("|"))
}

/// `6-10`: two numbers within bounds, the smaller one first.
fn rising(least: u64, most: u64) -> String {
    let from = |from: u64| format!("{} *- *{}", whole(from, from), whole(from, most));
    let ways: Vec<String> = (least..=most).map(from).collect();
    format!("({})", ways.join("|"))
}

/// `80%`, `99.5 %`: from 0 to 100.
fn percent() -> String {
    format!(r"({}(\.[0-9]*)?|0*100(\.0*)?|0*\.[0-9]+)\s*%", whole(0, 99))
}

/// One of several words, in small letters or large ones.
fn one_of(words: &[&str]) -> String {
    let letter = |small: char| match small.to_ascii_uppercase() {
        large if large == small => small.to_string(),
        large => format!("[{small}{large}]"),
    };
    let ways: Vec<String> = words
        .iter()
        .map(|word| word.chars().map(letter).collect())
        .collect();
    format!("({})", ways.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use boon::Compiler;
    use boon::Schemas;
    use serde_json::json;

    /// Judges texts by a pattern, as an independent validator of schemas does.
    fn judge(pattern: &str) -> impl Fn(&str) -> bool + use<> {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let schema = json!({ "type": "string", "pattern": pattern });
        compiler.add_resource("a.json", schema).expect("a schema");
        let index = compiler.compile("a.json", &mut schemas).expect("a schema");
        move |text| schemas.validate(&text.into(), index).is_ok()
    }

    #[test]
    fn whole_numbers_are_taken_within_their_bounds_only() {
        for (least, most) in [
            (0, 0),
            (0, 9),
            (1, 10),
            (5, 180),
            (7, 1009),
            (99, 101),
            (100, 199),
            (1000, 1440),
            (305, 2_017),
        ] {
            let fits = judge(&of(&[Piece::Whole(least, most)]));
            for number in 0..=2_100 {
                let within = (least..=most).contains(&number);
                assert_eq!(
                    fits(&number.to_string()),
                    within,
                    "{number} of {least} to {most}"
                );
                assert_eq!(
                    fits(&format!("00{number}")),
                    within,
                    "{number} of {least} to {most}"
                );
            }
        }
        let fits = judge(&of(&[Piece::Whole(1, u64::MAX)]));
        assert!(fits("18446744073709551615") && !fits("18446744073709551616") && !fits("0"));
    }

    #[test]
    fn lengths_of_time_are_taken_in_every_unit_as_the_reader_takes_them() {
        let bounds = [
            (Span(100), Span::minutes(1)),
            (Span::seconds(5), Span::minutes(3)),
            (Span::ZERO, Span::minutes(24 * 60)),
            (Span(1), Span::minutes(10_000 * 60)),
        ];
        let numbers = [
            0, 1, 2, 4, 5, 24, 25, 59, 60, 61, 99, 100, 101, 180, 181, 1440, 1441, 4999, 5000,
            60_000, 60_001, 86_400, 86_401, 180_001, 86_400_000, 86_400_001,
        ];
        for (least, most) in bounds {
            let fits = judge(&of(&[Piece::Time(least, most)]));
            for (number, unit) in numbers
                .iter()
                .flat_map(|n| ["ms", "s", "m", "h"].map(|u| (n, u)))
            {
                let text = format!("{number}{unit}");
                let length = crate::menu::value::duration(&text).expect("a length of time");
                let within = (least..=most).contains(&length);
                assert_eq!(fits(&text), within, "{text} of {least} to {most}");
            }
            assert!(!fits("5") && !fits("s") && !fits("5 s") && !fits("-5s"));
        }
    }

    #[test]
    fn two_numbers_rise_and_percentages_end_at_a_hundred() {
        let fits = judge(&of(&[Piece::Rising(1, 32)]));
        assert!(fits("6-10") && fits("1 - 32") && fits("8-8") && fits("09-10"));
        assert!(!fits("8-6") && !fits("0-6") && !fits("6-33") && !fits("10-9"));
        let fits = judge(&of(&[Piece::Percent]));
        assert!(
            ["80%", "99.5 %", "100%", "100.0%", ".5%", "0%", "7.%"]
                .iter()
                .all(|text| fits(text))
        );
        assert!(
            ["101%", "100.5%", "80", "-1%", ".%", "%"]
                .iter()
                .all(|text| !fits(text))
        );
    }
}
