//! JSON with places: of what it is not, and of the pieces by their names.

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::source::FileId;
use super::super::source::Sources;
use serde_json::Value;
use std::collections::BTreeMap;

/// A document; one that cannot be read is reported. How deep it may be is bounded by the parser.
pub(super) fn parse(file: FileId, sources: &Sources, out: &mut Diagnostics) -> Option<Value> {
    let text = &sources.get(file).text;
    match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
        Ok(value) => Some(value),
        Err(error) => {
            let rows = text.split_inclusive('\n');
            let before: usize = rows
                .take(error.line().saturating_sub(1))
                .map(str::len)
                .sum();
            let start = (before + error.column().saturating_sub(1)).min(text.len());
            let start = super::super::source::character_start(text, start);
            let length = text[start..].chars().next().map_or(0, char::len_utf8);
            let place = Place {
                file,
                span: start..start + length,
            };
            let words = error.to_string();
            let words = words
                .split(" at line ")
                .next()
                .unwrap_or("this is not JSON");
            out.push(Diagnostic::error("syntax", place, words).label("not JSON from here on"));
            None
        }
    }
}

/// Where the pieces of a document stand, by the value of the field that names them.
pub(super) struct Places {
    file: FileId,
    places: BTreeMap<String, std::ops::Range<usize>>,
}

impl Places {
    /// Looks for `"field": "value"`.
    pub(super) fn of(file: FileId, field: &str, sources: &Sources) -> Self {
        let text = &sources.get(file).text;
        let key = format!("\"{field}\"");
        let mut places = BTreeMap::new();
        for (at, _) in text.match_indices(&key) {
            let after = text[at + key.len()..].trim_start();
            let Some(value) = after.strip_prefix(':') else {
                continue;
            };
            let value = value.trim_start();
            let start = text.len() - value.len();
            let Some(inner) = value.strip_prefix('"') else {
                continue;
            };
            if let Some(end) = inner.find('"') {
                let range = start..start + end + 2;
                places.entry(inner[..end].to_owned()).or_insert(range);
            }
        }
        Self { file, places }
    }

    /// Where the piece with this name stands; the beginning of the file where it is not found.
    pub(super) fn get(&self, name: &str) -> Place {
        let file = self.file;
        let span = self.places.get(name).cloned().unwrap_or(0..0);
        Place { file, span }
    }
}

/// The text in a field, or nothing.
pub(super) fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or("")
}

/// A number in a field, as a number or in quotes.
pub(super) fn number(value: &Value, field: &str) -> Option<u64> {
    whole(value.get(field)?)
}

/// A number, as a number or in quotes.
pub(super) fn whole(value: &Value) -> Option<u64> {
    value
        .as_u64()
        .or_else(|| value.as_str()?.trim().parse().ok())
}

/// What is written in a field; none where that is the same as if nothing was.
pub(super) fn written(value: &Value) -> Option<String> {
    let written = match value {
        Value::Null | Value::Bool(false) => return None,
        Value::Array(list) if list.is_empty() => return None,
        Value::Object(table) if table.is_empty() => return None,
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    let is_set = !written.is_empty() && !written.eq_ignore_ascii_case("false");
    is_set.then_some(written)
}

/// The list in a field, or an empty one.
pub(super) fn list<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value
        .get(field)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
