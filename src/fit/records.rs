//! Files of call records: comma-separated values, or JSON as a list or object by object.

use super::origin::Line;
use super::origin::Origin;
use super::record::REQUIRED;
use super::record::Record;
use super::table::Table;
use super::table::Told;
use crate::menu::diagnostic::Severity;
use serde::de::DeserializeSeed;
use serde::de::Deserializer;
use serde::de::Error as _;
use serde::de::SeqAccess;
use serde::de::Visitor;
use std::fmt;
use std::io::BufRead;

pub(super) const CODE: &str = "record-row";
/// The most records, of all files together.
pub(super) const RECORDS_MAX: usize = 20_000_000;

/// Takes records, one after the other; says what is wrong where one cannot be taken.
pub(super) trait Taker {
    fn take(&mut self, record: &Record) -> Result<(), String>;
}

/// Reads a table.
pub(super) fn read_csv(
    origin: &Origin,
    bytes: Box<dyn BufRead>,
    taker: &mut impl Taker,
    told: &mut Told<'_>,
) {
    let Some(mut table) = Table::begin(origin, bytes, (CODE, &REQUIRED), told) else {
        return;
    };
    let of = |name: &str| table.column(name);
    let [line, queue, started, ended, wait, talk, outcome] = REQUIRED.map(of);
    let (caller, detail) = (of("caller"), of("detail"));
    let (call, bridge) = (of("call"), of("bridge"));
    let place = |column: Option<usize>| column.expect("a column that is there");
    while table.next() {
        let milliseconds = "a whole number of milliseconds";
        let numbers = [started, ended, wait, talk]
            .map(|column| table.parsed::<i64>(place(column), milliseconds));
        let [
            Some(started_ms),
            Some(ended_ms),
            Some(wait_ms),
            Some(talk_ms),
        ] = numbers
        else {
            continue;
        };
        let text = |column: Option<usize>| {
            let text = column.map(|column| table.cell(column).to_owned());
            text.filter(|text| !text.is_empty())
        };
        let record = Record {
            line: table.cell(place(line)).to_owned(),
            caller: text(caller),
            queue: text(queue),
            started_ms,
            ended_ms,
            wait_ms,
            talk_ms,
            outcome: table.cell(place(outcome)).to_owned(),
            detail: text(detail),
            call: text(call),
            bridge: text(bridge),
        };
        if let Some((column, message, help)) = record.wrong() {
            let column = table.column(column).expect("a column that is there");
            table.wrong_at(column, message, help);
        } else if let Err(why) = taker.take(&record) {
            table.wrong_row(why, None);
            break;
        }
    }
}

/// Reads a list, or objects one after the other. The first that is wrong ends it: what comes after a
/// mistake of JSON cannot be told.
pub(super) fn read_json(
    origin: &Origin,
    bytes: Box<dyn BufRead>,
    is_list: bool,
    taker: &mut impl Taker,
    told: &mut Told<'_>,
) {
    let mut json = serde_json::Deserializer::from_reader(bytes);
    let outcome = match is_list {
        true => json.deserialize_seq(List(taker)).and_then(|()| json.end()),
        false => {
            let mut records = json.into_iter::<Record>();
            records.try_for_each(|record| {
                let record = record?;
                checked(&record, taker).map_err(serde_json::Error::custom)
            })
        }
    };
    if let Err(error) = outcome {
        wrong_json(origin, &error, told);
    }
}

fn checked(record: &Record, taker: &mut impl Taker) -> Result<(), String> {
    if let Some((column, message, _)) = record.wrong() {
        return Err(format!("`{column}`: {message}"));
    }
    taker.take(record)
}

fn wrong_json(origin: &Origin, error: &serde_json::Error, told: &mut Told<'_>) {
    let (number, column) = (error.line(), error.column());
    let whole = error.to_string();
    let message = whole
        .strip_suffix(&format!(" at line {number} column {column}"))
        .unwrap_or(&whole)
        .to_owned();
    let help = "records are those of `GET /api/v1/calls/recent`, in a list or one on a line, with all of line, \
                started_ms, ended_ms, wait_ms, talk_ms and outcome";
    let help = Some(help.to_owned());
    match origin.line(number) {
        Some(line) => {
            let end = line.text.len().min(column);
            let span = (0..end).rev().find(|at| line.text.is_char_boundary(*at));
            let span = span.unwrap_or(0)..line.text.len();
            let shown: (Severity, Line, _) = (Severity::Error, line, span);
            told.show(origin, CODE, shown, (message, help));
        }
        None => {
            let path = origin.path.display();
            let message = match number {
                0 => format!("{path}: {message}"),
                _ => format!("{path}:{number}:{column}: {message}"),
            };
            told.say(CODE, message, help);
        }
    }
}

/// A list of records, each taken when it is read.
struct List<'t, T>(&'t mut T);

impl<'de, T: Taker> Visitor<'de> for List<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of call records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(One(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

/// One of them, so that what is wrong with it is told at its place.
struct One<'t, T>(&'t mut T);

impl<'de, T: Taker> DeserializeSeed<'de> for One<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        let record: Record = serde::Deserialize::deserialize(json)?;
        checked(&record, self.0).map_err(D::Error::custom)
    }
}
