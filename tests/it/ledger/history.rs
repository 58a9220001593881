//! F3, the pairwise bound, against what actually happened.
//!
//! Let `i` and `j` be of the same kind, both present from `t0` to `t`. `n` counts the calls charged
//! in between that were not taken back, `c` is the cost of one (1 over the weight), `s` the tag, and
//! `a` is all else that moves a tag: what is forgiven, what is corrected where work is shared, and
//! refunds of calls from before `t0`. `b` is the width of a band of equal tags, one millionth if
//! there is none. Let `u` be the last moment at which `j` was chosen while `i` was free and could
//! have been, and `B` the calls that `j` was charged with after it, in all other ways. Then
//!
//! ```text
//! c_j n_j - c_i n_i  <=  c_j B + c_j + b - 1 + (s_i - s_j)(t0) + (a_i - a_j)(t0..u)
//! ```
//!
//! and `<= c_j B` if there is no such moment. Proof. At `u` both are free, so that every call of
//! theirs has either counted or been taken back: `s = s(t0) + c n + a` for both. The least band was
//! chosen, so `s_j <= s_i + b - 1`, which is the bound without `c_j B + c_j`. After `u`, `n_i` does
//! not fall, for what is taken back after `u` was charged after `u`, and `n_j` grows by `1 + B` at
//! most. For weights of 1 and no bands this is the bound of the policy: `n_j - n_i <= 1 + |s_j - s_i|(t0)
//! + B + forgiven`.

use super::Checked;
use super::people::Agent;
use strowger::exchange::id::AgentId;
use strowger::exchange::time::Tick;

/// Windows of every pair: one since the later of the two came, and two from other moments.
const WINDOWS: u64 = 3;

#[derive(Default)]
pub(super) struct History {
    windows: Vec<Window>,
    /// Counts what is charged and looked at.
    count: u64,
}

/// One pair since one moment.
struct Window {
    i: AgentId,
    j: AgentId,
    which: u64,
    from: Tick,
    from_count: u64,
    n_i: i64,
    n_j: i64,
    /// `(s_i - s_j)(t0)`.
    gap: i64,
    /// `a_i - a_j` since `t0`.
    other: i64,
    /// The same until `u`; none while there is no `u`.
    other_until: Option<i64>,
    /// `B`.
    beyond: i64,
}

impl Window {
    fn has(&self, id: AgentId) -> bool {
        self.i == id || self.j == id
    }
}

impl History {
    /// An agent is chosen for a call before these others.
    pub(super) fn chosen(&mut self, agent: AgentId, rivals: &[AgentId]) {
        for window in self.windows.iter_mut().filter(|window| window.j == agent) {
            if rivals.contains(&window.i) {
                window.other_until = Some(window.other);
                // The one call at `u` is counted apart.
                window.beyond = -1;
            }
        }
    }

    /// An agent is charged with a call: the name of the charge.
    pub(super) fn charge(&mut self, agent: AgentId) -> u64 {
        self.count += 1;
        for window in self.windows.iter_mut().filter(|window| window.has(agent)) {
            if window.j == agent {
                window.n_j += 1;
                window.beyond += 1;
            } else {
                window.n_i += 1;
            }
        }
        self.count
    }

    /// A call is taken off again.
    pub(super) fn refund(&mut self, agent: AgentId, charged: u64, cost: i64) {
        for window in self.windows.iter_mut().filter(|window| window.has(agent)) {
            match (charged > window.from_count, window.j == agent) {
                (true, true) => window.n_j -= 1,
                (true, false) => window.n_i -= 1,
                (false, true) => window.other += cost,
                (false, false) => window.other -= cost,
            }
        }
    }

    /// A tag moves for another reason.
    pub(super) fn adjust(&mut self, agent: AgentId, by: i64) {
        for window in self.windows.iter_mut().filter(|window| window.has(agent)) {
            window.other += if window.j == agent { -by } else { by };
        }
    }

    pub(super) fn leaves(&mut self, agent: AgentId) {
        self.windows.retain(|window| !window.has(agent));
    }

    /// Windows begin with all who are there already.
    pub(super) fn comes(&mut self, agent: AgentId, agents: &[Agent]) {
        self.leaves(agent);
        for other in 0..agents.len() {
            let other = AgentId(other as u32);
            let same = agents[other.index()].kind == agents[agent.index()].kind;
            if other == agent || !same || !agents[other.index()].is_present() {
                continue;
            }
            for which in 0..WINDOWS {
                self.windows
                    .push(self.window(which, (agent, other), agents));
                self.windows
                    .push(self.window(which, (other, agent), agents));
            }
        }
    }

    /// Now and then some windows begin again, which ones by what looks like chance.
    pub(super) fn begins_anew(&mut self, now: Tick, agents: &[Agent]) {
        self.count += 1;
        let windows = self.windows.len() as u64;
        for place in 0..self.windows.len() {
            let Window { i, j, which, .. } = self.windows[place];
            let lot = self.count.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
            if which > 0 && lot % (1 + windows * which * 4) == place as u64 {
                let mut anew = self.window(which, (i, j), agents);
                anew.from = now;
                self.windows[place] = anew;
            }
        }
    }

    fn window(&self, which: u64, (i, j): (AgentId, AgentId), agents: &[Agent]) -> Window {
        Window {
            i,
            j,
            which,
            from: agents[j.index()].since,
            from_count: self.count,
            n_i: 0,
            n_j: 0,
            gap: agents[i.index()].tag - agents[j.index()].tag,
            other: 0,
            other_until: None,
            beyond: 0,
        }
    }

    /// The bound, or without `B` to see that it is needed.
    pub(super) fn check(&self, agents: &[Agent], without_beyond: bool) -> Checked {
        for window in &self.windows {
            let Window {
                i,
                j,
                n_i,
                n_j,
                gap,
                ..
            } = *window;
            let (c_i, c_j) = (agents[i.index()].cost, agents[j.index()].cost);
            let more = c_j * n_j - c_i * n_i;
            let beyond = if without_beyond { 0 } else { window.beyond };
            let bound = c_j * beyond
                + match window.other_until {
                    Some(other) => c_j + agents[j.index()].kind.band - 1 + gap + other,
                    None => 0,
                };
            hold!(
                more <= bound,
                "F3: since {:?}, {j:?} had {n_j} and {i:?} {n_i} calls, {} too much",
                window.from,
                more - bound
            );
        }
        Ok(())
    }
}
