//! Erlang's formulas for a pool of agents, and for lines: what planners compare a simulation with.
//!
//! Poisson calls, exponential talks, first come, first served, no menus, no redials, phones that are answered
//! at once. Without patience it is Erlang C (M/M/n), with exponential patience Erlang A (M/M/n+M; Palm, 1957).
//! Waits are those of Zeltyn and Mandelbaum, *Queueing Systems* 51 (2005), §3: the density of the wait that
//! somebody of endless patience has is proportional to `exp(λH(x) - nμx)`, where `H(x)` is the integral of the
//! share who still wait at `x`.

/// Pieces of an integral: Simpson's rule over so many leaves errors below 1e-9 of it.
const PIECES: usize = 4000;
/// A load is larger than it was by no more than this factor for the rounding of what it is made of.
const ROUNDED: f64 = 1.0 + 1e-9;
/// So many times the mean patience after the most likely wait nobody is left.
const PATIENCES: f64 = 40.0;
/// The integrand is left out from where it is this small beside its largest value.
const NOTHING: f64 = 1e-18;

/// Calls to one pool of agents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pool {
    /// Calls a second.
    pub rate: f64,
    /// Mean of talk and wrap-up, in seconds.
    pub handling_s: f64,
    /// Mean patience in seconds; none where everybody waits.
    pub patience_s: Option<f64>,
}

/// A pool with so many agents, in steady state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    pool: Pool,
    agents: u32,
    /// The weight of the states in which somebody is free, where that of a wait of 0 s is 1.
    free: f64,
    /// The integral of the waits' weights.
    busy: f64,
    /// Where these are as good as over, in seconds.
    end_s: f64,
    /// The logarithm of the largest weight.
    most: f64,
}

/// The share of calls that find all of so many lines busy: Erlang B (M/G/n/n; Erlang, 1917), by its recursion.
pub fn blocked(load: f64, lines: u32) -> f64 {
    (1..=lines).fold(1.0, |share, line| one_line_more(load, share, line))
}

/// The fewest lines of which at most this share of the calls finds none free; it takes a step for each of them.
pub fn fewest_lines(load: f64, at_most: f64) -> u32 {
    let (mut lines, mut share) = (0, 1.0);
    while share > at_most {
        lines += 1;
        share = one_line_more(load, share, lines);
    }
    lines
}

fn one_line_more(load: f64, share: f64, lines: u32) -> f64 {
    load * share / (f64::from(lines) + load * share)
}

impl Pool {
    /// The load in erlangs.
    pub fn load(&self) -> f64 {
        self.rate * self.handling_s
    }

    /// The most agents with whom the line would grow without end if nobody hung up: as many as the load are too few,
    /// however it was rounded.
    pub fn most_unstable(&self) -> u32 {
        (self.load() * ROUNDED).floor() as u32
    }

    /// With so many agents. None where the line would grow without end.
    pub fn with(&self, agents: u32) -> Option<Steady> {
        let is_stable = self.patience_s.is_some() || agents > self.most_unstable();
        if agents == 0 || !is_stable || self.load() <= 0.0 {
            return None;
        }
        let mut steady = Steady {
            pool: *self,
            agents,
            free: 1.0,
            busy: 0.0,
            end_s: 0.0,
            most: 0.0,
        };
        for others in 1..agents {
            steady.free = 1.0 + f64::from(others) / self.load() * steady.free;
        }
        // Past all numbers nobody waits.
        steady.free = steady.free.min(f64::MAX);
        let (peak_s, end_s) = (steady.peak_s(), steady.end_s());
        steady.most = steady.exponent(peak_s);
        steady.end_s = end_s;
        steady.free *= libm::exp(-steady.most);
        steady.busy = steady.integral(end_s, |_| 1.0);
        Some(steady)
    }

    /// The fewest agents of whom this is true, of which more never are worse; none where not even
    /// `most` are enough.
    pub fn fewest(&self, most: u32, is_enough: impl Fn(&Steady) -> bool) -> Option<u32> {
        let enough = |agents: u32| self.with(agents).is_some_and(|steady| is_enough(&steady));
        let (mut too_few, mut some) = (0, 1);
        while !enough(some) {
            if some >= most {
                return None;
            }
            too_few = some;
            some = some.saturating_mul(2).min(most);
        }
        while some - too_few > 1 {
            let middle = too_few + (some - too_few) / 2;
            match enough(middle) {
                true => some = middle,
                false => too_few = middle,
            }
        }
        Some(some)
    }
}

impl Steady {
    /// The share of the calls that have to wait.
    pub fn waits(&self) -> f64 {
        self.pool.rate * self.busy / self.all()
    }

    /// Whether somebody hangs up, however many agents there are.
    pub fn loses_some(&self) -> bool {
        self.pool.patience_s.is_some()
    }

    /// The share who hang up.
    pub fn abandoned(&self) -> f64 {
        let Pool { rate, .. } = self.pool;
        if !self.loses_some() {
            return 0.0;
        }
        let hung_up = rate * self.integral(self.end_s, |at| 1.0 - self.still_there(at));
        hung_up / self.all()
    }

    /// The share that is answered within so many seconds.
    pub fn answered_within(&self, within_s: f64) -> f64 {
        let Pool { rate, .. } = self.pool;
        let until = within_s.min(self.end_s);
        let waited = self.integral(until, |at| self.still_there(at));
        (self.free + rate * waited) / self.all()
    }

    /// The mean wait of the answered, in seconds.
    pub fn asa_s(&self) -> f64 {
        let Pool { rate, .. } = self.pool;
        let waited = self.integral(self.end_s, |at| at * self.still_there(at));
        rate * waited / self.all() / (1.0 - self.abandoned())
    }

    /// The mean wait of all, in seconds, of those who hang up too: the share who hang up is that wait over the
    /// mean patience.
    pub fn mean_wait_s(&self) -> f64 {
        match self.pool.patience_s {
            Some(patience_s) => self.abandoned() * patience_s,
            None => self.asa_s(),
        }
    }

    /// The share of their time that agents work.
    pub fn occupancy(&self) -> f64 {
        self.pool.load() * (1.0 - self.abandoned()) / f64::from(self.agents)
    }

    fn all(&self) -> f64 {
        self.free + self.pool.rate * self.busy
    }

    /// The share who have not hung up after so long.
    fn still_there(&self, at_s: f64) -> f64 {
        match self.pool.patience_s {
            None => 1.0,
            Some(patience_s) if patience_s > 0.0 => libm::exp(-at_s / patience_s),
            Some(_) => 0.0,
        }
    }

    /// The logarithm of the weight of a wait.
    fn exponent(&self, at_s: f64) -> f64 {
        let come = match self.pool.patience_s {
            Some(patience_s) => patience_s * (1.0 - self.still_there(at_s)),
            None => at_s,
        };
        self.pool.rate * come - f64::from(self.agents) / self.pool.handling_s * at_s
    }

    /// The most likely wait of those who have to wait.
    fn peak_s(&self) -> f64 {
        let overload = self.pool.load() / f64::from(self.agents);
        let patience_s = self.pool.patience_s.unwrap_or(0.0);
        patience_s * libm::log(overload).max(0.0)
    }

    /// Beyond this nobody waits, but for so few that they are left out.
    fn end_s(&self) -> f64 {
        let (peak_s, least) = (self.peak_s(), libm::log(NOTHING));
        let most = self.exponent(peak_s);
        let mut beyond_s = self.pool.handling_s / f64::from(self.agents);
        while self.exponent(peak_s + beyond_s) - most > least {
            beyond_s *= 2.0;
        }
        peak_s + beyond_s
    }

    /// The integral of the waits' weights times something, from 0 on: what changes as fast as patience runs out has
    /// pieces of its own.
    fn integral(&self, until_s: f64, times: impl Fn(f64) -> f64) -> f64 {
        let patience_s = self.pool.patience_s.unwrap_or(f64::INFINITY);
        let fast_s = (self.peak_s() + PATIENCES * patience_s).min(until_s);
        let fast = self.between(0.0, fast_s, &times);
        match fast_s < until_s {
            true => fast + self.between(fast_s, until_s, &times),
            false => fast,
        }
    }

    /// A part of it, by Simpson's rule.
    fn between(&self, from_s: f64, until_s: f64, times: &impl Fn(f64) -> f64) -> f64 {
        let piece_s = (until_s - from_s) / PIECES as f64;
        let at = |place: usize| {
            let at_s = from_s + place as f64 * piece_s;
            libm::exp(self.exponent(at_s) - self.most) * times(at_s)
        };
        let inner = (1..PIECES).map(|place| at(place) * if place % 2 == 1 { 4.0 } else { 2.0 });
        (at(0) + at(PIECES) + inner.sum::<f64>()) * piece_s / 3.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(load: f64, handling_s: f64, patience_s: Option<f64>) -> Pool {
        Pool {
            rate: load / handling_s,
            handling_s,
            patience_s,
        }
    }

    #[track_caller]
    fn near(value: f64, exact: f64) {
        assert!(
            (value - exact).abs() < 1e-6 * exact.abs().max(1e-3),
            "{value} is not {exact}"
        );
    }

    /// Load, agents, handling, T; the share who wait, speed of answer, service level, occupancy.
    #[test]
    fn erlang_c_is_that_of_the_tables() {
        let table = [
            (0.8, 1, 180.0, 20.0, [0.8, 720.0, 0.2175817, 0.8]),
            (
                10.0,
                13,
                180.0,
                20.0,
                [0.28527045, 17.116227, 0.79559479, 0.76923077],
            ),
            (
                50.0,
                58,
                240.0,
                30.0,
                [0.19443182, 5.8329547, 0.92847253, 0.86206897],
            ),
            (
                95.0,
                100,
                300.0,
                20.0,
                [0.50645685, 30.387411, 0.63710781, 0.95],
            ),
            (
                440.0,
                450,
                300.0,
                20.0,
                [0.52754244, 15.826273, 0.72915068, 0.97777778],
            ),
        ];
        for (load, agents, handling_s, within_s, exact) in table {
            let steady = pool(load, handling_s, None).with(agents).expect("stable");
            let found = [
                steady.waits(),
                steady.asa_s(),
                steady.answered_within(within_s),
                steady.occupancy(),
            ];
            for (found, exact) in found.into_iter().zip(exact) {
                near(found, exact);
            }
            near(steady.abandoned() + 1.0, 1.0);
        }
        assert!(pool(10.0, 180.0, None).with(10).is_none(), "no end to it");
        let rounded = Pool {
            rate: 520.0 / 900.0,
            ..pool(1.0, 90.0, None)
        };
        assert!(rounded.load() < 52.0 && rounded.with(52).is_none());
    }

    /// By adaptive quadrature: load 2.161, one agent, an hour of talk and a second of patience.
    #[test]
    fn a_patience_much_shorter_than_talks_is_seen() {
        let steady = pool(2.161, 3600.0, Some(1.0)).with(1).expect("stable");
        assert!((steady.abandoned() - 0.6836).abs() < 1e-4, "{steady:?}");
        assert!((steady.asa_s() - 0.00059).abs() < 1e-5, "{steady:?}");
        for agents in [1, 2, 4] {
            let crowd = pool(10_735.0, 3600.0, Some(1.0)).with(agents);
            let busy = crowd.map(|crowd| crowd.occupancy()).expect("stable");
            assert!((0.999..1.001).contains(&busy), "{busy}");
        }
    }

    /// Load, agents, handling, patience, T; who wait, who hang up, who are answered in time, occupancy.
    #[test]
    fn erlang_a_is_that_of_the_tables() {
        let table = [
            (
                95.0,
                100,
                300.0,
                120.0,
                20.0,
                [0.25276683, 0.027053575, 0.92237943, 0.9242991],
            ),
            (
                95.0,
                80,
                300.0,
                120.0,
                20.0,
                [0.82902247, 0.16569918, 0.4548052, 0.99073222],
            ),
            (
                10.0,
                10,
                180.0,
                60.0,
                20.0,
                [0.42341767, 0.15752687, 0.71801019, 0.84247313],
            ),
            (
                102.0,
                100,
                1.0,
                1.0,
                0.1,
                [0.59171863, 0.049917976, 0.7587773, 0.96908366],
            ),
            (
                200.0,
                100,
                300.0,
                120.0,
                20.0,
                [0.99999971, 0.5, 9.432e-5, 0.99999999],
            ),
            (
                1000.0,
                1000,
                300.0,
                120.0,
                20.0,
                [0.39260777, 0.01545401, 0.98414056, 0.98454599],
            ),
        ];
        for (load, agents, handling_s, patience_s, within_s, exact) in table {
            let pool = pool(load, handling_s, Some(patience_s));
            let steady = pool.with(agents).expect("always stable");
            let found = [
                steady.waits(),
                steady.abandoned(),
                steady.answered_within(within_s),
                steady.occupancy(),
            ];
            for (found, exact) in found.into_iter().zip(exact) {
                near(found, exact);
            }
            // Everybody's mean wait is the share who hang up times the mean patience; the answered waited
            // for the rest of it.
            assert!(steady.asa_s() < patience_s * steady.abandoned() / (1.0 - steady.abandoned()));
        }
    }

    /// Erlang B: ten agents for ten erlangs lose 21.458234 %.
    #[test]
    fn without_patience_whoever_finds_nobody_free_is_lost() {
        let steady = pool(10.0, 180.0, Some(0.0)).with(10).expect("stable");
        near(steady.abandoned(), 0.21458234);
        near(steady.answered_within(20.0), 1.0 - 0.21458234);
        near(steady.asa_s() + 1.0, 1.0);
    }

    /// Load, lines; the share that is blocked.
    #[test]
    fn erlang_b_is_that_of_the_tables() {
        let table = [
            (1.0, 1, 0.5),
            (5.0, 10, 0.018_384_57),
            (10.0, 15, 0.036_496_945),
            (25.0, 30, 0.052_603_172),
            (95.0, 100, 0.048_804_206),
        ];
        for (load, lines, exact) in table {
            near(blocked(load, lines), exact);
            assert_eq!(fewest_lines(load, exact + 1e-6), lines);
            assert_eq!(fewest_lines(load, exact - 1e-6), lines + 1);
        }
        assert_eq!(fewest_lines(0.0, 0.01), 1, "a line for whoever comes");
    }

    #[test]
    fn however_many_agents_are_enough_for_many_calls() {
        let eighty_in_twenty = |steady: &Steady| steady.answered_within(20.0) >= 0.8;
        let pool = pool(4530.0, 273.0, None);
        assert_eq!(pool.fewest(100_000, eighty_in_twenty), Some(4548));
        let steady = pool.with(100_000).expect("stable");
        near(steady.answered_within(0.0), 1.0);
        near(steady.asa_s() + 1.0, 1.0);
    }

    #[test]
    fn the_fewest_are_enough_and_one_less_is_not() {
        let eighty_in_twenty = |steady: &Steady| steady.answered_within(20.0) >= 0.8;
        let none = pool(0.0, 180.0, None);
        assert_eq!(none.fewest(1000, eighty_in_twenty), None, "nobody calls");
        for load in [0.1, 1.0, 10.0, 95.0, 900.0] {
            for patience_s in [None, Some(60.0), Some(600.0)] {
                let pool = pool(load, 240.0, patience_s);
                let fewest = pool.fewest(2000, eighty_in_twenty).expect("enough");
                let is_enough = |agents| pool.with(agents).is_some_and(|at| eighty_in_twenty(&at));
                assert!(is_enough(fewest) && !is_enough(fewest - 1), "{pool:?}");
            }
        }
        assert_eq!(pool(95.0, 240.0, None).fewest(95, eighty_in_twenty), None);
    }
}
