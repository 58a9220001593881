//! What a reader must not miss of callers who still wait when a run ends.

use super::number;
use super::study::Case;
use crate::measure::definitions::Unit;

/// So many queues are told at most.
const TOLD_MAX: usize = 8;

/// The queues in which those who still waited when a run ended matter, of all cases; none where there are
/// none.
pub fn note<'a>(cases: impl Iterator<Item = &'a Case> + Clone) -> Option<String> {
    let several = cases.clone().count() > 1;
    let mut told: Vec<String> = Vec::new();
    for case in cases {
        for queue in &case.summary.queues {
            let Some((callers, share)) = queue.still_waiting() else {
                continue;
            };
            let callers = number::short(Unit::Count, Some(callers));
            let of = match several {
                true => format!("{}: ", case.name),
                false => String::new(),
            };
            let (name, of_100) = (&queue.name, share * 100.0);
            told.push(format!(
                "{of}{callers} in \"{name}\", {of_100:.0} of 100 that entered"
            ));
        }
    }
    let more = told.len().saturating_sub(TOLD_MAX);
    told.truncate(TOLD_MAX);
    if more > 0 {
        told.push(format!("and {more} more"));
    }
    (!told.is_empty()).then(|| {
        format!(
            "Callers still waited when the run ended, and their waits are in no service level, speed of answer or \
             longest wait: {}.",
            told.join("; ")
        )
    })
}
