//! `[transfers.QUEUE]`: callers whom agents hand on to another queue after a talk, or stay with until somebody
//! there has answered.

use super::check::Check;
use super::goal::unknown_queue;
use super::law;
use super::names::Names;
use super::names::is_queue;
use super::share;
use crate::exchange::id::QueueId;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::fields::Fields;
use crate::menu::tree::Name;
use crate::sim::distribution::Distribution;

/// What agents do with callers who are in the wrong place.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// The queue the caller came from.
    pub from: QueueId,
    /// The share of its talks after which the caller is handed on.
    pub share: f64,
    /// The queue in which the caller waits next, of the same line.
    pub to: QueueId,
    /// The agent stays on the line until somebody there has answered, and for so long after; none: the
    /// caller waits alone.
    pub introduction: Option<Distribution>,
    /// The talk there; none: as long as one without a transfer.
    pub talk: Option<Distribution>,
    /// The work after it; none: as for a talk without a transfer.
    pub wrap_up: Option<Distribution>,
}

/// Reads the transfers of all queues.
pub(super) fn read(root: &mut Fields<'_>, check: &mut Check<'_>) -> Vec<Transfer> {
    let Some(tables) = root.named("transfers") else {
        if root.value("transfers").is_none() && check.names.may_hand_on() {
            check.note("transfers", "nobody is handed on");
        }
        return Vec::new();
    };
    let mut list = Vec::new();
    for (name, mut table) in tables {
        list.extend(transfer(name, &mut table, check));
        root.absorb(table);
    }
    list
}

fn transfer(name: &Name, table: &mut Fields<'_>, check: &mut Check<'_>) -> Option<Transfer> {
    let names = check.names;
    let from = names.queue(&name.text);
    if from.is_none() {
        table.push(unknown_queue(name, names));
    }
    table.require("share", "say after which share of its talks: `share = 0.1`");
    let share = share::read(table, "share");
    let help = "name the queue in which the caller waits next: `to = \"sales\"`";
    table.require("to", help);
    let to = table.text("to");
    let to = from
        .zip(to)
        .and_then(|(from, to)| target(from, &to, table, names));
    let introduction = introduction(name, table, check);
    let talk = law::read(table, "talk", Distribution::fixed);
    let wrap_up = law::read(table, "wrap_up", Distribution::fixed);
    for (key, is_given) in [("talk", talk.is_some()), ("wrap_up", wrap_up.is_some())] {
        if !is_given && table.value(key).is_none() {
            check.note(
                format!("transfers.{}.{key}", name.text),
                "as without a transfer",
            );
        }
    }
    Some(Transfer {
        from: from?,
        share: share?,
        to: to?,
        introduction,
        talk,
        wrap_up,
    })
}

/// How long the agent stays once a colleague has answered, if the agent stays at all.
fn introduction(
    name: &Name,
    table: &mut Fields<'_>,
    check: &mut Check<'_>,
) -> Option<Distribution> {
    let is_said = table.value("warm").is_some();
    let warm = table.boolean("warm").unwrap_or(false);
    let introduction = law::read(table, "introduction", Distribution::fixed);
    match table.key_place("introduction") {
        Some(place) if !is_said => {
            let message = "only an agent who stays on the line introduces the caller";
            let help = "add `warm = true`, or leave `introduction` out";
            table.push(Diagnostic::error("missing-field", place, message).help(help));
            None
        }
        None if warm => {
            let what = format!("transfers.{}.introduction", name.text);
            check.note(what, "the agent leaves when a colleague answers");
            Some(Distribution::fixed(Span::ZERO))
        }
        _ => introduction.filter(|_| warm),
    }
}

/// Another queue of the same line.
fn target(from: QueueId, to: &Name, table: &mut Fields<'_>, names: Names<'_>) -> Option<QueueId> {
    let named = names.queue(&to.text);
    let mut others = names.queues_beside(from);
    let found = others.find(|queue| Some(*queue) == named);
    if found.is_none() {
        table.push(names.several_or(to, is_queue, || {
            let own = names.of_queue(from);
            let message = match named == Some(from) {
                true => "callers are handed on to another queue than their own".to_owned(),
                false => format!("the line of \"{own}\" has no queue \"{}\"", to.text),
            };
            let problem = Diagnostic::error("unknown-queue", to.place.clone(), message);
            let others = names.queues_beside(from).map(|queue| names.of_queue(queue));
            problem.suggest(&to.text, others)
        }));
    }
    found
}
