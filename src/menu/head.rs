//! The head of a line: `[line]` and `[defaults]`.

use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::fields::Fields;
use super::recording::RECORDINGS;
use super::schema;
use super::tree::Data;
use super::tree::Name;
use super::tree::Table;
use crate::exchange::limits;
use crate::exchange::limits::CALLER_CALLS_MAX;
use crate::exchange::time::Span;

pub(super) const TRUNKS_MAX: i64 = 1_000_000;
const LANGUAGES_MAX: usize = 32;
const NUMBERS_MAX: usize = 1000;
pub(super) const TRIES_MAX: i64 = 20;
/// What holds where it is not said.
pub(super) const FIRST_KEY_USUAL: Span = Span::seconds(5);
pub(super) const NEXT_KEY_USUAL: Span = Span::seconds(2);
pub(super) const TRIES_USUAL: i64 = 3;
/// How long a caller may be waited for.
pub(super) const KEY_TIMES: std::ops::RangeInclusive<Span> = Span(100)..=Span::minutes(1);
pub(super) const CALL_TIMES: std::ops::RangeInclusive<Span> =
    Span::seconds(10)..=Span::minutes(24 * 60);
pub(super) const LIMIT_TIMES: std::ops::RangeInclusive<Span> =
    Span::seconds(10)..=Span::minutes(24 * 60);

/// What `[line]` says.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) title: String,
    /// Whether there is a groups file.
    pub(super) names_groups: bool,
    /// The folder of the recordings.
    pub(super) audio: Option<Name>,
    pub(super) trunks: Option<u32>,
    pub(super) reserve: u32,
    pub(super) caller_limit: Option<(u8, Span)>,
    pub(super) max_call: Span,
    pub(super) timezone: Option<Name>,
    /// Never empty.
    pub(super) languages: Vec<String>,
    pub(super) numbers: Vec<Name>,
    pub(super) start: Option<Name>,
    pub(super) place: Place,
}

/// What `[defaults]` says, and steps may say again.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    pub(super) first_key: Option<Span>,
    pub(super) next_key: Option<Span>,
    pub(super) tries: Option<(u8, u8)>,
    pub(super) give_up: Option<Name>,
    pub(super) barge_in: Option<bool>,
    /// The music of queues.
    pub(super) music: Option<String>,
    /// Whether conversations are recorded.
    pub(super) recording: Option<&'static str>,
}

impl Head {
    /// Reads `[line]`.
    pub(super) fn read(table: &Table, place: Place, out: &mut Diagnostics) -> Self {
        let mut fields = Fields::new(table, "[line]", place.clone());
        fields = fields.shaped(Some(&schema::line::HEAD));
        let title = required(
            &mut fields,
            "name",
            "the name for people: name = \"Example Shop\"",
        );
        let trunks = fields
            .integer("trunks", 1..=TRUNKS_MAX)
            .map(|number| number as u32);
        let reserve = reserve(&mut fields, trunks);
        let start = required(&mut fields, "start", "the step in which a call begins");
        let timezone = required(&mut fields, "timezone", "timezone = \"Europe/London\"");
        let head = Self {
            audio: fields.text("audio"),
            names_groups: fields.text("groups").is_some(),
            title: title.map_or_else(String::new, |title| title.text),
            trunks,
            reserve,
            caller_limit: caller_limit(&mut fields),
            max_call: fields
                .duration("max_call", CALL_TIMES)
                .unwrap_or(limits::MAX_CALL),
            timezone,
            languages: languages(&mut fields),
            numbers: numbers(&mut fields),
            start,
            place,
        };
        fields.finish(out);
        head
    }
}

fn required(fields: &mut Fields<'_>, name: &'static str, help: &str) -> Option<Name> {
    if fields.value(name).is_none() {
        fields.missing(name, help);
    }
    fields.text(name)
}

/// `caller_limit = { calls = 5, within = "10m" }`.
fn caller_limit(fields: &mut Fields<'_>) -> Option<(u8, Span)> {
    let mut inner = fields.inner("caller_limit")?;
    inner.require("calls", "add `calls = 5`");
    inner.require("within", "add `within = \"10m\"`");
    let calls = inner.integer("calls", 1..=CALLER_CALLS_MAX as i64);
    let within = inner.duration("within", LIMIT_TIMES);
    fields.absorb(inner);
    Some((calls? as u8, within?))
}

fn reserve(fields: &mut Fields<'_>, trunks: Option<u32>) -> u32 {
    let reserve = fields.integer("reserve", 0..=TRUNKS_MAX).unwrap_or(0) as u32;
    let place = fields.value("reserve").map(|value| value.place.clone());
    if let (Some(place), Some(trunks)) = (place, trunks.filter(|trunks| reserve >= *trunks)) {
        let message = format!("with {reserve} of {trunks} trunks kept free, nobody can wait");
        fields.bad_value(place, message, "`reserve` has to be less than `trunks`");
    }
    reserve
}

fn languages(fields: &mut Fields<'_>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in fields.texts("languages").unwrap_or_default() {
        let good = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if tag.text.is_empty() || !tag.text.chars().all(good) {
            let message = format!("\"{}\" is not a language tag", tag.text);
            fields.bad_value(
                tag.place,
                message,
                "two letters, and a region if need be: en, en-GB",
            );
        } else if tags.contains(&tag.text) {
            let message = format!("\"{}\" is named twice", tag.text);
            fields.bad_value(tag.place, message, "name each language once");
        } else if tags.len() == LANGUAGES_MAX {
            let help = format!("at most {LANGUAGES_MAX}");
            fields.bad_value(tag.place, "too many languages", &help);
        } else {
            tags.push(tag.text);
        }
    }
    let none = fields
        .value("languages")
        .is_none_or(|value| matches!(&value.data, Data::List(list) if list.is_empty()));
    if none {
        fields.missing(
            "languages",
            "languages = [\"en\"]; the first is the one a call begins with",
        );
    }
    if tags.is_empty() {
        tags.push("en".to_owned());
    }
    tags
}

fn numbers(fields: &mut Fields<'_>) -> Vec<Name> {
    let mut numbers = fields.texts("numbers").unwrap_or_default();
    if let Some(number) = numbers.get(NUMBERS_MAX) {
        let help = format!("at most {NUMBERS_MAX}");
        fields.bad_value(number.place.clone(), "too many numbers", &help);
        numbers.truncate(NUMBERS_MAX);
    }
    for number in &numbers {
        check_number(number, fields);
    }
    numbers
}

/// Reports a text that cannot be dialled.
pub(super) fn check_number(number: &Name, fields: &mut Fields<'_>) {
    let digits = number.text.strip_prefix('+').unwrap_or(&number.text);
    let good = (1..=20).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
    if !good {
        let message = format!("\"{}\" is not a telephone number", number.text);
        fields.bad_value(
            number.place.clone(),
            message,
            "write it like \"+441632960100\"",
        );
    }
}

impl Defaults {
    /// Reads `[defaults]`.
    pub(super) fn read(table: &Table, place: Place, out: &mut Diagnostics) -> Self {
        let mut fields = Fields::new(table, "[defaults]", place);
        fields = fields.shaped(Some(&schema::line::DEFAULTS));
        let mut defaults = Self::of(&mut fields);
        defaults.barge_in = fields.boolean("barge_in");
        defaults.music = fields.text("music").map(|music| music.text);
        defaults.recording = fields.word("recording", &RECORDINGS);
        fields.finish(out);
        defaults
    }

    /// Reads the fields that `[defaults]` and steps share.
    pub(super) fn of(fields: &mut Fields<'_>) -> Self {
        Self {
            first_key: fields.duration("first_key", KEY_TIMES),
            next_key: fields.duration("next_key", KEY_TIMES),
            tries: tries(fields),
            give_up: fields.text("give_up"),
            barge_in: None,
            music: None,
            recording: None,
        }
    }
}

/// `tries = 2`, or `{ silence = 2, wrong = 3 }`.
fn tries(fields: &mut Fields<'_>) -> Option<(u8, u8)> {
    let value = fields.value("tries")?;
    let Data::Table(_) = &value.data else {
        let both = fields.integer("tries", 1..=TRIES_MAX)? as u8;
        return Some((both, both));
    };
    let mut inner = fields.inner("tries")?;
    let silence = inner
        .integer("silence", 1..=TRIES_MAX)
        .unwrap_or(TRIES_USUAL) as u8;
    let wrong = inner.integer("wrong", 1..=TRIES_MAX).unwrap_or(TRIES_USUAL) as u8;
    fields.absorb(inner);
    Some((silence, wrong))
}
