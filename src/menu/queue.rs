//! Queue steps, and the lanes in which their callers wait.

use super::diagnostic::Diagnostic;
use super::fields::Fields;
use super::graph::Via;
use super::groups;
use super::key_table::Globals;
use super::lower::KeyEntry;
use super::lower::Lowering;
use super::lower::StepTrace;
use super::phrase::Phrase;
use crate::exchange::dialplan::Announce;
use crate::exchange::dialplan::Overload;
use crate::exchange::dialplan::Part;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::dialplan::WaitPrompts;
use crate::exchange::id::CalendarId;
use crate::exchange::id::GroupId;
use crate::exchange::id::PromptId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;

pub(super) const WAITS: std::ops::RangeInclusive<Span> = Span::seconds(1)..=Span::minutes(24 * 60);
pub(super) const HEAD_STARTS: std::ops::RangeInclusive<Span> = Span::ZERO..=Span::minutes(24 * 60);
pub(super) const ANNOUNCEMENTS: std::ops::RangeInclusive<Span> =
    Span::seconds(5)..=Span::minutes(60);
/// What is not said.
pub(super) const FIRST_ANNOUNCEMENT: Span = Span::seconds(30);
pub(super) const NEXT_ANNOUNCEMENT: Span = Span::seconds(60);
pub(super) const PREFERRED: std::ops::RangeInclusive<Span> = Span::seconds(1)..=Span::minutes(60);
pub(super) const RETURNING: std::ops::RangeInclusive<Span> =
    Span::seconds(10)..=Span::minutes(24 * 60);
pub(super) const WEIGHT_MAX: i64 = 1000;
/// Below the usual one there is none: the others get more.
pub(super) const PRIORITIES: std::ops::RangeInclusive<i64> = 50..=100;
/// The head start that each point above the usual priority is worth.
const PRIORITY_POINT: Span = Span::seconds(6);

impl Lowering<'_> {
    /// Lowers `[queue.name]`.
    pub(super) fn queue(
        &mut self,
        name: &str,
        step: StepId,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> StepKind {
        let group = self.group(fields);
        let (lanes, stages) = self.lanes(group, fields);
        let keys = self.own_keys(fields, trace);
        let greeting = self.say(fields, name, Some(&keys), trace);
        let (announce, messages) = self.announce(name, &keys, fields, trace);
        let max_wait = fields.duration("max_wait", WAITS);
        let limit = group.and_then(|id| self.roster.groups[id.index()].max_waiting);
        let overload = self.overload(name, &keys, fields, trace);
        let limited = limit.is_some() || overload.is_some_and(|at| at.no_queue.is_some());
        warn_of_missing_exits(limited, fields);
        refuse_others(fields);
        let queue = Queue {
            name: name.to_owned(),
            step,
            group: group.unwrap_or(GroupId(0)),
            lanes,
            stages,
            hours: self.queue_hours(fields, trace),
            max_wait,
            timeout: self
                .exit(fields, Via::Timeout, trace)
                .unwrap_or(Target::HangUp),
            full: self
                .exit(fields, Via::Full, trace)
                .unwrap_or(Target::HangUp),
            no_agents: self
                .exit(fields, Via::NoAgents, trace)
                .unwrap_or(Target::HangUp),
            all_paused: self.exit(fields, Via::AllPaused, trace),
            after: self.exit(fields, Via::After, trace),
            head_start: head_start(fields),
            emergency: fields.boolean("emergency").unwrap_or(false),
            weight: weight(fields),
            returning: fields.duration("returning", RETURNING),
            overload,
            prefer_last: fields.duration("prefer_last", PREFERRED),
            answer_within: None,
            root: None,
            greeting,
            announce,
            messages,
            keys: self.compile_keys(fields, keys, Globals::None),
            music: self.music(fields),
            recording: self.recording(fields),
        };
        let id = QueueId(self.plan.queues.len() as u16);
        self.plan.queues.push(queue);
        StepKind::Queue(id)
    }

    fn group(&self, fields: &mut Fields<'_>) -> Option<GroupId> {
        if fields.value("group").is_none() {
            fields.missing(
                "group",
                "who answers: the name of a group in the groups file",
            );
        }
        let name = fields.text("group")?;
        let group = self.roster.group(&name.text);
        if group.is_none() && !self.names_groups {
            let message = "this line names no groups file";
            let diagnostic = Diagnostic::error("missing-field", name.place, message);
            fields.push(diagnostic.help("add `groups = \"groups.toml\"` to [line]"));
        } else if group.is_none() && !self.roster.groups.is_empty() {
            fields.push(groups::unknown_group(&name, self.roster.names()));
        }
        group
    }

    fn queue_hours(
        &mut self,
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Option<(CalendarId, Target)> {
        let name = fields.text("hours");
        let closed = self.exit(fields, Via::Closed, trace);
        let name = match (name, &closed) {
            (Some(name), _) => name,
            (None, Some(_)) if fields.value("hours").is_none() => {
                let help = "without `hours` the queue never closes";
                fields.missing("hours", help);
                return None;
            }
            (None, _) => return None,
        };
        if fields.value("closed").is_none() {
            fields.missing("closed", "where calls go outside the hours");
        }
        let calendar = self.calendar(&name)?;
        Some((calendar, closed.unwrap_or(Target::HangUp)))
    }

    fn announce(
        &mut self,
        name: &str,
        keys: &[KeyEntry],
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> (Option<Announce>, Vec<PromptId>) {
        let Some(mut inner) = fields.inner("announce") else {
            return (None, Vec::new());
        };
        let step = format!("{name}.announce");
        let messages = self.in_turn(&mut inner, "say", &step, Some(keys), trace);
        let every = inner
            .duration("every", ANNOUNCEMENTS)
            .unwrap_or(NEXT_ANNOUNCEMENT);
        let first = inner
            .duration("first", ANNOUNCEMENTS)
            .unwrap_or(FIRST_ANNOUNCEMENT);
        let position = inner.boolean("position").unwrap_or(false);
        let wait = inner.boolean("wait").unwrap_or(false);
        fields.absorb(inner);
        let options = self.options_prompt(name, keys);
        trace.options_spoken |= options.is_some();
        let announce = Announce {
            first,
            every,
            position: position.then(|| self.phrase(Phrase::Position, Some(Part::Position))),
            wait: wait.then(|| self.wait_prompts()),
            options,
        };
        (Some(announce), messages)
    }

    fn music(&self, fields: &mut Fields<'_>) -> String {
        let own = fields.text("music").map(|music| music.text);
        let music = own.or_else(|| self.defaults.music.clone());
        music.unwrap_or_default()
    }

    fn wait_prompts(&mut self) -> WaitPrompts {
        WaitPrompts {
            about: self.phrase(Phrase::WaitAbout, Some(Part::Wait)),
            more_than: self.phrase(Phrase::WaitMoreThan, Some(Part::Wait)),
        }
    }

    /// The overload ladder; an empty table is none, with which a what-if takes one away. Who is offered a
    /// call back hears the wait and the keys, once.
    fn overload(
        &mut self,
        name: &str,
        keys: &[KeyEntry],
        fields: &mut Fields<'_>,
        trace: &mut StepTrace,
    ) -> Option<Overload> {
        let mut inner = fields.inner("overload")?;
        let offer_callback = inner.duration("offer_callback", WAITS);
        let no_queue = inner.duration("no_queue", WAITS);
        if let (Some(offer), Some(none)) = (offer_callback, no_queue)
            && offer >= none
        {
            // Where a flag or a what-if has set one of the two, it is that one.
            let places = ["no_queue", "offer_callback"];
            let places = places.map(|key| inner.value(key).map(|value| value.place.clone()));
            let table = inner.place();
            let mut set = places.iter().flatten();
            let set = set.find(|place| place.file != table.file).cloned();
            let place = set.or(places[0].clone()).unwrap_or(table);
            let message = format!(
                "nobody would be offered a call back, from {offer} on, before the queue closes, from {none} on"
            );
            let help = "`no_queue` is the longer wait of the two";
            inner.bad_value(place, message, help);
        }
        let is_empty = inner.entries().is_empty();
        let every = fields
            .inner("announce")
            .and_then(|mut announce| announce.duration("every", ANNOUNCEMENTS));
        fields.absorb(inner);
        if is_empty {
            return None;
        }
        let options = offer_callback.and_then(|_| self.options_prompt(name, keys));
        trace.options_spoken |= options.is_some();
        Some(Overload {
            offer_callback,
            announce: Announce {
                first: Span::ZERO,
                every: every.unwrap_or(NEXT_ANNOUNCEMENT),
                position: None,
                wait: offer_callback.map(|_| self.wait_prompts()),
                options,
            },
            no_queue,
        })
    }
}

/// How much earlier callers count as having come: `head_start = "90s"`, or a `priority` from 50, the
/// usual one, to 100.
fn head_start(fields: &mut Fields<'_>) -> Span {
    let by_time = fields.duration("head_start", HEAD_STARTS);
    let by_number = fields.integer("priority", PRIORITIES);
    if let (Some(_), Some(place)) = (by_time, fields.key_place("priority")) {
        let message = "`head_start` and `priority` say the same thing twice";
        fields.bad_value(place, message, "leave `priority` out");
    }
    let points = by_number.map_or(0, |number| (number - PRIORITIES.start()) as u64);
    by_time.unwrap_or(Span(points * PRIORITY_POINT.0))
}

/// A queue's weight, which is for those who come from Asterisk.
fn weight(fields: &mut Fields<'_>) -> u16 {
    let weight = fields.integer("weight", 0..=WEIGHT_MAX).unwrap_or(0);
    if weight > 0 {
        let place = fields.key_place("weight").unwrap_or_else(|| fields.place());
        let message = "a heavier queue starves lighter ones while anybody waits in it";
        let diagnostic = Diagnostic::warning("queue-weight", place, message);
        fields.push(diagnostic.help("give a bounded head start: `head_start = \"90s\"`"));
    }
    weight as u16
}

/// Exits that are left out drop calls.
fn warn_of_missing_exits(limited: bool, fields: &mut Fields<'_>) {
    let has = |fields: &mut Fields<'_>, name| fields.value(name).is_some();
    let (max_wait, timeout) = (has(fields, "max_wait"), has(fields, "timeout"));
    if max_wait != timeout {
        let message = if max_wait {
            "drops calls after `max_wait`"
        } else {
            "has no longest wait"
        };
        let help = "`max_wait` and `timeout` belong together: how long, and where to then";
        warn("queue-without-timeout", message, help, fields);
    } else if !max_wait {
        let message = "lets callers wait without end";
        let help = "add `max_wait = \"10m\"` and `timeout`: a step, or \"@hangup\"";
        warn("queue-without-timeout", message, help, fields);
    }
    if limited && !has(fields, "full") {
        let message = "drops calls when its group's `max_waiting` is reached";
        let help = "add `full`: a step, or \"@hangup\"";
        warn("queue-without-full", message, help, fields);
    }
    if !has(fields, "no_agents") {
        let message = "drops calls when nobody is signed in";
        warn(
            "queue-without-no-agents",
            message,
            "add `no_agents`: a step, or \"@hangup\"",
            fields,
        );
    }
}

fn warn(code: &'static str, message: &str, help: &str, fields: &mut Fields<'_>) {
    let message = format!("{} {message}", fields.title());
    let diagnostic = Diagnostic::warning(code, fields.place(), message);
    fields.push(diagnostic.help(help));
}

fn refuse_others(fields: &mut Fields<'_>) {
    // Where it is not there, nobody is led to it who has misspelled another.
    if fields.key_place("callback").is_some()
        && let Some(place) = fields.foreign("callback")
    {
        let message = "a call back is a step of its own, to which a key of the queue leads";
        let help =
            "add [callback.NAME], and to the queue's keys 1 = { go = \"NAME\", label = \"…\" }";
        fields.push(Diagnostic::error("unknown-key", place, message).help(help));
    }
    if let Some(place) = fields.foreign("max_waiting") {
        let message = "`max_waiting` is the group's: all of its queues together";
        let help = "write it in the groups file: [group.support] max_waiting = 20";
        fields.push(Diagnostic::error("unknown-key", place, message).help(help));
    }
    fields.later(
        "service_level",
        "a service level of a queue",
        "set it for the group",
    );
}
