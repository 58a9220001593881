//! Other systems, whom lines ask: they answer in their time, or not.

use super::model::by_share;
use super::stream::Purpose;
use super::world::Errand;
use super::world::World;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::LookupId;
use crate::exchange::id::StepId;

impl World<'_> {
    /// A line asks another system for a caller. What takes too long, or never comes, is the exchange's
    /// to notice.
    pub(super) fn is_looked_up(&mut self, slot: u32, lookup: LookupId, step: StepId) {
        let StepKind::Lookup(asked) = &self.model.plan.step(step).kind else {
            return;
        };
        let oracle = self.model.oracle(step);
        let entity = (self.attempts[slot as usize].entity() << 4) | u64::from(lookup.0 & 15);
        let mut stream = self.streams.stream(Purpose::Lookup, entity);
        let latency = oracle.latency.sample(stream.unit());
        let place = by_share(&oracle.results, |(_, share)| *share, stream.unit());
        let (result, _) = oracle.results[place];
        if latency < asked.timeout && result != LookupResult::TimedOut {
            let timer = self.in_time(latency, Errand::LookedUp(slot, lookup, result));
            self.attempts[slot as usize].talk_timer = Some(timer);
        }
    }
}
