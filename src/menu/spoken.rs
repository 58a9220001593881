//! Values of look-ups as they are said: days, times, numbers and sums, right in each language.
//!
//! Figures stay figures: a speech synthesizer reads them, and a bridge with recordings gets the value
//! beside the words. A value that does not look like its form is said as it is.

use crate::exchange::dialplan::Form;
use jiff::civil::Date;
use jiff::civil::DateTime;
use jiff::civil::Time;

/// A day further away than this is said with its year.
const YEAR_UNSAID_DAYS: i32 = 270;
/// The longest number that is read as one, in characters.
const NUMBER_CHARS_MAX: usize = 24;

/// A value, ready to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Digit by digit.
    Digits(String),
    /// A day.
    Date(Date, String),
    /// A time of day.
    Time(Time, String),
    /// A whole number.
    Number(u32),
    /// A sum: the amount with a point, the currency's code or nothing, the words.
    Money(String, String, String),
    /// Words, or what did not look like its form.
    Text(String),
}

impl Said {
    /// The words.
    pub fn text(&self) -> String {
        match self {
            Self::Digits(text) | Self::Text(text) => text.clone(),
            Self::Date(_, text) | Self::Time(_, text) | Self::Money(_, _, text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// A value in a form and a language; `currency` is that of a sum which names none, `today` tells
/// whether a day needs its year.
pub fn say(form: Form, value: &str, currency: &str, tag: &str, today: Option<Date>) -> Said {
    let value = value.trim();
    let words = Words::of(tag);
    let said = match form {
        Form::Digits => digits(value),
        Form::Date => day(value).map(|date| Said::Date(date, words.date(date, today))),
        Form::Time => time(value).map(|time| Said::Time(time, words.time(time))),
        Form::Number => number(value).map(|number| match number.parse() {
            Ok(whole) => Said::Number(whole),
            Err(_) => Said::Text(words.number(&number)),
        }),
        Form::Money(_) => money(value, currency, words),
        Form::Text => None,
    };
    said.unwrap_or_else(|| Said::Text(value.to_owned()))
}

fn digits(value: &str) -> Option<Said> {
    let fits = !value.is_empty() && value.chars().all(|c| c.is_ascii_digit());
    fits.then(|| Said::Digits(value.to_owned()))
}

/// `2026-11-26`, or the day of a moment that begins so.
fn day(value: &str) -> Option<Date> {
    value.get(..10)?.parse().ok()
}

/// `14:30`, or the time of a moment that ends so.
fn time(value: &str) -> Option<Time> {
    let moment = value
        .get(..19)
        .and_then(|value| value.parse::<DateTime>().ok());
    match moment {
        Some(moment) => Some(moment.time()),
        None => value.parse().ok(),
    }
}

/// A decimal number with a point, without what only fills it up.
fn number(value: &str) -> Option<String> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !all(whole) || !all(fraction) || value.len() > NUMBER_CHARS_MAX {
        return None;
    }
    let sign = if value.starts_with('-') { "-" } else { "" };
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = fraction.trim_end_matches('0');
    Some(match fraction.is_empty() {
        true => format!("{sign}{whole}"),
        false => format!("{sign}{whole}.{fraction}"),
    })
}

/// `12.50`, `12.50 EUR` or `EUR 12.50`.
fn money(value: &str, currency: &str, words: &Words) -> Option<Said> {
    let mut parts = value.split_whitespace();
    let (first, second) = (parts.next()?, parts.next());
    let (amount, code) = match (number(first), second) {
        (Some(amount), code) => (amount, code.unwrap_or(currency)),
        (None, Some(amount)) => (number(amount)?, first),
        (None, None) => return None,
    };
    let code = code.trim().to_uppercase();
    let text = words.money(&amount, &code);
    Some(Said::Money(amount, code, text))
}

/// A currency: its parts and their names, by the language's place in [`WORDS`].
struct Currency {
    code: &'static str,
    /// One and several.
    units: [(&'static str, &'static str); 6],
    /// None where the smaller part is not in use.
    cents: Option<[(&'static str, &'static str); 6]>,
}

const CURRENCIES: [Currency; 5] = [
    Currency {
        code: "EUR",
        units: [
            ("euro", "euros"),
            ("euro", "euros"),
            ("euro", "euros"),
            ("euro", "euro"),
            ("euro", "euros"),
            ("Euro", "Euro"),
        ],
        cents: Some([
            ("cent", "cents"),
            ("céntimo", "céntimos"),
            ("cèntim", "cèntims"),
            ("xu", "xu"),
            ("centime", "centimes"),
            ("Cent", "Cent"),
        ]),
    },
    Currency {
        code: "USD",
        units: [
            ("dollar", "dollars"),
            ("dólar", "dólares"),
            ("dòlar", "dòlars"),
            ("đô la", "đô la"),
            ("dollar", "dollars"),
            ("Dollar", "Dollar"),
        ],
        cents: Some([
            ("cent", "cents"),
            ("centavo", "centavos"),
            ("centau", "centaus"),
            ("xu", "xu"),
            ("cent", "cents"),
            ("Cent", "Cent"),
        ]),
    },
    Currency {
        code: "GBP",
        units: [
            ("pound", "pounds"),
            ("libra", "libras"),
            ("lliura", "lliures"),
            ("bảng Anh", "bảng Anh"),
            ("livre", "livres"),
            ("Pfund", "Pfund"),
        ],
        cents: Some([
            ("penny", "pence"),
            ("penique", "peniques"),
            ("penic", "penics"),
            ("xu", "xu"),
            ("penny", "pence"),
            ("Penny", "Pence"),
        ]),
    },
    Currency {
        code: "CHF",
        units: [
            ("franc", "francs"),
            ("franco", "francos"),
            ("franc", "francs"),
            ("franc", "franc"),
            ("franc", "francs"),
            ("Franken", "Franken"),
        ],
        cents: Some([
            ("centime", "centimes"),
            ("céntimo", "céntimos"),
            ("cèntim", "cèntims"),
            ("xu", "xu"),
            ("centime", "centimes"),
            ("Rappen", "Rappen"),
        ]),
    },
    Currency {
        code: "VND",
        units: [
            ("dong", "dong"),
            ("dong", "dongs"),
            ("dong", "dongs"),
            ("đồng", "đồng"),
            ("dong", "dongs"),
            ("Dong", "Dong"),
        ],
        cents: None,
    },
];

/// What a language needs to say values.
struct Words {
    tag: &'static str,
    /// From Monday.
    weekdays: [&'static str; 7],
    months: [&'static str; 12],
    minus: &'static str,
    /// Between the whole and its fraction.
    comma: char,
    /// Between units and cents.
    and: &'static str,
}

const WORDS: [Words; 6] = [
    Words {
        tag: "en",
        weekdays: [
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
        ],
        months: [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        minus: "minus",
        comma: '.',
        and: "and",
    },
    Words {
        tag: "es",
        weekdays: [
            "lunes",
            "martes",
            "miércoles",
            "jueves",
            "viernes",
            "sábado",
            "domingo",
        ],
        months: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        minus: "menos",
        comma: ',',
        and: "con",
    },
    Words {
        tag: "ca",
        weekdays: [
            "dilluns",
            "dimarts",
            "dimecres",
            "dijous",
            "divendres",
            "dissabte",
            "diumenge",
        ],
        months: [
            "gener", "febrer", "març", "abril", "maig", "juny", "juliol", "agost", "setembre",
            "octubre", "novembre", "desembre",
        ],
        minus: "menys",
        comma: ',',
        and: "amb",
    },
    Words {
        tag: "vi",
        weekdays: [
            "thứ hai",
            "thứ ba",
            "thứ tư",
            "thứ năm",
            "thứ sáu",
            "thứ bảy",
            "chủ nhật",
        ],
        months: [
            "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12",
        ],
        minus: "âm",
        comma: ',',
        and: "",
    },
    Words {
        tag: "fr",
        weekdays: [
            "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
        ],
        months: [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        minus: "moins",
        comma: ',',
        and: "et",
    },
    Words {
        tag: "de",
        weekdays: [
            "Montag",
            "Dienstag",
            "Mittwoch",
            "Donnerstag",
            "Freitag",
            "Samstag",
            "Sonntag",
        ],
        months: [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ],
        minus: "minus",
        comma: ',',
        and: "und",
    },
];

/// The days of the week in a language, Monday first.
pub(super) fn weekdays(tag: &str) -> [&'static str; 7] {
    Words::of(tag).weekdays
}

impl Words {
    /// Those of a language; English for one that the house does not know.
    fn of(tag: &str) -> &'static Self {
        let language = tag.split('-').next().unwrap_or(tag);
        let known = WORDS.iter().find(|words| words.tag == language);
        known.unwrap_or(&WORDS[0])
    }

    fn place(&self) -> usize {
        let place = WORDS.iter().position(|words| words.tag == self.tag);
        place.unwrap_or(0)
    }

    fn date(&self, date: Date, today: Option<Date>) -> String {
        let weekday = self.weekdays[date.weekday().to_monday_zero_offset() as usize];
        let month = self.months[date.month() as usize - 1];
        let (day, year) = (date.day(), date.year());
        let far = |today: Date| {
            let days = today.until(date).map_or(i32::MAX, |span| span.get_days());
            days.abs() > YEAR_UNSAID_DAYS
        };
        let far = today.is_some_and(far);
        let with = |before: &str| match far {
            true => format!("{before}{year}"),
            false => String::new(),
        };
        match self.tag {
            "es" => format!("{weekday} {day} de {month}{}", with(" de ")),
            "ca" => {
                let of = match month.starts_with(['a', 'e', 'i', 'o', 'u']) {
                    true => "d'",
                    false => "de ",
                };
                format!("{weekday} {day} {of}{month}{}", with(" de "))
            }
            "vi" => format!("{weekday}, ngày {day} tháng {month}{}", with(" năm ")),
            "fr" => {
                let day = if day == 1 {
                    "1er".to_owned()
                } else {
                    day.to_string()
                };
                format!("{weekday} {day} {month}{}", with(" "))
            }
            "de" => format!("{weekday}, {day}. {month}{}", with(" ")),
            _ => format!("{weekday}, {month} {day}{}", with(", ")),
        }
    }

    fn time(&self, time: Time) -> String {
        let (hour, minute) = (time.hour(), time.minute());
        match self.tag {
            "es" => format!("{hour}:{minute:02}"),
            "ca" => format!("{hour}:{minute:02}"),
            "vi" if minute == 0 => format!("{hour} giờ"),
            "vi" => format!("{hour} giờ {minute}"),
            "fr" if minute == 0 => format!("{hour} heures"),
            "fr" => format!("{hour} heures {minute}"),
            "de" if minute == 0 => format!("{hour} Uhr"),
            "de" => format!("{hour} Uhr {minute}"),
            _ => {
                let half = if hour < 12 { "a.m." } else { "p.m." };
                let hour = match hour % 12 {
                    0 => 12,
                    hour => hour,
                };
                match minute {
                    0 => format!("{hour} {half}"),
                    _ => format!("{hour}:{minute:02} {half}"),
                }
            }
        }
    }

    fn number(&self, number: &str) -> String {
        let written = number.replace('.', &self.comma.to_string());
        match written.strip_prefix('-') {
            Some(rest) => format!("{} {rest}", self.minus),
            None => written,
        }
    }

    fn money(&self, amount: &str, code: &str) -> String {
        let currency = CURRENCIES.iter().find(|currency| currency.code == code);
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let Some(currency) = currency.filter(|_| fraction.len() <= 2) else {
            return format!("{} {code}", self.number(amount))
                .trim_end()
                .to_owned();
        };
        let name = |(one, many): (&'static str, &'static str), count: &str| match count {
            "1" => one,
            _ => many,
        };
        let (sign, units) = match whole.strip_prefix('-') {
            Some(rest) => (format!("{} ", self.minus), rest),
            None => (String::new(), whole),
        };
        let place = self.place();
        let said = format!("{sign}{units} {}", name(currency.units[place], units));
        let cents = format!("{fraction:0<2}");
        let cents = cents.trim_start_matches('0');
        match currency.cents {
            _ if cents.is_empty() => said,
            None => format!("{} {}", self.number(amount), currency.units[place].1),
            Some(names) => {
                let and = if self.and.is_empty() {
                    String::new()
                } else {
                    format!("{} ", self.and)
                };
                format!("{said} {and}{cents} {}", name(names[place], cents))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TAGS: [&str; 6] = ["en", "es", "ca", "vi", "fr", "de"];

    fn in_all(form: Form, value: &str, currency: &str) -> Vec<String> {
        let today = Some(date(2026, 11, 23));
        let say = |tag: &&str| say(form, value, currency, tag, today).text();
        TAGS.iter().map(say).collect()
    }

    #[test]
    fn days_are_said_as_people_say_them() {
        assert_eq!(
            in_all(Form::Date, "2026-11-26", ""),
            [
                "Thursday, November 26",
                "jueves 26 de noviembre",
                "dijous 26 de novembre",
                "thứ năm, ngày 26 tháng 11",
                "jeudi 26 novembre",
                "Donnerstag, 26. November",
            ]
        );
        assert_eq!(
            in_all(Form::Date, "2028-04-01T09:00:00Z", ""),
            [
                "Saturday, April 1, 2028",
                "sábado 1 de abril de 2028",
                "dissabte 1 d'abril de 2028",
                "thứ bảy, ngày 1 tháng 4 năm 2028",
                "samedi 1er avril 2028",
                "Samstag, 1. April 2028",
            ]
        );
    }

    #[test]
    fn sums_are_said_in_units_and_cents() {
        assert_eq!(
            in_all(Form::Money(None), "1234.50", "eur"),
            [
                "1234 euros and 50 cents",
                "1234 euros con 50 céntimos",
                "1234 euros amb 50 cèntims",
                "1234 euro 50 xu",
                "1234 euros et 50 centimes",
                "1234 Euro und 50 Cent",
            ]
        );
        let english =
            |value: &str, currency: &str| in_all(Form::Money(None), value, currency)[0].clone();
        assert_eq!(english("1.01", "USD"), "1 dollar and 1 cent");
        assert_eq!(english("-3", "GBP"), "minus 3 pounds");
        assert_eq!(english("0.05 CHF", "EUR"), "0 francs and 5 centimes");
        assert_eq!(english("EUR 7.5", ""), "7 euros and 50 cents");
        assert_eq!(english("12.5", ""), "12.5");
        assert_eq!(english("12.345", "EUR"), "12.345 EUR");
        assert_eq!(english("9.99", "JPY"), "9.99 JPY");
        assert_eq!(in_all(Form::Money(None), "50000", "VND")[3], "50000 đồng");
    }

    #[test]
    fn times_and_numbers_follow_the_language() {
        assert_eq!(
            in_all(Form::Time, "14:30", ""),
            [
                "2:30 p.m.",
                "14:30",
                "14:30",
                "14 giờ 30",
                "14 heures 30",
                "14 Uhr 30"
            ]
        );
        assert_eq!(in_all(Form::Time, "2026-11-26T00:00:00", "")[0], "12 a.m.");
        assert_eq!(in_all(Form::Number, "-007.50", "")[5], "minus 7,5");
        assert_eq!(say(Form::Number, "42", "", "en", None), Said::Number(42));
    }

    #[test]
    fn what_does_not_fit_is_said_as_it_is() {
        for (form, value) in [
            (Form::Date, "soon"),
            (Form::Date, "2026-02-30"),
            (Form::Time, "noon"),
            (Form::Number, "1e9"),
            (Form::Number, "."),
            (Form::Money(None), "free"),
            (Form::Digits, "A-17"),
            (Form::Date, "ünïcödé-text"),
        ] {
            let said = say(form, value, "EUR", "en", None);
            assert_eq!(said, Said::Text(value.to_owned()), "{value}");
        }
    }
}
