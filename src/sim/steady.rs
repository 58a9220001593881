//! `warm_up = "auto"`: the first run is made once more than counts, to see when it settles.
//!
//! What it says holds for all runs of the case, so that figures do not depend on how many runs there
//! are, nor on which machine makes them.

use super::model::Model;
use super::witness::Witness;
use super::world;
use crate::exchange::Exchange;
use crate::exchange::record::Record;
use crate::exchange::time::Tick;
use crate::measure::Steady;
use crate::measure::steady::Pulse;

/// How a case's runs are to be cut; none where the scenario fixes the warm-up.
pub fn find(model: &Model, seed: u64) -> Option<Steady> {
    let scenario = model.scenario();
    if !scenario.seeks_warm_up {
        return None;
    }
    let mut pulse = Pulse::new(scenario.length, model.plan.agents.len());
    world::run(model, seed, 0, &mut pulse);
    pulse.finish(Tick(0) + scenario.length);
    Some(Steady::of(&pulse, scenario.length))
}

/// Whoever looks for the warm-up needs the records alone.
impl Witness for Pulse {
    #[inline]
    fn look(&mut self, _exchange: &Exchange) {}

    #[inline]
    fn record(&mut self, now: Tick, record: &Record) {
        Self::record(self, now, record);
    }
}
