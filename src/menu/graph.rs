//! The compiled plan as a graph: who leads where, and by what.

use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::Directory;
use crate::exchange::dialplan::KeyAction;
use crate::exchange::dialplan::Lookup;
use crate::exchange::dialplan::Queue;
use crate::exchange::dialplan::StepKind;
use crate::exchange::dialplan::Target;
use crate::exchange::id::KeyNodeId;
use crate::exchange::id::StepId;
use std::collections::BTreeSet;

/// A way out of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// What leads out.
    pub via: Via,
    /// To where.
    pub to: Target,
}

/// What leads from a step to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// A key, as a place in [`Dialplan::key_actions`].
    Key(u32),
    /// A name of a directory, by its place.
    Entry(u16),
    /// The last try is over.
    GiveUp,
    /// The step is done.
    Then,
    /// The answer is no longer true.
    Expired,
    /// The entry is good.
    Go,
    /// The other system has found this case, by its place; none of them.
    Case(Option<u16>),
    /// The other system has answered with this error.
    Status(u16),
    /// The other system has not answered in time.
    TimedOut,
    /// Inside the opening hours.
    Open,
    /// Outside them.
    Closed,
    /// The longest wait is over.
    Timeout,
    /// There is no room to wait.
    Full,
    /// Nobody signed in could take the call.
    NoAgents,
    /// Everybody who could is on a break.
    AllPaused,
    /// The agent hung up first.
    After,
    /// The number outside could not be reached, or the other system could not be asked.
    Failed,
    /// The agent cannot do that now, or no call back can be promised.
    Refused,
    /// The phone is no agent's.
    Stranger,
    /// The answer has helped. Only where it is written: the calls take a key.
    Helped,
    /// The answer has not helped; in the same way.
    NotHelped,
}

impl Via {
    /// The field that holds it, as written in a menu file.
    pub fn field(self) -> &'static str {
        match self {
            Self::Key(_) => "keys",
            Self::Entry(_) => "entries",
            Self::GiveUp => "give_up",
            Self::Then => "then",
            Self::Expired => "expired",
            Self::Go => "go",
            Self::Case(_) => "case",
            Self::Status(_) | Self::TimedOut => "error",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Timeout => "timeout",
            Self::Full => "full",
            Self::NoAgents => "no_agents",
            Self::AllPaused => "all_paused",
            Self::After => "after",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Stranger => "stranger",
            Self::Helped => "helped",
            Self::NotHelped => "not_helped",
        }
    }

    /// Whether a caller who never presses a key, and whom nobody answers, may go this way.
    pub fn is_silent(self) -> bool {
        !matches!(self, Self::Key(_) | Self::Entry(_) | Self::Go | Self::After)
    }

    /// Whether a call goes this way without having waited for anybody.
    pub fn is_automatic(self) -> bool {
        self.is_silent() && !matches!(self, Self::GiveUp | Self::Timeout)
    }
}

/// All ways out of a step.
pub fn exits(plan: &Dialplan, step: StepId) -> Vec<Exit> {
    let mut exits = Vec::new();
    let mut exit = |via, to| exits.push(Exit { via, to });
    let keys = match &plan.step(step).kind {
        StepKind::Menu(menu) => {
            exit(Via::GiveUp, menu.give_up);
            Some(menu.keys)
        }
        StepKind::Say(say) => {
            exit(Via::Then, say.then);
            if let Some(answer) = say
                .answer
                .as_ref()
                .filter(|answer| answer.expires_ms.is_some())
            {
                exit(Via::Expired, answer.expired);
            }
            Some(say.keys)
        }
        StepKind::Collect(collect) => {
            exit(Via::Go, collect.go);
            exit(Via::GiveUp, collect.give_up);
            Some(collect.keys)
        }
        StepKind::Directory(directory) => {
            directory_exits(directory, &mut exit);
            Some(directory.keys)
        }
        StepKind::Hours(hours) => {
            exit(Via::Open, hours.open);
            exit(Via::Closed, hours.closed);
            None
        }
        StepKind::Queue(queue) => {
            let queue = plan.queue(*queue);
            queue_exits(queue, &mut exit);
            Some(queue.keys)
        }
        StepKind::Callback(callback) => {
            exit(Via::Then, callback.say.then);
            exit(Via::Refused, callback.refused);
            Some(callback.say.keys)
        }
        StepKind::Lookup(lookup) => {
            lookup_exits(lookup, &mut exit);
            None
        }
        StepKind::Survey(survey) => {
            exit(Via::Then, survey.then);
            if survey.give_up != survey.then {
                exit(Via::GiveUp, survey.give_up);
            }
            None
        }
        StepKind::Record(message) => {
            exit(Via::Then, message.then);
            None
        }
        StepKind::Ticket(ticket) => {
            exit(Via::Then, ticket.then);
            None
        }
        StepKind::Transfer(transfer) => {
            exit(Via::Failed, transfer.failed);
            None
        }
        StepKind::Duty(duty) => {
            exit(Via::Then, duty.then);
            exit(Via::Refused, duty.refused);
            exit(Via::Stranger, duty.stranger);
            None
        }
    };
    for action in keys.map_or_else(Vec::new, |keys| actions(plan, keys)) {
        exit(Via::Key(action), plan.key_actions[action as usize].target);
    }
    exits
}

fn directory_exits(directory: &Directory, exit: &mut impl FnMut(Via, Target)) {
    for (place, entry) in directory.entries.iter().enumerate() {
        exit(Via::Entry(place as u16), entry.target);
    }
    exit(Via::GiveUp, directory.give_up);
}

fn lookup_exits(lookup: &Lookup, exit: &mut impl FnMut(Via, Target)) {
    for (place, (_, to)) in lookup.cases.iter().enumerate() {
        exit(Via::Case(Some(place as u16)), *to);
    }
    match lookup.branch {
        Some(_) => exit(Via::Case(None), lookup.otherwise),
        None => exit(Via::Then, lookup.otherwise),
    }
    for (status, to) in &lookup.errors {
        exit(Via::Status(*status), *to);
    }
    exit(Via::TimedOut, lookup.timed_out);
    exit(Via::Failed, lookup.failed);
}

fn queue_exits(queue: &Queue, exit: &mut impl FnMut(Via, Target)) {
    if let Some((_, closed)) = queue.hours {
        exit(Via::Closed, closed);
    }
    if queue.max_wait.is_some() {
        exit(Via::Timeout, queue.timeout);
    }
    exit(Via::Full, queue.full);
    exit(Via::NoAgents, queue.no_agents);
    if let Some(all_paused) = queue.all_paused {
        exit(Via::AllPaused, all_paused);
    }
    exit(Via::After, queue.after.unwrap_or(Target::HangUp));
}

/// The actions of a key table, in the order in which they are written.
pub fn actions(plan: &Dialplan, root: KeyNodeId) -> Vec<u32> {
    let mut seen = BTreeSet::new();
    let mut found = BTreeSet::new();
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = plan.key_node(id);
        found.extend(node.action);
        open.extend(node.next.iter().flatten());
    }
    found.into_iter().collect()
}

/// What a key of the dialplan does.
pub fn action(plan: &Dialplan, via: Via) -> Option<&KeyAction> {
    match via {
        Via::Key(action) => plan.key_actions.get(action as usize),
        _ => None,
    }
}
