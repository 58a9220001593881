//! XML with places, within bounds, and without documents that grow while they are read.

use super::super::diagnostic::Diagnostic;
use super::super::diagnostic::Diagnostics;
use super::super::diagnostic::Place;
use super::super::source::FileId;
use super::super::source::Sources;
use roxmltree::Document;
use roxmltree::Node;
use roxmltree::ParsingOptions;
use roxmltree::TextPos;

/// Elements, attributes and texts of one document at most.
const NODES_MAX: u32 = 200_000;

/// A document; one that cannot be read is reported.
pub(super) fn parse<'t>(
    file: FileId,
    sources: &'t Sources,
    out: &mut Diagnostics,
) -> Option<Document<'t>> {
    let text = &sources.get(file).text;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: NODES_MAX,
        ..ParsingOptions::default()
    };
    match Document::parse_with_options(text, options) {
        Ok(document) => Some(document),
        Err(error) => {
            out.push(diagnostic(&error, file, text));
            None
        }
    }
}

fn diagnostic(error: &roxmltree::Error, file: FileId, text: &str) -> Diagnostic {
    let start = byte(text, error.pos());
    let length = text[start..].chars().next().map_or(0, char::len_utf8);
    let place = Place {
        file,
        span: start..start + length,
    };
    match error {
        roxmltree::Error::DtdDetected => {
            Diagnostic::error("syntax", place, "this document declares a type of its own")
                .label("nothing is read from here on")
                .help("take out <!DOCTYPE …>: declared entities are not expanded")
        }
        roxmltree::Error::NodesLimitReached => {
            let message = format!("more than {NODES_MAX} elements");
            Diagnostic::error("too-large", place, message).help("import the file in parts")
        }
        error => {
            // The library puts the place into its words; the caret says it better.
            let words = error.to_string();
            let words = words.split(" at ").next().unwrap_or("this is not XML");
            Diagnostic::error("syntax", place, words).label("not XML from here on")
        }
    }
}

/// The byte of a place in rows and columns.
fn byte(text: &str, at: TextPos) -> usize {
    let rows = text.split_inclusive('\n');
    let before: usize = rows
        .take(at.row.saturating_sub(1) as usize)
        .map(str::len)
        .sum();
    let row = &text[before.min(text.len())..];
    let columns = row.char_indices().nth(at.col.saturating_sub(1) as usize);
    columns.map_or(text.len(), |(column, _)| before + column)
}

/// Where an element begins: its first line.
pub(super) fn place(file: FileId, node: Node<'_, '_>) -> Place {
    let span = node.range();
    let text = node.document().input_text();
    let line = text[span.clone()].lines().next().unwrap_or("").len();
    Place {
        file,
        span: span.start..span.start + line,
    }
}

/// An attribute without the spaces around it; none where it is empty.
pub(super) fn attribute<'n>(node: Node<'n, '_>, name: &str) -> Option<&'n str> {
    let value = node.attribute(name)?.trim();
    (!value.is_empty()).then_some(value)
}
