//! The same callers and the same people, once under each strategy.

use super::model::Model;
use super::replicate::replicate;
use super::steady;
use super::study::CaseResult;
use super::study::LEVEL;
use super::study::case_of;
use crate::exchange::strategy::Strategy;
use crate::measure::RunFigures;
use crate::measure::Steady;
use crate::measure::confidence::Confidence;
use crate::measure::metrics::of_run;
use crate::measure::paired::Difference;
use crate::measure::paired::mark_real;

/// The metrics whose differences are looked at.
pub const COMPARED: [&str; 13] = [
    "share_error_rms",
    "share_error_max",
    "inequitable_share",
    "join_flood",
    "longest_streak",
    "jain",
    "gini",
    "occupancy_cv",
    "asa_s",
    "wait_mean_s",
    "service_level",
    "abandoned_share",
    "occupancy",
];

/// A strategy after its runs.
#[derive(Clone, Debug)]
pub struct Contender {
    /// The strategy.
    pub strategy: Strategy,
    /// All figures.
    pub result: CaseResult,
    /// The differences to the first strategy, by metric; none for the first itself.
    pub differences: Vec<(&'static str, Difference)>,
    /// Calls answered less calls due in the first run, of everybody who was at work.
    pub share_errors: Vec<f64>,
}

/// Where the warm-up is to be found, it is the longest of all strategies: the same time counts of each.
/// Runs stay whole, for they are what is compared.
fn settle(models: &mut [Model], seed: u64) {
    let found = models.iter().filter_map(|model| steady::find(model, seed));
    let longest = found.max_by_key(|steady| (!steady.settled, steady.warm_up));
    for model in models {
        model.settle(longest.map(Steady::in_one_piece));
    }
}

/// Runs a scenario under each strategy: in every group, with the same seed, so that every run meets
/// the same callers and people (common random numbers). `done` is called after each run.
pub fn compare(
    base: &Model,
    strategies: &[Strategy],
    seed: u64,
    runs: u32,
    done: &(impl Fn() + Sync),
) -> Vec<Contender> {
    let confidence = Confidence::new(LEVEL, runs as usize);
    let mut first: Option<Vec<RunFigures>> = None;
    let mut contenders: Vec<Contender> = Vec::new();
    let mut models: Vec<Model> = strategies.iter().map(|one| base.under(*one)).collect();
    settle(&mut models, seed);
    for (&strategy, model) in strategies.iter().zip(&models) {
        let figures = replicate(model, seed, 0..runs, done);
        let differences = first.as_ref().map_or_else(Vec::new, |first| {
            let difference = |name: &'static str| {
                let values = |runs: &[RunFigures]| -> Vec<Option<f64>> {
                    runs.iter().map(|run| of_run(name, run)).collect()
                };
                let difference = Difference::of(&confidence, &values(first), &values(&figures));
                (name, difference)
            };
            COMPARED.map(difference).to_vec()
        });
        let share_errors = figures
            .first()
            .map_or_else(Vec::new, |run| run.fairness.errors());
        contenders.push(Contender {
            strategy,
            result: case_of(model, &figures),
            differences,
            share_errors,
        });
        first.get_or_insert(figures);
    }
    let all = contenders.iter_mut().flat_map(|one| &mut one.differences);
    mark_real(all.map(|(_, difference)| difference), LEVEL);
    contenders
}
