//! Recordings for spreadsheets and programs: one row or object each.

use super::Item;
use serde::Serialize;
use std::borrow::Cow;

/// With these a spreadsheet takes a text for a formula.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// What is told of a recording; the fields are the columns.
#[derive(Serialize)]
struct Row<'s> {
    /// Where it belongs, in the folder of the line's recordings.
    file: String,
    language: Cow<'s, str>,
    /// How long it takes to say, about.
    seconds: String,
    text: Cow<'s, str>,
    note: Cow<'s, str>,
    line: Cow<'s, str>,
}

impl Row<'_> {
    /// The same for a spreadsheet.
    fn for_spreadsheet(self) -> Row<'static> {
        Row {
            file: cell(&self.file),
            language: cell(&self.language).into(),
            seconds: self.seconds,
            text: cell(&self.text).into(),
            note: cell(&self.note).into(),
            line: cell(&self.line).into(),
        }
    }
}

/// A text that stays one: nothing in it is calculated, or acts on a terminal.
fn cell(text: &str) -> String {
    let plain = text.replace(char::is_control, " ");
    match plain.trim_start().starts_with(FORMULA) {
        true => format!("'{plain}"),
        false => plain,
    }
}

fn rows<'i>(items: &'i [Item<'_>]) -> impl Iterator<Item = Row<'i>> {
    items.iter().map(|item| Row {
        file: item.recording.file(),
        language: item.recording.language.as_str().into(),
        seconds: seconds(item.recording.length.0),
        text: item.recording.words.as_str().into(),
        note: item.recording.note.as_str().into(),
        line: item.script.line.as_str().into(),
    })
}

/// `2.4`: tenths of seconds.
pub(super) fn seconds(ms: u64) -> String {
    let tenths = (ms + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

pub(super) fn csv(items: &[Item<'_>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows(items) {
        writer
            .serialize(row.for_spreadsheet())
            .expect("rows fit into memory");
    }
    let bytes = writer.into_inner().expect("rows fit into memory");
    String::from_utf8(bytes).expect("rows are text")
}

pub(super) fn json(items: &[Item<'_>]) -> String {
    let object = |(item, row): (&Item<'_>, Row<'_>)| {
        let mut object = serde_json::to_value(&row).expect("a row is plain data");
        object["seconds"] = (item.recording.length.0 as f64 / 1000.0).into();
        object["spoken"] = item.recording.spoken.as_str().into();
        object["folder"] = item.script.folder.to_string_lossy().into();
        object
    };
    let list: Vec<serde_json::Value> = items.iter().zip(rows(items)).map(object).collect();
    format!("{:#}\n", serde_json::json!({ "recordings": list }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_cell_is_calculated() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell(" @SUM(A1)"), "' @SUM(A1)");
        assert_eq!(cell("\t+44"), "' +44");
        assert_eq!(cell("Press 1 - or 2."), "Press 1 - or 2.");
        assert_eq!(cell("a\u{1b}[2Jb"), "a [2Jb");
    }
}
