//! Tables of comma-separated values, with the place of every cell.

use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::source::FileId;
use crate::menu::source::Sources;
use crate::menu::source::open;
use crate::menu::value;
use csv::ReaderBuilder;
use csv::StringRecord;
use csv::Trim;
use csv::WriterBuilder;
use jiff::civil::Date;
use jiff::civil::Time;
use std::cell::RefCell;
use std::fmt::Display;
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

/// The most rows that are read.
pub(super) const ROWS_MAX: usize = 100_000;
const MINUTES_PER_DAY: u32 = 24 * 60;
/// What to do about more days than one.
pub(super) const A_FILE_EACH: &str = "write a file for each day, and simulate them one by one";

/// The columns a table has or may have, and the code of its problems.
pub(super) struct Kind {
    /// `forecast-row`, `staff-row` or `roster-row`.
    pub(super) code: &'static str,
    /// Columns that must be there.
    pub(super) required: &'static [&'static str],
    /// Columns that may be.
    pub(super) optional: &'static [&'static str],
}

impl Kind {
    fn all(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.required.iter().chain(self.optional).copied()
    }
}

/// A table, and what is wrong with it.
pub(super) struct Sheet {
    problems: RefCell<Diagnostics>,
    file: FileId,
    code: &'static str,
    columns: Vec<Option<&'static str>>,
    pub(super) rows: Vec<Row>,
}

/// One row.
pub(super) struct Row {
    /// As an editor counts lines, empty ones too: the header mostly is row 1.
    pub(super) number: usize,
    span: Range<usize>,
    cells: Vec<(String, Range<usize>)>,
}

impl Sheet {
    /// Reads a table. Rows with too few or too many cells are reported and left out.
    pub(super) fn read(
        path: &Path,
        named_at: &Place,
        kind: &Kind,
        sources: &mut Sources,
        problems: &mut Diagnostics,
    ) -> Option<Self> {
        let file = open(path, Some(named_at.clone()), sources, problems)?;
        let text = &sources.get(file).text;
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            .trim(Trim::All)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut sheet = Self {
            problems: RefCell::default(),
            file,
            code: kind.code,
            columns: Vec::new(),
            rows: Vec::new(),
        };
        for (place, record) in reader.records().enumerate() {
            let row = match record {
                Ok(record) => {
                    let span = line_of(&record, text);
                    let (number, _) = sources.position(file, span.start);
                    Row::new(number, span, &record, text)
                }
                Err(error) => {
                    sheet.report(kind.code, 0..0, error.to_string(), None);
                    continue;
                }
            };
            if place == 0 {
                match sheet.header(&row, kind) {
                    Some(columns) => sheet.columns = columns,
                    None => break,
                }
            } else if sheet.rows.len() == ROWS_MAX {
                let message = format!("more than {ROWS_MAX} rows");
                sheet.report(kind.code, row.span, message, None);
                break;
            } else if row.cells.len() == sheet.columns.len() {
                sheet.rows.push(row);
            } else {
                let message = format!(
                    "row {}: {} cells where the header has {}",
                    row.number,
                    row.cells.len(),
                    sheet.columns.len()
                );
                let many = row.cells.len() > sheet.columns.len();
                let help = "a comma within a number makes two cells of it: write a point, `100.5`";
                sheet.report(kind.code, row.span, message, many.then(|| help.to_owned()));
            }
        }
        if sheet.rows.is_empty() && !sheet.problems.get_mut().has_errors() {
            let message = format!("{} has no rows", path.display());
            problems.push(Diagnostic::error(kind.code, named_at.clone(), message));
        }
        Some(sheet)
    }

    /// Hands over what was found; whether there was nothing.
    pub(super) fn finish(self, problems: &mut Diagnostics) -> bool {
        let found = self.problems.into_inner();
        let fine = !found.has_errors();
        problems.append(found);
        fine
    }

    fn report(
        &self,
        code: &'static str,
        span: Range<usize>,
        message: String,
        help: Option<String>,
    ) {
        let mut problem = Diagnostic::error(code, self.place(span), message);
        problem.help = help;
        self.problems.borrow_mut().push(problem);
    }

    fn place(&self, span: Range<usize>) -> Place {
        Place {
            file: self.file,
            span,
        }
    }

    fn header(&self, row: &Row, kind: &Kind) -> Option<Vec<Option<&'static str>>> {
        if let Some(found) = row.other_separator(kind) {
            let message =
                format!("{found} separate the columns of this file, and have to be commas");
            let help = format!(
                "save it as comma-separated values, with points in numbers; the first row then is {}",
                kind.required.join(",")
            );
            self.report(kind.code, row.span.clone(), message, Some(help));
            return None;
        }
        let mut columns: Vec<Option<&'static str>> = Vec::new();
        for (name, span) in &row.cells {
            let known = kind.all().find(|known| known == name);
            let repeated = known.is_some() && columns.contains(&known);
            if name.is_empty() {
                let message = "a column without a name".to_owned();
                let help = "delete the column: a comma at the end of a row begins one more";
                self.report(kind.code, span.clone(), message, Some(help.to_owned()));
            } else if repeated {
                self.report(
                    kind.code,
                    span.clone(),
                    format!("a second column `{name}`"),
                    None,
                );
            } else if known.is_none() {
                let message = format!("there is no column `{name}` in such a file");
                let help = value::suggestion(name, kind.all());
                self.report(kind.code, span.clone(), message, help);
            }
            columns.push(known);
        }
        let missing: Vec<&str> = kind
            .required
            .iter()
            .filter(|name| !columns.contains(&Some(**name)))
            .copied()
            .collect();
        if missing.is_empty() {
            return Some(columns);
        }
        let message = format!("column `{}` is missing", missing.join("`, `"));
        let help = format!(
            "the first row names the columns: {}",
            kind.required.join(",")
        );
        self.report(kind.code, row.span.clone(), message, Some(help));
        None
    }

    /// The cell of a column; none when the file has no such column.
    pub(super) fn cell<'s>(&self, row: &'s Row, column: &str) -> Option<&'s str> {
        self.find(row, column).map(|(text, _)| text.as_str())
    }

    fn find<'s>(&self, row: &'s Row, column: &str) -> Option<&'s (String, Range<usize>)> {
        let place = self
            .columns
            .iter()
            .position(|known| *known == Some(column))?;
        row.cells.get(place)
    }

    /// Reports a cell.
    pub(super) fn wrong(
        &self,
        row: &Row,
        column: &str,
        message: impl Display,
        help: Option<String>,
    ) {
        self.wrong_as(self.code, row, column, message, help);
    }

    /// Reports a row of another day than the one that is simulated.
    pub(super) fn another_day(&self, row: &Row, than: impl Display) {
        let message = format!("another day than {than}");
        self.wrong(row, "date", message, Some(A_FILE_EACH.to_owned()));
    }

    /// Reports a cell under a code of its own.
    pub(super) fn wrong_as(
        &self,
        code: &'static str,
        row: &Row,
        column: &str,
        message: impl Display,
        help: Option<String>,
    ) {
        let (span, message) = self.about(row, column, message);
        self.report(code, span, message, help);
    }

    /// Warns of a cell.
    pub(super) fn warn(
        &self,
        code: &'static str,
        (row, column): (&Row, &str),
        message: impl Display,
        help: String,
    ) {
        let (span, message) = self.about(row, column, message);
        let warning = Diagnostic::warning(code, self.place(span), message).help(help);
        self.problems.borrow_mut().push(warning);
    }

    /// Where a cell is, and what is said of it.
    fn about(&self, row: &Row, column: &str, message: impl Display) -> (Range<usize>, String) {
        let span = self.find(row, column).map(|(_, span)| span.clone());
        let span = span.unwrap_or_else(|| row.span.clone());
        (
            span,
            format!("row {}, column `{column}`: {message}", row.number),
        )
    }

    /// A number of a required column, from 0 to `max`.
    pub(super) fn number(&self, row: &Row, column: &str, max: f64) -> Option<f64> {
        let text = self.cell(row, column)?;
        let number = f64::from_str(text).ok().filter(|number| number.is_finite());
        let is_a_number_otherwise = || f64::from_str(&text.replace(',', "")).is_ok();
        if number.is_none() && text.contains(',') && is_a_number_otherwise() {
            let message = format!("`{text}` is not a number, for the comma in it");
            let help = "write a point before decimals, and nothing between thousands: `1000.5`";
            self.wrong(row, column, message, Some(help.to_owned()));
            return None;
        }
        let message = match number {
            None => format!("`{text}` is not a number"),
            Some(number) if number < 0.0 => "less than nothing".to_owned(),
            Some(number) if number > max => format!("more than {max}"),
            Some(number) => return Some(number),
        };
        self.wrong(row, column, message, None);
        None
    }

    /// The column `date`.
    pub(super) fn date(&self, row: &Row) -> Option<Date> {
        self.parsed(row, "date", "a date such as 2026-11-23")
    }

    /// When the row's interval begins.
    pub(super) fn slot(&self, row: &Row) -> Option<Slot> {
        let date = self.date(row);
        let start: Option<Time> = self.parsed(row, "start", "a time such as 09:00");
        let minutes: Option<u32> = self.parsed(row, "interval_min", "a whole number");
        let divides = |minutes: &u32| *minutes > 0 && MINUTES_PER_DAY.is_multiple_of(*minutes);
        if minutes.is_some_and(|minutes| !divides(&minutes)) {
            let message = "a day does not divide into such intervals";
            let help = Some("write 15, 30 or 60".to_owned());
            self.wrong(row, "interval_min", message, help);
        }
        let start = start?;
        if start.second() != 0 || start.subsec_nanosecond() != 0 {
            let message = "intervals begin on whole minutes";
            self.wrong(row, "start", message, None);
        }
        Some(Slot {
            date: date?,
            start: i64::from(start.hour()) * 60 + i64::from(start.minute()),
            minutes: i64::from(minutes.filter(divides)?),
        })
    }

    /// Whether the interval of a row is as long as that of the first row, and in step with it.
    pub(super) fn in_step(&self, row: &Row, slot: Slot, (first, model): (&Row, Slot)) -> bool {
        if slot.minutes != model.minutes {
            let message = format!(
                "another interval than row {}'s {}",
                first.number, model.minutes
            );
            self.wrong(row, "interval_min", message, None);
        } else if (slot.start - model.start) % model.minutes != 0 {
            let message = "the interval overlaps with those of other rows";
            self.wrong(row, "start", message, None);
        } else {
            return true;
        }
        false
    }

    fn parsed<T: FromStr>(&self, row: &Row, column: &str, wanted: &str) -> Option<T> {
        let text = self.cell(row, column)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            let message = format!("`{text}` is not {wanted}");
            self.wrong(row, column, message, None);
        }
        parsed
    }
}

/// The interval of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) date: Date,
    /// Minutes after midnight.
    pub(super) start: i64,
    pub(super) minutes: i64,
}

/// Rows of one length as a file has them.
pub(crate) fn written(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    for row in rows {
        let row = writer.write_record(row);
        row.expect("rows of one length are written to memory");
    }
    let bytes = writer.into_inner().expect("nothing is left to write");
    String::from_utf8(bytes).expect("cells are UTF-8")
}

/// `09:30`.
pub(crate) fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Minutes after midnight of a time such as `09:30`, up to `24:00`.
pub(super) fn minutes(clock: &str) -> Option<i64> {
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes) = clock.split_once(':')?;
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let total = hours * 60 + minutes;
    (minutes < 60 && total <= i64::from(MINUTES_PER_DAY)).then_some(total)
}

impl Row {
    /// What separates the columns of a header instead of commas, if they are columns then.
    fn other_separator(&self, kind: &Kind) -> Option<&'static str> {
        let [(header, _)] = &self.cells[..] else {
            return None;
        };
        let others = [(';', "semicolons"), ('\t', "tabs"), ('|', "vertical bars")];
        let mut others = others.into_iter();
        let found = others.find(|(separator, _)| {
            let mut names = header.split(*separator).map(str::trim);
            header.contains(*separator) && names.any(|name| kind.all().any(|known| known == name))
        });
        found.map(|(_, name)| name)
    }

    fn new(number: usize, span: Range<usize>, record: &StringRecord, text: &str) -> Self {
        let (start, line) = (span.start, &text[span.clone()]);
        let plain = !line.contains('"') && line.split(',').count() == record.len();
        let mut cells = Vec::new();
        let mut at = start;
        for (cell, raw) in record
            .iter()
            .zip(line.split(',').chain(std::iter::repeat("")))
        {
            let place = if plain {
                let lead = raw.len() - raw.trim_start().len();
                at + lead..at + lead + raw.trim().len()
            } else {
                span.clone()
            };
            at += raw.len() + 1;
            cells.push((cell.to_owned(), place));
        }
        Self {
            number,
            span,
            cells,
        }
    }
}

/// The line in which a record begins.
fn line_of(record: &StringRecord, text: &str) -> Range<usize> {
    let byte = record.position().map_or(0, |place| place.byte() as usize);
    let ends: &[char] = &['\r', '\n'];
    // A record's position may lie before the line ends (and empty lines) that precede it.
    let skipped = text[byte..].len() - text[byte..].trim_start_matches(ends).len();
    let start = byte + skipped;
    let line = text[start..].split(ends).next().unwrap_or("");
    start..start + line.len()
}
