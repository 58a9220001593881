//! What a story tells of waits and talks, and of agents who invite others into these.

use super::clock;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::AgentId;
use crate::exchange::id::QueueId;
use crate::exchange::record::Party;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;

/// Who talks to the caller: one agent, or one and whom that one has invited.
#[derive(Clone, Debug, Default)]
pub(super) struct Talks(Vec<AgentId>);

impl Talks {
    pub(super) fn begins(&mut self, agent: AgentId) {
        self.0.push(agent);
    }

    fn ends(&mut self, agent: AgentId) {
        self.0.retain(|other| *other != agent);
    }

    /// A queue is joined, in which so many are in line.
    pub(super) fn joins(
        &self,
        plan: &Dialplan,
        queue: QueueId,
        (waiting, expected): (u32, Span),
    ) -> String {
        let name = &plan.queue(queue).name;
        let who = match self.0.first() {
            Some(host) => format!(
                "{} invites a colleague out of the queue \"{name}\"",
                plan.agent(*host).title
            ),
            None => format!("The caller joins the queue \"{name}\""),
        };
        match waiting {
            0 => format!("{who}; somebody is free."),
            1 => format!(
                "{who}, the only caller in line; the expected wait is {}.",
                clock(expected)
            ),
            waiting => {
                let others = match waiting - 1 {
                    1 => "one other caller".to_owned(),
                    others => format!("{others} other callers"),
                };
                format!(
                    "{who}, in line with {others}; the expected wait is {}.",
                    clock(expected)
                )
            }
        }
    }

    /// The queue that was joined at `since` is left, after a wait from `first` on.
    pub(super) fn leaves(
        &mut self,
        plan: &Dialplan,
        (queue, since, first): (QueueId, Tick, Tick),
        (now, how): (Tick, Unqueued),
    ) -> String {
        let (queue, waited) = (plan.queue(queue), clock(now - first));
        let is_too_long = queue.max_wait.is_some_and(|max| now - since >= max);
        let title = |agent: AgentId| &plan.agent(agent).title;
        match how {
            Unqueued::Answered(agent) => {
                let host = self.0.first().copied();
                self.begins(agent);
                match host {
                    Some(host) => format!(
                        "{} answers after {waited}, and talks to {} and the caller.",
                        title(agent),
                        title(host)
                    ),
                    None => format!("{} answers after a wait of {waited}.", title(agent)),
                }
            }
            Unqueued::Abandoned => format!("The caller hangs up after {waited}."),
            Unqueued::Overflowed(queue) => {
                let name = &plan.queue(queue).name;
                format!("After {waited} the call goes on to the queue \"{name}\".")
            }
            Unqueued::TimedOut if is_too_long => {
                format!("After {waited} the caller has waited too long.")
            }
            Unqueued::TimedOut => {
                format!("After {waited} nobody is left at work who could take the call.")
            }
            Unqueued::ByKey => format!("After {waited} the caller leaves the queue by a key."),
            Unqueued::BySystem => format!("After {waited} the call is at its longest length."),
            Unqueued::Withdrawn => {
                format!("The invitation is over after {waited}; nobody has answered it.")
            }
        }
    }

    /// An agent and the caller part after so long.
    pub(super) fn parts(
        &mut self,
        plan: &Dialplan,
        (agent, talked): (AgentId, Span),
        by: Party,
    ) -> String {
        self.ends(agent);
        let (title, talked) = (&plan.agent(agent).title, clock(talked));
        match (by, self.0.first()) {
            (Party::Agent, Some(other)) => format!(
                "After {talked} {title} leaves the talk; the caller stays with {}.",
                plan.agent(*other).title
            ),
            (Party::Agent, None) => format!("After {talked} {title} ends the talk."),
            (Party::Caller, Some(_)) => {
                format!("After {talked} the caller ends the talk with {title}.")
            }
            (Party::Caller, None) => format!("After {talked} the caller ends the talk."),
            (Party::System, _) => format!(
                "After {talked} the exchange ends the talk: the call is at its longest length."
            ),
        }
    }
}
