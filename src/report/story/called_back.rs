//! What a story tells of a call back: a call of its own, which goes on where the promise was made.

use super::clock;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::QueueId;
use crate::exchange::record::CallbackEnd;
use crate::exchange::record::CallbackFact;
use crate::exchange::time::Tick;

/// How a call back of a queue comes along, now.
pub(super) fn comes_along(
    plan: &Dialplan,
    (queue, now): (QueueId, Tick),
    what: CallbackFact,
) -> String {
    let name = |agent: AgentId| &plan.agent(agent).title;
    match what {
        CallbackFact::Booked { expected, .. } => {
            format!(
                "The call back is promised; the expected wait is {}.",
                clock(expected)
            )
        }
        CallbackFact::InLine { .. } => {
            let queue = &plan.queue(queue).name;
            format!("It is time for the call back, which joins the line of \"{queue}\".")
        }
        CallbackFact::Dialled { agent } => {
            format!(
                "{} is ready for the call back: the number is dialled.",
                name(agent)
            )
        }
        CallbackFact::Reached { agent, booked } => format!(
            "The caller answers and talks to {}, {} after the promise.",
            name(agent),
            clock(now - booked)
        ),
        CallbackFact::Unreached { .. } => "The caller does not answer.".to_owned(),
        CallbackFact::Ended(how) => {
            let how = match how {
                CallbackEnd::Served => "served",
                CallbackEnd::Unreached => "never reached",
                CallbackEnd::Undialled => "the number could not be dialled",
                CallbackEnd::Withdrawn => "not wanted any more",
            };
            format!("The call back is over: {how}.")
        }
    }
}
