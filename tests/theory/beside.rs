//! Callers beside a list without end: M/M/n+M that never has fewer than so many busy agents.

/// States beyond so many are as good as never met.
const LONGEST: u32 = 400;

/// Agents who call somebody as soon as more of them are free than are to be spared.
pub(crate) struct Beside {
    /// Probability that all agents are busy at an arrival.
    pub(crate) waits: f64,
    /// Probability of abandoning.
    pub(crate) abandons: f64,
    /// Mean wait of all callers, those who abandon included.
    pub(crate) wait_s: f64,
    /// Mean number of waiting callers.
    pub(crate) waiting: f64,
    /// Share of the agents' time spent on calls, out and in.
    pub(crate) occupancy: f64,
    /// Calls out in a second.
    pub(crate) calls_out: f64,
}

/// The states are the busy agents and those who wait. From the least one a talk that ends leads nowhere: a call
/// out takes its place. Above it this is the chain of Erlang A (Palm 1957), cut off below.
pub(crate) fn beside_a_list(
    load: f64,
    (agents, spare): (u32, u32),
    aht_s: f64,
    patience_s: f64,
) -> Beside {
    let least = agents - spare;
    let busy = |state: u32| f64::from(state.min(agents));
    let in_line = |state: u32| f64::from(state.saturating_sub(agents));
    let ends = |state: u32| busy(state) / aht_s + in_line(state) / patience_s;
    let comes = load / aht_s;
    let mut weights = vec![1.0];
    for state in least + 1..=LONGEST {
        weights.push(weights[weights.len() - 1] * comes / ends(state));
    }
    let whole: f64 = weights.iter().sum();
    let mean = |of: &dyn Fn(u32) -> f64| {
        let states = (least..).zip(&weights);
        let sum: f64 = states.map(|(state, weight)| of(state) * weight).sum();
        sum / whole
    };
    let waiting = mean(&in_line);
    Beside {
        waits: mean(&|state| f64::from(u8::from(state >= agents))),
        abandons: waiting / patience_s / comes,
        wait_s: waiting / comes,
        waiting,
        occupancy: mean(&busy) / f64::from(agents),
        calls_out: f64::from(least) / aht_s / whole,
    }
}
