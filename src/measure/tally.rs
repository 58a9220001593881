//! Integer sums: of attempts, of queue entries, of agents' time.

use crate::exchange::record::AgentState;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;
use std::ops::AddAssign;

/// Attempts and their outcomes, of one interval or of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallTally {
    /// Arrivals at a line.
    pub attempts: u64,
    /// Persons whose first attempt this was.
    pub callers: u64,
    /// Found no trunk, or were shed at the door.
    pub blocked: u64,
    /// Of these, turned off because they had called too often.
    pub blocked_by_limit: u64,
    /// Said that the answer was enough.
    pub self_served_confirmed: u64,
    /// Heard enough of an answer and did not come back within 24 h.
    pub self_served_probable: u64,
    /// Ended in the menus without having asked for a person.
    pub contained: u64,
    /// Left the menus unserved.
    pub left_in_menu: u64,
    /// Left a message.
    pub message: u64,
    /// Was promised a call back.
    pub callback: u64,
    /// Handed to a number outside.
    pub transferred_out: u64,
    /// Could not wait, or waited too long, and nothing came after.
    pub turned_away: u64,
    /// Answered by an agent.
    pub answered: u64,
    /// Hung up while waiting.
    pub abandoned: u64,
    /// Ended by the longest call.
    pub ended_by_system: u64,
    /// Not over at the end of the run.
    pub in_progress: u64,
    /// Calls that joined at least one queue.
    pub queued: u64,
    /// Times that a call came to another queue after a talk, or in it, and was not taken back from there.
    pub handed_on: u64,
    /// Of the answered, those that came to another queue after a talk and reached nobody there.
    pub lost_after_talk: u64,
    /// Of the answered, those that the exchange cut off in the talk.
    pub talks_cut_off: u64,
    /// For how long all of them held their trunks.
    pub trunk_ms: u64,
    /// Of this, what attempts held that brought nothing.
    pub trunk_wasted_ms: u64,
}

impl CallTally {
    /// The outcomes' sum. `contained` and `queued` look at the same attempts from another side.
    pub fn outcomes(&self) -> u64 {
        self.blocked
            + self.self_served_confirmed
            + self.self_served_probable
            + self.left_in_menu
            + self.message
            + self.callback
            + self.transferred_out
            + self.turned_away
            + self.answered
            + self.abandoned
            + self.ended_by_system
    }

    /// Panics unless every attempt has exactly one outcome or is in progress.
    pub fn assert_balance(&self) {
        assert_eq!(
            self.attempts,
            self.outcomes() + self.in_progress,
            "attempts = outcomes + in progress: {self:?}"
        );
        assert!(
            self.blocked_by_limit <= self.blocked,
            "who was turned off for calling too often was blocked"
        );
        assert!(self.queued <= self.attempts, "more calls queued than came");
        assert!(
            self.lost_after_talk <= self.answered.min(self.handed_on),
            "who was handed on had talked"
        );
        assert!(
            self.lost_after_talk + self.talks_cut_off <= self.answered,
            "who was cut off in a talk was answered, and did not reach nobody after it"
        );
        assert!(
            self.trunk_wasted_ms <= self.trunk_ms,
            "what was wasted was held"
        );
    }
}

impl AddAssign for CallTally {
    fn add_assign(&mut self, other: Self) {
        self.attempts += other.attempts;
        self.callers += other.callers;
        self.blocked += other.blocked;
        self.blocked_by_limit += other.blocked_by_limit;
        self.self_served_confirmed += other.self_served_confirmed;
        self.self_served_probable += other.self_served_probable;
        self.contained += other.contained;
        self.left_in_menu += other.left_in_menu;
        self.message += other.message;
        self.callback += other.callback;
        self.transferred_out += other.transferred_out;
        self.turned_away += other.turned_away;
        self.answered += other.answered;
        self.abandoned += other.abandoned;
        self.ended_by_system += other.ended_by_system;
        self.in_progress += other.in_progress;
        self.queued += other.queued;
        self.handed_on += other.handed_on;
        self.lost_after_talk += other.lost_after_talk;
        self.talks_cut_off += other.talks_cut_off;
        self.trunk_ms += other.trunk_ms;
        self.trunk_wasted_ms += other.trunk_wasted_ms;
    }
}

/// Entries into queues and what became of them, by the interval of the entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueTally {
    /// Joined the queue.
    pub entered: u64,
    /// Answered by an agent.
    pub answered: u64,
    /// Answered within the T of the queue's group.
    pub answered_within: u64,
    /// Hung up while waiting.
    pub abandoned: u64,
    /// Of these, not later than the group's `short_abandon`.
    pub abandoned_short: u64,
    /// Went on to another queue.
    pub overflowed_out: u64,
    /// Of these, came back to this queue later.
    pub overflowed_back: u64,
    /// Came from another queue.
    pub overflowed_in: u64,
    /// Left by a key.
    pub left_by_key: u64,
    /// Waited too long, and left the queues.
    pub timed_out: u64,
    /// Ended by the longest call while waiting.
    pub ended_by_system: u64,
    /// Invitations that ended without an answer: an agent was with the caller all the while, and no wait of
    /// the caller's is counted.
    #[serde(default)]
    pub withdrawn: u64,
    /// Still waiting at the end of the run.
    pub waiting_at_end: u64,
    /// Could not join; beside the balance, not in it.
    pub turned_away: u64,
    /// Sum of the waits of the answered.
    pub wait_answered_ms: u64,
    /// Waits that have ended; going on to another queue is no end.
    pub waits: u64,
    /// Sum of the waits that have ended.
    pub wait_ms: u64,
    /// Conversations that are over.
    pub talks: u64,
    /// Sum of their lengths.
    pub talk_ms: u64,
    /// Sum of the wrap-ups after them.
    pub wrap_up_ms: u64,
    /// Most callers waiting at one time.
    pub length_max: u64,
}

/// What a queue's service level is measured with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) answer_within_ms: u64,
    pub(super) short_abandon_ms: u64,
}

impl QueueTally {
    /// Counts how an entry ended, after a wait from the first queue of the call on. False where the wait
    /// goes on, or nobody has waited.
    #[inline(always)]
    pub(super) fn left(&mut self, how: Unqueued, wait_ms: u64, rule: Rule) -> bool {
        match how {
            Unqueued::Answered(_) => {
                self.answered += 1;
                self.answered_within += u64::from(wait_ms <= rule.answer_within_ms);
                self.wait_answered_ms += wait_ms;
            }
            Unqueued::Abandoned => {
                self.abandoned += 1;
                self.abandoned_short += u64::from(wait_ms <= rule.short_abandon_ms);
            }
            Unqueued::Overflowed(_) => {
                self.overflowed_out += 1;
                return false;
            }
            Unqueued::TimedOut => self.timed_out += 1,
            Unqueued::ByKey => self.left_by_key += 1,
            Unqueued::BySystem => self.ended_by_system += 1,
            Unqueued::Withdrawn => {
                self.withdrawn += 1;
                return false;
            }
        }
        self.waits += 1;
        self.wait_ms += wait_ms;
        true
    }

    /// What the service level of this queue is a share of, formula `offered`.
    pub fn offered(&self) -> u64 {
        self.answered + self.abandoned - self.abandoned_short
            + self.turned_away
            + self.timed_out
            + self.ended_by_system
            + self.overflowed_out
            - self.overflowed_back
    }

    /// Panics unless every entry has left in exactly one way or is still waiting.
    pub fn assert_balance(&self) {
        assert_eq!(
            self.entered,
            self.answered
                + self.abandoned
                + self.overflowed_out
                + self.left_by_key
                + self.timed_out
                + self.ended_by_system
                + self.withdrawn
                + self.waiting_at_end,
            "entered = left in some way + waiting at the end: {self:?}"
        );
    }
}

impl AddAssign for QueueTally {
    /// Adds; of the longest queues the longer one stays.
    fn add_assign(&mut self, other: Self) {
        self.entered += other.entered;
        self.answered += other.answered;
        self.answered_within += other.answered_within;
        self.abandoned += other.abandoned;
        self.abandoned_short += other.abandoned_short;
        self.overflowed_out += other.overflowed_out;
        self.overflowed_back += other.overflowed_back;
        self.overflowed_in += other.overflowed_in;
        self.left_by_key += other.left_by_key;
        self.timed_out += other.timed_out;
        self.ended_by_system += other.ended_by_system;
        self.withdrawn += other.withdrawn;
        self.waiting_at_end += other.waiting_at_end;
        self.turned_away += other.turned_away;
        self.wait_answered_ms += other.wait_answered_ms;
        self.waits += other.waits;
        self.wait_ms += other.wait_ms;
        self.talks += other.talks;
        self.talk_ms += other.talk_ms;
        self.wrap_up_ms += other.wrap_up_ms;
        self.length_max = self.length_max.max(other.length_max);
    }
}

/// Calls back, by the interval in which they were promised. They are outside the service level of
/// the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackTally {
    /// Promised.
    pub booked: u64,
    /// Times that a number was dialled.
    pub dialled: u64,
    /// The caller answered.
    pub reached: u64,
    /// Of these, not later than [`CALLBACK_GRACE`] after the wait that was to be expected.
    pub on_time: u64,
    /// Given up: the caller never answered.
    pub unreached: u64,
    /// Not wanted any more.
    pub withdrawn: u64,
    /// From the promise to the caller's answer, together.
    pub wait_ms: u64,
}

/// A call back is on time when it comes at most so long after the wait that its caller was to expect.
pub const CALLBACK_GRACE: Span = Span::minutes(15);

impl CallbackTally {
    /// Promised, and not over at the end.
    pub fn open(&self) -> u64 {
        self.booked - self.reached - self.unreached - self.withdrawn
    }
}

impl AddAssign for CallbackTally {
    fn add_assign(&mut self, other: Self) {
        self.booked += other.booked;
        self.dialled += other.dialled;
        self.reached += other.reached;
        self.on_time += other.on_time;
        self.unreached += other.unreached;
        self.withdrawn += other.withdrawn;
        self.wait_ms += other.wait_ms;
    }
}

/// Agents' time, for occupancy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Ringing, talk, hold and wrap-up.
    pub busy_ms: u64,
    /// Signed in and not on a break.
    pub available_ms: u64,
}

impl Load {
    /// What the milliseconds in each state come to.
    pub(super) fn of(state_ms: &StateTimes) -> Self {
        let sum = |states: &[AgentState]| states.iter().map(|at| state_ms[*at as usize]).sum();
        let busy_ms = sum(&[AgentState::Ringing, AgentState::Talking, AgentState::WrapUp]);
        let waiting_ms: u64 = sum(&[AgentState::NotReady, AgentState::Idle, AgentState::Resting]);
        Self {
            busy_ms,
            available_ms: busy_ms + waiting_ms,
        }
    }
}

impl AddAssign for Load {
    fn add_assign(&mut self, other: Self) {
        self.busy_ms += other.busy_ms;
        self.available_ms += other.available_ms;
    }
}

/// Milliseconds in each [`AgentState`], in its order.
pub(super) type StateTimes = [u64; 8];

/// One agent's sums in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentTally {
    /// Calls answered.
    pub calls: u64,
    /// Phone rang, nobody picked up in time.
    pub missed: u64,
    /// Refused.
    pub declined: u64,
    /// Milliseconds in each [`AgentState`], in its order.
    pub state_ms: StateTimes,
    /// Of those in [`AgentState::Talking`], the milliseconds before a caller who was called back answered.
    pub dialling_ms: u64,
}

impl AgentTally {
    /// The time in a state.
    pub fn in_state_ms(&self, state: AgentState) -> u64 {
        self.state_ms[state as usize]
    }

    /// The time with a caller.
    pub fn talk_ms(&self) -> u64 {
        self.in_state_ms(AgentState::Talking) - self.dialling_ms
    }

    /// The time at work, breaks included.
    pub fn signed_in_ms(&self) -> u64 {
        self.state_ms.iter().sum::<u64>() - self.in_state_ms(AgentState::SignedOut)
    }

    /// The agent's time for occupancy.
    pub fn load(&self) -> Load {
        Load::of(&self.state_ms)
    }
}
