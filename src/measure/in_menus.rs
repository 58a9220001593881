//! What the menus tell of the calls that count: answers, other systems, surveys, classes of callers.

use super::collector::Collector;
use crate::exchange::dialplan::Known;
use crate::exchange::dialplan::LookupResult;
use crate::exchange::dialplan::Recognized;
use crate::exchange::id::CallId;
use crate::exchange::id::StepId;
use crate::exchange::time::Span;

impl Collector {
    #[cold]
    pub(super) fn heard(&mut self, call: CallId, step: StepId, enough: bool) {
        if self.calls.counted(call).is_some() {
            self.worth.heard(call, step, enough);
        }
    }

    #[cold]
    pub(super) fn looked_up(
        &mut self,
        call: CallId,
        step: StepId,
        took: Span,
        result: LookupResult,
    ) {
        if self.calls.counted(call).is_some() {
            self.worth.looked_up(step, took, result);
        }
    }

    #[cold]
    pub(super) fn surveyed(&mut self, call: CallId, step: StepId, (ask, answer): (u8, Option<u8>)) {
        // After a talk of a call back, too, which is no attempt.
        if self.calls.counted(call).is_some() || self.worth.has_talked(call) {
            self.worth.surveyed(call, step, ask, answer);
        }
    }

    #[cold]
    pub(super) fn recognized(&mut self, call: CallId, step: StepId, what: Recognized) {
        if let (Known::Is(class), Some(call)) = (what.class, self.calls.counted(call)) {
            call.class = self.classes.of(step, class);
        }
    }
}
