//! Two kinds of calls, and agents of three kinds: a Markov chain.

use super::chain::Chain;

/// Callers of one kind waiting at the same time at most; more would come once in ages.
const WAITING_MAX: u8 = 30;

/// One kind of calls.
pub(crate) struct Kind {
    /// Calls per second.
    pub(crate) rate: f64,
    pub(crate) aht_s: f64,
    pub(crate) patience_s: f64,
    /// Agents who take no other calls.
    pub(crate) agents: u8,
}

/// Specialists come first, then those who take both kinds. Whoever takes both and becomes free takes
/// an urgent call if one waits. In each kind of calls the first to come is the first to be served;
/// how long which call lasts depends on its kind alone.
pub(crate) struct Skills {
    pub(crate) usual: Kind,
    pub(crate) urgent: Kind,
    /// Agents who take both.
    pub(crate) both: u8,
}

/// Usual and urgent calls with specialists, the same with those who take both, callers waiting.
type State = [u8; 6];
const ALONE: [usize; 2] = [0, 1];
const SHARED: [usize; 2] = [2, 3];
const QUEUE: [usize; 2] = [4, 5];

/// What comes of it; pairs are of usual and urgent calls.
pub(crate) struct Found {
    /// Share of callers who find nobody free.
    pub(crate) waits: [f64; 2],
    pub(crate) abandons: [f64; 2],
    pub(crate) wait_s: [f64; 2],
    /// Mean number waiting.
    pub(crate) waiting: [f64; 2],
    /// Of those who take one kind.
    pub(crate) occupancy: [f64; 2],
    /// Of those who take both.
    pub(crate) occupancy_both: f64,
}

impl Skills {
    pub(crate) fn solve(&self) -> Found {
        let chain = Chain::of([0; 6], |state| self.moves(state));
        let cut = chain.share(|state| QUEUE.iter().any(|at| state[*at] == WAITING_MAX));
        assert!(cut < 1e-9, "callers who wait are cut off: {cut}");
        let waiting = QUEUE.map(|at| chain.mean(|state| f64::from(state[at])));
        let of = |kind: usize| self.kinds()[kind];
        let each = |value: &dyn Fn(usize) -> f64| [value(0), value(1)];
        Found {
            waits: each(&|kind| chain.share(|state| !self.is_free(state, kind))),
            abandons: each(&|kind| waiting[kind] / of(kind).patience_s / of(kind).rate),
            wait_s: each(&|kind| waiting[kind] / of(kind).rate),
            waiting,
            occupancy: each(&|kind| {
                let busy = chain.mean(|state| f64::from(state[ALONE[kind]]));
                busy / f64::from(of(kind).agents)
            }),
            occupancy_both: chain.mean(|state| f64::from(shared(state))) / f64::from(self.both),
        }
    }

    fn kinds(&self) -> [&Kind; 2] {
        [&self.usual, &self.urgent]
    }

    /// Whether somebody is free for this kind of calls.
    fn is_free(&self, state: State, kind: usize) -> bool {
        state[ALONE[kind]] < self.kinds()[kind].agents || shared(state) < self.both
    }

    fn moves(&self, state: State) -> Vec<(State, f64)> {
        let mut moves = Vec::new();
        let with = |mut state: State, plus: Option<usize>, minus: Option<usize>| {
            plus.into_iter().for_each(|at| state[at] += 1);
            minus.into_iter().for_each(|at| state[at] -= 1);
            state
        };
        for kind in [0, 1] {
            let Kind {
                rate,
                aht_s,
                patience_s,
                agents,
            } = self.kinds()[kind];
            let (alone, both, queue) = (ALONE[kind], SHARED[kind], QUEUE[kind]);
            let count = |at: usize| f64::from(state[at]);
            let comes = match self.is_free(state, kind) {
                true if state[alone] < *agents => Some(alone),
                true => Some(both),
                false => (state[queue] < WAITING_MAX).then_some(queue),
            };
            moves.push((with(state, comes, None), *rate));
            if state[queue] > 0 {
                let gone = with(state, None, Some(queue));
                moves.push((gone, count(queue) / patience_s));
            }
            // A specialist goes on with the next of the kind.
            if state[alone] > 0 {
                let from = if state[queue] > 0 { queue } else { alone };
                moves.push((with(state, None, Some(from)), count(alone) / aht_s));
            }
            // Whoever takes both goes on with an urgent call, then with another.
            if state[both] > 0 {
                let next = [1, 0].into_iter().find(|next| state[QUEUE[*next]] > 0);
                let freed = with(state, None, Some(both));
                let goes_on = next.map_or(freed, |next| {
                    with(freed, Some(SHARED[next]), Some(QUEUE[next]))
                });
                moves.push((goes_on, count(both) / aht_s));
            }
        }
        moves
    }
}

fn shared(state: State) -> u8 {
    state[SHARED[0]] + state[SHARED[1]]
}
