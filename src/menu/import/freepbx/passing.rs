//! Destinations through which calls only pass, on their way to another: what FreePBX sets there.

use super::super::asterisk::dialplan::Dialplan;
use super::tables::Row;
use super::tables::Tables;
use super::writer::Writer;

/// Tables of destinations that set something: what their contexts are called, the column of their number,
/// what is set, and the column of its value.
const SETTING: [(&str, &str, &str, &str, &str); 3] = [
    (
        "languages",
        "language-",
        "language_id",
        "CHANNEL(language)",
        "lang_code",
    ),
    (
        "queueprio",
        "queue-priority-",
        "queueprio_id",
        "QUEUE_PRIO",
        "queue_priority",
    ),
    (
        "setcid",
        "caller-id-",
        "cid_id",
        "CALLERID(name)",
        "cid_name",
    ),
];

/// What the context of a row is called.
fn named(begin: &str, column: &str, row: &Row) -> String {
    format!("{begin}{}", row.cell(column))
}

/// Whether something is recorded by this word of FreePBX; none where it leaves that as it is.
pub(super) fn records(mode: &str) -> Option<bool> {
    match mode {
        "force" | "yes" | "always" => Some(true),
        "never" | "no" => Some(false),
        _ => None,
    }
}

impl Tables {
    /// Adds the contexts of these destinations.
    pub(super) fn write_passing(&self, plan: &mut Dialplan) {
        for row in self.rows("callrecording") {
            let mode = row.cell("call_recording_mode");
            let mut writer = Writer::new(named("call-recording-", "callrecording_id", row), row);
            self.recorded(mode, &mut writer);
            self.pass(row, writer, plan);
        }
        for (table, begin, column, sets, value) in SETTING {
            for row in self.rows(table) {
                let mut writer = Writer::new(named(begin, column, row), row);
                writer.line("s", None, &format!("Set({sets}={})", row.cell(value)));
                self.pass(row, writer, plan);
            }
        }
        for row in self.rows("miscdests") {
            let mut writer = Writer::new(named("misc-destination-", "id", row), row);
            let number = row.cell("destdial");
            writer.line("s", None, &format!("Dial(Local/{number}@from-internal)"));
            writer.finish(plan);
        }
        self.flow_controls(plan);
    }

    fn pass(&self, row: &Row, mut writer: Writer, plan: &mut Dialplan) {
        writer.line("s", None, &self.way(row.cell("dest"), false));
        writer.finish(plan);
    }

    /// Whether what follows is recorded.
    pub(super) fn recorded(&self, mode: &str, writer: &mut Writer) {
        match records(mode) {
            Some(true) => writer.line("s", None, "MixMonitor()"),
            Some(false) => writer.line("s", None, "StopMixMonitor()"),
            None => {}
        }
    }

    /// Switches between day and night, which people turn by a feature code.
    fn flow_controls(&self, plan: &mut Dialplan) {
        let rows = self.rows("daynight");
        let of = |number: &str, mode: &str| {
            let mut rows = rows.iter();
            let row = rows.find(|row| row.cell("ext") == number && row.cell("dmode") == mode);
            row.map_or_else(
                || "Hangup()".to_owned(),
                |row| self.way(row.cell("dest"), false),
            )
        };
        for row in rows.iter().filter(|row| row.cell("dmode") == "day") {
            let number = row.cell("ext");
            let mut writer = Writer::new(format!("call-flow-{number}"), row);
            let night = format!("GotoIf($[\"${{DB(DAYNIGHT/C{number})}}\" = \"NIGHT\"]?night)");
            writer.line("s", None, &night);
            writer.line("s", None, &of(number, "day"));
            writer.line("s", Some("night"), &of(number, "night"));
            writer.finish(plan);
        }
    }
}
