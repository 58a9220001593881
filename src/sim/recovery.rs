//! How long after a spike service is as it should be again.

use super::witness::Witness;
use crate::exchange::Exchange;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::record::Record;
use crate::exchange::record::Unqueued;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;
use std::collections::VecDeque;

/// What is looked back on.
pub const WINDOW: Span = Span::minutes(5);
/// So many outcomes say nothing yet.
pub const FEW: usize = 20;
/// The share of them, in hundredths, that has to be answered in time.
pub const ENOUGH: usize = 80;

/// Watches one run for the first moment from the end of the spike on at which, of more than [`FEW`]
/// outcomes within [`WINDOW`], at least [`ENOUGH`] in 100 were answers within the queue's T.
///
/// An outcome is an answer, a caller who hangs up waiting (later than the short abandon), one who has
/// waited too long, a refusal at a queue's door, or an attempt that finds no line free. Self-service
/// and calls back are none: they are outside the service level of the queue.
#[derive(Clone, Debug)]
pub struct Recovery {
    /// By queue: T, and the short abandon.
    rules: Vec<(Span, Span)>,
    end: Tick,
    /// Outcomes of the window, oldest first, and whether each was an answer in time.
    recent: VecDeque<(Tick, bool)>,
    in_time: usize,
    /// The end of the spike is behind.
    is_over: bool,
    recovered: Option<Tick>,
}

impl Recovery {
    /// For a run with this plan, whose spike ends so.
    pub fn new(plan: &Dialplan, end: Tick) -> Self {
        let rule = |queue: &crate::exchange::dialplan::Queue| {
            let group = plan.group(queue.group);
            (group.answer_within, group.short_abandon)
        };
        Self {
            rules: plan.queues.iter().map(rule).collect(),
            end,
            recent: VecDeque::new(),
            in_time: 0,
            is_over: false,
            recovered: None,
        }
    }

    /// From the end of the spike to the recovery, in a run that ended so; none if it did not come.
    pub fn after(&mut self, until: Tick) -> Option<Span> {
        self.pass(until);
        self.recovered.map(|at| at - self.end)
    }

    /// Time goes on.
    fn pass(&mut self, now: Tick) {
        if !self.is_over && now >= self.end {
            self.forget(self.end);
            self.is_over = true;
            self.judge(self.end);
        }
        self.forget(now);
    }

    /// Drops what the window has left behind by now, looking again each time.
    fn forget(&mut self, now: Tick) {
        while let Some(left) = self.recent.front().map(|(at, _)| *at + WINDOW)
            && left <= now
        {
            while let Some((at, in_time)) = self.recent.front().copied()
                && at + WINDOW == left
            {
                self.recent.pop_front();
                self.in_time -= usize::from(in_time);
            }
            self.judge(left);
        }
    }

    fn judge(&mut self, now: Tick) {
        let all = self.recent.len();
        let fine = all > FEW && self.in_time * 100 >= all * ENOUGH;
        if self.is_over && fine && self.recovered.is_none() {
            self.recovered = Some(now);
        }
    }

    /// Whether something is an outcome, and if so, whether it is an answer in time.
    fn outcome(&self, now: Tick, record: &Record) -> Option<bool> {
        match *record {
            Record::Blocked { .. } | Record::TurnedAway { .. } => Some(false),
            Record::Unqueued {
                queue, first, how, ..
            } => {
                let ((within, short), wait) = (self.rules[queue.index()], now - first);
                match how {
                    Unqueued::Answered(_) => Some(wait <= within),
                    Unqueued::Abandoned => (wait > short).then_some(false),
                    Unqueued::TimedOut => Some(false),
                    Unqueued::Overflowed(_) | Unqueued::ByKey | Unqueued::BySystem => None,
                }
            }
            _ => None,
        }
    }
}

impl Witness for Recovery {
    fn look(&mut self, _exchange: &Exchange) {}

    fn record(&mut self, now: Tick, record: &Record) {
        if self.recovered.is_some() {
            return;
        }
        if let Some(in_time) = self.outcome(now, record) {
            self.pass(now);
            self.recent.push_back((now, in_time));
            self.in_time += usize::from(in_time);
            self.judge(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const END: Tick = Tick(600_000);

    fn watcher() -> Recovery {
        Recovery {
            rules: Vec::new(),
            end: END,
            recent: VecDeque::new(),
            in_time: 0,
            is_over: false,
            recovered: None,
        }
    }

    fn hear(recovery: &mut Recovery, at_s: u64, in_time: bool) {
        let now = Tick(at_s * 1000);
        recovery.pass(now);
        recovery.recent.push_back((now, in_time));
        recovery.in_time += usize::from(in_time);
        recovery.judge(now);
    }

    #[test]
    fn a_line_that_never_suffered_has_recovered_at_once() {
        let mut recovery = watcher();
        (0..40).for_each(|place| hear(&mut recovery, 400 + place * 10, true));
        assert_eq!(recovery.after(Tick(3_600_000)), Some(Span::ZERO));
    }

    #[test]
    fn bad_outcomes_have_to_leave_the_window() {
        let mut recovery = watcher();
        // Ten bad ones until 30 s before the end of the spike, then a good one every 10 s.
        (0..10).for_each(|place| hear(&mut recovery, 480 + place * 10, false));
        (0..60).for_each(|place| hear(&mut recovery, 601 + place * 10, true));
        // At 830 s 23 good ones stand beside 6 bad ones, which leave one after the other; 24 of 30.
        let after = recovery.after(Tick(3_600_000)).expect("it recovers");
        assert!((Span(200_000)..=Span(240_000)).contains(&after), "{after}");
    }

    #[test]
    fn few_outcomes_say_nothing() {
        let mut recovery = watcher();
        (0..100).for_each(|place| hear(&mut recovery, 601 + place * 15, true));
        assert_eq!(recovery.after(Tick(3_600_000)), None);
    }
}
