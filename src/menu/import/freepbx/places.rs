//! Where IVRs lead: queues, ring groups, time conditions and announcements of the tables.

use super::super::asterisk::dialplan::Dialplan;
use super::super::asterisk::queues::Queues;
use super::super::draft::Draft;
use super::tables::Row;
use super::tables::Tables;
use super::writer::Writer;

/// How ring groups choose telephones, and the strategy of a queue that does.
const STRATEGIES: [(&str, &str); 5] = [
    ("ringall", "ringall"),
    ("hunt", "linear"),
    ("memoryhunt", "linear"),
    ("firstavailable", "linear"),
    ("random", "random"),
];
/// Values of settings that are not set.
const OFF: [&str; 6] = ["", "0", "no", "never", "app", "silence/1"];

impl Tables {
    /// Adds the contexts of all places that are not IVRs, and the queues with their members.
    pub(super) fn write_places(&self, plan: &mut Dialplan, queues: &mut Queues, draft: &mut Draft) {
        for row in self.rows("queues_config") {
            self.queue(row, plan, queues, draft);
        }
        for row in self.rows("queues_details") {
            let (key, value) = (row.cell("keyword"), row.cell("data"));
            let value = match key {
                "member" => self.member(value),
                "strategy" | "timeout" => value.to_owned(),
                _ if OFF.contains(&value) => String::new(),
                _ => value.to_owned(),
            };
            queues.set(row.cell("id"), key, &value, &row.place);
        }
        for row in self.rows("ringgroups") {
            self.ring_group(row, plan, queues, draft);
        }
        for row in self.rows("timeconditions") {
            self.time_condition(row, plan, draft);
        }
        for row in self.rows("announcement") {
            let name = format!("app-announcement-{}", row.cell("announcement_id"));
            let mut writer = Writer::new(name, row);
            let recording = self.recording(row.cell("recording_id"));
            if !recording.is_empty() {
                let app = match row.is_on("allow_skip") {
                    true => "Background",
                    false => "Playback",
                };
                writer.line("s", None, &format!("{app}({recording})"));
            }
            let key = row.cell("repeat_msg");
            if row.is_on("repeat_msg") {
                let note =
                    format!("the key {key} repeats the announcement; that has no counterpart here");
                draft.tally.approximate(&row.place, note);
            }
            let goto = self.way(row.cell("post_dest"), row.is_on("return_ivr"));
            writer.line("s", None, &goto);
            writer.finish(plan);
        }
    }

    fn queue(&self, row: &Row, plan: &mut Dialplan, queues: &mut Queues, draft: &mut Draft) {
        let number = row.cell("extension");
        let mut writer = Writer::new(format!("queue-{number}"), row);
        let joining = self.recording(row.cell("joinannounce_id"));
        if !joining.is_empty() {
            writer.line("s", None, &format!("Playback({joining})"));
        }
        let wait = match row.cell("maxwait") {
            "0" => "",
            wait => wait,
        };
        writer.line("s", None, &format!("Queue({number},,,,{wait})"));
        writer.line("s", None, &self.way(row.cell("dest"), false));
        writer.finish(plan);
        // By the keys of this IVR callers leave the queue.
        if row.is_on("ivr_id") {
            let context = format!("ivr-{}", row.cell("ivr_id"));
            queues.set(number, "context", &context, &row.place);
        }
        for (column, what) in [
            (
                "agentannounce_id",
                "agents hear an announcement before the caller",
            ),
            ("alertinfo", "telephones are told how to ring (alertinfo)"),
            (
                "grppre",
                "the caller's name is written with something before it (grppre)",
            ),
            ("callconfirm", "agents confirm that they take a call"),
        ] {
            if row.is_on(column) {
                let note = format!("{what}; that has no counterpart here");
                draft.tally.approximate(&row.place, note);
            }
        }
    }

    fn ring_group(&self, row: &Row, plan: &mut Dialplan, queues: &mut Queues, draft: &mut Draft) {
        let name = format!("ring-group-{}", row.cell("grpnum"));
        let mut writer = Writer::new(name.clone(), row);
        let said = self.recording(row.cell("annmsg_id"));
        if !said.is_empty() {
            writer.line("s", None, &format!("Playback({said})"));
        }
        self.recorded(row.cell("recording"), &mut writer);
        let seconds = row.cell("grptime");
        writer.line("s", None, &format!("Queue({name},,,,{seconds})"));
        writer.line("s", None, &self.way(row.cell("postdest"), false));
        writer.finish(plan);
        let strategy = row.cell("strategy").trim_end_matches("-prim");
        match STRATEGIES.iter().find(|(theirs, _)| *theirs == strategy) {
            Some((_, queue)) => queues.set(&name, "strategy", queue, &row.place),
            None => {
                let note = format!("there is no strategy \"{strategy}\" here");
                draft.tally.approximate(&row.place, note);
            }
        }
        let members = row.cell("grplist").split('-').map(str::trim);
        for member in members.filter(|member| !member.is_empty()) {
            let number = member.trim_end_matches('#');
            let device = format!("Local/{number}@from-internal/n,0");
            queues.set(&name, "member", &self.member(&device), &row.place);
        }
        let note =
            "a ring group is a queue here: callers wait in turn, and its telephones are agents";
        draft.tally.approximate(&row.place, note);
    }

    fn time_condition(&self, row: &Row, plan: &mut Dialplan, draft: &mut Draft) {
        let id = row.cell("timeconditions_id");
        let mut writer = Writer::new(format!("time-condition-{id}"), row);
        let group = row.cell("time");
        let times = self.rows("timegroups_details").iter();
        let times: Vec<&Row> = times.filter(|at| at.cell("timegroupid") == group).collect();
        let zone = match row.cell("timezone") {
            "" | "default" => String::new(),
            zone => format!(",{zone}"),
        };
        for at in &times {
            writer.at(at);
            let time = at.cell("time").replace('|', ",");
            writer.line("s", None, &format!("GotoIfTime({time}{zone}?truegoto)"));
        }
        writer.at(row);
        if times.is_empty() {
            let calendar = [
                row.cell("calendar_id"),
                row.cell("calendar_group_id"),
                group,
            ];
            let calendar = calendar.into_iter().find(|name| !name.is_empty());
            let name = calendar.unwrap_or("none");
            let note =
                format!("its hours ({name}) are not in these tables: name timegroups_details too");
            draft.tally.approximate(&row.place, note);
            writer.line("s", None, &format!("GotoIfTime({name}?truegoto)"));
        }
        writer.line("s", None, &self.way(row.cell("falsegoto"), false));
        writer.line(
            "s",
            Some("truegoto"),
            &self.way(row.cell("truegoto"), false),
        );
        writer.finish(plan);
    }

    /// `Local/101@from-queue/n,0` with the name of whoever has that telephone.
    fn member(&self, written: &str) -> String {
        let mut parts = written.split(',').map(str::trim);
        let (device, penalty) = (parts.next().unwrap_or(""), parts.next().unwrap_or("0"));
        let number = device.split(['@', ',']).next().unwrap_or(device);
        let number = number.rsplit('/').next().unwrap_or(number);
        let user = self.row("users", "extension", number);
        let name = user.map(|row| row.cell("name").replace(',', " "));
        let name = name.filter(|name| !name.is_empty());
        format!(
            "{device},{penalty},{}",
            name.unwrap_or_else(|| number.to_owned())
        )
    }
}
