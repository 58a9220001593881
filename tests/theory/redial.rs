//! Callers who call again: a Markov chain in two dimensions.

use super::chain::Chain;

/// Callers who call again at the same time at most; more would come once in ages.
const AGAIN_MAX: u16 = 80;

/// M/M/n/K+M whose blocked and abandoned callers call again, with these probabilities, after an
/// exponential time (Falin and Templeton, *Retrial Queues*, 1997, ch. 2 and 5). States are calls in
/// progress and callers who are about to call again.
pub(crate) struct Redial {
    /// First attempts per second.
    pub(crate) rate: f64,
    pub(crate) agents: u16,
    pub(crate) aht_s: f64,
    pub(crate) patience_s: f64,
    pub(crate) trunks: u16,
    pub(crate) after_blocked: f64,
    pub(crate) after_abandoned: f64,
    pub(crate) delay_s: f64,
}

/// What comes of it.
pub(crate) struct Found {
    /// Attempts for each caller.
    pub(crate) attempts: f64,
    /// Share of all attempts.
    pub(crate) blocked: f64,
    /// Share of those who queued.
    pub(crate) abandons: f64,
    /// Share of callers who were answered at last.
    pub(crate) answered: f64,
    /// Mean of those who queued.
    pub(crate) wait_s: f64,
    /// Mean number waiting.
    pub(crate) waiting: f64,
    pub(crate) occupancy: f64,
}

impl Redial {
    pub(crate) fn solve(&self) -> Found {
        let chain = Chain::of((0, 0), |state| self.moves(state));
        let dials = |again: u16| self.rate + f64::from(again) / self.delay_s;
        let attempts = chain.mean(|(_, again)| dials(again));
        let refused = chain.mean(|(calls, again)| match calls == self.trunks {
            true => dials(again),
            false => 0.0,
        });
        let queued = attempts - refused;
        let busy = chain.mean(|(calls, _)| f64::from(calls.min(self.agents)));
        let waiting = chain.mean(|(calls, _)| self.waiting(calls));
        let cut = chain.share(|(_, again)| again == AGAIN_MAX);
        assert!(cut < 1e-12, "callers who call again are cut off: {cut}");
        Found {
            attempts: attempts / self.rate,
            blocked: refused / attempts,
            abandons: waiting / self.patience_s / queued,
            answered: busy / self.aht_s / self.rate,
            wait_s: waiting / queued,
            waiting,
            occupancy: busy / f64::from(self.agents),
        }
    }

    fn waiting(&self, calls: u16) -> f64 {
        f64::from(calls.saturating_sub(self.agents))
    }

    fn moves(&self, (calls, again): (u16, u16)) -> Vec<((u16, u16), f64)> {
        let more = (again + 1).min(AGAIN_MAX);
        let mut moves = Vec::new();
        let redials = f64::from(again) / self.delay_s;
        if calls < self.trunks {
            moves.push(((calls + 1, again), self.rate));
            if again > 0 {
                moves.push(((calls + 1, again - 1), redials));
            }
        } else {
            moves.push(((calls, more), self.rate * self.after_blocked));
            if again > 0 {
                moves.push(((calls, again - 1), redials * (1.0 - self.after_blocked)));
            }
        }
        if calls > 0 {
            let served = f64::from(calls.min(self.agents)) / self.aht_s;
            let gone = self.waiting(calls) / self.patience_s;
            let for_good = served + gone * (1.0 - self.after_abandoned);
            moves.push(((calls - 1, again), for_good));
            moves.push(((calls - 1, more), gone * self.after_abandoned));
        }
        moves
    }
}
