//! Independent runs on all cores, the same result on any number of them.

use super::model::Model;
use super::world;
use crate::measure::Collector;
use crate::measure::RunFigures;
use rayon::prelude::*;
use std::ops::Range;

/// Runs these replications, counted from 0, and gives their figures in order. `done` is called after
/// each.
pub fn replicate(
    model: &Model,
    seed: u64,
    runs: Range<u32>,
    done: &(impl Fn() + Sync),
) -> Vec<RunFigures> {
    let collector = || Collector::new(&model.plan, model.frame);
    let run = |collector: &mut Collector, replication: u32| {
        collector.reset();
        world::run(model, seed, u64::from(replication), collector);
        done();
        collector.finish(model.frame.until)
    };
    runs.into_par_iter().map_init(collector, run).collect()
}
