//! Messages that callers leave: how long they may be.

use super::super::step::MESSAGE_TIME;
use super::super::step::MESSAGE_TIMES;
use super::draft::Draft;
use super::draft::Step;
use super::tally::Tally;
use crate::exchange::time::Span;

/// The longest message, as the original has it; what cannot be set is said.
pub(super) fn longest(step: Step, seconds: u64, tally: &mut Tally) -> Step {
    let (least, most) = (*MESSAGE_TIMES.start(), *MESSAGE_TIMES.end());
    let asked = Span::seconds(seconds.min(24 * 60 * 60));
    let max = asked.clamp(least, most);
    let mut step = step;
    if max != asked {
        let todo = format!("messages are {asked} long at most in the original; here {max}");
        if let Some(place) = &step.place {
            tally.approximate(place, &todo);
        }
        step.add_todo(todo);
    }
    step.time("max", max, MESSAGE_TIMES)
}

/// Says of messages whose longest length is not in the files how long they are here.
pub(super) fn unlimited(draft: &mut Draft) {
    for step in &mut draft.steps {
        let is_limited = step.fields.iter().any(|(field, _)| *field == "max");
        if step.kind == "record" && !is_limited {
            let todo = format!(
                "how long a message may be is not in these files: here {MESSAGE_TIME} at most; set `max`"
            );
            if let Some(place) = &step.place {
                draft.tally.approximate(place, &todo);
            }
            step.add_todo(todo);
        }
    }
}
