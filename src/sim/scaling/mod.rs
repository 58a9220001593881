//! How many of a forecast's attempts are first attempts: the factor with which the simulation, redials
//! and all, makes as many attempts as the forecast says, of each line its own.
//!
//! Pilot runs tell, the same days for every factor. The more callers there are the more attempts each of
//! them makes, so the attempts grow at least as fast as the factor, and where people are short much faster.
//! `together` finds the factor with which all lines together make the attempts, of one line the factor.
//! Several are told apart from there on (`apart`): those of each meet its own. A few runs find about where
//! it is, then as many as it takes until the attempts are sure.

mod apart;
mod pilot;
mod together;

use super::model::Model;
use super::scenario::ForecastCounts;
use crate::exchange::id::LineId;
use pilot::Pilot;
use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeSet;

/// Half the width that the interval of a line's attempts is to have, as a part of them.
pub const PRECISION: f64 = 0.005;
/// A forecast counts as met when the pilot runs come as near to its attempts.
pub const TOLERANCE: f64 = 0.01;

/// By what a line's forecast of attempts is scaled, and how near that comes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// Whose forecast.
    pub line: LineId,
    /// First attempts among the attempts of the forecast, from 0 to 1.
    pub factor: f64,
    /// The attempts of the pilot runs as a part of those of the forecast: near 1.
    pub met: f64,
    /// Half the width of the 95 % interval of that.
    pub half_width: f64,
}

impl Scaling {
    /// What makes as many attempts to every line as the model's forecast says, whatever the model is scaled by
    /// now: of each line that is called. None when the forecast counts first attempts, when nobody calls again,
    /// and when nobody calls.
    pub fn find(model: &Model, seed: u64) -> Vec<Self> {
        let scenario = model.scenario();
        if scenario.counts == ForecastCounts::FirstAttempts || !model.callers.redial.happens() {
            return Vec::new();
        }
        let lines = scenario.demand.lines.iter();
        let called = lines.filter(|line| line.calls.iter().any(|calls| *calls > 0.0));
        let called: BTreeSet<LineId> = called.map(|line| line.line).collect();
        let mut pilot = Pilot::new(model, called.into_iter().collect(), seed);
        let found = match pilot.lines().len() {
            0 => None,
            1 => together::find(&mut pilot).map(|point| vec![point]),
            _ => apart::find(&mut pilot),
        };
        let lines = pilot.lines().iter();
        let found = lines.zip(found.into_iter().flatten());
        found.map(|(line, point)| point.scaling(*line)).collect()
    }

    /// Whether the forecast's attempts are met within the tolerance.
    pub fn is_met(&self) -> bool {
        (self.met - 1.0).abs() <= TOLERANCE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tolerance_holds_on_both_sides() {
        let scaling = |met| Scaling {
            line: LineId(0),
            factor: 0.5,
            met,
            half_width: 0.001,
        };
        for (met, is_met) in [(0.985, false), (0.995, true), (1.005, true), (1.02, false)] {
            assert_eq!(scaling(met).is_met(), is_met, "{met}");
        }
    }
}
