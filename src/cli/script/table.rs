//! Recordings for spreadsheets and programs: one row or object each.

use super::Item;
use serde::Serialize;

/// What is told of a recording; the fields are the columns.
#[derive(Serialize)]
struct Row<'s> {
    /// Where it belongs, in the folder of the line's recordings.
    file: String,
    language: &'s str,
    /// How long it takes to say, about.
    seconds: String,
    text: &'s str,
    note: &'s str,
    line: &'s str,
}

fn rows<'i>(items: &'i [Item<'_>]) -> impl Iterator<Item = Row<'i>> {
    items.iter().map(|item| Row {
        file: item.recording.file(),
        language: &item.recording.language,
        seconds: seconds(item.recording.length.0),
        text: &item.recording.words,
        note: &item.recording.note,
        line: &item.script.line,
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
        writer.serialize(row).expect("rows fit into memory");
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
