//! Kinds of steps in words: what they are called, who and how long, and when calls leave them.

use super::Via;
use crate::exchange::dialplan::Collect;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Duty;
use crate::exchange::dialplan::DutyAct;
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
    /// Acts for agents.
    Duty,
}

impl Kind {
    /// All, in the order of a legend.
    pub const ALL: [Self; 10] = [
        Self::Menu,
        Self::Collect,
        Self::Hours,
        Self::Say,
        Self::Answer,
        Self::Queue,
        Self::Callback,
        Self::Record,
        Self::Transfer,
        Self::Duty,
    ];

    /// The kind of a compiled step.
    pub fn of(kind: &StepKind) -> Self {
        match kind {
            StepKind::Menu(_) => Self::Menu,
            StepKind::Say(say) if say.answer.is_some() => Self::Answer,
            StepKind::Say(_) => Self::Say,
            StepKind::Collect(_) => Self::Collect,
            StepKind::Hours(_) => Self::Hours,
            StepKind::Queue(_) => Self::Queue,
            StepKind::Record(_) => Self::Record,
            StepKind::Transfer(_) => Self::Transfer,
            StepKind::Duty(_) => Self::Duty,
            StepKind::Callback(_) => Self::Callback,
        }
    }

    /// The word for it in menu files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Menu => "menu",
            Self::Collect => "collect",
            Self::Hours => "hours",
            Self::Say => "say",
            Self::Answer => "answer",
            Self::Queue => "queue",
            Self::Callback => "callback",
            Self::Record => "record",
            Self::Transfer => "transfer",
            Self::Duty => "duty",
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

/// When calls leave a step this way.
pub(super) fn word(via: Via) -> &'static str {
    match via {
        Via::Key(_) => "key",
        Via::GiveUp => "after the last try",
        Via::Then => "then",
        Via::Expired => "expired",
        Via::Go => "entered",
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
    }
}
