//! How long people have to breathe between calls.

use crate::exchange::ahead::fetch_entry;
use crate::exchange::id::AgentId;
use crate::exchange::record::AgentState;
use crate::exchange::time::Tick;

/// Bits kept of a gap: it is counted at most a hundredth too short.
const BITS: u32 = 8;
/// The longest gap that is told apart from longer ones: half a day or so.
const GAP_MS_MAX: u64 = (1 << 26) - 1;

/// No moment.
const NEVER: Tick = Tick(u64::MAX);

/// Gaps from the end of a call and its wrap-up to the next ringing. A break or a time away in
/// between is no gap.
#[derive(Clone, Debug)]
pub(super) struct Rests {
    /// By agent: when the last call was done with, [`NEVER`] where something has come since.
    done: Vec<Tick>,
    /// By length, see [`place`].
    gaps: Vec<u32>,
}

impl Rests {
    pub(super) fn new(agents: usize) -> Self {
        Self {
            done: vec![NEVER; agents],
            gaps: vec![0; place(GAP_MS_MAX) + 1],
        }
    }

    pub(super) fn reset(&mut self) {
        self.done.fill(NEVER);
        self.gaps.fill(0);
    }

    /// Asks for the memory of an agent.
    #[inline]
    pub(super) fn fetch(&self, agent: AgentId) {
        fetch_entry(&self.done, agent.index());
    }

    /// An agent is in a new state.
    #[inline]
    pub(super) fn change(&mut self, now: Tick, agent: AgentId, from: AgentState, to: AgentState) {
        match to {
            AgentState::Idle | AgentState::Resting if is_handling(from) => {
                self.done[agent.index()] = now;
            }
            AgentState::SignedOut | AgentState::NotReady | AgentState::Paused => {
                self.done[agent.index()] = NEVER;
            }
            _ => {}
        }
    }

    /// An agent in this state is chosen for a call.
    #[inline]
    pub(super) fn ring(&mut self, now: Tick, agent: AgentId, state: AgentState, counts: bool) {
        let done = std::mem::replace(&mut self.done[agent.index()], NEVER);
        // Who goes on to the next call at once is never seen free.
        let done = if is_handling(state) { now } else { done };
        if counts && done != NEVER {
            self.gaps[place((now - done).0)] += 1;
        }
    }

    /// How many gaps there were.
    pub(super) fn count(&self) -> u64 {
        self.gaps.iter().copied().map(u64::from).sum()
    }

    /// The gap of rank `ceil(n / 10)`: nine in ten are this long at least.
    pub(super) fn tenth_ms(&self) -> u64 {
        let mut before = self.count().div_ceil(10);
        let mut tenth = 0;
        for (place, count) in self.gaps.iter().enumerate() {
            tenth = least_ms(place);
            before = before.saturating_sub(u64::from(*count));
            if before == 0 {
                break;
            }
        }
        tenth
    }
}

/// Where a gap is counted: one place for each millisecond at first, for each two when twice as long,
/// and so on.
#[inline]
fn place(ms: u64) -> usize {
    let ms = ms.min(GAP_MS_MAX);
    let scale = (u64::BITS - ms.leading_zeros()).saturating_sub(BITS);
    ((u64::from(scale) << (BITS - 1)) + (ms >> scale)) as usize
}

/// The shortest gap that is counted in a place.
fn least_ms(place: usize) -> u64 {
    let scale = (place >> (BITS - 1)).saturating_sub(1);
    ((place - (scale << (BITS - 1))) as u64) << scale
}

fn is_handling(state: AgentState) -> bool {
    matches!(state, AgentState::Talking | AgentState::WrapUp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_known_to_a_hundredth() {
        let mut last = 0;
        for ms in (0..3000).chain([5000, 5001, 60_000, 3_600_000, GAP_MS_MAX, u64::MAX]) {
            let place = place(ms);
            assert!(place == last || place == last + 1 || ms > 3000, "{ms}");
            last = place;
            let (least, ms) = (least_ms(place), ms.min(GAP_MS_MAX));
            assert!(least <= ms && ms - least <= ms / 100, "{ms}: {least}");
        }
        assert_eq!(least_ms(place(5000)), 4992);
    }
}
