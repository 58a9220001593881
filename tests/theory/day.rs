//! A day whose rates and staff change: Kolmogorov's equations, by Runge and Kutta's method.

/// Calls in progress at the same time at most; more would come once in ages.
const CALLS_MAX: usize = 70;

/// M(t)/M/n(t)+M with balking, from an empty system.
///
/// Forward equations give how many calls are there at each moment; backward equations what becomes of
/// a caller who comes then, so that figures are of those who came in a piece, whenever it shows.
pub(crate) struct Day {
    pub(crate) aht_s: f64,
    /// Infinite when nobody leaves.
    pub(crate) patience_s: f64,
    /// Share of callers who do not wait at all.
    pub(crate) balks: f64,
    /// Agents may become fewer before they become more, not after: those who go have to be as likely as
    /// the others to be busy then.
    pub(crate) pieces: Vec<Piece>,
    pub(crate) step_s: f64,
}

/// A part of the day.
#[derive(Clone, Copy)]
pub(crate) struct Piece {
    pub(crate) length_s: f64,
    /// Calls per second.
    pub(crate) rate: f64,
    pub(crate) agents: usize,
}

/// Means of one piece.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    /// Callers who came.
    pub(crate) came: f64,
    /// Of these, those who left without an answer, balking included.
    pub(crate) abandoned: f64,
    /// Sum of the waits of those who came.
    pub(crate) waits_s: f64,
    /// Mean number waiting meanwhile.
    pub(crate) waiting: f64,
    pub(crate) occupancy: f64,
}

/// Shares of the time, or prospects, by calls in progress.
type Vector = Vec<f64>;

impl Day {
    pub(crate) fn solve(&self) -> Vec<Found> {
        let agents: Vec<usize> = self.pieces.iter().map(|piece| piece.agents).collect();
        let first_more = agents.windows(2).position(|pair| pair[0] < pair[1]);
        let later = &agents[first_more.unwrap_or(0)..];
        assert!(
            first_more.is_none() || later.is_sorted(),
            "who goes is not known"
        );
        let states = self.forward();
        let prospects = self.backward();
        let pieces = self.pieces.iter().zip(states.iter().zip(&prospects));
        pieces
            .map(|(piece, (states, prospects))| self.sum_up(piece, states, prospects))
            .collect()
    }

    /// Simpson's rule over one piece.
    fn sum_up(
        &self,
        piece: &Piece,
        (states, going): &(Vec<Vector>, f64),
        prospects: &[(Vector, Vector)],
    ) -> Found {
        let n = piece.agents;
        let last = states.len() - 1;
        let mut found = Found {
            came: piece.rate * piece.length_s,
            ..Found::default()
        };
        for (step, (state, (leaves, waits))) in states.iter().zip(prospects).enumerate() {
            let simpson = match step {
                step if step == 0 || step == last => 1.0,
                step if step % 2 == 1 => 4.0,
                _ => 2.0,
            };
            let share = simpson / 3.0 / last as f64;
            for (calls, probability) in state.iter().enumerate().take(CALLS_MAX) {
                let weight = share * probability;
                found.occupancy += weight * calls.min(n) as f64;
                found.waiting += weight * calls.saturating_sub(n) as f64;
                if calls >= n {
                    let stays = 1.0 - self.balks;
                    let came = weight * found.came;
                    found.abandoned += came * (self.balks + stays * leaves[calls + 1]);
                    found.waits_s += came * stays * waits[calls + 1];
                }
            }
        }
        found.occupancy = (found.occupancy + going) / (n as f64 + going);
        found
    }

    /// How likely each number of calls is, at every step of every piece, without the calls of those who
    /// go; and how many of these are still there on average.
    fn forward(&self) -> Vec<(Vec<Vector>, f64)> {
        let mut state = vec![0.0; CALLS_MAX + 1];
        state[0] = 1.0;
        let mut pieces = Vec::new();
        let (mut agents, mut going) = (self.pieces[0].agents, 0.0);
        for piece in &self.pieces {
            if piece.agents < agents {
                let more_going;
                (state, more_going) = some_go(&state, agents, agents - piece.agents);
                going += more_going;
            }
            agents = piece.agents;
            let stays = (-piece.length_s / self.aht_s).exp();
            let going_meanwhile = going * self.aht_s * (1.0 - stays) / piece.length_s;
            going *= stays;
            let (steps, step_s) = self.steps(piece);
            let mut grid = vec![state.clone()];
            for _ in 0..steps {
                state = runge_kutta(&state, step_s, |state| self.flow(piece, state));
                grid.push(state.clone());
            }
            let cut = state[CALLS_MAX];
            assert!(cut < 1e-9, "calls are cut off: {cut}");
            pieces.push((grid, going_meanwhile));
        }
        pieces
    }

    fn flow(&self, piece: &Piece, state: &Vector) -> Vector {
        let mut change = vec![0.0; state.len()];
        for calls in 0..CALLS_MAX {
            let joins = if calls < piece.agents {
                1.0
            } else {
                1.0 - self.balks
            };
            let net = piece.rate * joins * state[calls]
                - self.leaving(piece, calls + 1) * state[calls + 1];
            change[calls] -= net;
            change[calls + 1] += net;
        }
        change
    }

    /// The rate at which calls end when there are so many.
    fn leaving(&self, piece: &Piece, calls: usize) -> f64 {
        calls.min(piece.agents) as f64 / self.aht_s
            + calls.saturating_sub(piece.agents) as f64 / self.patience_s
    }

    /// The probability of leaving unanswered, and the mean wait still to come, of a caller before whom
    /// there are so many calls, the caller included; at every step of every piece.
    fn backward(&self) -> Vec<Vec<(Vector, Vector)>> {
        let mut leaves = vec![0.0; CALLS_MAX + 1];
        let mut waits = vec![0.0; CALLS_MAX + 1];
        let mut pieces = Vec::new();
        let mut agents_after = 0;
        for piece in self.pieces.iter().rev() {
            // More agents will take those at the head of the line at once; those who will go take
            // nobody any more, and the calls they have are not before anybody.
            let go = piece.agents.saturating_sub(agents_after);
            let earlier = |later: &Vector| -> Vector {
                let at = |place| match place > piece.agents {
                    true => later[place - go],
                    false => 0.0,
                };
                (0..later.len()).map(at).collect()
            };
            (leaves, waits) = (earlier(&leaves), earlier(&waits));
            agents_after = piece.agents;
            let (steps, step_s) = self.steps(piece);
            let mut grid = vec![(leaves.clone(), waits.clone())];
            for _ in 0..steps {
                let impatience = 1.0 / self.patience_s;
                let ahead = |x: &Vector, earned: f64| self.ahead(piece, x, earned);
                leaves = runge_kutta(&leaves, step_s, |x| ahead(x, impatience));
                waits = runge_kutta(&waits, step_s, |x| ahead(x, 1.0));
                grid.push((leaves.clone(), waits.clone()));
            }
            grid.reverse();
            pieces.push(grid);
        }
        pieces.reverse();
        pieces
    }

    /// Time running backward: something is earned while waiting, those ahead go, the caller gives up.
    fn ahead(&self, piece: &Piece, prospect: &Vector, earned: f64) -> Vector {
        let mut change = vec![0.0; prospect.len()];
        for place in piece.agents + 1..prospect.len() {
            let moves_up = self.leaving(piece, place - 1);
            change[place] = earned + moves_up * (prospect[place - 1] - prospect[place])
                - prospect[place] / self.patience_s;
        }
        change
    }

    /// An even number of steps.
    fn steps(&self, piece: &Piece) -> (usize, f64) {
        let steps = 2 * (piece.length_s / self.step_s / 2.0).ceil() as usize;
        (steps, piece.length_s / steps as f64)
    }
}

/// Some of the agents take no more calls and go when the one they have is over: the calls that stay, and
/// how many have to finish one. Any of the agents may be any of those who go.
fn some_go(state: &Vector, agents: usize, go: usize) -> (Vector, f64) {
    let mut after = vec![0.0; state.len()];
    let mut finish = 0.0;
    for (calls, probability) in state.iter().enumerate() {
        let busy = calls.min(agents);
        let all = choose(agents, go);
        for of_them in 0..=go.min(busy) {
            // The hypergeometric law.
            let chance = choose(busy, of_them) * choose(agents - busy, go - of_them) / all;
            after[calls - of_them] += probability * chance;
            finish += probability * chance * of_them as f64;
        }
    }
    (after, finish)
}

fn choose(n: usize, k: usize) -> f64 {
    if k > n {
        return 0.0;
    }
    let ratio = |i: usize| (n - i) as f64 / (k - i) as f64;
    (0..k).map(ratio).product()
}

/// One step of the classical method of fourth order.
fn runge_kutta(at: &Vector, step: f64, slope: impl Fn(&Vector) -> Vector) -> Vector {
    let along = |slope: &Vector, by: f64| -> Vector {
        at.iter()
            .zip(slope)
            .map(|(at, slope)| at + by * slope)
            .collect()
    };
    let one = slope(at);
    let two = slope(&along(&one, step / 2.0));
    let three = slope(&along(&two, step / 2.0));
    let four = slope(&along(&three, step));
    let sixth = |place: usize| one[place] + 2.0 * two[place] + 2.0 * three[place] + four[place];
    (0..at.len())
        .map(|place| at[place] + step / 6.0 * sixth(place))
        .collect()
}
