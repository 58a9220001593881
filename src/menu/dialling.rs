//! `[dialling]`: which numbers may be dialled for callers.
//!
//! Without the table a line calls back in the country of its own numbers, and nowhere else.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::entry::digit_range;
use super::fields::Fields;
use super::schema;
use super::tree::Name;
use super::tree::Table;
use crate::exchange::dialplan::Dialling;

/// Prefixes of one list.
const PREFIXES_MAX: usize = 200;
/// Digits of a number, that of the country included (ITU-T E.164 allows 15).
const DIGITS: (u8, u8) = (8, 15);
/// Countries whose codes have two digits; those with 1 and 7 have one, all others three (ITU-T
/// E.164, annex to the Operational Bulletin).
const TWO_DIGITS: [&str; 44] = [
    "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47",
    "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65",
    "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98",
];

/// The rules of a line with these numbers, and whether they are written down.
pub(super) fn read(
    table: Option<(&Table, Place)>,
    numbers: &[Name],
    out: &mut Diagnostics,
) -> (Dialling, bool) {
    let country = numbers.iter().find_map(|number| country_of(&number.text));
    let usual = country.map(of_country).unwrap_or_default();
    let Some((table, place)) = table else {
        return (usual, false);
    };
    let mut fields = Fields::new(table, "[dialling]", place);
    fields = fields.shaped(Some(&schema::line::DIALLING));
    let own = part(&mut fields, "country", "+", "+44");
    let usual = own.as_deref().map_or(usual, of_country);
    let rules = Dialling {
        national: part(&mut fields, "national", "", "0").unwrap_or(usual.national),
        international: part(&mut fields, "international", "", "00").unwrap_or(usual.international),
        allow: prefixes(&mut fields, "allow").unwrap_or(usual.allow),
        deny: prefixes(&mut fields, "deny").unwrap_or_default(),
        digits: digits(&mut fields),
        country: usual.country,
    };
    if rules.allow.is_empty() && fields.value("allow").is_none() {
        let help = "what numbers may begin with: allow = [\"+44\"]";
        fields.missing("allow", help);
    }
    check_rules(&rules, &mut fields);
    fields.finish(out);
    (rules, true)
}

/// Reports rules that defeat each other.
fn check_rules(rules: &Dialling, fields: &mut Fields<'_>) {
    // An empty one is reported by itself.
    let denies = |denied: &&String| !denied.is_empty();
    let is_denied = |allowed: &String| {
        let mut deny = rules.deny.iter().filter(denies);
        deny.any(|denied| allowed.starts_with(denied))
    };
    if !rules.allow.is_empty()
        && rules.allow.iter().all(is_denied)
        && let Some(place) = fields.key_place("deny")
    {
        let help = "deny what is longer than what is allowed: allow = [\"+44\"], deny = [\"+449\"]";
        fields.bad_value(place, "no number is left that may be dialled", help);
    }
    if !rules.national.is_empty()
        && rules.national == rules.international
        && let Some(place) = fields
            .key_place("international")
            .or_else(|| fields.key_place("national"))
    {
        let message = "numbers at home and abroad begin alike";
        let help = "write what one dials first: national = \"0\", international = \"00\"";
        fields.bad_value(place, message, help);
    }
}

/// Reports a number of the file that these rules do not allow.
pub(super) fn check(rules: &Dialling, number: &Name, fields: &mut Fields<'_>) {
    if !rules.accepts_number(&number.text) {
        let message = format!("\"{}\" is no number that [dialling] allows", number.text);
        let diagnostic = Diagnostic::error("number-not-allowed", number.place.clone(), message);
        let help = "correct the number, or allow what it begins with";
        fields.push(diagnostic.label("it is never dialled").help(help));
    }
}

/// The country code of a number, with its `+`.
fn country_of(number: &str) -> Option<&str> {
    let digits = number.strip_prefix('+')?;
    let length = match digits.get(..2) {
        _ if digits.starts_with(['1', '7']) => 1,
        Some(two) if TWO_DIGITS.contains(&two) => 2,
        _ => 3,
    };
    number.get(..=length)
}

/// How one dials in a country, as far as most of it goes.
fn of_country(country: &str) -> Dialling {
    let (national, international) = match country {
        "+1" => ("1", "011"),
        "+7" => ("8", "810"),
        // Their numbers keep the zero.
        "+39" => ("", "00"),
        "+61" => ("0", "0011"),
        "+81" => ("0", "010"),
        _ => ("0", "00"),
    };
    Dialling {
        country: country.to_owned(),
        national: national.to_owned(),
        international: international.to_owned(),
        allow: vec![country.to_owned()],
        deny: Vec::new(),
        digits: DIGITS,
    }
}

/// A few digits, after this sign; such as these.
fn part(fields: &mut Fields<'_>, name: &'static str, sign: &str, example: &str) -> Option<String> {
    let text = fields.text(name)?;
    let digits = text.text.strip_prefix(sign);
    let good = |digits: &str| digits.len() <= 4 && digits.bytes().all(|c| c.is_ascii_digit());
    let needs_some = !sign.is_empty();
    if !digits.is_some_and(|digits| good(digits) && !(needs_some && digits.is_empty())) {
        let message = format!("\"{}\" is nothing that numbers begin with", text.text);
        let help = format!("write a few digits: {name} = \"{example}\"");
        fields.bad_value(text.place, message, &help);
        return None;
    }
    Some(text.text)
}

fn prefixes(fields: &mut Fields<'_>, name: &'static str) -> Option<Vec<String>> {
    let mut prefixes = fields.texts(name)?;
    if prefixes.len() > PREFIXES_MAX {
        let place = prefixes[PREFIXES_MAX].place.clone();
        let message = format!("`{name}` lists more than {PREFIXES_MAX} prefixes");
        fields.bad_value(
            place,
            message,
            "allow what is shorter, and deny what is not meant",
        );
        prefixes.truncate(PREFIXES_MAX);
    }
    for prefix in &prefixes {
        let digits = prefix.text.strip_prefix('+').unwrap_or(&prefix.text);
        if !(1..=15).contains(&digits.len()) || !digits.bytes().all(|c| c.is_ascii_digit()) {
            let message = format!("\"{}\" is nothing that numbers begin with", prefix.text);
            let help = "write it as it is dialled from abroad: \"+44\"";
            fields.bad_value(prefix.place.clone(), message, help);
        }
    }
    Some(prefixes.into_iter().map(|prefix| prefix.text).collect())
}

/// `digits = "8-15"`, or one number for both.
fn digits(fields: &mut Fields<'_>) -> (u8, u8) {
    let Some(value) = fields.value("digits") else {
        return DIGITS;
    };
    let Some(parsed) = digit_range(value, "8-15", fields) else {
        return DIGITS;
    };
    match parsed {
        Some((least, most)) if (1..=most).contains(&least) && most <= 20 => (least, most),
        _ => {
            let help = "write digits = \"8-15\": from 1 to 20, the country's included";
            fields.bad_value(value.place.clone(), "no number has so many digits", help);
            DIGITS
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn country_codes_have_one_to_three_digits() {
        assert_eq!(country_of("+18005550142"), Some("+1"));
        assert_eq!(country_of("+34900000100"), Some("+34"));
        assert_eq!(country_of("+35312345678"), Some("+353"));
        assert_eq!(country_of("01632960100"), None);
        assert_eq!(country_of("+"), None);
    }
}
