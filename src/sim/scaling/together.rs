//! One factor with which all lines together make the attempts of the forecast: steps go along the line
//! through the last two points, and are halved between the factors known to be too small and too great
//! wherever that leads nowhere.

use super::pilot::Made;
use super::pilot::Pilot;
use super::pilot::Point;
use super::pilot::ROUNDS_MAX;
use super::pilot::RUNS_MIN;

/// The logarithms of two factors that are as good as one.
const APART_MIN: f64 = 1e-5;
/// Attempts cannot grow more slowly than callers, but for chance.
const SLOPE_MIN: f64 = 0.5;

/// Where to look first.
#[derive(Clone, Copy)]
struct Guess {
    /// The factor's logarithm.
    at: f64,
    /// How fast the logarithm of the attempts grows with it.
    slope: f64,
}

impl Guess {
    const FIRST: Self = Self {
        at: 0.0,
        slope: 1.0,
    };
}

/// What was found with some number of runs.
struct Root {
    point: Point,
    made: Made,
    slope: f64,
}

/// The factor, as sure as it can be. None when nobody calls.
pub(super) fn find(pilot: &mut Pilot) -> Option<Point> {
    let (mut near, mut runs) = (Guess::FIRST, RUNS_MIN);
    loop {
        let Root { point, made, slope } = root(pilot, near, runs)?;
        let more = pilot.runs_needed(&[point], &made);
        let found = match point.is_near() {
            true => point.corrected(-(point.off / slope)),
            false => point,
        };
        // A few more would not change much.
        if more < runs + runs / 4 {
            return Some(found);
        }
        near = Guess {
            at: found.at,
            slope,
        };
        runs = more;
    }
}

/// About where the factor's logarithm is. None when nobody calls.
pub(super) fn about(pilot: &mut Pilot) -> Option<f64> {
    Some(root(pilot, Guess::FIRST, RUNS_MIN)?.point.at)
}

/// The factor that so many runs ask for, or the nearest to it, and the slope there.
fn root(pilot: &mut Pilot, near: Guess, runs: u32) -> Option<Root> {
    let (mut low, mut high) = (pilot.least(), 0.0);
    let mut try_at = |at: f64| {
        let made = pilot.run(|_| at, runs);
        Some((made.all(at)?, made))
    };
    let Guess { mut at, mut slope } = near;
    let mut best = try_at(at)?;
    let (mut point, mut before) = (best.0, None::<Point>);
    for _ in 1..ROUNDS_MAX {
        match point.off > 0.0 {
            true => high = point.at,
            false => low = point.at,
        }
        if point.is_near() || high - low < APART_MIN {
            break;
        }
        if let Some(before) = before {
            let steep = (point.off - before.off) / (point.at - before.at);
            slope = steep.max(SLOPE_MIN);
        }
        let is_slow = before.is_some_and(|before| point.off.abs() > before.off.abs() / 2.0);
        at = point.at - point.off / slope;
        if is_slow || !(low < at && at < high) {
            at = f64::midpoint(low, high);
        }
        before = Some(point);
        let tried = try_at(at)?;
        point = tried.0;
        if point.off.abs() < best.0.off.abs() {
            best = tried;
        }
    }
    let (point, made) = best;
    Some(Root { point, made, slope })
}
