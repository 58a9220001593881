//! Two things timed side by side: run in turns, so that a noisy machine hurts both alike.

#[path = "smoke.rs"]
mod smoke;

pub(crate) use smoke::size;

use smoke::smoke;
use std::time::Instant;

/// How often both run: an odd number, so that the median is one of the runs.
pub(crate) fn rounds() -> usize {
    if smoke() { 1 } else { 15 }
}

/// What was measured of two things.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    /// Seconds that the first took for an item, the median run.
    pub(crate) first: f64,
    /// The same of the second.
    pub(crate) second: f64,
    /// How many times as long as the first the second took for an item: the median of the ratios of
    /// neighbouring runs.
    pub(crate) ratio: f64,
}

/// Runs both in turns. Each returns how many items it has done.
pub(crate) fn measure(mut first: impl FnMut() -> u64, mut second: impl FnMut() -> u64) -> Pair {
    let (mut times_first, mut times_second, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds() {
        let (time_first, time_second) = (seconds_each(&mut first), seconds_each(&mut second));
        times_first.push(time_first);
        times_second.push(time_second);
        ratios.push(time_second / time_first);
    }
    Pair {
        first: median(times_first),
        second: median(times_second),
        ratio: median(ratios),
    }
}

/// Prints how long an item takes and how many there are in a second.
pub(crate) fn print(name: &str, seconds: f64) {
    println!(
        "{name:<52} {:>9.1} ns {:>12.0}/s",
        seconds * 1e9,
        1.0 / seconds
    );
}

fn seconds_each(run: &mut impl FnMut() -> u64) -> f64 {
    let start = Instant::now();
    let items = run();
    start.elapsed().as_secs_f64().max(1e-9) / items as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
