//! The sums of one run.

use super::counts::WaitCounts;
use super::fairness::FairnessFigures;
use super::fairness::classes::ClassSums;
use super::fairness::told;
use super::lines::LineFigures;
use super::lines::has_several;
use super::tally::AgentTally;
use super::tally::CallTally;
use super::tally::CallbackTally;
use super::tally::Load;
use super::tally::QueueTally;
use super::waits::Quantiles;
use super::worth::WorthFigures;
use crate::exchange::dialplan::Dialplan;
use serde::Deserialize;
use serde::Serialize;

/// Everything one run has come to: integers, so that nothing depends on the order of adding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFigures {
    /// The whole run.
    pub total: Sums,
    /// One per interval of the frame; none in a steady state.
    pub intervals: Vec<Sums>,
    /// One per line of the dialplan, where it has several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineFigures>,
    /// One per class of callers that look-ups tell, where they tell any: see [`told`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassSums>,
    /// One per queue of the dialplan.
    pub queues: Vec<QueueFigures>,
    /// One per group of the dialplan.
    pub groups: Vec<GroupFigures>,
    /// One per agent of the dialplan.
    pub agents: Vec<AgentTally>,
    /// Callers who came in all, before what is counted as well: first attempts, of whom it is known how
    /// many there are to be on average.
    pub came: u64,
    /// What people worked after the ends of their shifts; in their time of work, and not on the roster.
    pub overtime_ms: u64,
    /// How evenly calls were divided among people, and how fairly callers were served.
    pub fairness: FairnessFigures,
    /// What answers are worth, and by which ways calls came to people.
    pub worth: WorthFigures,
}

/// All lines, queues and agents, in one interval or the whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Attempts, by the interval of arrival.
    pub calls: CallTally,
    /// Callers who got what they called for from one of their attempts, by the interval in which they
    /// got it.
    pub callers_served: u64,
    /// Callers who got nothing from any of their attempts, as far as these are over. Known of the
    /// whole run only; 0 in intervals.
    pub callers_unserved: u64,
    /// Entries of all queues, by the interval of entry. `length_max` is of all queues together.
    pub queues: QueueTally,
    /// Calls that were turned away, timed out, were ended while they waited, or overflowed and joined
    /// no queue afterwards. Each is one loss to the service level of the whole, however many queues it saw.
    pub lost: u64,
    /// Calls back, by the interval in which they were promised.
    pub callbacks: CallbackTally,
    /// Calls to people who had not called, by the interval in which another program has asked for them.
    pub outbound: CallbackTally,
    /// Waits that have ended.
    pub waits: Quantiles,
    /// Agents' time, each agent once.
    pub load: Load,
}

impl RunFigures {
    /// Whether it has figures of each class of callers that a plan's look-ups tell.
    pub fn has_classes_of(&self, plan: &Dialplan) -> bool {
        self.classes.len() == told::names(plan).len()
    }

    /// Whether it has figures of each line that a plan has, as it does where there are several.
    pub fn has_lines_of(&self, plan: &Dialplan) -> bool {
        let lines = match has_several(plan) {
            true => plan.lines.len(),
            false => 0,
        };
        let intervals = self.intervals.len();
        let mut fits = self.lines.iter().map(|line| line.intervals.len());
        self.lines.len() == lines && fits.all(|count| count == intervals)
    }
}

impl Sums {
    /// What the service level of the whole is a share of, formula `offered`: every wait counts where it
    /// ended, so that going on from one queue to the next is no loss. A call that comes to a queue after
    /// a talk waits anew.
    pub fn offered(&self) -> u64 {
        self.queues.answered + self.queues.abandoned - self.queues.abandoned_short + self.lost
    }

    /// Waits begun: entries, without those that continue a wait from another queue.
    pub fn waits_begun(&self) -> u64 {
        self.queues.entered - self.queues.overflowed_in
    }
}

/// One queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueFigures {
    /// The whole run.
    pub total: QueueSums,
    /// One per interval of the frame.
    pub intervals: Vec<QueueSums>,
    /// The waits of each interval, or of the whole run where there are no intervals.
    pub waits: Vec<WaitCounts>,
}

/// One queue in one interval or the whole run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueSums {
    /// Entries and what became of them.
    pub tally: QueueTally,
    /// Waits that ended in this queue.
    pub waits: Quantiles,
    /// Time of the agents of the queue's group.
    pub load: Load,
}

/// One group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFigures {
    /// Time of its agents in the whole run; an agent of several groups counts in each.
    pub load: Load,
    /// The same by interval of the frame.
    pub intervals: Vec<Load>,
    /// Calls answered from the group's queues, and calls back of these whose callers answered.
    pub answered: u64,
    /// Calls that each agent of the group who signed in has answered, from whatever queue: the
    /// ledger of fairness is the person's.
    pub calls: Vec<u64>,
}
