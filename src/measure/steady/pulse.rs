//! How busy a run is as time goes by: calls on the lines, callers waiting, agents at work on calls.

use crate::exchange::record::AgentState;
use crate::exchange::record::Record;
use crate::exchange::time::Span;
use crate::exchange::time::Tick;

/// Slices of a run, a multiple of five for MSER-5: 256 groups of them.
pub const SLICES: usize = 1280;
/// What is watched.
const SERIES: usize = 3;
const CALLS: usize = 0;
const WAITING: usize = 1;
const BUSY: usize = 2;

/// Follows one run from the beginning, in memory that does not grow with it.
#[derive(Clone, Debug)]
pub struct Pulse {
    slice: Span,
    /// How many there are now.
    now: [u64; SERIES],
    since: Tick,
    /// Sums of how many over milliseconds, by slice.
    areas: Vec<[u64; SERIES]>,
    busy: Vec<bool>,
}

impl Pulse {
    /// For a run of this length with so many agents.
    pub fn new(length: Span, agents: usize) -> Self {
        let slice = Span((length.0 / SLICES as u64).max(1));
        let slices = (length.0 / slice.0).min(SLICES as u64) as usize;
        Self {
            slice,
            now: [0; SERIES],
            since: Tick(0),
            areas: vec![[0; SERIES]; slices],
            busy: vec![false; agents],
        }
    }

    /// Takes one record, in the order of time.
    #[inline]
    pub fn record(&mut self, now: Tick, record: &Record) {
        match *record {
            Record::Arrived { .. } => self.change(now, CALLS, 1),
            Record::Ended { .. } => self.change(now, CALLS, -1),
            Record::Queued { .. } => self.change(now, WAITING, 1),
            Record::Unqueued { .. } => self.change(now, WAITING, -1),
            Record::Agent { agent, state } => {
                let is = matches!(
                    state,
                    AgentState::Ringing | AgentState::Talking | AgentState::WrapUp
                );
                let was = std::mem::replace(&mut self.busy[agent.index()], is);
                self.change(now, BUSY, i64::from(is) - i64::from(was));
            }
            _ => {}
        }
    }

    /// The run is over.
    pub fn finish(&mut self, now: Tick) {
        self.advance(now);
    }

    /// Two runs of the same length as one that is as busy as both together.
    #[must_use]
    pub fn together(mut self, other: Self) -> Self {
        for (own, others) in self.areas.iter_mut().zip(other.areas) {
            for (area, more) in own.iter_mut().zip(others) {
                *area += more;
            }
        }
        self
    }

    /// The length of a slice.
    pub fn slice(&self) -> Span {
        self.slice
    }

    /// The means over time by slice, of calls, callers waiting and busy agents.
    pub fn series(&self) -> [Vec<f64>; SERIES] {
        let length = self.slice.0 as f64;
        let means = |series: usize| {
            let areas = self.areas.iter().map(|areas| areas[series] as f64 / length);
            areas.collect()
        };
        [means(CALLS), means(WAITING), means(BUSY)]
    }

    fn change(&mut self, now: Tick, series: usize, by: i64) {
        if by == 0 {
            return;
        }
        self.advance(now);
        self.now[series] = self.now[series].saturating_add_signed(by);
    }

    /// Adds the time since the last change to the slices in which it passed.
    fn advance(&mut self, now: Tick) {
        let mut begin = self.since.0;
        while begin < now.0 {
            let place = begin / self.slice.0;
            let end = now.0.min((place + 1) * self.slice.0);
            // Less than a slice at the end may belong to none.
            let Some(areas) = self.areas.get_mut(place as usize) else {
                break;
            };
            for (area, count) in areas.iter_mut().zip(self.now) {
                *area += count * (end - begin);
            }
            begin = end;
        }
        self.since = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::id::AgentId;

    fn agent(number: u32, state: AgentState) -> Record {
        Record::Agent {
            agent: AgentId(number),
            state,
        }
    }

    #[test]
    fn time_is_divided_among_slices() {
        let mut pulse = Pulse::new(Span(SLICES as u64 * 100 + 7), 2);
        assert_eq!(pulse.slice(), Span(100));
        pulse.record(Tick(50), &agent(0, AgentState::Talking));
        pulse.record(Tick(60), &agent(0, AgentState::WrapUp));
        pulse.record(Tick(150), &agent(1, AgentState::Ringing));
        pulse.record(Tick(250), &agent(0, AgentState::Idle));
        pulse.finish(Tick(SLICES as u64 * 100 + 7));
        let [calls, waiting, busy] = pulse.series();
        assert_eq!(busy[..4], [0.5, 1.5, 1.5, 1.0]);
        assert_eq!((busy[SLICES - 1], busy.len()), (1.0, SLICES));
        assert!(calls.iter().chain(&waiting).all(|mean| *mean == 0.0));
    }

    #[test]
    fn a_run_of_a_moment_has_few_slices() {
        let mut pulse = Pulse::new(Span(3), 0);
        pulse.finish(Tick(3));
        assert_eq!(pulse.series()[0].len(), 3);
    }
}
