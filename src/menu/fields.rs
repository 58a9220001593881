//! Reads a table field by field; what nobody asked for is an unknown key.

use super::diagnostic::Diagnostic;
use super::diagnostic::Diagnostics;
use super::diagnostic::Place;
use super::fix::Fix;
use super::schema::Shape;
use super::schema::Type;
use super::tree;
use super::tree::Data;
use super::tree::Entry;
use super::tree::Name;
use super::tree::Table;
use super::tree::Value;
use super::value;
use crate::exchange::time::Span;
use jiff::civil::Date;
use jiff::civil::DateTime;
use std::ops::RangeInclusive;

/// The version of the file formats that is read.
pub(super) const FORMAT: i64 = 1;

/// A table that is being read. Problems are kept until [`Fields::finish`].
#[derive(Debug)]
pub struct Fields<'t> {
    table: &'t Table,
    /// What the table is called in messages: `[queue.support]`.
    title: String,
    /// Where to point when something is missing.
    place: Place,
    /// What may be asked for.
    shape: Option<&'static Shape>,
    known: Vec<&'t str>,
    /// Whether all others are taken as known, too.
    forgives: bool,
    found: Vec<Diagnostic>,
}

impl<'t> Fields<'t> {
    /// Begins to read a table.
    pub fn new(table: &'t Table, title: impl Into<String>, place: Place) -> Self {
        Self {
            table,
            title: title.into(),
            place,
            shape: None,
            known: Vec::new(),
            forgives: false,
            found: Vec::new(),
        }
    }

    /// Begins to read an entry of a table; one that is not a table itself is reported.
    pub fn of(entry: &'t Entry, title: impl Into<String>, out: &mut Diagnostics) -> Option<Self> {
        let title = title.into();
        match &entry.value.data {
            Data::Table(table) => Some(Self::new(table, title, entry.key.place.clone())),
            _ => {
                let message = format!("{title} has to be a table");
                let place = entry.value.place.clone();
                out.push(Diagnostic::error("wrong-type", place, message));
                None
            }
        }
    }

    /// A table of this shape: only what it lists may be asked for, and tables inside are of the
    /// shapes that it gives them.
    #[must_use]
    pub fn shaped(mut self, shape: Option<&'static Shape>) -> Self {
        self.shape = shape;
        self
    }

    /// A field that the shape lists, and of a type that fits.
    fn expect(&self, name: &str, fits: impl Fn(&Type) -> bool) {
        let Some(shape) = self.shape else {
            return;
        };
        let listed = shape.field(name);
        assert!(
            listed.is_some_and(|field| field.holds.any(&fits)),
            "the shape \"{}\" does not list `{name}` as it is read",
            shape.name
        );
    }

    /// The shape of the tables in a field.
    fn shape_in(&self, name: &str) -> Option<&'static Shape> {
        self.shape?.inner(name)
    }

    /// A field that belongs elsewhere: where it is, if it is there.
    pub fn foreign(&mut self, name: &'t str) -> Option<Place> {
        self.known.push(name);
        self.key_place(name)
    }

    /// What the table is called.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Where a missing field is reported.
    pub fn place(&self) -> Place {
        self.place.clone()
    }

    /// Ends the reading: unknown keys are reported, and all problems handed over.
    pub fn finish(mut self, out: &mut Diagnostics) {
        for entry in &self.table.entries {
            let key = entry.key.text.as_str();
            if self.forgives || self.known.contains(&key) {
                continue;
            }
            let message = format!("{} has no field `{key}`", self.title);
            let diagnostic = Diagnostic::error("unknown-key", entry.key.place.clone(), message);
            let diagnostic = diagnostic.label("nothing reads this");
            let mut diagnostic = diagnostic.suggest(key, self.known.iter().copied());
            if let Some(Fix::Rename { to, .. }) = &diagnostic.fix
                && self.table.get(to).is_some()
            {
                diagnostic.fix = None;
            }
            self.found.push(diagnostic);
        }
        for diagnostic in self.found {
            out.push(diagnostic);
        }
    }

    /// Notes a problem of this table.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Ends the reading of an inner table: its problems become those of this one.
    pub fn absorb(&mut self, inner: Fields<'_>) {
        let mut found = Diagnostics::default();
        inner.finish(&mut found);
        self.found.extend(found.into_list());
    }

    /// What is in the table, read or not.
    pub fn entries(&self) -> &'t [Entry] {
        &self.table.entries
    }

    /// Takes all keys as known, where what is wrong has been reported otherwise.
    pub fn forgive_unknown(&mut self) {
        self.forgives = true;
    }

    /// The raw value of a field.
    pub fn value(&mut self, name: &'t str) -> Option<&'t Value> {
        self.expect(name, |_| true);
        if !self.known.contains(&name) {
            self.known.push(name);
        }
        self.table.get(name)
    }

    /// Refuses a field whose feature comes with a later version.
    pub fn later(&mut self, name: &'t str, feature: &str, help: &str) {
        let Some(value) = self.table.get(name) else {
            return;
        };
        self.known.push(name);
        let key = self.key_place(name).unwrap_or_else(|| value.place.clone());
        self.found.push(not_yet(key, feature, help));
    }

    /// Where the key of a field is written.
    pub fn key_place(&self, name: &str) -> Option<Place> {
        let entry = self
            .table
            .entries
            .iter()
            .find(|entry| entry.key.text == name)?;
        Some(entry.key.place.clone())
    }

    /// Reports that a field has to be there.
    pub fn missing(&mut self, name: &str, help: impl Into<String>) {
        let message = format!("{} needs `{name}`", self.title);
        let diagnostic = Diagnostic::error("missing-field", self.place.clone(), message)
            .label(format!("no `{name}` here"))
            .help(help);
        self.found.push(diagnostic);
    }

    /// The version of the file format, which need not be there.
    pub fn format(&mut self) {
        let Some(value) = self.value("format") else {
            return;
        };
        match value.data {
            Data::Integer(FORMAT) => {}
            Data::Integer(other) => {
                let message = format!("this version reads format {FORMAT}, not {other}");
                self.push(Diagnostic::error("bad-value", value.place.clone(), message));
            }
            _ => self.wrong_type("format", value, "a whole number"),
        }
    }

    /// Reports a field that is not there, but has to be.
    pub fn require(&mut self, name: &str, help: impl Into<String>) {
        if self.table.get(name).is_none() {
            self.missing(name, help);
        }
    }

    /// Reports a value of the wrong type.
    pub fn wrong_type(&mut self, name: &str, value: &Value, expected: &str) {
        let message = format!("`{name}` has to be {expected}");
        let label = format!("this is {}", value.kind());
        self.found
            .push(Diagnostic::error("wrong-type", value.place.clone(), message).label(label));
    }

    /// Reports a value of the wrong type, which may be right but for its quotes.
    fn wrong_quotes(&mut self, name: &str, value: &Value, expected: &str, fix: Option<Fix>) {
        self.wrong_type(name, value, expected);
        if let Some(found) = self.found.last_mut() {
            found.fix = fix;
        }
    }

    /// Reports a value that is not possible.
    pub fn bad_value(&mut self, place: Place, message: impl Into<String>, help: &str) {
        self.found
            .push(Diagnostic::error("bad-value", place, message).help(help));
    }

    /// A text.
    pub fn text(&mut self, name: &'t str) -> Option<Name> {
        self.expect(name, |holds| {
            matches!(
                holds,
                Type::Text
                    | Type::Form(_)
                    | Type::Written(_)
                    | Type::Name(_)
                    | Type::Address
                    | Type::Word(_)
            )
        });
        let value = self.value(name)?;
        let text = value.name();
        if text.is_none() {
            // A whole number that is not negative is written as it would be in quotes: 900, +44.
            let digits = matches!(value.data, Data::Integer(0..));
            let fix = digits.then_some(Fix::Quote);
            self.wrong_quotes(name, value, "a text in quotes", fix);
        }
        text
    }

    /// Reports a text that is spoken and has nothing to say.
    pub fn spoken(&mut self, name: &str, text: &Name) {
        if !text.text.trim().is_empty() {
            return;
        }
        let message = format!("`{name}` is empty");
        let warning = Diagnostic::warning("empty-text", text.place.clone(), message);
        let help = format!("write what callers hear, or leave `{name}` out");
        self.push(warning.label("callers hear nothing").help(help));
    }

    /// A text that is one of a few words.
    pub fn word(&mut self, name: &'t str, words: &[&'static str]) -> Option<&'static str> {
        self.expect(
            name,
            |holds| matches!(holds, Type::Word(all) if *all == words),
        );
        let text = self.text(name)?;
        let word = words.iter().copied().find(|word| *word == text.text);
        if word.is_none() {
            let message = format!("`{name}` cannot be \"{}\"", text.text);
            let diagnostic = Diagnostic::error("bad-value", text.place, message);
            self.push(diagnostic.suggest(&text.text, words.iter().copied()));
        }
        word
    }

    /// A whole number within bounds.
    pub fn integer(&mut self, name: &'t str, bounds: RangeInclusive<i64>) -> Option<i64> {
        self.expect(
            name,
            |holds| matches!(holds, Type::Integer(from, to) if (from, to) == (bounds.start(), bounds.end())),
        );
        let value = self.value(name)?;
        match value.data {
            Data::Integer(number) if bounds.contains(&number) => Some(number),
            Data::Integer(number) => {
                let help = format!("from {} to {}", bounds.start(), bounds.end());
                let message = format!("`{name}` cannot be {number}");
                self.bad_value(value.place.clone(), message, &help);
                None
            }
            _ => {
                let fix = unquoted(value, |text| text.parse::<i64>().is_ok());
                self.wrong_quotes(name, value, "a whole number", fix);
                None
            }
        }
    }

    /// A number within bounds, whole or not.
    pub fn number(&mut self, name: &'t str, bounds: RangeInclusive<f64>) -> Option<f64> {
        self.expect(
            name,
            |holds| matches!(holds, Type::Number(from, to) if (from, to) == (bounds.start(), bounds.end())),
        );
        let value = self.value(name)?;
        let Some(number) = value.number() else {
            self.wrong_type(name, value, "a number");
            return None;
        };
        if bounds.contains(&number) {
            return Some(number);
        }
        let help = format!("from {} to {}", bounds.start(), bounds.end());
        let message = format!("`{name}` cannot be {number}");
        self.bad_value(value.place.clone(), message, &help);
        None
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, name: &'t str) -> Option<bool> {
        self.expect(name, |holds| matches!(holds, Type::Boolean));
        let value = self.value(name)?;
        match value.data {
            Data::Boolean(yes) => Some(yes),
            _ => {
                let fix = unquoted(value, |text| ["true", "false"].contains(&text));
                self.wrong_quotes(name, value, "true or false", fix);
                None
            }
        }
    }

    /// A length of time within bounds.
    pub fn duration(&mut self, name: &'t str, bounds: RangeInclusive<Span>) -> Option<Span> {
        self.expect(
            name,
            |holds| matches!(holds, Type::Duration(from, to) if (from, to) == (bounds.start(), bounds.end())),
        );
        let value = self.value(name)?;
        let Data::Text(text) = &value.data else {
            self.wrong_type(name, value, "a length of time, such as \"5s\"");
            return None;
        };
        let Some(span) = value::duration(text) else {
            let message = format!("\"{text}\" is not a length of time");
            let help = "write a whole number and a unit: 2500ms, 5s, 2m, 1h";
            self.bad_value(value.place.clone(), message, help);
            return None;
        };
        if !bounds.contains(&span) {
            let message = format!("`{name}` cannot be {span}");
            let help = format!("from {} to {}", bounds.start(), bounds.end());
            self.bad_value(value.place.clone(), message, &help);
            return None;
        }
        Some(span)
    }

    /// A day.
    pub fn date(&mut self, name: &'t str) -> Option<(Date, Place)> {
        self.expect(name, |holds| matches!(holds, Type::Date));
        let value = self.value(name)?;
        let Data::Datetime(datetime) = &value.data else {
            let fix = unquoted(value, |text| text.parse::<Date>().is_ok());
            let expected = "a date without quotes, such as 2026-12-31";
            self.wrong_quotes(name, value, expected, fix);
            return None;
        };
        let Some(date) = value::date(datetime) else {
            let message = format!("`{name}` is a day, without a time");
            self.bad_value(value.place.clone(), message, "write it as 2026-12-31");
            return None;
        };
        Some((date, value.place.clone()))
    }

    /// A day and a time, without an offset: in the line's own time.
    pub fn moment(&mut self, name: &'t str) -> Option<DateTime> {
        const LIKE: &str = "write it as 2026-11-23T10:00:00, in the line's own time";
        self.expect(name, |holds| matches!(holds, Type::Moment));
        let value = self.value(name)?;
        let Data::Datetime(datetime) = &value.data else {
            self.wrong_type(name, value, "a day and a time such as 2026-11-23T10:00:00");
            return None;
        };
        let moment = value::moment(datetime);
        if moment.is_none() {
            let message = format!("`{name}` is a day and a time, without an offset");
            self.bad_value(value.place.clone(), message, LIKE);
        }
        moment
    }

    /// A table.
    pub fn table(&mut self, name: &'t str) -> Option<&'t Table> {
        self.expect(name, |holds| {
            matches!(
                holds,
                Type::Table(_) | Type::Map(..) | Type::By(..) | Type::Within(..)
            )
        });
        let value = self.value(name)?;
        match &value.data {
            Data::Table(table) => Some(table),
            _ => {
                self.wrong_type(name, value, "a table");
                None
            }
        }
    }

    /// A table inside this one, to be read and then absorbed.
    pub fn inner(&mut self, name: &'t str) -> Option<Self> {
        let table = self.table(name)?;
        let inner = Self::new(table, format!("`{name}`"), table.place.clone());
        Some(inner.shaped(self.shape_in(name)))
    }

    /// A table with a header; one that is left out is read like an empty one.
    pub fn section(&mut self, name: &'t str) -> Self {
        let table = self.table(name).unwrap_or(&tree::EMPTY);
        let place = self.key_place(name).unwrap_or_else(|| self.place());
        Self::new(table, format!("[{name}]"), place).shaped(self.shape_in(name))
    }

    /// Tables with names: `[wants.returns]`, `[wants.help]`. None when there is no `[wants]`.
    pub fn named(&mut self, kind: &'t str) -> Option<Vec<(&'t Name, Self)>> {
        let mut wrong = Diagnostics::default();
        let mut tables = Vec::new();
        for entry in &self.table(kind)?.entries {
            let title = format!("[{kind}.{}]", entry.key.text);
            let fields = Self::of(entry, title, &mut wrong);
            let shape = self.shape_in(kind);
            tables.extend(fields.map(|fields| (&entry.key, fields.shaped(shape))));
        }
        self.found.extend(wrong.into_list());
        Some(tables)
    }

    /// Tables without names, one after the other: `[[call]]`.
    pub fn repeated(&mut self, kind: &'t str) -> Vec<Self> {
        let mut tables = Vec::new();
        for value in self.list(kind).unwrap_or_default() {
            match &value.data {
                Data::Table(table) => {
                    let title = format!("this [[{kind}]]");
                    let fields = Self::new(table, title, value.place.clone());
                    tables.push(fields.shaped(self.shape_in(kind)));
                }
                _ => self.wrong_type(kind, value, "a list of tables: [[two brackets]]"),
            }
        }
        tables
    }

    /// A list; a value that is not one is refused.
    pub fn list(&mut self, name: &'t str) -> Option<&'t [Value]> {
        self.expect(name, |holds| matches!(holds, Type::List(_)));
        let value = self.value(name)?;
        match &value.data {
            Data::List(list) => Some(list),
            _ => {
                self.wrong_type(name, value, "a list in square brackets");
                None
            }
        }
    }

    /// A list of texts.
    pub fn texts(&mut self, name: &'t str) -> Option<Vec<Name>> {
        let list = self.list(name)?;
        let mut texts = Vec::new();
        for value in list {
            match value.name() {
                Some(text) => texts.push(text),
                None => self.wrong_type(name, value, "a list of texts"),
            }
        }
        Some(texts)
    }
}

/// Takes the quotes off a text that is then a value.
fn unquoted(value: &Value, is_value: impl Fn(&str) -> bool) -> Option<Fix> {
    let text = value.name()?.text;
    // TOML has no zeros in front, and a plus sign only means something in a text.
    let plain = text.len() == 1 || !text.starts_with(['0', '+', '-']);
    (plain && is_value(&text)).then_some(Fix::Unquote)
}

/// The refusal of a feature that comes with a later version.
pub fn not_yet(place: Place, feature: &str, help: &str) -> Diagnostic {
    let message = format!("{feature} comes with a later version");
    let diagnostic = Diagnostic::error("not-yet", place, message).label("not yet supported");
    if help.is_empty() {
        diagnostic
    } else {
        diagnostic.help(help)
    }
}
