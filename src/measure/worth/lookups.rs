//! Look-ups: whether other systems answer, and how soon.

use super::carried::Carried;
use super::tally::LookupTally;
use crate::exchange::dialplan::Dialplan;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::StepKind;
use crate::exchange::id::StepId;
use crate::exchange::limits::LOOKUP_SILENCE;
use crate::exchange::time::Span;
use serde::Deserialize;
use serde::Serialize;

/// The steps that ask other systems, in the order of the dialplan.
pub(super) fn lookup_steps(plan: &Dialplan) -> impl Iterator<Item = StepId> {
    let steps = plan.steps.iter().enumerate();
    let lookups = steps.filter(|(_, step)| matches!(step.kind, StepKind::Lookup(_)));
    lookups.map(|(place, _)| StepId(place as u32))
}

/// All look-ups.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Lookups {
    steps: Vec<StepId>,
    tallies: Vec<LookupTally>,
}

impl Lookups {
    pub(super) fn new(plan: &Dialplan) -> Self {
        let steps: Vec<StepId> = lookup_steps(plan).collect();
        Self {
            tallies: vec![LookupTally::default(); steps.len()],
            steps,
        }
    }

    pub(super) fn reset(&mut self) {
        self.tallies.fill(LookupTally::default());
    }

    /// Goes over to other menus.
    pub(super) fn carry(&mut self, carried: &Carried<'_>) {
        let before = std::mem::replace(self, Self::new(carried.now()));
        for (step, tally) in before.steps.iter().zip(&before.tallies) {
            let new = carried.step(*step);
            let place = new.and_then(|new| self.steps.binary_search(&new).ok());
            if let Some(place) = place {
                self.tallies[place].add(tally);
            }
        }
    }

    pub(super) fn count(&mut self, step: StepId, took: Span, result: LookupResult) {
        let Ok(place) = self.steps.binary_search(&step) else {
            return;
        };
        let tally = &mut self.tallies[place];
        tally.asked += 1;
        tally.took_ms += took.0;
        tally.took_max_ms = tally.took_max_ms.max(took.0);
        tally.slow += u64::from(took > LOOKUP_SILENCE);
        match result {
            LookupResult::Found(_) => tally.found += 1,
            LookupResult::TimedOut => tally.timed_out += 1,
            LookupResult::Failed => tally.failed += 1,
            LookupResult::Status(status) => tally.refuse(status, 1),
        }
    }

    pub(super) fn tallies(&self) -> &[LookupTally] {
        &self.tallies
    }
}
