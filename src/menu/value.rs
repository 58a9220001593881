//! The small values of all files: lengths of time, days, names that are nearly right.

use crate::exchange::time::Span;
use jiff::civil::Date;
use jiff::civil::DateTime;
use toml::value::Datetime;

/// A length of time: `5s`, `2500ms`, `2m`, `1h`.
pub fn duration(text: &str) -> Option<Span> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let unit = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    number.checked_mul(unit).map(Span)
}

/// The day of a TOML date that has no time.
pub fn date(datetime: &Datetime) -> Option<Date> {
    let date = datetime.date.filter(|_| datetime.time.is_none())?;
    let year = i16::try_from(date.year).ok()?;
    let month = i8::try_from(date.month).ok()?;
    let day = i8::try_from(date.day).ok()?;
    Date::new(year, month, day).ok()
}

/// The moment of a TOML date that has a time and no offset.
pub fn moment(datetime: &Datetime) -> Option<DateTime> {
    let whole = datetime.date.is_some() && datetime.time.is_some() && datetime.offset.is_none();
    whole.then(|| datetime.to_string().parse().ok()).flatten()
}

/// The name that was probably meant.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const NEAR: f64 = 0.75;
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = strsim::jaro_winkler(name, candidate);
        let better = best.is_none_or(|(most, _)| likeness > most);
        if likeness >= NEAR && better {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The only name that can have been meant: a slip of the finger away, and no other as near.
pub fn surely<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    const SLIPS_MAX: usize = 2;
    const LETTERS_PER_SLIP: usize = 3;
    let near = nearest(name, candidates.clone())?;
    let slips = strsim::osa_distance(name, near);
    let few = slips <= SLIPS_MAX && slips * LETTERS_PER_SLIP <= name.chars().count();
    let mut others = candidates.into_iter().filter(|other| *other != near);
    let alone = others.all(|other| strsim::osa_distance(name, other) > slips);
    (few && alone).then_some(near)
}

/// `did you mean "…"?`, or else the names there are.
pub fn suggestion<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    const LISTED: usize = 12;
    if let Some(near) = nearest(name, candidates.clone()) {
        return Some(format!("did you mean \"{near}\"?"));
    }
    let mut names: Vec<&str> = candidates.into_iter().collect();
    let more = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    match (names.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(format!("there are: {}", names.join(", "))),
        (false, more) => Some(format!("there are: {}, and {more} more", names.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("5s"), Some(Span(5000)));
        assert_eq!(duration("2500ms"), Some(Span(2500)));
        assert_eq!(duration("2m"), Some(Span(120_000)));
        assert_eq!(duration("1h"), Some(Span(3_600_000)));
        for wrong in [
            "5",
            "s",
            "-5s",
            "1.5s",
            "5 s",
            "5d",
            "",
            "99999999999999999999s",
        ] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("retruns", ["payment", "returns"]), Some("returns"));
        assert_eq!(nearest("zebra", ["payment", "returns"]), None);
    }

    #[test]
    fn a_name_is_sure_where_no_other_is_as_near() {
        assert_eq!(surely("retruns", ["payment", "returns"]), Some("returns"));
        assert_eq!(surely("desk-3", ["desk-1", "desk-2"]), None);
        assert_eq!(surely("ret", ["returns", "payment"]), None);
        assert_eq!(surely("up", ["us"]), None);
    }
}
