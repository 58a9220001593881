//! The tables `ivr_details` and `ivr_entries` as CSV, made into the contexts that FreePBX generates
//! of them: what callers hear then follows from one reader.

use super::super::super::diagnostic::Diagnostic;
use super::super::super::diagnostic::Diagnostics;
use super::super::super::diagnostic::Place;
use super::super::super::source::FileId;
use super::super::asterisk::dialplan::Context;
use super::super::asterisk::dialplan::Dialplan;
use super::super::asterisk::dialplan::Extension;
use super::super::asterisk::dialplan::Line;
use super::super::asterisk::dialplan::called;
use super::super::draft::Draft;
use std::collections::BTreeMap;

/// Rows of one table at most.
const ROWS_MAX: usize = 10_000;

/// One row, by the names of its columns.
struct Row {
    cells: BTreeMap<String, String>,
    place: Place,
}

#[derive(Default)]
pub(super) struct Tables {
    details: Vec<Row>,
    entries: Vec<Row>,
}

impl Row {
    fn cell(&self, name: &str) -> &str {
        let cell = self.cells.get(name).map_or("", |cell| cell.trim());
        if cell.eq_ignore_ascii_case("null") || cell == "\\N" {
            ""
        } else {
            cell
        }
    }

    fn is_on(&self, name: &str) -> bool {
        !["", "0", "no", "disabled"].contains(&self.cell(name))
    }
}

/// Whether a file is one of the two tables.
pub(super) fn is_table(text: &str) -> bool {
    let first = text
        .trim_start_matches('\u{feff}')
        .lines()
        .next()
        .unwrap_or("");
    let columns: Vec<&str> = first
        .split(',')
        .map(|at| at.trim().trim_matches(['"', '`']))
        .collect();
    columns.contains(&"ivr_id") || columns.contains(&"invalid_loops")
}

impl Tables {
    pub(super) fn read(&mut self, file: FileId, text: &str, out: &mut Diagnostics) {
        let start = text.len() - text.trim_start_matches('\u{feff}').len();
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(&text.as_bytes()[start..]);
        let names: Vec<String> = match reader.headers() {
            Ok(names) => names
                .iter()
                .map(|name| name.trim_matches('`').to_lowercase())
                .collect(),
            Err(_) => return,
        };
        let is_entries = names.iter().any(|name| name == "ivr_id");
        for (count, record) in reader.records().enumerate() {
            let Ok(record) = record else {
                let place = Place { file, span: 0..0 };
                let message = format!("row {} is not CSV", count + 1);
                out.push(Diagnostic::error("syntax", place, message));
                return;
            };
            let from = record.position().map_or(0, |at| at.byte() as usize) + start;
            let length = text[from.min(text.len())..]
                .lines()
                .next()
                .map_or(0, str::len);
            let place = Place {
                file,
                span: from..from + length,
            };
            if count == ROWS_MAX {
                let message = format!("more than {ROWS_MAX} rows");
                out.push(Diagnostic::error("too-large", place, message));
                return;
            }
            let cells = names.iter().cloned().zip(record.iter().map(str::to_owned));
            let row = Row {
                cells: cells.collect(),
                place,
            };
            match is_entries {
                true => self.entries.push(row),
                false => self.details.push(row),
            }
        }
    }

    /// The name that an IVR has for people.
    pub(super) fn title(&self, context: &str) -> Option<String> {
        let row = self
            .details
            .iter()
            .find(|row| format!("ivr-{}", row.cell("id")) == context)?;
        let name = row.cell("name");
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// Adds the contexts of all IVRs to a dialplan.
    pub(super) fn generate(&self, plan: &mut Dialplan, draft: &mut Draft, out: &mut Diagnostics) {
        if let (Some(entry), true) = (self.entries.first(), self.details.is_empty()) {
            let message = "these are the keys of IVRs, and nothing of the IVRs themselves";
            let diagnostic = Diagnostic::error("nothing-to-import", entry.place.clone(), message);
            out.push(diagnostic.help("name the table ivr_details too"));
            return;
        }
        for row in &self.details {
            let id = row.cell("id");
            let mut writer = Writer::new(row);
            greeting(row, &mut writer);
            for entry in self
                .entries
                .iter()
                .filter(|entry| entry.cell("ivr_id") == id)
            {
                writer.place = entry.place.clone();
                let goto = way(entry.cell("dest"), entry.is_on("ivr_ret"));
                writer.line(entry.cell("selection"), None, &goto);
            }
            writer.place = row.place.clone();
            for (extension, kind) in [("i", "invalid"), ("t", "timeout")] {
                retry(row, extension, kind, &mut writer);
            }
            writer.line("hang", None, "Playback(vm-goodbye)");
            writer.line("hang", None, "Hangup()");
            remarks(row, draft);
            plan.lines += writer.lines;
            plan.contexts.push(writer.context);
        }
        let known = |row: &&Row| {
            let mut details = self.details.iter();
            !details.any(|other| other.cell("id") == row.cell("ivr_id"))
        };
        for row in self.entries.iter().filter(known) {
            let note = format!("IVR {} is not in ivr_details", row.cell("ivr_id"));
            draft.tally.skip(&row.place, note);
        }
    }
}

fn greeting(row: &Row, writer: &mut Writer) {
    let announcement = recording(row.cell("announcement"));
    let seconds = match row.cell("timeout_time") {
        "" => "10",
        seconds => seconds,
    };
    writer.line("s", None, &format!("Set(IVR_MSG={announcement})"));
    writer.line("s", Some("start"), "Set(TIMEOUT(digit)=3)");
    writer.line(
        "s",
        None,
        "ExecIf($[\"${IVR_MSG}\" != \"\"]?Background(${IVR_MSG}))",
    );
    writer.line("s", None, &format!("WaitExten({seconds})"));
}

/// What comes of a wrong key, or of none: some more tries, some last words, and a destination.
fn retry(row: &Row, extension: &str, kind: &str, writer: &mut Writer) {
    let loops = row.cell(&format!("{kind}_loops"));
    if loops.is_empty() || loops == "disabled" {
        writer.line(extension, None, "Playback(sorry-youre-having-problems)");
        writer.line(extension, None, "Goto(hang,1)");
        return;
    }
    let announcement = recording(row.cell("announcement"));
    if loops.parse::<u32>().is_ok_and(|loops| loops > 0) {
        let count = format!("{}_LOOPCOUNT", kind.to_uppercase());
        let mut said = match row.cell(&format!("{kind}_retry_recording")) {
            "default" => "no-valid-responce-pls-try-again".to_owned(),
            other => recording(other),
        };
        if said.is_empty() || row.is_on(&format!("{kind}_append_announce")) {
            said = format!("{said}&{announcement}");
        }
        let said = said.trim_matches('&');
        writer.line(extension, None, &format!("Set({count}=$[${{{count}}}+1])"));
        writer.line(
            extension,
            None,
            &format!("GotoIf($[${{{count}}} > {loops}]?final)"),
        );
        writer.line(extension, None, &format!("Set(IVR_MSG={said})"));
        writer.line(extension, None, "Goto(s,start)");
    }
    let mut label = Some("final");
    let last = match row.cell(&format!("{kind}_recording")) {
        "default" => "no-valid-responce-transfering".to_owned(),
        other => recording(other),
    };
    if !last.is_empty() {
        writer.line(extension, label.take(), &format!("Playback({last})"));
    }
    let to = row.cell(&format!("{kind}_destination"));
    let goto = way(to, row.is_on(&format!("{kind}_ivr_ret")));
    writer.line(extension, label, &goto);
}

/// Columns that change what callers live through, and that no step has.
fn remarks(row: &Row, draft: &mut Draft) {
    let strict = row.cell("strict_dial_timeout");
    if !strict.is_empty() {
        let mode = match strict {
            "0" | "no" => "no: 3 s are waited after a key that begins a longer entry",
            "1" | "yes" => "yes: every entry waits for its time to be over",
            _ => "instant: an entry counts at once",
        };
        let note = format!(
            "strict_dial_timeout is \"{mode}\"; here a key acts at once unless it begins a longer one"
        );
        draft.tally.approximate(&row.place, note);
    }
    if row.is_on("directdial") {
        let note = "callers may dial extensions directly; add keys for them, such as 2xx, and a \
                    `transfer` for each";
        draft.tally.approximate(&row.place, note);
        draft
            .todos
            .push(format!("IVR \"{}\": {note}", row.cell("name")));
    }
    for (column, what) in [
        ("retvm", "callers come back from voicemail to the IVR"),
        ("alertinfo", "telephones are told how to ring (alertinfo)"),
        ("rvolume", "the volume of ringing is set"),
        ("accept_pound_key", "the key # ends an entry"),
    ] {
        if row.is_on(column) {
            let note = format!("{what}; that has no counterpart here");
            draft.tally.approximate(&row.place, note);
        }
    }
}

/// FreePBX keeps recordings by number.
fn recording(cell: &str) -> String {
    match cell.parse::<u64>() {
        Ok(0) => String::new(),
        Ok(number) => format!("recording-{number}"),
        Err(_) => cell.to_owned(),
    }
}

fn way(destination: &str, returns: bool) -> String {
    match (destination, returns) {
        ("", _) => "Hangup()".to_owned(),
        (to, false) => format!("Goto({to})"),
        (to, true) => format!(
            "GotoIf($[\"x${{IVR_CONTEXT_${{CONTEXT}}}}\" = \"x\"]?{to}:${{IVR_CONTEXT_${{CONTEXT}}}},return,1)"
        ),
    }
}

/// Writes a context line by line.
struct Writer {
    context: Context,
    place: Place,
    lines: usize,
}

impl Writer {
    fn new(row: &Row) -> Self {
        let context = Context {
            name: format!("ivr-{}", row.cell("id")),
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

    fn line(&mut self, extension: &str, label: Option<&str>, written: &str) {
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
