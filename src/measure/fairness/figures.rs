//! What a run came to, in fairness to agents and to callers.

use super::fixed::ONE_CALL;
use super::fixed::SLACK;
use super::fixed::as_calls;
use super::promises::Promises;
use serde::Deserialize;
use serde::Serialize;

/// Integers, as all sums of a run; parts of calls are in the unit of [`super::fixed`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FairnessFigures {
    /// One per agent of the dialplan.
    pub shares: Vec<Share>,
    /// Calls given, and answered, where two or more agents who might take them were free.
    pub choices: u64,
    /// Of these, to somebody while a colleague was owed a whole call more.
    pub inequitable: u64,
    /// Of these, where it was owed no more once what `catch_up` forgives is taken off.
    pub inequitable_forgiven: u64,
    /// The most that anybody was ahead of or behind the choices, see [`super::carpool`].
    pub carpool_worst: i64,
    /// The most calls that one agent was given while the same colleague sat free.
    pub streak_max: u64,
    /// Calls of agents in their first half hour after others had begun.
    pub joiners_calls: u64,
    /// What was due to them in that time.
    pub joiners_due: i64,
    /// Gaps between calls: so many, and all but one in ten of them this long at least.
    pub rest_gaps: u64,
    /// See `rest_gaps`.
    pub rest_gap_p10_ms: u64,
    /// Offers that rang out or were refused.
    pub missed_offers: u64,
    /// Calls answered.
    pub answered: u64,
    /// Of these, while somebody who had come earlier waited for the same agent.
    pub inversions: u64,
    /// The most times that one caller was overtaken.
    pub overtakes_max: u64,
    /// Expected waits, and what came.
    pub promises: Promises,
}

/// One agent's share of the calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Whether at work in this run.
    pub was_there: bool,
    /// Calls answered.
    pub calls: u64,
    /// Calls due.
    pub due: i64,
    /// Calls given to the agent while a free colleague was owed a whole call more.
    pub undue: u64,
    /// Calls given to others while the agent was free and owed a whole call more.
    pub passed: u64,
    /// As `undue`, where it was owed no more once what `catch_up` forgives is taken off.
    pub undue_forgiven: u64,
    /// As `passed`, likewise.
    pub passed_forgiven: u64,
}

impl Share {
    /// Calls answered beyond those due; below 0 for too few.
    pub fn error(&self) -> i64 {
        self.calls as i64 * ONE_CALL - self.due
    }

    /// Whether enough was due for a ratio to mean anything.
    pub fn is_due_a_call(&self) -> bool {
        self.due >= ONE_CALL - SLACK
    }

    /// The part of the error that the dispatcher could have avoided: of too many calls those that a
    /// free colleague should have had, of too few those for which the agent was passed over.
    pub fn dispatchers(&self) -> i64 {
        self.at_most(self.error(), self.undue, self.passed)
    }

    /// The part of the rest that choices could have avoided had `catch_up` not forgiven it.
    pub fn forgiven(&self) -> i64 {
        let rest = self.error() - self.dispatchers();
        self.at_most(rest, self.undue_forgiven, self.passed_forgiven)
    }

    /// As much of an error as so many calls too many, or too few, account for.
    fn at_most(&self, error: i64, undue: u64, passed: u64) -> i64 {
        let wrongs = if self.error() > 0 { undue } else { passed };
        error.signum() * error.abs().min(wrongs as i64 * ONE_CALL)
    }

    /// The rest of the error, which no choice among the free could have avoided.
    pub fn structural(&self) -> i64 {
        self.error() - self.dispatchers() - self.forgiven()
    }
}

impl FairnessFigures {
    /// Calls answered less calls due, of everybody who was at work.
    pub fn errors(&self) -> Vec<f64> {
        let at_work = self.shares.iter().filter(|share| share.was_there);
        at_work.map(|share| as_calls(share.error())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_the_dispatchers_as_far_as_it_could_have_been_avoided() {
        let parts = |error: i64, undue: u64, passed: u64| {
            let share = Share {
                was_there: true,
                calls: 10,
                due: (10 - error) * ONE_CALL,
                undue,
                passed,
                ..Share::default()
            };
            assert_eq!(share.error(), error * ONE_CALL);
            (
                share.dispatchers() / ONE_CALL,
                share.structural() / ONE_CALL,
            )
        };
        assert_eq!(parts(5, 3, 0), (3, 2));
        assert_eq!(parts(5, 8, 1), (5, 0));
        assert_eq!(parts(5, 0, 7), (0, 5));
        assert_eq!(parts(-5, 1, 3), (-3, -2));
        assert_eq!(parts(0, 3, 3), (0, 0));
    }

    #[test]
    fn what_rounding_leaves_is_no_error() {
        let share = |due: i64| Share {
            was_there: true,
            calls: 3,
            due,
            ..Share::default()
        };
        let dues = [3 * ONE_CALL - 2, 3 * ONE_CALL + 1, 2 * ONE_CALL + 1];
        let figures = FairnessFigures {
            shares: dues.map(share).to_vec(),
            ..FairnessFigures::default()
        };
        assert_eq!(figures.errors(), [0.0, 0.0, 1.0]);
    }

    #[test]
    fn what_was_forgiven_is_no_error_of_the_dispatcher() {
        let share = Share {
            was_there: true,
            calls: 10,
            due: 2 * ONE_CALL,
            undue: 3,
            undue_forgiven: 4,
            passed_forgiven: 9,
            ..Share::default()
        };
        let parts = [share.dispatchers(), share.forgiven(), share.structural()];
        assert_eq!(parts.map(|part| part / ONE_CALL), [3, 4, 1]);
    }
}
