//! A scenario at one load after another: where it breaks, and what is left of it beyond.

use super::model::Model;
use super::steady;
use super::study::CaseResult;
use super::study::run_case;
use std::str::FromStr;

/// The most loads of one sweep.
pub const LOADS_MAX: usize = 100;
/// The largest load.
pub const LOAD_MAX: f64 = 100.0;
/// Loads from one end to the other, unless they are listed.
const LOADS: usize = 8;
/// The knee is where so much of the largest goodput is reached: beyond, hardly anything is gained.
const NEARLY_ALL: f64 = 0.99;
/// Loads nearer to each other than this are the same.
const SAME: f64 = 1e-9;

/// Factors on all calls, in rising order.
#[derive(Clone, Debug, PartialEq)]
pub struct Loads(Vec<f64>);

/// A load, and what came of it.
#[derive(Clone, Debug)]
pub struct Point {
    /// The factor on all calls.
    pub load: f64,
    /// The figures.
    pub result: CaseResult,
}

/// All loads.
#[derive(Clone, Debug)]
pub struct Swept {
    /// In rising order of load.
    pub points: Vec<Point>,
    /// The place of the knee: the least load with nearly all of the largest goodput. None where the
    /// goodput still grows at the end, so that the knee lies beyond.
    pub knee: Option<usize>,
    /// The place of twice the knee's load.
    pub twice: Option<usize>,
}

impl Loads {
    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl FromStr for Loads {
    type Err = String;

    /// `0.5..4`, eight loads evenly spaced; or `0.5,1,2`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "write a range of factors on all calls or a list: `0.5..4`, `0.5,1,2`; each above 0 \
                 and up to {LOAD_MAX}, {LOADS_MAX} at most"
            )
        };
        let load = |text: &str| {
            let load = text.trim().parse().ok();
            load.filter(|load| *load > 0.0 && *load <= LOAD_MAX)
                .ok_or_else(wrong)
        };
        let mut loads: Vec<f64> = match text.split_once("..") {
            Some((from, to)) => {
                let (from, to) = (load(from)?, load(to)?);
                let step = (to - from) / (LOADS - 1) as f64;
                (0..LOADS).map(|place| from + step * place as f64).collect()
            }
            None => text.split(',').map(load).collect::<Result<_, _>>()?,
        };
        loads.sort_by(f64::total_cmp);
        loads.dedup_by(|one, other| (*one - *other).abs() < SAME);
        match loads.len() {
            1..=LOADS_MAX => Ok(Self(loads)),
            _ => Err(wrong()),
        }
    }
}

/// Runs a case at every load with the same callers, as far as there are more or fewer of them, and at
/// twice the knee. `more` is told how many runs there will be, `done` is called after each.
pub fn sweep(
    base: &Model,
    loads: &Loads,
    (seed, runs): (u64, u32),
    more: impl Fn(u64),
    done: &(impl Fn() + Sync),
) -> Swept {
    let at = |load: f64| {
        let mut model = base.at_load(load);
        model.settle(steady::find(&model, seed));
        let result = run_case(&model, seed, runs, done);
        Point { load, result }
    };
    more(u64::from(runs) * loads.count() as u64);
    let mut points: Vec<Point> = loads.0.iter().map(|load| at(*load)).collect();
    let knee = knee(&points);
    let twice = knee
        .map(|knee| 2.0 * points[knee].load)
        .filter(|load| *load <= LOAD_MAX);
    if let Some(load) = twice
        && place(&points, load).is_none()
    {
        more(u64::from(runs) * (points.len() as u64 + 1));
        points.push(at(load));
        points.sort_by(|one, other| one.load.total_cmp(&other.load));
    }
    Swept {
        twice: twice.and_then(|load| place(&points, load)),
        knee,
        points,
    }
}

fn place(points: &[Point], load: f64) -> Option<usize> {
    points
        .iter()
        .position(|point| (point.load - load).abs() < SAME)
}

fn knee(points: &[Point]) -> Option<usize> {
    let goodput = |point: &Point| {
        let served = point.result.summary.total.mean("callers_served");
        // What was cut off differs from load to load.
        let steady = point.result.summary.steady;
        let counted = steady.map_or(1.0, |steady| steady.counted().as_seconds());
        served.unwrap_or(0.0) / counted
    };
    let most = points.iter().map(goodput).fold(0.0, f64::max);
    let knee = points
        .iter()
        .position(|point| goodput(point) >= NEARLY_ALL * most)?;
    (knee + 1 < points.len() && most > 0.0).then_some(knee)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_are_a_range_or_a_list() {
        let loads = |text: &str| text.parse::<Loads>().map(|loads| loads.0);
        assert_eq!(
            loads("0.5..4"),
            Ok(vec![0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0])
        );
        assert_eq!(loads("2, 0.5,1,1"), Ok(vec![0.5, 1.0, 2.0]));
        assert_eq!(loads("1..1"), Ok(vec![1.0]));
        for wrong in [
            "", "0..4", "1..", "a", "1,,2", "-1", "1..1000", "NaN", "inf",
        ] {
            assert!(loads(wrong).is_err(), "{wrong}");
        }
    }
}
