//! Where the likelihood of two numbers is largest, and how sharp it is there.

/// How far apart the points are of which differences are made.
const APART: f64 = 1e-3;
/// The most steps to the top, and the most halves of one.
const STEPS_MAX: u32 = 100;
const HALVES_MAX: u32 = 40;
/// A step as small as this is the last one.
const CLOSE: f64 = 1e-8;
/// The largest step of a number.
const STEP: f64 = 1.0;

/// The top of the logarithm of a likelihood.
#[derive(Clone, Copy, Debug)]
pub(super) struct Top {
    pub(super) at: [f64; 2],
    pub(super) value: f64,
    /// The inverse of what is known of both numbers (Fisher's observed information, 1925).
    pub(super) covariance: [[f64; 2]; 2],
}

impl Top {
    /// Newton's method, by differences; a step that does not lead upwards is halved.
    pub(super) fn of(likelihood: impl Fn([f64; 2]) -> f64, start: [f64; 2]) -> Self {
        let (mut at, mut value) = (start, likelihood(start));
        for _ in 0..STEPS_MAX {
            let slope = slope(&likelihood, at);
            let bend = bend(&likelihood, at, value);
            let mut step = uphill(slope, bend);
            let next = (0..HALVES_MAX).find_map(|_| {
                let next = [at[0] + step[0], at[1] + step[1]];
                let higher = likelihood(next);
                step = step.map(|part| part / 2.0);
                (higher > value).then_some((next, higher))
            });
            let Some((next, higher)) = next else { break };
            let moved = (next[0] - at[0]).abs().max((next[1] - at[1]).abs());
            (at, value) = (next, higher);
            if moved < CLOSE {
                break;
            }
        }
        Self {
            at,
            value,
            covariance: inverse(bend(&likelihood, at, value)).map(|row| row.map(|part| -part)),
        }
    }
}

/// How fast a function of two numbers grows with each of them.
pub(super) fn slope(function: impl Fn([f64; 2]) -> f64, [x, y]: [f64; 2]) -> [f64; 2] {
    let by = |one: f64, other: f64| (one - other) / (2.0 * APART);
    [
        by(function([x + APART, y]), function([x - APART, y])),
        by(function([x, y + APART]), function([x, y - APART])),
    ]
}

/// Its second differences.
fn bend(function: impl Fn([f64; 2]) -> f64, [x, y]: [f64; 2], here: f64) -> [[f64; 2]; 2] {
    let at = |one: f64, other: f64| function([x + one * APART, y + other * APART]);
    let square = APART * APART;
    let own = |one: f64, other: f64| (at(one, other) - 2.0 * here + at(-one, -other)) / square;
    let both = (at(1.0, 1.0) - at(1.0, -1.0) - at(-1.0, 1.0) + at(-1.0, -1.0)) / (4.0 * square);
    [[own(1.0, 0.0), both], [both, own(0.0, 1.0)]]
}

/// Newton's step where the function bends down on all sides; otherwise one along each number by itself.
fn uphill(slope: [f64; 2], bend: [[f64; 2]; 2]) -> [f64; 2] {
    let [[a, b], [_, d]] = bend;
    let step = match a < 0.0 && a * d > b * b {
        true => inverse(bend).map(|[one, other]| -(one * slope[0] + other * slope[1])),
        false => [slope[0] / a.abs().max(1.0), slope[1] / d.abs().max(1.0)],
    };
    step.map(|part| part.clamp(-STEP, STEP))
}

fn inverse([[a, b], [c, d]]: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let whole = a * d - b * c;
    [[d / whole, -b / whole], [-c / whole, a / whole]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_found_from_afar_and_its_bend_told() {
        // Curved, with the top at (1, 2): covariance is the inverse of [[4, 0], [0, 2]].
        let hill =
            |[x, y]: [f64; 2]| -2.0 * (x - 1.0).powi(2) - (y - 2.0).powi(2) - (y - 2.0).powi(4);
        let top = Top::of(hill, [-3.0, 6.0]);
        assert!((top.at[0] - 1.0).abs() < 1e-6 && (top.at[1] - 2.0).abs() < 1e-6);
        assert!((top.covariance[0][0] - 0.25).abs() < 1e-4);
        assert!((top.covariance[1][1] - 0.5).abs() < 1e-4);
    }
}
