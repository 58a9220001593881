//! Kinds of steps in words: what they are called, who and how long, and when calls leave them.

use super::Via;
use crate::exchange::dialplan::Collect;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Duty;
use crate::exchange::dialplan::DutyAct;
use crate::exchange::dialplan::Piece;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::StepKind;
use serde::Serialize;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Offers keys.
    Menu,
    /// Takes digits.
    Collect,
    /// Takes names.
    Directory,
    /// Asks another system.
    Lookup,
    /// Branches on opening hours.
    Hours,
    /// Says something.
    Say,
    /// Says a recorded answer.
    Answer,
    /// Lets callers wait for agents.
    Queue,
    /// Promises a call back.
    Callback,
    /// Takes a message.
    Record,
    /// Leads outside.
    Transfer,
    /// Asks how the call was.
    Survey,
    /// Acts for agents.
    Duty,
    /// Tells a back office.
    Ticket,
}

impl Kind {
    /// All, in the order of a legend.
    pub const ALL: [Self; 14] = [
        Self::Menu,
        Self::Collect,
        Self::Directory,
        Self::Lookup,
        Self::Hours,
        Self::Say,
        Self::Answer,
        Self::Queue,
        Self::Callback,
        Self::Record,
        Self::Transfer,
        Self::Survey,
        Self::Duty,
        Self::Ticket,
    ];

    /// The kind of a compiled step.
    pub fn of(kind: &StepKind) -> Self {
        match kind {
            StepKind::Menu(_) => Self::Menu,
            StepKind::Say(say) if say.answer.is_some() => Self::Answer,
            StepKind::Say(_) => Self::Say,
            StepKind::Collect(_) => Self::Collect,
            StepKind::Directory(_) => Self::Directory,
            StepKind::Lookup(_) => Self::Lookup,
            StepKind::Survey(_) => Self::Survey,
            StepKind::Hours(_) => Self::Hours,
            StepKind::Queue(_) => Self::Queue,
            StepKind::Record(_) => Self::Record,
            StepKind::Transfer(_) => Self::Transfer,
            StepKind::Duty(_) => Self::Duty,
            StepKind::Callback(_) => Self::Callback,
            StepKind::Ticket(_) => Self::Ticket,
        }
    }

    /// The word for it in menu files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Menu => "menu",
            Self::Collect => "collect",
            Self::Directory => "directory",
            Self::Lookup => "lookup",
            Self::Survey => "survey",
            Self::Hours => "hours",
            Self::Say => "say",
            Self::Answer => "answer",
            Self::Queue => "queue",
            Self::Callback => "callback",
            Self::Record => "record",
            Self::Transfer => "transfer",
            Self::Duty => "duty",
            Self::Ticket => "ticket",
        }
    }
}

/// Who, where, how long.
pub(super) fn detail(plan: &Dialplan, kind: &StepKind) -> String {
    let calendar = |id: crate::exchange::id::CalendarId| plan.calendars[id.index()].name.as_str();
    match kind {
        StepKind::Menu(_) => String::new(),
        StepKind::Say(say) => say
            .answer
            .as_ref()
            .map_or_else(String::new, |answer| answer.question.clone()),
        StepKind::Collect(collect) => digits(plan, collect),
        StepKind::Directory(directory) => match directory.entries.len() {
            1 => "1 name".to_owned(),
            count => format!("{count} names"),
        },
        StepKind::Lookup(lookup) => {
            let address = match lookup.request.url.first() {
                Some(Piece::Text(text)) => text.as_str(),
                _ => "",
            };
            format!("asks {}, up to {}", host(address), lookup.timeout)
        }
        StepKind::Ticket(ticket) => format!("to {}", host(&ticket.office.url)),
        StepKind::Survey(survey) => match survey.asks.len() {
            1 => "1 question".to_owned(),
            count => format!("{count} questions"),
        },
        StepKind::Hours(hours) => format!("by the hours \"{}\"", calendar(hours.calendar)),
        StepKind::Queue(queue) => waiting(plan, plan.queue(*queue), calendar),
        StepKind::Record(message) => format!("to {}, up to {}", message.mailbox, message.max),
        StepKind::Transfer(transfer) => format!("to {}", transfer.to),
        StepKind::Duty(duty) => act(plan, duty),
        StepKind::Callback(callback) => {
            let queue = &plan.step(callback.queue).name;
            match callback.calendar {
                Some(id) => format!("by {queue}, in the hours \"{}\"", calendar(id)),
                None => format!("by {queue}"),
            }
        }
    }
}

/// The system at an address.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or(rest)
}

fn digits(plan: &Dialplan, collect: &Collect) -> String {
    let count = match (collect.min, collect.max) {
        (1, 1) => "1 digit".to_owned(),
        (min, max) if min == max => format!("{max} digits"),
        (min, max) => format!("{min} to {max} digits"),
    };
    let lines = plan.lines.first();
    let saved = lines.and_then(|line| line.variables.get(collect.save.index()));
    let saved = saved.map_or("", String::as_str);
    let secret = if collect.secret { ", secret" } else { "" };
    format!("{count}: {saved}{secret}")
}

fn waiting<'p>(
    plan: &'p Dialplan,
    queue: &Queue,
    calendar: impl Fn(crate::exchange::id::CalendarId) -> &'p str,
) -> String {
    let mut parts = vec![plan.group(queue.group).name.clone()];
    if let Some((id, _)) = queue.hours {
        parts.push(format!("hours \"{}\"", calendar(id)));
    }
    if let Some(longest) = queue.max_wait {
        parts.push(format!("up to {longest}"));
    }
    parts.extend(queue.recording.map(|recording| match recording.asks {
        true => "recorded if agreed".to_owned(),
        false => "recorded".to_owned(),
    }));
    parts.join(", ")
}

fn act(plan: &Dialplan, duty: &Duty) -> String {
    match duty.act {
        DutyAct::SignIn => "signs in".to_owned(),
        DutyAct::Ready => "is ready".to_owned(),
        DutyAct::Pause(None) => "takes a break".to_owned(),
        DutyAct::Pause(Some(reason)) => {
            format!("takes a break: {}", plan.pause_reasons[reason.index()])
        }
        DutyAct::SignOut => "signs out".to_owned(),
    }
}

/// When calls leave a step of this kind this way.
pub(in crate::menu) fn words(kind: &StepKind, via: Via) -> String {
    match (via, kind) {
        (Via::Case(Some(place)), StepKind::Lookup(lookup)) => {
            let case = lookup.cases.get(usize::from(place));
            case.map_or_else(String::new, |(case, _)| case.clone())
        }
        (Via::Entry(place), StepKind::Directory(directory)) => {
            let entry = directory.entries.get(usize::from(place));
            entry.map_or_else(String::new, |entry| entry.name.clone())
        }
        (Via::Status(status), _) => format!("error {status}"),
        (Via::Failed, StepKind::Lookup(_)) => "other errors".to_owned(),
        _ => word(via).to_owned(),
    }
}

fn word(via: Via) -> &'static str {
    match via {
        Via::Key(_) => "key",
        Via::Entry(_) => "name",
        Via::GiveUp => "after the last try",
        Via::Then => "then",
        Via::Expired => "expired",
        Via::Go => "entered",
        Via::Case(_) => "other values",
        Via::Status(_) => "error",
        Via::TimedOut => "no answer in time",
        Via::Open => "open",
        Via::Closed => "closed",
        Via::Timeout => "waited too long",
        Via::Full => "full",
        Via::NoAgents => "nobody signed in",
        Via::AllPaused => "all on a break",
        Via::After => "after the talk",
        Via::Failed => "not reached",
        Via::Refused => "refused",
        Via::Stranger => "no agent's phone",
        Via::Helped => "it has helped",
        Via::NotHelped => "it has not",
    }
}
