//! Stationary distributions of Markov chains in continuous time, by Gauss-Seidel iteration.

use std::collections::BTreeMap;

/// Sweeps at most; the chains looked at here need some hundreds.
const SWEEPS_MAX: usize = 20_000;
/// The iteration ends when a sweep moves less than this share of the whole.
const STILL: f64 = 1e-13;
/// Flow into states less flow out of them, summed up, per unit of flow.
const BALANCED: f64 = 1e-10;

/// A chain in equilibrium.
pub(crate) struct Chain<S> {
    states: Vec<S>,
    shares: Vec<f64>,
}

impl<S: Copy + Ord> Chain<S> {
    /// The chain whose states are those reached from `start` by `moves(state)`: where to, and at
    /// what rate. It has to be possible to come back to `start`.
    pub(crate) fn of(start: S, moves: impl Fn(S) -> Vec<(S, f64)>) -> Self {
        let mut states = vec![start];
        let mut places = BTreeMap::from([(start, 0)]);
        let mut from: Vec<Vec<(usize, f64)>> = vec![Vec::new()];
        let mut leaving = Vec::new();
        let mut place = 0;
        while place < states.len() {
            let state = states[place];
            let away = moves(state);
            let away = away
                .into_iter()
                .filter(|(to, rate)| *to != state && *rate > 0.0);
            let mut out = 0.0;
            for (to, rate) in away {
                let to = *places.entry(to).or_insert_with(|| {
                    states.push(to);
                    from.push(Vec::new());
                    states.len() - 1
                });
                from[to].push((place, rate));
                out += rate;
            }
            leaving.push(out);
            place += 1;
        }
        let shares = balance(&from, &leaving);
        Self { states, shares }
    }

    /// The mean of a value over time.
    pub(crate) fn mean(&self, value: impl Fn(S) -> f64) -> f64 {
        let all = self.states.iter().zip(&self.shares);
        all.map(|(state, share)| share * value(*state)).sum()
    }

    /// The share of the time in which something is so.
    pub(crate) fn share(&self, is_so: impl Fn(S) -> bool) -> f64 {
        self.mean(|state| f64::from(u8::from(is_so(state))))
    }
}

/// Solves share × rate out = sum of share × rate over all ways in, for every state.
fn balance(from: &[Vec<(usize, f64)>], leaving: &[f64]) -> Vec<f64> {
    let mut shares = vec![1.0 / leaving.len() as f64; leaving.len()];
    let flow_in = |shares: &[f64], place: usize| -> f64 {
        from[place]
            .iter()
            .map(|(before, rate)| shares[*before] * rate)
            .sum()
    };
    for _ in 0..SWEEPS_MAX {
        let mut moved = 0.0;
        for place in 0..shares.len() {
            let next = flow_in(&shares, place) / leaving[place];
            moved += (next - shares[place]).abs();
            shares[place] = next;
        }
        let sum: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= sum);
        if moved < STILL {
            break;
        }
    }
    let flows = (0..shares.len()).map(|place| shares[place] * leaving[place]);
    let flow: f64 = flows.clone().sum();
    let gaps = flows
        .enumerate()
        .map(|(place, out)| (out - flow_in(&shares, place)).abs());
    let gap: f64 = gaps.sum();
    assert!(
        gap < BALANCED * flow,
        "the chain is not solved: {gap} of {flow}"
    );
    shares
}
