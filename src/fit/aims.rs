//! Calls by what their callers wanted, interval by interval.

use super::chi_square::ONE_IN_1000;
use super::chi_square::beyond;
use super::choices::Choices;
use super::wants::named;
use super::ways::ByHours;
use super::ways::OfHours;
use super::ways::Ways;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::LineId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Fewer calls of an interval of which it is known what their callers wanted tell nothing of the others; those of all
/// intervals in which the same queues can be reached do.
const KNOWN_MIN: f64 = 20.0;
/// What fewer want is no part of the comparison of intervals.
const SHARE_MIN: f64 = 0.01;
/// Cells of a table are compared where so many are expected in each (Cochran, 1954).
const EXPECTED_MIN: f64 = 5.0;

/// Where callers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aim {
    /// To a queue, which begins at this step.
    Queue(QueueId, StepId),
    /// To no queue.
    End(End),
}

/// Where some callers go who come to no queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End {
    /// Whether how these calls ended says so; otherwise it is where all go of whom no more is known.
    pub(super) is_told: bool,
    pub(super) step: StepId,
    /// How many steps of its kind callers may choose.
    pub(super) alike: usize,
}

impl Aim {
    pub(super) fn step(self) -> StepId {
        match self {
            Self::Queue(_, step) | Self::End(End { step, .. }) => step,
        }
    }

    fn is_told(self) -> bool {
        !matches!(self, Self::End(End { is_told: false, .. }))
    }
}

/// Calls, divided by what is known of their callers. Those that found the line busy or were turned away are not among
/// them: they may have wanted anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parts {
    pub(super) aims: BTreeMap<Aim, f64>,
    /// Those that waited in queues that the menu does not have.
    pub(super) gone: f64,
    /// Those that came to no queue, while the line has no step that would have ended them.
    pub(super) endless: f64,
}

impl Parts {
    pub(super) fn sum(&self) -> f64 {
        self.aims.values().sum::<f64>() + self.gone + self.endless
    }

    fn add(&mut self, other: &Self) {
        for (aim, calls) in &other.aims {
            *self.aims.entry(*aim).or_default() += calls;
        }
        self.gone += other.gone;
        self.endless += other.endless;
    }

    fn of((plan, line): (&Dialplan, LineId), ways: &Ways, choices: &Choices) -> Self {
        let mut parts = Self::default();
        for (name, calls) in &ways.queues {
            match named(plan, line, name) {
                Some(queue) => {
                    let aim = Aim::Queue(queue, plan.queue(queue).step);
                    *parts.aims.entry(aim).or_default() += *calls as f64;
                }
                None => parts.gone += *calls as f64,
            }
        }
        for (how, calls) in &ways.no_queue {
            if !choices.may_want(*how) {
                continue;
            }
            match choices.end(*how) {
                Some(end) => *parts.aims.entry(Aim::End(end)).or_default() += *calls as f64,
                None => parts.endless += *calls as f64,
            }
        }
        parts
    }

    /// The same where of those who want to leave a message only this share does. The others are among those of whom no more
    /// is known than that they came to no queue, as far as there are so many.
    pub(super) fn with_the_silent(mut self, plan: &Dialplan, leaves_message: f64) -> Self {
        let is_mailbox = |aim: &Aim| matches!(plan.step(aim.step()).kind, StepKind::Record(_));
        let mut aims = self.aims.iter();
        let wanted = aims.find(|(aim, _)| aim.is_told() && is_mailbox(aim));
        let Some((messages, left)) = wanted.map(|(aim, left)| (*aim, *left)) else {
            return self;
        };
        let mut others: Vec<&mut f64> = self
            .aims
            .iter_mut()
            .filter(|(aim, _)| !aim.is_told())
            .map(|(_, calls)| calls)
            .collect();
        others.push(&mut self.endless);
        let mut hung_up = left / leaves_message - left;
        let mut moved = 0.0;
        for calls in others {
            let some = calls.min(hung_up);
            *calls -= some;
            hung_up -= some;
            moved += some;
        }
        self.aims.insert(messages, left + moved);
        self.aims.retain(|_, calls| *calls > 0.0);
        self
    }
}

/// What is known of the calls to a line.
#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    /// Whether it begins at its queue: all come to that, whatever they want.
    pub(super) is_straight: bool,
    /// Those of the hours in which the most queues can be reached.
    pub(super) usual: Parts,
    /// Queues that the menu does not have.
    pub(super) gone: BTreeSet<String>,
    slots: BTreeMap<usize, Slot>,
    /// Whether callers want something at other hours that none of the usual ones do.
    has_others: bool,
}

/// Calls of one interval whose callers could come to all that they might choose.
#[derive(Clone, Debug, Default)]
struct Slot {
    own: Parts,
    /// All calls of the hours to which most of these belong, and how many of these do.
    around: Parts,
    most: f64,
}

impl Counted {
    pub(super) fn of((plan, line): (&Dialplan, LineId), ways: &ByHours) -> Self {
        let start = plan.line(line).start;
        if let StepKind::Queue(queue) = plan.step(start).kind {
            return Self {
                is_straight: true,
                usual: Parts {
                    aims: [(Aim::Queue(queue, start), 1.0)].into(),
                    ..Parts::default()
                },
                ..Self::default()
            };
        }
        let parts = |hours: &OfHours, ways: &Ways| {
            let choices = Choices::of(plan, line, Some(hours.at_ms));
            Parts::of((plan, line), ways, &choices)
        };
        let Some(most_open) = ways.most_open() else {
            return Self::default();
        };
        let whole = most_open.whole();
        let gone = |ways: &Ways| {
            let gone = ways.queues.keys().cloned();
            let gone = gone.filter(|name| named(plan, line, name).is_none());
            gone.collect::<BTreeSet<String>>()
        };
        let mut counted = Self {
            usual: parts(most_open, &whole),
            gone: gone(&whole),
            ..Self::default()
        };
        for hours in ways.all() {
            let choices = Choices::of(plan, line, Some(hours.at_ms));
            // Otherwise those who came to no queue may have wanted one.
            if !choices.is_blind && !hours.open.is_empty() {
                let whole = hours.whole();
                counted.gone.extend(gone(&whole));
                let whole = parts(hours, &whole);
                let usual = &counted.usual.aims;
                let is_other = |aim: &Aim| aim.is_told() && !usual.contains_key(aim);
                counted.has_others |= whole.aims.keys().any(is_other);
                counted.take(hours, &whole, |ways| {
                    Parts::of((plan, line), ways, &choices)
                });
            }
        }
        counted
    }

    fn take(&mut self, hours: &OfHours, whole: &Parts, parts: impl Fn(&Ways) -> Parts) {
        for (slot, ways) in &hours.slots {
            let own = parts(ways);
            let known = self.slots.entry(*slot).or_default();
            if own.sum() > known.most {
                known.most = own.sum();
                known.around = whole.clone();
            }
            known.own.add(&own);
        }
    }

    /// What is known of an interval of the day.
    pub(super) fn at(&self, slot: usize) -> &Parts {
        match self.slots.get(&slot) {
            Some(slot) if slot.own.sum() >= KNOWN_MIN => &slot.own,
            Some(slot) if slot.most > 0.0 => &slot.around,
            _ => &self.usual,
        }
    }

    /// Whether callers want something else at one time of the day than at another, beyond chance: by the chi-square of
    /// what they want and when, over intervals that are put together until enough is expected of each.
    pub(super) fn differs(&self) -> bool {
        if self.has_others {
            return true;
        }
        let mut whole = Parts::default();
        self.slots.values().for_each(|slot| whole.add(&slot.own));
        let all: f64 = whole.aims.values().sum();
        let aims = whole.aims.iter();
        let aims: Vec<(Aim, f64)> = aims
            .map(|(aim, calls)| (*aim, calls / all))
            .filter(|(_, share)| *share >= SHARE_MIN)
            .collect();
        let least = aims.iter().map(|(_, share)| *share).fold(1.0, f64::min);
        let known: f64 = aims.iter().map(|(_, share)| share).sum();
        let (mut statistic, mut periods) = (0.0, 0.0);
        let mut period = Parts::default();
        for slot in self.slots.values() {
            period.add(&slot.own);
            let own = |aim: &Aim| period.aims.get(aim).copied().unwrap_or(0.0);
            let calls: f64 = aims.iter().map(|(aim, _)| own(aim)).sum();
            if calls * least / known < EXPECTED_MIN {
                continue;
            }
            for (aim, share) in &aims {
                let expected = calls * share / known;
                let off = own(aim) - expected;
                statistic += off * off / expected;
            }
            periods += 1.0;
            period = Parts::default();
        }
        let freedom = (periods - 1.0) * (aims.len() as f64 - 1.0);
        freedom > 0.0 && beyond(statistic / freedom, freedom) > ONE_IN_1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::stream::Purpose;
    use crate::sim::stream::Streams;

    /// 40 intervals of 50 calls each; what the share of the first of three wants is in each.
    fn counted(seed: u64, share: impl Fn(usize) -> f64) -> Counted {
        let mut stream = Streams::new(seed, 0).stream(Purpose::Wants, 0);
        let aim = |place: u16| Aim::Queue(QueueId(place), StepId(place.into()));
        let mut counted = Counted::default();
        for slot in 0..40 {
            let known = counted.slots.entry(slot).or_default();
            for _ in 0..50 {
                let drawn = stream.unit();
                let first = share(slot);
                let place = match drawn {
                    drawn if drawn < first => 0,
                    drawn if drawn < 0.97 => 1,
                    _ => 2,
                };
                *known.own.aims.entry(aim(place)).or_default() += 1.0;
            }
        }
        counted
    }

    #[test]
    fn shares_that_differ_by_chance_alone_are_the_same_all_day() {
        let chance = (0..2000).filter(|seed| counted(*seed, |_| 0.3).differs());
        // At 1 in 1,000 more than 8 would be found in 2,000 in one of 4,000 tests.
        let chance = chance.count();
        assert!(chance <= 8, "{chance}");
        let share = |slot| if slot < 20 { 0.5 } else { 0.3 };
        let seen = (0..100).filter(|seed| counted(*seed, share).differs());
        let seen = seen.count();
        assert!(seen > 90, "{seen}");
    }
}
