//! A TOML file as a tree in which every key and every value knows its place.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::source::FileId;
use super::source::Sources;
use super::source::character_start;
use std::borrow::Cow;
use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;
use toml::value::Datetime;

/// The kinds of steps.
pub(super) const STEP_KINDS: [&str; 14] = [
    "menu",
    "say",
    "answer",
    "collect",
    "directory",
    "lookup",
    "hours",
    "queue",
    "callback",
    "record",
    "transfer",
    "survey",
    "duty",
    "ticket",
];

/// A name and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The words.
    pub text: String,
    /// Where they are.
    pub place: Place,
}

/// A table, in the order of the file.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its header or its braces.
    pub place: Place,
    /// What is in it.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Name,
    /// The value.
    pub value: Value,
}

/// A value and where it is written.
#[derive(Clone, Debug)]
pub struct Value {
    /// Where.
    pub place: Place,
    /// What.
    pub data: Data,
}

/// The kinds of values.
#[derive(Clone, Debug)]
pub enum Data {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date, a time, or both.
    Datetime(Datetime),
    /// A list.
    List(Vec<Value>),
    /// A table.
    Table(Table),
}

/// A table that is not there.
pub static EMPTY: Table = Table {
    place: Place {
        file: FileId(0),
        span: 0..0,
    },
    entries: Vec::new(),
};

/// Parses a file. Every syntax error is noted, and what could be read is returned all the same.
pub fn parse(file: FileId, sources: &Sources, out: &mut Diagnostics) -> Table {
    let text = &sources.get(file).text;
    let (document, errors) = DeTable::parse_recoverable(text);
    let place = Place { file, span: 0..0 };
    let table = table(file, place, document.into_inner());
    let errors = errors.iter().map(|error| {
        let span = clamp(error.span().unwrap_or(0..0), text);
        (error.message(), span)
    });
    let errors: Vec<_> = errors.collect();
    let twice = |(message, span): &&(&str, _)| is_header_again(message, span, text);
    let again: Vec<usize> = errors
        .iter()
        .filter(twice)
        .map(|(_, span)| span.start)
        .collect();
    for (message, span) in errors {
        if message.contains("duplicate key") && in_table_twice(&span, &again, text) {
            continue;
        }
        out.push(syntax_error(message, Place { file, span }, &table, text));
    }
    table
}

fn syntax_error(message: &str, place: Place, table: &Table, text: &str) -> Diagnostic {
    if !message.contains("duplicate key") {
        return Diagnostic::error("syntax", place, message.to_owned());
    }
    let key = text.get(place.span.clone()).unwrap_or_default();
    let key = key.trim_matches(['"', '\'']).to_owned();
    let header = header(text, place.span.start);
    let of_step = header.is_some_and(|(_, header)| {
        let kind = header
            .trim_start_matches('[')
            .split('.')
            .next()
            .unwrap_or_default();
        STEP_KINDS.contains(&kind.trim())
    });
    let (code, message) = if of_step {
        ("duplicate-step", format!("two steps are called \"{key}\""))
    } else {
        ("duplicate-key", format!("`{key}` is set twice"))
    };
    let first = match header {
        Some((line, header)) => same_header(text, line, header, &place),
        None => {
            let mut first = None;
            table.last_key_before(&key, place.span.start, &mut first);
            first
        }
    };
    let diagnostic = Diagnostic::error(code, place, message).label("here again");
    match first {
        Some(first) => diagnostic.related(first, "first here"),
        None => diagnostic,
    }
}

fn is_header_again(message: &str, span: &std::ops::Range<usize>, text: &str) -> bool {
    message.contains("duplicate key") && header(text, span.start).is_some()
}

/// The header of a table at this place, and where its line begins.
fn header(text: &str, byte: usize) -> Option<(usize, &str)> {
    let line = text[..byte].rfind('\n').map_or(0, |end| end + 1);
    let header = text[line..].lines().next()?;
    header.starts_with('[').then(|| (line, header.trim_end()))
}

/// The same header further up: the parser keeps only the place of the last.
fn same_header(text: &str, line: usize, header: &str, again: &Place) -> Option<Place> {
    let mut start = 0;
    for other in text[..line].split_inclusive('\n') {
        if other.trim_end() == header {
            let span = again.span.start - line + start..again.span.end - line + start;
            return Some(Place {
                file: again.file,
                span,
            });
        }
        start += other.len();
    }
    None
}

/// Whether a key stands in a table that is there twice: then each of its keys may be, too.
fn in_table_twice(span: &std::ops::Range<usize>, again: &[usize], text: &str) -> bool {
    let table = text[..span.start].rfind("\n[").map_or(0, |end| end + 1);
    again
        .iter()
        .any(|header| *header != span.start && (table..span.start).contains(header))
}

impl Table {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let entry = self.entries.iter().find(|entry| entry.key.text == key);
        entry.map(|entry| &entry.value)
    }

    /// The table of a key, if it is one.
    pub fn table(&self, key: &str) -> Option<&Self> {
        match &self.get(key)?.data {
            Data::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The text of a key, if it is one.
    pub fn text(&self, key: &str) -> Option<Name> {
        self.get(key)?.name()
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let entry = self.entries.iter_mut().find(|entry| entry.key.text == key);
        entry.map(|entry| &mut entry.value)
    }

    /// Sets a value, in the place of the old one if there is one.
    pub fn set(&mut self, key: Name, value: Value) {
        match self.get_mut(&key.text) {
            Some(old) => *old = value,
            None => self.entries.push(Entry { key, value }),
        }
    }

    /// Takes a key out, with its value.
    pub fn remove(&mut self, key: &str) {
        self.entries.retain(|entry| entry.key.text != key);
    }

    fn last_key_before(&self, key: &str, byte: usize, found: &mut Option<Place>) {
        for entry in &self.entries {
            let start = entry.key.place.span.start;
            let nearer = found.as_ref().is_none_or(|place| place.span.start < start);
            if entry.key.text == key && start < byte && nearer {
                *found = Some(entry.key.place.clone());
            }
            if let Data::Table(inner) = &entry.value.data {
                inner.last_key_before(key, byte, found);
            }
        }
    }
}

impl Value {
    /// A text, with its place.
    pub fn name(&self) -> Option<Name> {
        match &self.data {
            Data::Text(text) => Some(Name {
                text: text.clone(),
                place: self.place.clone(),
            }),
            _ => None,
        }
    }

    /// A number, whole or not.
    pub fn number(&self) -> Option<f64> {
        match self.data {
            Data::Integer(number) => Some(number as f64),
            Data::Float(number) => Some(number),
            _ => None,
        }
    }

    /// A table.
    pub fn table(&self) -> Option<&Table> {
        match &self.data {
            Data::Table(table) => Some(table),
            _ => None,
        }
    }

    /// What it is, for people.
    pub fn kind(&self) -> &'static str {
        match self.data {
            Data::Text(_) => "a text",
            Data::Integer(_) => "a whole number",
            Data::Float(_) => "a number",
            Data::Boolean(_) => "true or false",
            Data::Datetime(_) => "a date",
            Data::List(_) => "a list",
            Data::Table(_) => "a table",
        }
    }
}

fn table(file: FileId, place: Place, from: DeTable<'_>) -> Table {
    let mut entries: Vec<Entry> = from
        .into_iter()
        .map(|(key, value)| {
            let place = Place {
                file,
                span: key.span(),
            };
            let text = key.into_inner().into_owned();
            let key = Name { text, place };
            let value = self::value(file, value);
            Entry { key, value }
        })
        .collect();
    entries.sort_by_key(|entry| entry.key.place.span.start);
    Table { place, entries }
}

fn value(file: FileId, from: Spanned<DeValue<'_>>) -> Value {
    let place = Place {
        file,
        span: from.span(),
    };
    let data = match from.into_inner() {
        DeValue::String(text) => Data::Text(Cow::into_owned(text)),
        DeValue::Integer(number) => {
            let digits = number.as_str();
            // Out of range becomes a float, which every reader of whole numbers refuses.
            match i64::from_str_radix(digits, number.radix()) {
                Ok(number) => Data::Integer(number),
                Err(_) => Data::Float(f64::INFINITY),
            }
        }
        DeValue::Float(number) => Data::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(yes) => Data::Boolean(yes),
        DeValue::Datetime(datetime) => Data::Datetime(datetime),
        DeValue::Array(list) => {
            Data::List(list.into_iter().map(|item| value(file, item)).collect())
        }
        DeValue::Table(inner) => Data::Table(table(file, place.clone(), inner)),
    };
    Value { place, data }
}

/// Keeps a parser's span inside the text and on character boundaries.
fn clamp(span: std::ops::Range<usize>, text: &str) -> std::ops::Range<usize> {
    let start = character_start(text, span.start);
    let end = (span.end.max(start)..text.len()).find(|place| text.is_char_boundary(*place));
    let end = end.unwrap_or(text.len());
    start..end
}
