//! Exact results of queueing theory, from closed forms and integrals, independent of the simulator.
//!
//! Times are in seconds, loads in Erlangs (arrivals per mean handling time).

/// Probability that a call is lost: `load` Erlangs on `lines` lines (Erlang 1917), by the recursion
/// B(0) = 1, B(n) = a·B(n-1) / (n + a·B(n-1)).
pub(crate) fn erlang_b(load: f64, lines: u32) -> f64 {
    (1..=lines).fold(1.0, |lost, n| load * lost / (f64::from(n) + load * lost))
}

/// M/M/n without abandonment.
pub(crate) struct ErlangC {
    /// Probability of waiting at all.
    pub(crate) waits: f64,
    /// Mean wait of all calls.
    pub(crate) asa_s: f64,
    /// Share answered within T.
    pub(crate) service_level: f64,
    /// Share of the agents' time spent on calls.
    pub(crate) occupancy: f64,
}

/// M/M/n: C = n·B / (n - a·(1 - B)); an exponential wait of mean AHT / (n - a) for those who wait.
/// None when the load is not below the number of agents.
pub(crate) fn erlang_c(load: f64, agents: u32, aht_s: f64, within_s: f64) -> Option<ErlangC> {
    let n = f64::from(agents);
    if load >= n {
        return None;
    }
    let lost = erlang_b(load, agents);
    let waits = n * lost / (n - load * (1.0 - lost));
    Some(ErlangC {
        waits,
        asa_s: waits * aht_s / (n - load),
        service_level: 1.0 - waits * (-(n - load) * within_s / aht_s).exp(),
        occupancy: load / n,
    })
}

/// M/M/n+G: callers with a patience.
#[derive(Debug)]
pub(crate) struct ErlangA {
    /// Probability that all agents are busy at an arrival.
    pub(crate) waits: f64,
    /// Probability of abandoning.
    pub(crate) abandons: f64,
    /// Mean wait of all calls, abandoned ones included.
    pub(crate) wait_s: f64,
    /// Mean wait that somebody of endless patience would have.
    pub(crate) offered_wait_s: f64,
    /// Probability of being answered within T, of all calls.
    pub(crate) answered_within: f64,
    /// Probability of abandoning within T, of all calls.
    pub(crate) abandoned_within: f64,
    /// Mean number of waiting callers.
    pub(crate) waiting: f64,
    /// Share of the agents' time spent on calls.
    pub(crate) occupancy: f64,
}

/// M/M/n+G by the integrals of Zeltyn and Mandelbaum (Queueing Systems 51, 2005, §4):
/// with H(x) the integral of the patience's survival function from 0 to x, the offered wait has the
/// density λ·exp(λH(x) - nμx) / (ε + λJ) on x > 0, J the integral of that exponential and
/// ε = 1 / B(n-1).
///
/// `patience_left(x)` is the probability that a caller's patience is longer than x. Its kinks have
/// to lie at multiples of `within_s`, which is the grid of the integration. `patience_s` is its
/// mean.
pub(crate) fn erlang_a(
    load: f64,
    agents: u32,
    aht_s: f64,
    within_s: f64,
    patience_s: f64,
    patience_left: impl Fn(f64) -> f64,
) -> ErlangA {
    const STEPS: usize = 4000;
    const NEGLIGIBLE: f64 = 60.0;
    let rate = load / aht_s;
    let service = f64::from(agents) / aht_s;
    let end_s = (rate * patience_s + NEGLIGIBLE) / service;
    let grains = (end_s / within_s).ceil() as usize;
    let h = within_s / STEPS as f64;

    let (mut j, mut j_wait, mut j_offered) = (0.0, 0.0, 0.0);
    let (mut j_answered, mut j_abandoned, mut j_within) = (0.0, 0.0, 0.0);
    let mut patience_so_far = 0.0;
    let mut left = patience_left(0.0);
    for step in 0..=grains * STEPS {
        let x = step as f64 * h;
        if step > 0 {
            let middle = patience_left(x - h / 2.0);
            let here = patience_left(x);
            patience_so_far += h / 6.0 * (left + 4.0 * middle + here);
            left = here;
        }
        let density = (rate * patience_so_far - service * x).exp();
        // Simpson's rule; its panels are two steps wide, so the interval [0, T] has whole panels.
        let ends = |last: usize| match step {
            0 => 1.0,
            step if step == last => 1.0,
            step if step % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let weight = h / 3.0 * ends(grains * STEPS) * density;
        j += weight;
        j_wait += weight * patience_so_far;
        j_offered += weight * x;
        if step <= STEPS {
            let weight = h / 3.0 * ends(STEPS) * density;
            j_within += weight;
            j_answered += weight * left;
            j_abandoned += weight * (1.0 - left);
        }
    }
    let empty = 1.0 / erlang_b(load, agents - 1);
    let whole = empty + rate * j;
    let waits = rate * j / whole;
    let abandons = (1.0 + (rate - service) * j) / whole;
    let longer = rate * (j - j_within) / whole;
    let wait_s = rate * j_wait / whole;
    ErlangA {
        waits,
        abandons,
        wait_s,
        offered_wait_s: rate * j_offered / whole,
        answered_within: 1.0 - waits + rate * j_answered / whole,
        abandoned_within: rate * j_abandoned / whole + longer * (1.0 - patience_left(within_s)),
        waiting: rate * wait_s,
        occupancy: load * (1.0 - abandons) / f64::from(agents),
    }
}

/// M/M/n/K+M: at most `lines` calls at a time, exponential patience.
pub(crate) struct ErlangALines {
    /// Probability of finding all lines busy.
    pub(crate) blocked: f64,
    /// Probability of having to wait, of all offered calls.
    pub(crate) waits: f64,
    /// Probability of abandoning, of all offered calls.
    pub(crate) abandons: f64,
    /// Mean wait of the calls that got a line.
    pub(crate) wait_s: f64,
    /// Share of the agents' time spent on calls.
    pub(crate) occupancy: f64,
}

/// M/M/n/K+M from the balance equations of its birth-and-death chain.
pub(crate) fn erlang_a_with_lines(
    load: f64,
    agents: u32,
    aht_s: f64,
    patience_s: f64,
    lines: u32,
) -> ErlangALines {
    let rate = load / aht_s;
    let busy = |calls: u32| f64::from(calls.min(agents));
    let queue = |calls: u32| f64::from(calls.saturating_sub(agents));
    let mut weight = vec![1.0];
    for calls in 1..=lines {
        let down = busy(calls) / aht_s + queue(calls) / patience_s;
        // The largest weights are near the load; scaling keeps them within f64.
        let next = weight[calls as usize - 1] * rate / down;
        weight.push(next);
        if next > 1e200 {
            weight.iter_mut().for_each(|weight| *weight *= 1e-200);
        }
    }
    let sum: f64 = weight.iter().sum();
    let mean = |value: &dyn Fn(u32) -> f64| {
        let all = weight.iter().zip(0..);
        all.map(|(weight, calls)| weight / sum * value(calls))
            .sum::<f64>()
    };
    let blocked = weight[lines as usize] / sum;
    let waiting = mean(&queue);
    let waits = mean(&|calls| f64::from(u8::from(calls >= agents && calls < lines)));
    ErlangALines {
        blocked,
        waits,
        abandons: waiting / patience_s / rate,
        wait_s: waiting / (rate * (1.0 - blocked)),
        occupancy: mean(&busy) / f64::from(agents),
    }
}
