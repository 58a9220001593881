//! One key of a scenario, set to one value after another.

use super::steps::STEPS_MAX;
use super::steps::Steps;
use super::steps::spread;
use crate::exchange::time::Span;
use crate::menu::Override;
use crate::menu::diagnostic::Place;
use crate::menu::source::FileId;
use crate::menu::tree::Data;
use crate::menu::tree::Name;
use crate::menu::tree::Value;
use crate::menu::value::duration;
use std::ops::Range;
use std::str::FromStr;

/// Digits of a value between the ends of a range.
const DIGITS: i32 = 4;

/// `queue.support.overload.no_queue=30s..5m`: what `[[what_if]] set` may set, and its values.
#[derive(Clone, Debug)]
pub struct Setting {
    /// As written; places in it are those of diagnostics.
    text: String,
    key: Range<usize>,
    values: Vec<(Given, Range<usize>)>,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
enum Given {
    Whole(i64),
    Number(f64),
    Time(Span),
    /// In parts of 100.
    Percent(f64),
    Boolean(bool),
    Text(String),
}

impl Setting {
    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The key.
    pub fn key(&self) -> &str {
        &self.text[self.key.clone()]
    }

    /// Whether it has one value only.
    pub fn is_fixed(&self) -> bool {
        self.values.len() == 1
    }

    /// The values, as they would be written in a list.
    pub fn labels(&self) -> impl Iterator<Item = String> {
        self.values.iter().map(|(given, _)| given.label())
    }

    /// The values, as numbers where they are plain ones.
    pub fn numbers(&self) -> impl Iterator<Item = Option<f64>> {
        self.values.iter().map(|(given, _)| match given {
            Given::Whole(number) => Some(*number as f64),
            Given::Number(number) => Some(*number),
            Given::Time(_) | Given::Percent(_) | Given::Boolean(_) | Given::Text(_) => None,
        })
    }

    /// The values as a scenario would set them; the flag is among the sources as this file.
    pub(super) fn changes(&self, file: FileId) -> Vec<Override> {
        let at = |span: &Range<usize>| Place {
            file,
            span: span.clone(),
        };
        let change = |(given, span): &(Given, Range<usize>)| Override {
            path: Name {
                text: self.key().to_owned(),
                place: at(&self.key),
            },
            value: Value {
                place: at(span),
                data: given.data(),
            },
        };
        self.values.iter().map(change).collect()
    }
}

impl Given {
    fn parse(text: &str) -> Self {
        if let Ok(whole) = text.parse() {
            return Self::Whole(whole);
        }
        if let Some(number) = text.parse().ok().filter(|number: &f64| number.is_finite()) {
            return Self::Number(number);
        }
        if let Some(time) = duration(text) {
            return Self::Time(time);
        }
        let percent = text
            .strip_suffix('%')
            .and_then(|part| part.trim().parse().ok());
        if let Some(percent) = percent {
            return Self::Percent(percent);
        }
        match text {
            "true" => Self::Boolean(true),
            "false" => Self::Boolean(false),
            _ => Self::Text(text.trim_matches('"').to_owned()),
        }
    }

    /// So many values between two of the same kind: whole numbers stay whole, times stay in whole
    /// seconds where both ends are. None where there is nothing between them.
    fn between(from: &Self, to: &Self, count: usize) -> Option<Vec<Self>> {
        let numbers = |from: f64, to: f64, make: fn(f64) -> Self| {
            let inner = |(place, value): (usize, f64)| match place {
                0 => make(value),
                place if place + 1 == count => make(value),
                _ => make(short(value)),
            };
            spread(from, to, count).enumerate().map(inner).collect()
        };
        Some(match (from, to) {
            (Self::Whole(from), Self::Whole(to)) => {
                let all = spread(*from as f64, *to as f64, count);
                all.map(|value| Self::Whole(value.round() as i64)).collect()
            }
            (Self::Time(from), Self::Time(to)) => {
                let in_seconds = [from, to].iter().all(|end| end.0.is_multiple_of(1000));
                let grain = if in_seconds { 1000.0 } else { 1.0 };
                let all = spread(from.0 as f64, to.0 as f64, count);
                all.map(|ms| Self::Time(Span(((ms / grain).round() * grain) as u64)))
                    .collect()
            }
            (Self::Percent(from), Self::Percent(to)) => numbers(*from, *to, Self::Percent),
            (Self::Whole(_) | Self::Number(_), Self::Whole(_) | Self::Number(_)) => {
                numbers(from.number()?, to.number()?, Self::Number)
            }
            _ => return None,
        })
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Whole(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn label(&self) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Time(time) => time.to_string(),
            Self::Percent(percent) => format!("{percent}%"),
            Self::Boolean(yes) => yes.to_string(),
            Self::Text(text) => text.clone(),
        }
    }

    fn data(&self) -> Data {
        match self {
            Self::Whole(number) => Data::Integer(*number),
            Self::Number(number) => Data::Float(*number),
            Self::Boolean(yes) => Data::Boolean(*yes),
            Self::Time(_) | Self::Percent(_) | Self::Text(_) => Data::Text(self.label()),
        }
    }
}

/// A number of as many digits as are worth a step.
fn short(value: f64) -> f64 {
    let digits = format!("{value:.*e}", DIGITS as usize - 1);
    digits.parse().unwrap_or(value)
}

impl FromStr for Setting {
    type Err = String;

    /// `group.support.max_waiting=0..50`, `callers.accepts_callback=0.0..0.6/4`,
    /// `group.support.strategy=fair,longest-idle`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "write a key as in `[[what_if]] set`, and a range or a list of values: \
                 `line.trunks=100..200/5`, `callers.accepts_callback=0.0..0.6/4`, \
                 `queue.support.overload.no_queue=30s,90s,5m`; {STEPS_MAX} at most"
            )
        };
        let (key, values) = text.split_once('=').ok_or_else(wrong)?;
        if key.trim().is_empty() {
            return Err(wrong());
        }
        if key.trim().split('.').next() == Some("run") {
            return Err(
                "how a scenario is run is the same at every point: use --runs and --seed, and write \
                 the length and the warm-up into the file"
                    .to_owned(),
            );
        }
        if values.trim_start().starts_with('[') {
            return Err(
                "a value of --set is no list: write a `[[what_if]]` for each, such as \
                 `set = { menu = [\"next/shop.toml\", \"bank.toml\"] }`"
                    .to_owned(),
            );
        }
        let span = |part: &str| {
            let start = part.as_ptr() as usize - text.as_ptr() as usize;
            start..start + part.len()
        };
        let list: Vec<(Given, Range<usize>)> = match Steps::parse(values).ok_or_else(wrong)? {
            Steps::List(list) => list
                .into_iter()
                .map(|value| (Given::parse(value), span(value)))
                .collect(),
            Steps::Range(from, to, count) => {
                let all = Given::between(&Given::parse(from), &Given::parse(to), count);
                let all = all.ok_or_else(|| {
                    format!(
                        "from {from} to {to} there are no steps: the ends of a range are two numbers, \
                         two lengths of time (`30s..5m`), or two percentages"
                    )
                })?;
                let whole = span(values.trim());
                all.into_iter()
                    .map(|given| (given, whole.clone()))
                    .collect()
            }
        };
        let mut setting = Self {
            text: text.to_owned(),
            key: span(key.trim()),
            values: Vec::new(),
        };
        for (given, span) in list {
            if !setting.values.iter().any(|(known, _)| *known == given) {
                setting.values.push((given, span));
            }
        }
        Ok(setting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Result<Vec<String>, String> {
        text.parse()
            .map(|setting: Setting| setting.labels().collect())
    }

    #[test]
    fn values_keep_their_kind_from_one_end_to_the_other() {
        let said = |text: &str| labels(text).expect("a setting").join(" ");
        assert_eq!(said("line.trunks=100..200/3"), "100 150 200");
        assert_eq!(said("a.b=0..3"), "0 1 2 3", "each once");
        assert_eq!(said("a.b=0.0..1.0/4"), "0 0.3333 0.6667 1");
        assert_eq!(said("a.b=30s..5m/4"), "30s 2m 210s 5m");
        assert_eq!(said("a.b=500ms..1s/3"), "500ms 750ms 1s");
        assert_eq!(said("a.b=10%..90%/3"), "10% 50% 90%");
        assert_eq!(said("a.b = fair, longest-idle"), "fair longest-idle");
        assert_eq!(said("a.b=5..1/3"), "5 3 1");
        assert_eq!(said("a.b=true,false"), "true false");
        let up = "../menus/shop.toml next/../shop.toml";
        assert_eq!(said("menu=../menus/shop.toml,next/../shop.toml"), up);
        assert_eq!(said(r#"a.b="x, y", z,"..""#), "x, y z ..");
        for wrong in [
            "a.b",
            "=1..2",
            "a.b=",
            "a.b=1..",
            "a.b=1s..5",
            "a.b=x..y",
            "a.b=1,,2",
            "menu=[\"a.toml\", \"b.toml\"],[\"next/a.toml\", \"b.toml\"]",
            r#"a.b="x, y"#,
            r#"a.b="x"y,z"#,
            r#"a.b=",z"#,
        ] {
            assert!(labels(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn problems_have_their_place_in_the_flag() {
        let setting: Setting = "line.trunks = 5, many".parse().expect("a setting");
        let changes = setting.changes(FileId(0));
        assert_eq!(changes[1].path.place.span, 0..11);
        assert_eq!(changes[1].value.place.span, 17..21);
    }
}
