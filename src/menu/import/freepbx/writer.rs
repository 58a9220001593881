//! Writes contexts line by line, as FreePBX would, and says how it names places and recordings.

use super::super::super::diagnostic::Place;
use super::super::asterisk::dialplan::Context;
use super::super::asterisk::dialplan::Dialplan;
use super::super::asterisk::dialplan::Extension;
use super::super::asterisk::dialplan::Line;
use super::super::asterisk::dialplan::called;
use super::tables::Row;
use super::tables::Tables;
use std::collections::BTreeMap;

/// Destinations that are contexts of their own here: what FreePBX calls them, the table that holds them
/// with the column of their number, and how they are called here.
const OWN: [(&str, &str, &str, &str); 9] = [
    ("ext-queues", "queues_config", "extension", "queue-"),
    ("ext-group", "ringgroups", "grpnum", "ring-group-"),
    (
        "timeconditions",
        "timeconditions",
        "timeconditions_id",
        "time-condition-",
    ),
    ("app-daynight", "daynight", "ext", "call-flow-"),
    ("app-languages", "languages", "language_id", "language-"),
    (
        "app-queueprio",
        "queueprio",
        "queueprio_id",
        "queue-priority-",
    ),
    ("app-setcid", "setcid", "cid_id", "caller-id-"),
    (
        "ext-callrecording",
        "callrecording",
        "callrecording_id",
        "call-recording-",
    ),
    ("ext-miscdests", "miscdests", "id", "misc-destination-"),
];

impl Tables {
    /// The recording with a number; its file where it is known.
    pub(super) fn recording(&self, cell: &str) -> String {
        match cell.parse::<u64>() {
            Ok(0) => String::new(),
            Ok(number) => match self
                .row("recordings", "id", cell)
                .map(|row| row.cell("filename"))
            {
                Some(file) if !file.is_empty() => file.to_owned(),
                _ => format!("recording-{number}"),
            },
            Err(_) => cell.to_owned(),
        }
    }

    /// The line that leads to a destination; one that `returns` goes back to the IVR before.
    pub(super) fn way(&self, destination: &str, returns: bool) -> String {
        let to = self.destination(destination);
        match (to.as_str(), returns) {
            ("", _) => "Hangup()".to_owned(),
            (to, false) => format!("Goto({to})"),
            (to, true) => format!(
                "GotoIf($[\"x${{IVR_CONTEXT_${{CONTEXT}}}}\" = \"x\"]?{to}:${{IVR_CONTEXT_${{CONTEXT}}}},return,1)"
            ),
        }
    }

    /// A destination as it is called here.
    pub(super) fn destination(&self, written: &str) -> String {
        let mut parts = written.split(',');
        let (context, number) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let mut own = OWN.iter().filter(|(name, ..)| *name == context);
        let known = own.find(|(_, table, column, _)| self.row(table, column, number).is_some());
        match known {
            Some((.., begin)) => format!("{begin}{number},s,1"),
            None => written.to_owned(),
        }
    }
}

/// Writes a context line by line.
pub(super) struct Writer {
    context: Context,
    place: Place,
    lines: usize,
}

impl Writer {
    pub(super) fn new(name: String, row: &Row) -> Self {
        let context = Context {
            name,
            place: row.place.clone(),
            extensions: Vec::new(),
            includes: Vec::new(),
        };
        Self {
            context,
            place: row.place.clone(),
            lines: 0,
        }
    }

    /// What is written from here on comes of another row.
    pub(super) fn at(&mut self, row: &Row) {
        self.place = row.place.clone();
    }

    /// Adds the context to a dialplan.
    pub(super) fn finish(self, plan: &mut Dialplan) {
        plan.lines += self.lines;
        plan.contexts.push(self.context);
    }

    pub(super) fn line(&mut self, extension: &str, label: Option<&str>, written: &str) {
        let extensions = &mut self.context.extensions;
        let known = extensions.iter().position(|other| other.name == extension);
        let at = known.unwrap_or_else(|| {
            extensions.push(Extension {
                name: extension.to_owned(),
                lines: BTreeMap::new(),
            });
            extensions.len() - 1
        });
        let (app, arguments) = called(written);
        let line = Line {
            label: label.map(str::to_owned),
            app: app.to_lowercase(),
            arguments: arguments.to_owned(),
            written: written.to_owned(),
            place: self.place.clone(),
        };
        let priority = extensions[at].lines.len() as u32 + 1;
        extensions[at].lines.insert(priority, line);
        self.lines += 1;
    }
}
