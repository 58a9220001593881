//! What a flow says and nothing here reads: settings of widgets, and events that lead elsewhere.

use super::super::branch::signpost;
use super::super::draft::To;
use super::super::json;
use super::super::names::VALUE_CHARS_MAX;
use super::super::names::shown;
use super::Flow;
use super::gather::END_KEYS;
use serde_json::Value;
use std::collections::BTreeSet;

/// Settings of all widgets that mean nothing to a call.
const OF_THE_EDITOR: [&str; 1] = ["offset"];
/// Settings for what callers say; where that leads nowhere, they do nothing.
const OF_SPEECH: [&str; 5] = [
    "gather_language",
    "hints",
    "profanity_filter",
    "speech_model",
    "speech_timeout",
];
/// Settings that are heard, and change nothing else.
const OF_THE_VOICE: [&str; 1] = ["voice"];
/// Settings that are as if they were not written.
const USUAL: [(&str, &str); 6] = [
    ("caller_id", "{{contact.channel.address}}"),
    ("finish_on_key", "#"),
    ("loop", "1"),
    ("noun", "number"),
    ("play_beep", "true"),
    ("stop_gather", "true"),
];

/// What is read of a kind of widget, and what there is in the place of some settings.
struct Read {
    kind: &'static str,
    settings: &'static [&'static str],
    events: &'static [&'static str],
    instead: &'static [(&'static str, &'static str)],
}

const QUEUE: Read = Read {
    kind: "enqueue-call",
    settings: &["channel", "queue_name"],
    events: &["callComplete", "failedToEnqueue"],
    instead: &[
        ("priority", ": see `head_start` of a queue"),
        ("timeout", ": see `max_wait` of a queue"),
        ("workflow", ": see `skills` of a queue"),
        ("attributes", ": see `skills` of a queue"),
        ("task_attributes", ": see `skills` of a queue"),
        ("wait_url", ": see `music` and `announce` of a queue"),
    ],
};
const READ: [Read; 13] = [
    Read::of("trigger", &[], &["incomingCall"]),
    Read::of(
        "gather-input-on-call",
        &["loop", "number_of_digits", "play", "say", "timeout"],
        &["keypress", "speech", "timeout"],
    ),
    Read::of("split-based-on", &["input"], &["match", "noMatch"]),
    Read {
        instead: &[
            ("loop", ": it is said once"),
            ("digits", ": tones are not played"),
        ],
        ..Read::of("say-play", &["play", "say"], &["audioComplete"])
    },
    Read::of("record-call", &["record_call"], &["success"]),
    QUEUE,
    Read {
        kind: "send-to-flex",
        ..QUEUE
    },
    Read::of("connect-call-to", &["record", "to"], &["callCompleted"]),
    Read {
        instead: &[
            (
                "timeout",
                ": how much silence ends a message is not set here",
            ),
            ("transcribe", ": see `notify` of a record step"),
            (
                "transcription_callback_url",
                ": see `notify` of a record step",
            ),
            (
                "recording_status_callback_url",
                ": see `notify` of a record step",
            ),
        ],
        ..Read::of("record-voicemail", &["max_length"], &["recordingComplete"])
    },
    Read::of(
        "make-http-request",
        &[
            "add_twilio_auth",
            "body",
            "content_type",
            "method",
            "parameters",
            "url",
        ],
        &["failed", "success"],
    ),
    Read::of("run-function", &["method", "url"], &["failed", "success"]),
    Read::of("set-variables", &[], &["next"]),
    Read::of("run-subflow", &["flow_sid"], &["completed", "failed"]),
];

impl Read {
    const fn of(
        kind: &'static str,
        settings: &'static [&'static str],
        events: &'static [&'static str],
    ) -> Self {
        Self {
            kind,
            settings,
            events,
            instead: &[],
        }
    }

    fn instead(&self, setting: &str) -> &'static str {
        let mut instead = self.instead.iter();
        let found = instead.find(|(other, _)| *other == setting);
        found.map_or("", |(_, instead)| instead)
    }
}

impl<'v> Flow<'v> {
    /// Tells of what is not read of a widget. One that has no counterpart is told of as a whole.
    pub(super) fn tell_unused(&mut self, state: &'v Value, name: &str) {
        let kind = json::text(state, "type");
        let Some(read) = READ.iter().find(|read| read.kind == kind) else {
            return;
        };
        let settings = state.get("properties").and_then(Value::as_object);
        for (setting, value) in settings.into_iter().flatten() {
            if !read.settings.contains(&setting.as_str()) {
                self.unused(state, read, setting, value);
            }
        }
        self.other_events(state, name, read);
    }

    fn unused(&mut self, state: &'v Value, read: &Read, setting: &str, value: &Value) {
        let Some(written) = json::written(value) else {
            return;
        };
        let is_idle = OF_THE_EDITOR.contains(&setting)
            || OF_SPEECH.contains(&setting) && self.next(state, "speech") == To::HangUp
            || setting == "language" && written == self.draft.language
            || setting == "finish_on_key" && self.entry_ends_with(state, &written)
            || USUAL.contains(&(setting, written.as_str()));
        if is_idle {
            return;
        }
        let place = self.place(json::text(state, "name"));
        let instead = read.instead(setting);
        let written = shown(&written, VALUE_CHARS_MAX);
        let note = format!("{setting} = {written} is not carried over{instead}");
        match OF_THE_VOICE.contains(&setting) {
            true => self.draft.tally.remark(&place, note),
            false => self.draft.tally.approximate(&place, note),
        }
    }

    /// Whether an entry ends with this key here too.
    fn entry_ends_with(&self, state: &'v Value, key: &str) -> bool {
        END_KEYS.contains(&key) && self.entry(state).is_some()
    }

    /// Events that lead elsewhere than those which something here does.
    fn other_events(&mut self, state: &Value, name: &str, read: &Read) {
        let place = self.place(name);
        let transitions = json::list(state, "transitions").iter();
        let ways = transitions.map(|way| (json::text(way, "event"), json::text(way, "next")));
        let (taken, others): (Vec<_>, Vec<_>) =
            ways.partition(|(event, _)| read.events.contains(event));
        let taken: BTreeSet<&str> = taken.into_iter().map(|(_, next)| next).collect();
        for (event, next) in others {
            if next.is_empty() || taken.contains(next) {
                continue;
            }
            if read.kind == "trigger" {
                let note = format!(
                    "`{event}` is no call: what \"{next}\" does then is not part of a line"
                );
                self.draft.tally.remark(&place, note);
                continue;
            }
            let note =
                format!("`{event}` of \"{name}\" leads to \"{next}\", and here nothing does");
            self.draft.tally.approximate(&place, note);
            let case = (event.to_owned(), To::Step(next.to_owned()));
            self.weave
                .case(name, case, |on| signpost(name, on.clone(), on).at(&place));
        }
    }
}
