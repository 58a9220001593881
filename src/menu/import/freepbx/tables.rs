//! The tables in which FreePBX keeps what a caller lives through, as CSV or as a dump.

use super::super::super::diagnostic::Diagnostic;
use super::super::super::diagnostic::Diagnostics;
use super::super::super::diagnostic::Place;
use super::super::super::source::FileId;
use super::sql;
use std::collections::BTreeMap;

/// Rows of one table at most.
const ROWS_MAX: usize = 10_000;

/// The tables that are read, each with two columns by which a file of it is known.
const TABLES: [(&str, [&str; 2]); 18] = [
    ("ivr_details", ["id", "invalid_loops"]),
    ("ivr_entries", ["ivr_id", "selection"]),
    ("queues_config", ["extension", "maxwait"]),
    ("queues_details", ["id", "keyword"]),
    ("ringgroups", ["grpnum", "grplist"]),
    ("timeconditions", ["timeconditions_id", "truegoto"]),
    ("timegroups_details", ["timegroupid", "time"]),
    ("announcement", ["announcement_id", "post_dest"]),
    ("recordings", ["displayname", "filename"]),
    ("incoming", ["cidnum", "destination"]),
    ("users", ["extension", "voicemail"]),
    ("callrecording", ["callrecording_id", "call_recording_mode"]),
    ("callrecording_module", ["extension", "callrecording"]),
    ("daynight", ["ext", "dmode"]),
    ("languages", ["language_id", "lang_code"]),
    ("miscdests", ["id", "destdial"]),
    ("queueprio", ["queueprio_id", "queue_priority"]),
    ("setcid", ["cid_id", "cid_name"]),
];

/// One row, by the names of its columns.
#[derive(Clone, Debug)]
pub(super) struct Row {
    cells: BTreeMap<String, String>,
    pub(super) place: Place,
}

#[derive(Debug, Default)]
pub(super) struct Tables {
    rows: BTreeMap<&'static str, Vec<Row>>,
}

impl Row {
    pub(super) fn cell(&self, name: &str) -> &str {
        let cell = self.cells.get(name).map_or("", |cell| cell.trim());
        if cell.eq_ignore_ascii_case("null") || cell == "\\N" {
            ""
        } else {
            cell
        }
    }

    pub(super) fn is_on(&self, name: &str) -> bool {
        let cell = self.cell(name).to_lowercase();
        !["", "0", "no", "disabled"].contains(&cell.as_str())
    }
}

/// Whether a file is one of the tables, or a dump of them.
pub(super) fn is_table(text: &str) -> bool {
    table_of(&columns(text)).is_some() || sql::is_dump(text)
}

/// The columns in the first row.
fn columns(text: &str) -> Vec<String> {
    let first = text.trim_start_matches('\u{feff}').lines().next();
    let columns = first.unwrap_or("").split(',');
    let plain = columns.map(|at| at.trim().trim_matches(['"', '`']).to_lowercase());
    plain.collect()
}

fn table_of(columns: &[String]) -> Option<&'static str> {
    let mut tables = TABLES.into_iter();
    let has = |name: &str| columns.iter().any(|column| column == name);
    tables.find_map(|(table, known)| known.into_iter().all(has).then_some(table))
}

impl Tables {
    pub(super) fn rows(&self, table: &str) -> &[Row] {
        self.rows.get(table).map_or(&[], Vec::as_slice)
    }

    /// The row of a table whose column has a value.
    pub(super) fn row(&self, table: &str, column: &str, value: &str) -> Option<&Row> {
        let mut rows = self.rows(table).iter();
        rows.find(|row| row.cell(column) == value)
    }

    pub(super) fn read(&mut self, file: FileId, text: &str, out: &mut Diagnostics) {
        match table_of(&columns(text)) {
            Some(table) => self.read_csv(table, file, text, out),
            None => self.read_dump(file, text, out),
        }
    }

    fn read_csv(&mut self, table: &'static str, file: FileId, text: &str, out: &mut Diagnostics) {
        let start = text.len() - text.trim_start_matches('\u{feff}').len();
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(&text.as_bytes()[start..]);
        let names = columns(text);
        for (count, record) in reader.records().enumerate() {
            let Ok(record) = record else {
                let place = Place { file, span: 0..0 };
                let message = format!("row {} is not CSV", count + 1);
                out.push(Diagnostic::error("syntax", place, message));
                return;
            };
            let from = record.position().map_or(0, |at| at.byte() as usize) + start;
            let cells = names.iter().cloned().zip(record.iter().map(str::to_owned));
            let cells = cells.collect();
            let place = first_line(file, text, from..text.len());
            if !self.add(table, Row { cells, place }, out) {
                return;
            }
        }
    }

    fn read_dump(&mut self, file: FileId, text: &str, out: &mut Diagnostics) {
        let rows = match sql::rows(text, &TABLES.map(|(table, _)| table)) {
            Ok(rows) => rows,
            Err(wrong) => {
                let span = wrong.span;
                let diagnostic = Diagnostic::error("syntax", Place { file, span }, wrong.message);
                out.push(match wrong.help {
                    "" => diagnostic,
                    help => diagnostic.help(help),
                });
                return;
            }
        };
        for row in rows {
            let place = first_line(file, text, row.span);
            let cells = row.cells;
            let known = TABLES.iter().find(|(table, _)| *table == row.table);
            if let Some((table, _)) = known
                && !self.add(table, Row { cells, place }, out)
            {
                return;
            }
        }
    }

    /// Whether there was room for a row.
    fn add(&mut self, table: &'static str, row: Row, out: &mut Diagnostics) -> bool {
        let rows = self.rows.entry(table).or_default();
        if rows.len() == ROWS_MAX {
            let message = format!("`{table}` has more than {ROWS_MAX} rows");
            out.push(Diagnostic::error("too-large", row.place, message));
            return false;
        }
        rows.push(row);
        true
    }

    /// The name that an IVR has for people.
    pub(super) fn title(&self, context: &str) -> Option<String> {
        let id = context.strip_prefix("ivr-")?;
        let name = self.row("ivr_details", "id", id)?.cell("name");
        (!name.is_empty()).then(|| name.to_owned())
    }
}

fn first_line(file: FileId, text: &str, span: std::ops::Range<usize>) -> Place {
    let from = span.start.min(text.len());
    let line = text[from..].lines().next().map_or(0, str::len);
    Place {
        file,
        span: from..span.end.min(from + line),
    }
}
