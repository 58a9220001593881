//! Independent runs on all cores, the same result on any number of them.

use super::model::Model;
use super::witness::Beside;
use super::witness::Witness;
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
    replicate_to(model, seed, runs, &|figures| figures, done)
}

/// The same where only a part of the figures is kept: those of thousands of runs take much room.
pub(super) fn replicate_to<T: Send>(
    model: &Model,
    seed: u64,
    runs: Range<u32>,
    keep: &(impl Fn(RunFigures) -> T + Sync),
    done: &(impl Fn() + Sync),
) -> Vec<T> {
    let collector = || Collector::new(&model.plan, model.frame);
    let run = |collector: &mut Collector, replication: u32| {
        collector.reset();
        world::run(model, seed, u64::from(replication), collector);
        done();
        keep(collector.finish(model.frame.until))
    };
    runs.into_par_iter().map_init(collector, run).collect()
}

/// The same with somebody beside who watches each run as well.
pub(super) fn replicate_watched<W: Witness + Send>(
    model: &Model,
    seed: u64,
    runs: Range<u32>,
    watcher: impl Fn() -> W + Sync,
    done: &(impl Fn() + Sync),
) -> Vec<(RunFigures, W)> {
    let collector = || Collector::new(&model.plan, model.frame);
    let run = |collector: &mut Collector, replication: u32| {
        collector.reset();
        let mut watcher = watcher();
        let mut both = Beside(collector, &mut watcher);
        world::run(model, seed, u64::from(replication), &mut both);
        done();
        (collector.finish(model.frame.until), watcher)
    };
    runs.into_par_iter().map_init(collector, run).collect()
}
