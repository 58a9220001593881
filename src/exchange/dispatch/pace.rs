//! How long callers will wait: what is known of handling and patience, and the estimate.
//!
//! `QLm`, the queue-length estimator for M/M/n+M (Whitt, *Management Science* 45(6), 1999;
//! Ibrahim and Whitt, *M&SOM* 11(3), 2009): with `k` callers ahead, `n` agents at work, mean
//! handling `H` and mean patience `P`, the wait is the sum over `i = 0..=k` of `1 / (n/H + i/P)`. It
//! depends on who is ahead and not on how long one has waited, so it does not grow by waiting. Where calls
//! back are among those ahead, who never give up, `i/P` counts only the part of them who may.

use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// What a group's calls have shown so far.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Pace {
    /// Running mean of the time from the ring to the end of wrap-up.
    handling: Span,
    handled: u32,
    /// All waits of late, and how many of them the caller ended.
    waited: Span,
    gave_up: u32,
}

/// Handling and patience of a group of which nothing is known yet.
const HANDLING_UNTIL_KNOWN: Span = Span::minutes(3);
const PATIENCE_UNTIL_KNOWN: Span = Span::minutes(5);
/// A new call moves the mean by one part in so many of the difference, once there were so many.
const MEMORY: u32 = 64;
/// Callers who gave up before what was seen first begins to fade.
const GAVE_UP_MAX: u32 = 256;
/// Terms of the sum that are added one by one; those after them in blocks, each as long as what lies
/// before it.
const TERMS: u64 = 16;
/// Where in a block its terms are looked at, before and after the middle, in millionths of its length:
/// the quadrature of Gauss and Legendre with two points, 1/2 over the root of 3.
const OFF_MIDDLE: u64 = 288_675;
/// In a millisecond.
const MICROSECONDS: u128 = 1000;

impl Default for Pace {
    fn default() -> Self {
        Self {
            handling: HANDLING_UNTIL_KNOWN,
            handled: 0,
            waited: PATIENCE_UNTIL_KNOWN,
            gave_up: 1,
        }
    }
}

impl Pace {
    /// A call has kept an agent for so long.
    pub(super) fn handled(&mut self, took: Span) {
        self.handled = (self.handled + 1).min(MEMORY);
        let mean_of = |parts: u64| Span((self.handling.0 * (parts - 1) + took.0) / parts);
        self.handling = match self.handled {
            // Soon for good, and no division by a number that is known.
            MEMORY => mean_of(MEMORY.into()),
            parts => mean_of(parts.into()),
        };
    }

    /// A caller has waited for so long, and gave up or was answered.
    pub(super) fn waited(&mut self, span: Span, gave_up: bool) {
        self.waited = Span(self.waited.0 + span.0);
        self.gave_up += u32::from(gave_up);
        if self.gave_up >= GAVE_UP_MAX {
            self.gave_up /= 2;
            self.waited = Span(self.waited.0 / 2);
        }
    }

    /// The mean time that a call keeps an agent.
    pub(super) fn handling(&self) -> Span {
        self.handling
    }

    /// The mean patience: time waited for each caller who gave up, which is the maximum-likelihood
    /// estimate where patience is exponential and waits are cut off by answers.
    fn patience(&self) -> Span {
        Span((self.waited.0 / u64::from(self.gave_up)).max(1))
    }

    /// The expected wait with so many ahead, of whom the agents take one after the other. `ahead` is
    /// in thousandths of a caller: somebody ahead who may go to other agents counts in part. Of these
    /// so many, in thousandths as well, stay however long it takes.
    pub(super) fn wait_behind(
        &self,
        (ahead_permille, stay_permille): (u64, u64),
        agents: u32,
    ) -> Span {
        let handling = u128::from(self.handling.0.max(1));
        let patience = u128::from(self.patience().0);
        let base = u128::from(agents.max(1)) * patience * 1000;
        // 1 / (n/H + i/P) = H P / (n P + i H), with i in thousandths; in microseconds, for the later
        // of very many terms are short.
        let above = handling * patience * 1000 * MICROSECONDS;
        let most = base + (u128::from(ahead_permille) + 1000) * handling;
        // Numbers of half the width are divided in a third of the time, and nearly always they do.
        let are_narrow = above.max(most) <= u128::from(u64::MAX);
        let narrow = (above as u64, base as u64, handling as u64);
        let term = |ahead: u64| match are_narrow {
            _ if stay_permille > 0 => {
                let may_leave = ahead_permille.saturating_sub(stay_permille);
                let leaving =
                    u128::from(ahead) * u128::from(may_leave) / u128::from(ahead_permille);
                above / (base + leaving * handling)
            }
            true => u128::from(narrow.0 / (narrow.1 + ahead * narrow.2)),
            false => above / (base + u128::from(ahead) * handling),
        };
        let one = |place: u64| place * 1000;
        let whole = ahead_permille / 1000;
        let mut sum: u128 = (0..=whole.min(TERMS)).map(|place| term(one(place))).sum();
        let mut from = TERMS + 1;
        while from <= whole {
            let until = (2 * from - 1).min(whole);
            let (middle, length) = ((one(from) + one(until)) / 2, until - from + 1);
            let off = length * OFF_MIDDLE / 1000;
            sum += u128::from(length) * (term(middle - off) + term(middle + off)) / 2;
            from = until + 1;
        }
        let rest = u128::from(ahead_permille % 1000);
        sum += rest * term(one(whole + 1)) / 1000;
        Span((sum / MICROSECONDS) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(handling: u64, patience: u64) -> Pace {
        Pace {
            handling: Span::seconds(handling),
            handled: MEMORY,
            waited: Span::seconds(patience),
            gave_up: 1,
        }
    }

    #[test]
    fn the_first_in_line_waits_for_the_next_agent_to_be_free() {
        // One of ten agents with 300 s each: every 30 s.
        let wait = pace(300, 1_000_000).wait_behind((0, 0), 10);
        assert_eq!(wait, Span::seconds(30));
        assert!(pace(300, 60).wait_behind((0, 0), 10) <= wait);
    }

    #[test]
    fn the_sum_agrees_with_the_formula_term_by_term() {
        for agents in [1, 7, 100] {
            for ahead in [0_u64, 1, 7, 16, 17, 20, 33, 200, 1000, 9999] {
                let (handling, patience) = (300.0, 120.0);
                let exact: f64 = (0..=ahead)
                    .map(|place| 1.0 / (f64::from(agents) / handling + place as f64 / patience))
                    .sum();
                let wait = pace(300, 120)
                    .wait_behind((ahead * 1000, 0), agents)
                    .as_seconds();
                assert!(
                    (wait / exact - 1.0).abs() < 0.001,
                    "{ahead} ahead of {agents}: {wait} {exact}"
                );
            }
        }
    }

    #[test]
    fn very_long_calls_are_reckoned_in_wider_numbers() {
        let wait = |minutes: u64| pace(minutes * 60, minutes * 60).wait_behind((1000, 0), 2);
        let (short, long) = (wait(1).as_seconds(), wait(57_600).as_seconds());
        assert!(
            (long / (57_600.0 * short) - 1.0).abs() < 1e-4,
            "{short} {long}"
        );
    }

    #[test]
    fn whoever_is_ahead_in_part_counts_in_part() {
        let pace = pace(300, 1_000_000);
        let half = pace.wait_behind((500, 0), 10).as_seconds();
        assert!((half - 45.0).abs() < 0.1, "{half}");
    }

    #[test]
    fn calls_back_ahead_never_give_up() {
        let pace = pace(300, 60);
        let waits = |stay| pace.wait_behind((3000, stay), 1).as_seconds();
        assert!(
            (waits(3000) - 4.0 * 300.0).abs() < 0.1,
            "one after the other"
        );
        let half: f64 = (0..=3)
            .map(|place| 1.0 / (1.0 / 300.0 + f64::from(place) / 2.0 / 60.0))
            .sum();
        assert!((waits(1500) - half).abs() < 0.1, "{}", waits(1500));
        assert!(waits(0) < half);
    }

    #[test]
    fn means_are_learned_from_the_first_call_on() {
        let mut pace = Pace::default();
        for _ in 0..10 {
            pace.handled(Span::seconds(100));
        }
        assert_eq!(pace.handling(), Span::seconds(100));
        for _ in 0..1000 {
            pace.waited(Span::seconds(30), true);
            pace.waited(Span::seconds(10), false);
        }
        let patience = pace.patience().as_seconds();
        assert!((patience - 40.0).abs() < 1.0, "{patience}");
    }
}
