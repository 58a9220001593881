//! How long after a spike service is as it should be again.

use super::witness::Witness;
use crate::exchange::Exchange;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::id::QueueId;
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

/// What a run tells of the recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// So long after the end of the spike.
    After(Span),
    /// It had not recovered at its end, and there were enough outcomes for more than half of the time
    /// after the spike.
    Not,
    /// Nothing: for half of the time after the spike, or more, there were too few outcomes.
    TooFew,
}

/// Watches one run for the first moment from the end of the spike on at which, of more than [`FEW`]
/// outcomes within [`WINDOW`], at least [`ENOUGH`] in 100 were answers within the queue's T.
///
/// An outcome is an answer, a caller who hangs up waiting (later than the short abandon), one who has
/// waited too long, a refusal at a queue's door, or an attempt that is blocked. Self-service
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
    /// From when on there have been enough outcomes to tell, after the spike, ...
    told_since: Option<Tick>,
    /// ... and for how long there were before.
    told: Span,
}

impl Recovery {
    /// For a run with this plan, whose spike ends so.
    pub fn new(plan: &Dialplan, end: Tick) -> Self {
        let rule = |queue: QueueId| {
            let group = plan.group(plan.queue(queue).group);
            (plan.answer_within(queue), group.short_abandon)
        };
        let ids = (0..plan.queues.len() as u16).map(QueueId);
        Self {
            rules: ids.map(rule).collect(),
            end,
            recent: VecDeque::new(),
            in_time: 0,
            is_over: false,
            recovered: None,
            told_since: None,
            told: Span::ZERO,
        }
    }

    /// What is known of the recovery at the end of the run.
    pub fn after(&mut self, until: Tick) -> Recovered {
        self.pass(until);
        if let Some(at) = self.recovered {
            return Recovered::After(at - self.end);
        }
        let last = self.told_since.map_or(Span::ZERO, |since| until - since);
        let told = Span(self.told.0 + last.0);
        match 2 * told.0 > (until - self.end).0 {
            true => Recovered::Not,
            false => Recovered::TooFew,
        }
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
        if !self.is_over {
            return;
        }
        let all = self.recent.len();
        match (all > FEW, self.told_since) {
            (true, None) => self.told_since = Some(now),
            (false, Some(since)) => {
                self.told = Span(self.told.0 + (now - since).0);
                self.told_since = None;
            }
            _ => {}
        }
        let fine = all > FEW && self.in_time * 100 >= all * ENOUGH;
        if fine && self.recovered.is_none() {
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
                    Unqueued::Overflowed(_)
                    | Unqueued::ByKey
                    | Unqueued::BySystem
                    | Unqueued::Withdrawn => None,
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
            told_since: None,
            told: Span::ZERO,
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
        assert_eq!(
            recovery.after(Tick(3_600_000)),
            Recovered::After(Span::ZERO)
        );
    }

    #[test]
    fn bad_outcomes_have_to_leave_the_window() {
        let mut recovery = watcher();
        // Ten bad ones until 30 s before the end of the spike, then a good one every 10 s.
        (0..10).for_each(|place| hear(&mut recovery, 480 + place * 10, false));
        (0..60).for_each(|place| hear(&mut recovery, 601 + place * 10, true));
        // At 830 s 23 good ones stand beside 6 bad ones, which leave one after the other; 24 of 30.
        let Recovered::After(after) = recovery.after(Tick(3_600_000)) else {
            panic!("it recovers");
        };
        assert!((Span(200_000)..=Span(240_000)).contains(&after), "{after}");
    }

    #[test]
    fn few_outcomes_say_nothing() {
        let mut recovery = watcher();
        (0..100).for_each(|place| hear(&mut recovery, 601 + place * 15, true));
        assert_eq!(recovery.after(Tick(3_600_000)), Recovered::TooFew);
    }

    #[test]
    fn a_line_that_is_quiet_after_the_spike_does_not_tell() {
        let mut recovery = watcher();
        // Nobody is served in time until the queue is empty, three minutes after the spike; whoever calls
        // then is, but they are few.
        (0..60).for_each(|place| hear(&mut recovery, 480 + place * 5, false));
        (0..40).for_each(|place| hear(&mut recovery, 800 + place * 60, true));
        assert_eq!(recovery.after(Tick(3_600_000)), Recovered::TooFew);
    }

    #[test]
    fn a_line_that_goes_on_serving_late_has_not_recovered() {
        let mut recovery = watcher();
        (0..300).for_each(|place| hear(&mut recovery, 480 + place * 10, false));
        assert_eq!(recovery.after(Tick(3_600_000)), Recovered::Not);
    }
}
