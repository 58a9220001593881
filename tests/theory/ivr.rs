//! Menus and agents that share trunks: a product form.

/// Callers hear menus, a share of them goes on to the agents, and whoever is there holds a trunk.
///
/// The menus are a station without waiting, in which only the mean time counts; the agents are a
/// station whose rate depends on how many are there. Poisson arrivals that are lost when all trunks
/// are busy cut the product form off and leave it as it is (Baskett, Chandy, Muntz and Palacios 1975;
/// Lam 1977; for call centres Srinivasan, Talim and Wang 2004):
/// share(i, j) ∝ (λ·T)^i / i! · Π (λ·p / leaving(k), k = 1..j), i + j ≤ trunks.
pub(crate) struct Ivr {
    /// Calls per second.
    pub(crate) rate: f64,
    /// Mean time in the menus.
    pub(crate) menus_s: f64,
    /// Share of callers who go on to the agents.
    pub(crate) goes_on: f64,
    pub(crate) agents: u32,
    pub(crate) aht_s: f64,
    pub(crate) patience_s: f64,
    pub(crate) trunks: u32,
}

/// What comes of it.
pub(crate) struct Found {
    /// Share of all attempts.
    pub(crate) blocked: f64,
    /// Share of all attempts.
    pub(crate) left_in_menu: f64,
    /// Share of those who queued.
    pub(crate) waits: f64,
    /// Share of those who queued.
    pub(crate) abandons: f64,
    /// Mean of those who queued.
    pub(crate) wait_s: f64,
    /// Mean number waiting.
    pub(crate) waiting: f64,
    pub(crate) occupancy: f64,
}

impl Ivr {
    pub(crate) fn solve(&self) -> Found {
        let mut states = Vec::new();
        let mut in_menus = 1.0;
        for i in 0..=self.trunks {
            if i > 0 {
                in_menus *= self.rate * self.menus_s / f64::from(i);
            }
            let mut weight = in_menus;
            for j in 0..=self.trunks - i {
                if j > 0 {
                    weight *= self.rate * self.goes_on / self.leaving(j);
                }
                states.push((i, j, weight));
            }
        }
        let sum: f64 = states.iter().map(|(_, _, weight)| weight).sum();
        let mean = |value: &dyn Fn(u32, u32) -> f64| {
            let all = states
                .iter()
                .map(|(i, j, weight)| weight / sum * value(*i, *j));
            all.sum::<f64>()
        };
        let blocked = mean(&|i, j| f64::from(u8::from(i + j == self.trunks)));
        let menus = mean(&|i, _| f64::from(i));
        let waiting = mean(&|_, j| f64::from(self.waiting(j)));
        // Whoever leaves the menus finds the agents as those in the menus see them.
        let found_busy = mean(&|i, j| if j >= self.agents { f64::from(i) } else { 0.0 });
        let queued = self.rate * (1.0 - blocked) * self.goes_on;
        Found {
            blocked,
            left_in_menu: (1.0 - blocked) * (1.0 - self.goes_on),
            waits: found_busy / menus,
            abandons: waiting / self.patience_s / queued,
            wait_s: waiting / queued,
            waiting,
            occupancy: mean(&|_, j| f64::from(j.min(self.agents))) / f64::from(self.agents),
        }
    }

    /// The rate at which so many leave the agents' station, served or out of patience.
    pub(crate) fn leaving(&self, there: u32) -> f64 {
        f64::from(there.min(self.agents)) / self.aht_s
            + f64::from(self.waiting(there)) / self.patience_s
    }

    fn waiting(&self, there: u32) -> u32 {
        there.saturating_sub(self.agents)
    }
}
