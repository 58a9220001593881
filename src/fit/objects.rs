//! Call records as JSON: in a list, or object by object.

use super::origin::Origin;
use super::record::REQUIRED;
use super::record::Record;
use super::records::CODE;
use super::records::MILLISECONDS;
use super::records::Taker;
use super::table::Told;
use crate::menu::diagnostic::Severity;
use serde::de::Deserialize;
use serde::de::DeserializeSeed;
use serde::de::Deserializer;
use serde::de::Error as _;
use serde::de::IgnoredAny;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;
use serde_json::Value;
use serde_json::error::Category;
use std::cell::Cell;
use std::fmt;
use std::io;
use std::io::BufRead;
use std::io::Read;
use std::rc::Rc;

/// What is looked at in an object.
const NAMES: [&str; 11] = [
    "line",
    "queue",
    "started_ms",
    "ended_ms",
    "wait_ms",
    "talk_ms",
    "outcome",
    "caller",
    "detail",
    "call",
    "bridge",
];
const HELP: &str = "records are those of `GET /api/v1/calls/recent`, in a list or one on a line, with all of line, \
                    started_ms, ended_ms, wait_ms, talk_ms and outcome";

/// Line and column, from 1, of the byte that was read last.
#[derive(Clone, Copy, Debug)]
struct Place {
    line: usize,
    column: usize,
}

/// Bytes whose places are counted.
struct Counted {
    bytes: Box<dyn BufRead>,
    place: Rc<Cell<Place>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(buffer)?;
        let mut place = self.place.get();
        for byte in &buffer[..read] {
            place = match byte {
                b'\n' => Place {
                    line: place.line + 1,
                    column: 0,
                },
                _ => Place {
                    column: place.column + 1,
                    ..place
                },
            };
        }
        self.place.set(place);
        Ok(read)
    }
}

/// Takes one object after the other, and tells what is wrong with each.
struct Objects<'r, 'o, T> {
    origin: &'r Origin,
    taker: &'r mut T,
    told: &'r mut Told<'o>,
    place: Rc<Cell<Place>>,
    /// Whether there is no use in reading on.
    is_over: bool,
}

/// Reads a list, or objects one after the other. A mistake of JSON ends it: what comes after cannot be told.
pub(super) fn read(
    origin: &Origin,
    bytes: Box<dyn BufRead>,
    is_list: bool,
    taker: &mut impl Taker,
    told: &mut Told<'_>,
) {
    let place = Rc::new(Cell::new(Place { line: 1, column: 0 }));
    let counted = Counted {
        bytes,
        place: Rc::clone(&place),
    };
    let mut json = serde_json::Deserializer::from_reader(counted);
    let mut objects = Objects {
        origin,
        taker,
        told,
        place,
        is_over: false,
    };
    let outcome = match is_list {
        true => json.deserialize_seq(&mut objects).and_then(|()| json.end()),
        false => objects.one_by_one(&mut json),
    };
    if let (Err(error), false) = (outcome, objects.is_over) {
        objects.no_json(&error);
    }
}

impl<T: Taker> Objects<'_, '_, T> {
    fn one_by_one<R: serde_json::de::Read<'static>>(
        &mut self,
        json: &mut serde_json::Deserializer<R>,
    ) -> serde_json::Result<()> {
        // The end is looked for first, which passes over to the next object.
        while json.end().is_err() {
            self.deserialize(&mut *json)?;
        }
        Ok(())
    }

    fn take(&mut self, fields: &Fields, place: Place) {
        let before = self.told.wrong;
        let missing = REQUIRED
            .iter()
            .filter(|name| **name != "queue" && fields.get(name).is_none());
        let missing: Vec<&str> = missing.copied().collect();
        if let Some(name) = fields.twice {
            let message = format!("`{name}` is there twice");
            self.show(place, Some(name), (message, None));
        }
        if !missing.is_empty() {
            let verb = if missing.len() == 1 { "is" } else { "are" };
            let message = format!("`{}` {verb} missing", missing.join("`, `"));
            self.show(place, None, (message, Some(HELP.to_owned())));
        }
        let record = self.record(fields, place);
        if self.told.wrong == before {
            if let Some((name, message, help)) = record.wrong() {
                let message = format!("`{name}`: {message}");
                self.show(place, Some(name), (message, help));
            } else if let Err(why) = self.taker.take(&record) {
                self.show(place, None, (why, None));
                self.is_over = true;
            }
        }
        self.is_over |= self.told.is_enough();
    }

    /// The record. What is of another kind than it has to be is told, and stands in it for nothing, like what is missing.
    fn record(&mut self, fields: &Fields, place: Place) -> Record {
        let mut number = |name| match fields.get(name).map(|value| (value, value.as_i64())) {
            Some((value, None)) => self.no(place, name, value, MILLISECONDS),
            Some((_, Some(number))) => number,
            None => 0,
        };
        let [started_ms, ended_ms, wait_ms, talk_ms] =
            ["started_ms", "ended_ms", "wait_ms", "talk_ms"].map(&mut number);
        let mut text = |name| match fields.get(name)? {
            Value::String(text) => Some(text.clone()),
            other => self.no(place, name, other, "a text"),
        };
        Record {
            line: text("line").unwrap_or_default(),
            caller: text("caller"),
            queue: text("queue"),
            started_ms,
            ended_ms,
            wait_ms,
            talk_ms,
            outcome: text("outcome").unwrap_or_default(),
            detail: text("detail"),
            call: text("call"),
            bridge: text("bridge"),
        }
    }

    fn no<V: Default>(&mut self, place: Place, name: &str, value: &Value, wanted: &str) -> V {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let message = format!("`{name}`: `{value}` is not {wanted}");
        self.show(place, Some(name), (message, None));
        V::default()
    }

    /// Shows the line in which an object begins, and in it the field, where it is there.
    fn show(
        &mut self,
        place: Place,
        name: Option<&str>,
        (message, help): (String, Option<String>),
    ) {
        if self.told.is_enough() {
            return;
        }
        let Some(line) = self.origin.line(place.line) else {
            let path = self.origin.path.display();
            let message = format!("{path}:{}:{}: {message}", place.line, place.column);
            self.told.say(CODE, message, help);
            return;
        };
        let from = place.column.saturating_sub(1).min(line.text.len());
        let field = name.and_then(|name| field_of(&line.text, from, name));
        let span = field.unwrap_or(from..line.text.len());
        let shown = (Severity::Error, line, span);
        self.told.show(self.origin, CODE, shown, (message, help));
    }

    fn no_json(&mut self, error: &serde_json::Error) {
        let (line, column) = (error.line(), error.column());
        let whole = error.to_string();
        let why = whole.strip_suffix(&format!(" at line {line} column {column}"));
        let why = why.unwrap_or(&whole);
        let message = match error.classify() {
            Category::Eof => "the file ends in the middle of a record".to_owned(),
            Category::Data => "a call record is an object in braces, and this is none".to_owned(),
            Category::Io => format!("it cannot be read further: {why}"),
            Category::Syntax => format!("this is no JSON: {why}"),
        };
        let place = match line {
            0 => self.place.get(),
            _ => Place { line, column },
        };
        self.show(place, None, (message, Some(HELP.to_owned())));
    }
}

/// Where a field stands in a line, from a byte on: its name, and its value as far as that has no comma.
fn field_of(line: &str, from: usize, name: &str) -> Option<std::ops::Range<usize>> {
    let begin = from + line.get(from..)?.find(&format!("\"{name}\""))?;
    let rest = &line[begin..];
    let end = rest.find([',', '}']).unwrap_or(rest.len());
    Some(begin..begin + rest[..end].trim_end().len())
}

impl<'de, T: Taker> Visitor<'de> for &mut Objects<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of call records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(&mut *self)?.is_some() {}
        Ok(())
    }
}

impl<'de, T: Taker> DeserializeSeed<'de> for &mut Objects<'_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        // Its brace has been looked at.
        let place = self.place.get();
        let fields = Fields::deserialize(json)?;
        self.take(&fields, place);
        match self.is_over {
            true => Err(D::Error::custom("enough is known")),
            false => Ok(()),
        }
    }
}

/// The fields of an object that are looked at.
#[derive(Debug, Default)]
struct Fields {
    values: [Option<Value>; NAMES.len()],
    twice: Option<&'static str>,
}

impl Fields {
    /// The value of a field, unless that is null.
    fn get(&self, name: &str) -> Option<&Value> {
        let place = NAMES.iter().position(|known| *known == name)?;
        self.values[place].as_ref().filter(|value| !value.is_null())
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a call record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::default();
        while let Some(key) = map.next_key::<String>()? {
            let Some(place) = NAMES.iter().position(|known| *known == key) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if fields.values[place].is_some() {
                fields.twice = Some(NAMES[place]);
            }
            fields.values[place] = Some(map.next_value()?);
        }
        Ok(fields)
    }
}
