//! A factor for each of several lines, with which the attempts to each are those of its forecast.
//!
//! Callers of all lines may wait for the same people, so that more callers of one bring more attempts to
//! the others. How much, the steps that are made tell by and by (Broyden, *Mathematics of Computation* 19,
//! 1965, the first method): in one dimension that is the secant. A step that leads further away is not made,
//! and the next one is shorter.

use super::pilot::Made;
use super::pilot::Pilot;
use super::pilot::Point;
use super::pilot::ROUNDS_MAX;
use super::pilot::RUNS_MIN;
use super::together;

/// How far the logarithm of a factor goes in one of the first steps, at most.
const REACH: f64 = 0.5;
/// Steps that are shorter lead nowhere.
const STEP_MIN: f64 = 1e-5;

/// The factors of all lines that are called, as sure as they can be. None when nobody calls.
pub(super) fn find(pilot: &mut Pilot) -> Option<Vec<Point>> {
    let near = together::about(pilot)?;
    let lines = pilot.lines().len();
    let (mut at, mut ways, mut runs) = (vec![near; lines], Ways::straight(lines), RUNS_MIN);
    loop {
        let (points, made) = meet(pilot, at, &mut ways, runs);
        let more = pilot.runs_needed(&points, &made);
        let found = corrected(&points, &ways);
        // A few more would not change much.
        if more < runs + runs / 4 {
            return Some(found);
        }
        at = found.iter().map(|point| point.at).collect();
        runs = more;
    }
}

/// The factors that so many runs ask for, or the nearest to them.
fn meet(pilot: &mut Pilot, at: Vec<f64>, ways: &mut Ways, runs: u32) -> (Vec<Point>, Made) {
    let least = pilot.least();
    let mut try_at = |at: &[f64]| {
        let made = pilot.run(|place| at[place], runs);
        let points = at.iter().enumerate();
        let points: Vec<Point> = points.map(|(place, at)| made.of_line(place, *at)).collect();
        (points, made)
    };
    let mut best = try_at(&at);
    let mut reach = REACH;
    for _ in 1..ROUNDS_MAX {
        if best.0.iter().all(Point::is_near) {
            break;
        }
        let wanted = ways.steps(&best.0);
        let shorter = (reach / longest(&wanted)).min(1.0);
        let from = best.0.iter().map(|point| point.at);
        let to = from.zip(&wanted);
        let to: Vec<f64> = to
            .map(|(at, step)| (at + step * shorter).clamp(least, 0.0))
            .collect();
        let steps: Vec<f64> = best
            .0
            .iter()
            .zip(&to)
            .map(|(one, to)| to - one.at)
            .collect();
        if longest(&steps) < STEP_MIN {
            break;
        }
        let tried = try_at(&to);
        let change = tried.0.iter().zip(&best.0);
        let change: Vec<f64> = change.map(|(now, before)| now.off - before.off).collect();
        ways.learn(&steps, &change);
        if distance(&tried.0) < distance(&best.0) {
            best = tried;
            reach *= 2.0;
        } else {
            reach = longest(&steps) / 2.0;
        }
    }
    best
}

/// With the attempts of the forecast, where that is near for all.
fn corrected(points: &[Point], ways: &Ways) -> Vec<Point> {
    if !points.iter().all(Point::is_near) {
        return points.to_vec();
    }
    let steps = ways.steps(points);
    let points = points.iter().zip(steps);
    points.map(|(point, step)| point.corrected(step)).collect()
}

/// How far from the forecast all lines together are, each as a part of what it may be off.
fn distance(points: &[Point]) -> f64 {
    let off = points.iter().map(|point| point.off / point.allowance());
    off.map(|off| off * off).sum()
}

fn longest(steps: &[f64]) -> f64 {
    steps.iter().map(|step| step.abs()).fold(0.0, f64::max)
}

/// Which steps of the factors lead to which changes of the attempts: the inverse of the matrix of slopes,
/// as far as it is known.
struct Ways(Vec<Vec<f64>>);

impl Ways {
    /// As if nobody called again.
    fn straight(lines: usize) -> Self {
        let row = |line: usize| {
            let mut row = vec![0.0; lines];
            row[line] = 1.0;
            row
        };
        Self((0..lines).map(row).collect())
    }

    /// The steps to where the attempts are those of the forecast.
    fn steps(&self, points: &[Point]) -> Vec<f64> {
        let off: Vec<f64> = points.iter().map(|point| -point.off).collect();
        self.times(&off)
    }

    /// These steps have led to this change: the least change of the slopes that agrees with it.
    fn learn(&mut self, steps: &[f64], change: &[f64]) {
        let thought = self.times(change);
        let lines = 0..steps.len();
        let mut along = vec![0.0; steps.len()];
        for (row, step) in self.0.iter().zip(steps) {
            for (sum, cell) in along.iter_mut().zip(row) {
                *sum += step * cell;
            }
        }
        let under: f64 = along
            .iter()
            .zip(change)
            .map(|(one, other)| one * other)
            .sum();
        if under == 0.0 {
            return;
        }
        for line in lines {
            let missed = (steps[line] - thought[line]) / under;
            for (cell, along) in self.0[line].iter_mut().zip(&along) {
                *cell += missed * along;
            }
        }
    }

    fn times(&self, vector: &[f64]) -> Vec<f64> {
        let dot = |row: &Vec<f64>| row.iter().zip(vector).map(|(a, b)| a * b).sum();
        self.0.iter().map(dot).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_learned_from_steps() {
        // Attempts to both grow with callers of both.
        let slopes = [[2.0, 0.5], [1.5, 3.0]];
        let change = |steps: [f64; 2]| slopes.map(|row| row[0] * steps[0] + row[1] * steps[1]);
        let mut ways = Ways::straight(2);
        for steps in [[1.0, 0.0], [0.0, 1.0], [1.0, -1.0], [0.3, 0.7]] {
            ways.learn(&steps, &change(steps));
        }
        for steps in [[0.2, 0.1], [-0.4, 0.9]] {
            let found = ways.times(&change(steps));
            for (found, step) in found.iter().zip(steps) {
                assert!((found - step).abs() < 1e-9, "{found} {step}");
            }
        }
    }
}
