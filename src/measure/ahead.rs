//! What will be counted soon, asked for before: see [`crate::exchange::ahead`].

use super::collector::Collector;
use crate::exchange::ahead::CACHED_MAX;
use crate::exchange::effect::Effect;
use crate::exchange::record::Record;
use crate::exchange::time::Tick;

impl Collector {
    /// Asks for the memory of the agents and calls that these are about. They are counted later.
    #[inline]
    pub(super) fn look_ahead(&self, effects: &[Effect]) {
        if self.agents.len().max(self.calls.len()) > CACHED_MAX {
            self.ask_ahead(effects);
        }
    }

    /// Asks for the rest, of what is counted now.
    #[inline]
    pub(super) fn look_again(&self, late: &[(Tick, Vec<Effect>)]) {
        if self.agents.len() > CACHED_MAX {
            for effect in late.iter().flat_map(|(_, effects)| effects) {
                if let Effect::Record(Record::Offered(decision)) = effect {
                    self.fairness.fetch_last_calls(decision.agent);
                }
            }
        }
    }

    #[inline(never)]
    fn ask_ahead(&self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Record(Record::Agent { agent, .. }) => {
                    self.agents.fetch(*agent);
                    self.fairness.fetch_agent(*agent);
                }
                Effect::Record(
                    Record::Arrived { call, .. }
                    | Record::Queued { call, .. }
                    | Record::Unqueued { call, .. }
                    | Record::Ended { call, .. },
                ) => {
                    self.calls.fetch(*call);
                    self.fairness.fetch_call(*call);
                    self.worth.fetch(*call);
                }
                _ => {}
            }
        }
    }
}
