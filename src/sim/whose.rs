//! Whose calls a row of a forecast or of recorded calls tells of: a line's, or those of one kind of its
//! callers.

use super::demand::Kind;
use super::scenario::names::Names;
use super::scenario::names::is_queue;
use super::sheet::Row;
use super::sheet::Sheet;
use crate::exchange::id::LineId;
use crate::menu::value;

/// The column that names what the callers of a row want.
const WANT: &str = "want";

/// Whose calls they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Whose {
    pub(super) line: LineId,
    pub(super) kind: Option<Kind>,
}

impl Whose {
    /// What a row says; names that are unknown are reported.
    pub(super) fn read(sheet: &Sheet, row: &Row, names: Names<'_>) -> Option<Self> {
        let line = match sheet.cell(row, "line") {
            Some(name) => line(sheet, row, name, names),
            None => line_of_queue(sheet, row, names),
        };
        let kind = kind(sheet, row, names);
        Some(Self {
            line: line?,
            kind: kind?,
        })
    }

    /// For messages: "line `shop`", with the want where it is one of several.
    pub(super) fn title(self, names: Names<'_>) -> String {
        let line = &names.dialplan.line(self.line).name;
        let want = self
            .kind
            .and_then(|kind| names.wants().nth(kind.want.into()));
        match want {
            Some(want) => format!("want `{want}` of line `{line}`"),
            None => format!("line `{line}`"),
        }
    }
}

/// Reports, once, wants that are named where callers have none.
pub(super) fn refuse_wants(sheet: &Sheet, names: Names<'_>) {
    if let Some(row) = sheet.rows.first()
        && sheet.cell(row, WANT).is_some()
        && !names.has_wants()
    {
        let message = "callers of this scenario have no wants";
        let help = "leave the column out, or say what callers want: `[wants.NAME]`";
        sheet.wrong(row, WANT, message, Some(help.to_owned()));
    }
}

fn line(sheet: &Sheet, row: &Row, name: &str, names: Names<'_>) -> Option<LineId> {
    let line = names.line(name);
    if line.is_none() {
        let message = format!("there is no line `{name}`");
        let help = value::suggestion(name, names.lines());
        sheet.wrong_as("unknown-line", row, "line", message, help);
    }
    line
}

fn line_of_queue(sheet: &Sheet, row: &Row, names: Names<'_>) -> Option<LineId> {
    let name = sheet.cell(row, "queue")?;
    let lines = names.lines_of_plain_queue(name);
    let line = lines.first().copied().filter(|_| lines.len() == 1);
    if let Some((message, help)) = names.several(name, is_queue).filter(|_| line.is_none()) {
        sheet.wrong_as("ambiguous-name", row, "queue", message, Some(help));
    } else if line.is_none() {
        let (message, help) = if names.queue(name).is_some() {
            let message = format!("`{name}` is not where its line begins");
            let help = "calls arrive at lines, and how many reach a queue is a result: \
                        use a column `line`";
            (message, Some(help.to_owned()))
        } else {
            let message = format!("there is no queue `{name}`");
            (message, value::suggestion(name, names.queues()))
        };
        sheet.wrong_as("unknown-queue", row, "queue", message, help);
    }
    line
}

/// None when the cell is wrong.
fn kind(sheet: &Sheet, row: &Row, names: Names<'_>) -> Option<Option<Kind>> {
    let Some(name) = sheet.cell(row, WANT) else {
        return Some(None);
    };
    if !names.has_wants() {
        return None;
    }
    let kind = names.want(name);
    if kind.is_none() {
        let (message, help) = match name.is_empty() {
            true => {
                let help = "with this column every row says what its callers want";
                ("no want".to_owned(), Some(help.to_owned()))
            }
            false => {
                let message = format!("there is no want `{name}`");
                (message, value::suggestion(name, names.wants()))
            }
        };
        sheet.wrong_as("unknown-want", row, WANT, message, help);
    }
    Some(Some(kind?))
}
