//! Who calls too often: so many calls of one caller within a time, then the line is busy for them.

use super::limits::COUNTED_MAX;
use super::time::Span;
use super::time::Tick;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::VecDeque;

/// The calls of late of the callers of one line that has a limit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Callers {
    calls: BTreeMap<u64, VecDeque<Tick>>,
    /// In the order of their calls; a caller is there once for each.
    order: VecDeque<(Tick, u64)>,
}

impl Callers {
    /// Counts a call, and says whether it may come in. One that may not is not counted. Caller 0 is
    /// nobody in particular.
    pub(super) fn may_call(&mut self, caller: u64, (calls, within): (u8, Span), now: Tick) -> bool {
        if caller == 0 {
            return true;
        }
        while let Some(&(at, oldest)) = self.order.front()
            && (now.since(at) > within || self.order.len() > COUNTED_MAX)
        {
            self.order.pop_front();
            if let Some(times) = self.calls.get_mut(&oldest) {
                times.pop_front();
                if times.is_empty() {
                    self.calls.remove(&oldest);
                }
            }
        }
        let times = self.calls.entry(caller).or_default();
        if times.len() >= usize::from(calls) {
            return false;
        }
        times.push_back(now);
        self.order.push_back((now, caller));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_may_call_so_often_and_again_after_a_while() {
        let mut callers = Callers::default();
        let limit = (2, Span::seconds(60));
        let mut at = |seconds: u64, caller| callers.may_call(caller, limit, Tick(seconds * 1000));
        assert!(at(0, 7) && at(10, 7) && !at(20, 7) && !at(59, 7));
        // Others are not concerned, and who withholds the number is nobody.
        assert!(at(59, 8) && at(59, 0) && at(59, 0) && at(59, 0));
        // The first one is more than a minute ago; what was refused does not count.
        assert!(at(61, 7) && !at(62, 7) && at(71, 7));
    }

    #[test]
    fn the_oldest_are_forgotten_when_there_are_too_many() {
        let mut callers = Callers::default();
        let limit = (1, Span::minutes(60));
        for caller in 1..=COUNTED_MAX as u64 + 2 {
            assert!(callers.may_call(caller, limit, Tick(0)));
        }
        assert!(callers.calls.len() <= COUNTED_MAX + 1);
        assert!(!callers.may_call(COUNTED_MAX as u64, limit, Tick(1)));
        assert!(callers.may_call(1, limit, Tick(1)));
    }
}
