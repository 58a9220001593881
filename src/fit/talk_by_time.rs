//! How long callers and agents talk by the time of day.

use super::chi_square::ONE_IN_1000;
use super::chi_square::beyond;
use std::collections::BTreeMap;

/// The fewest talks of an interval of which a mean is made.
const TALKS_MIN: u64 = 30;
/// So much longer or shorter than the mean of the day is worth a word.
const APART: f64 = 1.1;

/// Talks by interval of the day.
#[derive(Debug, Default)]
pub(super) struct TalksByTime(BTreeMap<usize, Sums>);

#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    count: u64,
    seconds: f64,
    logs: f64,
    log_squares: f64,
}

/// What is found of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Means in seconds by interval of the day, of those with enough talks, where they differ beyond chance; otherwise none.
    pub means_s: BTreeMap<usize, f64>,
}

impl TalksByTime {
    pub(super) fn note(&mut self, slot: usize, talk_ms: i64) {
        let seconds = talk_ms as f64 / 1000.0;
        let log = libm::log(seconds);
        let sums = self.0.entry(slot).or_default();
        sums.count += 1;
        sums.seconds += seconds;
        sums.logs += log;
        sums.log_squares += log * log;
    }

    /// By the variance of mean logarithms between intervals over that within them, which is a chi-square variable over its
    /// degrees of freedom where there are many talks.
    pub(super) fn found(&self) -> Found {
        let some: Vec<(usize, Sums)> = self.enough().collect();
        let means_s = match differ(&some) {
            true => some
                .iter()
                .map(|(slot, sums)| (*slot, sums.mean_s()))
                .collect(),
            false => BTreeMap::new(),
        };
        Found { means_s }
    }

    fn enough(&self) -> impl Iterator<Item = (usize, Sums)> {
        let some = self.0.iter().map(|(slot, sums)| (*slot, *sums));
        some.filter(|(_, sums)| sums.count >= TALKS_MIN)
    }
}

impl Sums {
    fn mean_s(&self) -> f64 {
        self.seconds / self.count as f64
    }
}

fn differ(some: &[(usize, Sums)]) -> bool {
    if some.len() < 2 {
        return false;
    }
    let mut all = Sums::default();
    let mut within = 0.0;
    for (_, own) in some {
        all.count += own.count;
        all.seconds += own.seconds;
        all.logs += own.logs;
        within += own.log_squares - own.logs * own.logs / own.count as f64;
    }
    let variance = within / (all.count - some.len() as u64) as f64;
    let middle = all.logs / all.count as f64;
    let between: f64 = some
        .iter()
        .map(|(_, own)| {
            let off = own.logs / own.count as f64 - middle;
            own.count as f64 * off * off
        })
        .sum();
    let freedom = some.len() as f64 - 1.0;
    let is_apart = |(_, own): &(usize, Sums)| {
        let ratio = own.mean_s() / all.mean_s();
        ratio > APART || ratio * APART < 1.0
    };
    let is_beyond = variance > 0.0 && beyond(between / variance / freedom, freedom) > ONE_IN_1000;
    is_beyond && some.iter().any(is_apart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::time::Span;
    use crate::sim::distribution::Distribution;
    use crate::sim::stream::Purpose;
    use crate::sim::stream::Streams;

    /// In studies of talks that have one law all day, and in those of talks that are half as long again in the afternoon.
    #[test]
    fn talks_that_are_longer_in_the_afternoon_are_seen_and_chance_is_not() {
        let law = Distribution::lognormal(Span::seconds(240), 1.0);
        let differ = |seed: u64, afternoon: f64| {
            let mut stream = Streams::new(seed, 0).stream(Purpose::Talk, 0);
            let mut talks = TalksByTime::default();
            for place in 0..2000_usize {
                let slot = place % 20;
                let times = if slot < 10 { 1.0 } else { afternoon };
                let ms = law.sample(stream.unit()).0 as f64 * times;
                talks.note(slot, ms.max(1.0) as i64);
            }
            !talks.found().means_s.is_empty()
        };
        let seen = (0..100).filter(|seed| differ(*seed, 1.5)).count();
        let chance = (0..1000).filter(|seed| differ(*seed, 1.0)).count();
        assert!(seen > 95 && chance < 8, "{seen} {chance}");
    }
}
