//! A table of comma-separated values, read row by row, with the place of what is wrong in it.

use super::origin::Line;
use super::origin::Origin;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use crate::menu::diagnostic::Place;
use crate::menu::diagnostic::Severity;
use crate::menu::source::Sources;
use csv::Reader;
use csv::ReaderBuilder;
use csv::StringRecord;
use csv::Trim;
use std::io::BufRead;
use std::ops::Range;
use std::str::FromStr;

/// The most wrong rows of a file that are told of.
pub(super) const WRONG_MAX: usize = 20;

/// A table, and the row that is being looked at.
pub(super) struct Table<'a, 'o> {
    origin: &'a Origin,
    code: &'static str,
    /// The names of the columns.
    header: Vec<String>,
    reader: Reader<Box<dyn BufRead>>,
    row: StringRecord,
    out: &'a mut Told<'o>,
}

/// What has been found wrong in a file.
pub(super) struct Told<'o> {
    pub(super) sources: &'o mut Sources,
    pub(super) problems: &'o mut Diagnostics,
    pub(super) wrong: usize,
}

impl<'o> Told<'o> {
    pub(super) fn new(sources: &'o mut Sources, problems: &'o mut Diagnostics) -> Self {
        Self {
            sources,
            problems,
            wrong: 0,
        }
    }

    /// Whether there is no use in reading on.
    pub(super) fn is_enough(&self) -> bool {
        self.wrong >= WRONG_MAX
    }

    /// Shows a part of a line, unless enough have been shown.
    pub(super) fn show(
        &mut self,
        origin: &Origin,
        code: &'static str,
        (severity, line, span): (Severity, Line, Range<usize>),
        (message, help): (String, Option<String>),
    ) {
        let file = self
            .sources
            .add_excerpt(&origin.path, line.number, line.text);
        let place = Place { file, span };
        let mut problem = Diagnostic::new(code, severity, Some(place), message);
        problem.help = help;
        self.problems.push(problem);
        if severity == Severity::Error {
            self.wrong += 1;
        }
        if self.is_enough() {
            let message = format!(
                "{} has {WRONG_MAX} wrong rows so far: it is read no further",
                origin.path.display()
            );
            self.problems
                .push(Diagnostic::new(code, Severity::Info, None, message));
        }
    }

    /// Says what is wrong with a file as a whole.
    pub(super) fn say(&mut self, code: &'static str, message: String, help: Option<String>) {
        let mut problem = Diagnostic::new(code, Severity::Error, None, message);
        problem.help = help;
        self.problems.push(problem);
        self.wrong += 1;
    }
}

/// Reads comma-separated values.
fn reader(bytes: Box<dyn BufRead>) -> Reader<Box<dyn BufRead>> {
    ReaderBuilder::new()
        .flexible(true)
        .trim(Trim::All)
        .has_headers(false)
        .from_reader(bytes)
}

impl<'a, 'o> Table<'a, 'o> {
    /// Begins to read a table whose header has these columns; others may be there, and are passed over.
    pub(super) fn begin(
        origin: &'a Origin,
        bytes: Box<dyn BufRead>,
        (code, required): (&'static str, &[&str]),
        out: &'a mut Told<'o>,
    ) -> Option<Self> {
        let mut table = Self {
            origin,
            code,
            header: Vec::new(),
            reader: reader(bytes),
            row: StringRecord::new(),
            out,
        };
        if !table.next() {
            return None;
        }
        table.header = table.row.iter().map(str::to_owned).collect();
        let twice = (0..table.header.len()).find(|place| {
            let name = &table.header[*place];
            required.contains(&name.as_str()) && table.header[..*place].contains(name)
        });
        if let Some(place) = twice {
            let message = format!("a second column `{}`", table.header[place]);
            table.wrong_at(place, message, None);
            return None;
        }
        let missing: Vec<&str> = required
            .iter()
            .filter(|name| table.column(name).is_none())
            .copied()
            .collect();
        if missing.is_empty() {
            return Some(table);
        }
        let message = format!("column `{}` is missing", missing.join("`, `"));
        let help = format!("the first row names the columns: {}", required.join(","));
        table.wrong_row(message, Some(help));
        None
    }

    /// Whether there is such a column, and which one it is.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|known| known == name)
    }

    /// Goes to the next row that has as many cells as the header; false at the end, or when enough is wrong.
    pub(super) fn next(&mut self) -> bool {
        loop {
            if self.out.is_enough() {
                return false;
            }
            match self.reader.read_record(&mut self.row) {
                Ok(false) => return false,
                Ok(true) if self.header.is_empty() => return true,
                // Files that were put together have their header again.
                Ok(true) if self.row.iter().eq(&self.header) => {}
                Ok(true) if self.row.len() == self.header.len() => return true,
                Ok(true) => {
                    let (cells, columns) = (self.row.len(), self.header.len());
                    let message = format!("{cells} cells where the header has {columns}");
                    let many = "a comma within a name or number makes two cells of it: put it in quotes, or \
                                write a point";
                    let help = (cells > columns).then(|| many.to_owned());
                    self.wrong_row(message, help);
                }
                Err(error) => {
                    let path = self.origin.path.display();
                    let help = "save the file as comma-separated values in UTF-8".to_owned();
                    let message = format!("{path} cannot be read further: {error}");
                    self.out.say(self.code, message, Some(help));
                    return false;
                }
            }
        }
    }

    /// A cell of the present row.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.row.get(column).unwrap_or("")
    }

    /// A cell of the present row, if it can be read as that; otherwise it is told of as no `wanted`.
    pub(super) fn parsed<T: FromStr>(&mut self, column: usize, wanted: &str) -> Option<T> {
        let parsed = self.cell(column).parse().ok();
        if parsed.is_none() {
            let message = format!("`{}` is not {wanted}", self.cell(column));
            self.wrong_at(column, message, None);
        }
        parsed
    }

    /// Tells of a cell of the present row.
    pub(super) fn wrong_at(&mut self, column: usize, message: String, help: Option<String>) {
        self.tell(Severity::Error, Some(column), message, help);
    }

    /// Tells of the present row.
    pub(super) fn wrong_row(&mut self, message: String, help: Option<String>) {
        self.tell(Severity::Error, None, message, help);
    }

    fn tell(
        &mut self,
        severity: Severity,
        column: Option<usize>,
        message: String,
        help: Option<String>,
    ) {
        let (byte, number) = self
            .row
            .position()
            .map_or((0, 1), |place| (place.byte(), place.line() as usize));
        let line = self.origin.line_at(byte, number);
        let span = column.and_then(|column| span_of(&line.text, column, self.row.len()));
        let span = span.unwrap_or(0..line.text.len());
        let shown = (severity, line, span);
        self.out
            .show(self.origin, self.code, shown, (message, help));
    }
}

/// Where a cell stands in its line; none where that has quotes, or was cut.
fn span_of(line: &str, column: usize, cells: usize) -> Option<Range<usize>> {
    if line.contains('"') || line.split(',').count() != cells {
        return None;
    }
    let before: usize = line
        .split(',')
        .take(column)
        .map(|cell| cell.len() + 1)
        .sum();
    let cell = line.split(',').nth(column)?;
    let lead = cell.len() - cell.trim_start().len();
    let start = before + lead;
    Some(start..start + cell.trim().len())
}
