//! The contexts of IVRs, as FreePBX generates them of their tables.

use super::super::super::diagnostic::Diagnostic;
use super::super::super::diagnostic::Diagnostics;
use super::super::asterisk::dialplan::Dialplan;
use super::super::draft::Draft;
use super::tables::Row;
use super::tables::Tables;
use super::writer::Writer;

impl Tables {
    /// Adds the contexts of all IVRs to a dialplan.
    pub(super) fn write_ivrs(&self, plan: &mut Dialplan, draft: &mut Draft, out: &mut Diagnostics) {
        let (details, entries) = (self.rows("ivr_details"), self.rows("ivr_entries"));
        if let (Some(entry), true) = (entries.first(), details.is_empty()) {
            let message = "these are the keys of IVRs, and nothing of the IVRs themselves";
            let diagnostic = Diagnostic::error("nothing-to-import", entry.place.clone(), message);
            out.push(diagnostic.help("name the table ivr_details too"));
            return;
        }
        for row in details {
            let id = row.cell("id");
            let mut writer = Writer::new(format!("ivr-{id}"), row);
            greeting(row, self, &mut writer);
            for entry in entries.iter().filter(|entry| entry.cell("ivr_id") == id) {
                writer.at(entry);
                let goto = self.way(entry.cell("dest"), entry.is_on("ivr_ret"));
                writer.line(entry.cell("selection"), None, &goto);
            }
            writer.at(row);
            for (extension, kind) in [("i", "invalid"), ("t", "timeout")] {
                retry(row, extension, kind, self, &mut writer);
            }
            writer.line("hang", None, "Playback(vm-goodbye)");
            writer.line("hang", None, "Hangup()");
            remarks(row, draft);
            writer.finish(plan);
        }
        let unknown = |row: &&Row| self.row("ivr_details", "id", row.cell("ivr_id")).is_none();
        for row in entries.iter().filter(unknown) {
            let note = format!("IVR {} is not in ivr_details", row.cell("ivr_id"));
            draft.tally.skip(&row.place, note);
        }
    }
}

fn greeting(row: &Row, tables: &Tables, writer: &mut Writer) {
    let announcement = tables.recording(row.cell("announcement"));
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
fn retry(row: &Row, extension: &str, kind: &str, tables: &Tables, writer: &mut Writer) {
    let loops = row.cell(&format!("{kind}_loops"));
    if loops.is_empty() || loops == "disabled" {
        writer.line(extension, None, "Playback(sorry-youre-having-problems)");
        writer.line(extension, None, "Goto(hang,1)");
        return;
    }
    let announcement = tables.recording(row.cell("announcement"));
    if loops.parse::<u32>().is_ok_and(|loops| loops > 0) {
        let count = format!("{}_LOOPCOUNT", kind.to_uppercase());
        let mut said = match row.cell(&format!("{kind}_retry_recording")) {
            "default" => "no-valid-responce-pls-try-again".to_owned(),
            other => tables.recording(other),
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
        other => tables.recording(other),
    };
    if !last.is_empty() {
        writer.line(extension, label.take(), &format!("Playback({last})"));
    }
    let to = row.cell(&format!("{kind}_destination"));
    let goto = tables.way(to, row.is_on(&format!("{kind}_ivr_ret")));
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
