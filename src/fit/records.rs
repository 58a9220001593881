//! Tables of call records, as comma-separated values.

use super::origin::Origin;
use super::record::REQUIRED;
use super::record::Record;
use super::table::Table;
use super::table::Told;
use std::io::BufRead;

pub(super) const CODE: &str = "record-row";
/// What times and lengths are.
pub(super) const MILLISECONDS: &str = "a whole number of milliseconds";
/// The most records, of all files together.
pub(super) const RECORDS_MAX: usize = 20_000_000;

/// Takes records, one after the other; says what is wrong where one cannot be taken.
pub(super) trait Taker {
    fn take(&mut self, record: &Record) -> Result<(), String>;
}

/// Reads a table.
pub(super) fn read(
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
        let numbers = [started, ended, wait, talk]
            .map(|column| table.parsed::<i64>(place(column), MILLISECONDS));
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
