//! How many of those who are sent to a mailbox leave a message.

use super::choices::Choices;
use super::choices::leads_to_a_mailbox;
use super::findings::Calls;
use super::wants::line_named;
use super::ways::SentOn;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::LineId;
use crate::menu::graph::Via;

/// The fewest who were sent to a mailbox, of whom a share is told.
pub(super) const SENT_MIN: u64 = 50;

/// The share of them that leaves one; none where too few were sent.
pub(super) fn share(calls: &Calls, plan: &Dialplan) -> Option<f64> {
    let sent = sent(calls, plan);
    let is_enough = sent.all() >= SENT_MIN && sent.left_message > 0;
    is_enough.then(|| sent.left_message as f64 / sent.all() as f64)
}

/// Those who waited in a queue for as long as they might, and were sent to a mailbox; and, where no key leads to one, those
/// whom a closed line sends there. Whoever hangs up at the tone is turned away.
pub(super) fn sent(calls: &Calls, plan: &Dialplan) -> SentOn {
    let mut all = SentOn::default();
    for (name, ways) in &calls.ways {
        let Some(line) = line_named(plan, name) else {
            continue;
        };
        for (queue, sent_on) in &ways.sent_on {
            let queues = plan.queues.iter();
            let mut own =
                queues.filter(|own| own.name == *queue && plan.step(own.step).line == line);
            let is_sent = own
                .any(|own| leads_to_a_mailbox(plan, own.step, |via| matches!(via, Via::Timeout)));
            if is_sent {
                all.add(*sent_on);
            }
        }
        let Some(by_hours) = calls.first_ways.get(name) else {
            continue;
        };
        for hours in by_hours.all().filter(|hours| hours.open.is_empty()) {
            let choices = Choices::of(plan, line, Some(hours.at_ms));
            if choices.is_blind && !choices.has_messages() && closes_to_mailboxes(plan, line) {
                all.add(hours.whole().sent_on_before());
            }
        }
    }
    all
}

/// Whether all queues of a line that have hours send callers to a mailbox when they are closed.
fn closes_to_mailboxes(plan: &Dialplan, line: LineId) -> bool {
    let queues = plan.queues.iter();
    let mut own =
        queues.filter(|queue| plan.step(queue.step).line == line && queue.hours.is_some());
    own.all(|queue| leads_to_a_mailbox(plan, queue.step, |via| matches!(via, Via::Closed)))
}
