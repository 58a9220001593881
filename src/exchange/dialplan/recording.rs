//! Whether conversations with agents are recorded, and how callers are told of it or asked.

use super::Dialplan;
use super::Patience;
use super::StepKind;
use crate::exchange::id::PromptId;
use crate::exchange::id::QueueId;
use crate::exchange::id::StepId;
use crate::exchange::record::Consent;
use serde::Deserialize;
use serde::Serialize;

/// How a queue records the conversations of its callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// Whether callers are asked; if not, they are told.
    pub asks: bool,
    /// The notice, or the question: 1 agrees, 2 refuses.
    pub prompt: PromptId,
    /// Said after another key.
    pub wrong: PromptId,
    /// Waiting times and tries; after the last one the caller has not agreed.
    pub patience: Patience,
}

impl Recording {
    /// Whether callers have to hear the prompt before they may wait. Whoever has answered once is never
    /// asked again; whoever was only told may be.
    pub fn is_due(&self, consent: Option<Consent>) -> bool {
        match consent {
            None => true,
            Some(Consent::Told) => self.asks,
            Some(Consent::Agreed | Consent::Refused | Consent::Unanswered) => false,
        }
    }

    /// Whether a caller with this consent is recorded.
    pub fn is_allowed(&self, consent: Option<Consent>) -> bool {
        match consent {
            Some(Consent::Agreed) => true,
            Some(Consent::Told) => !self.asks,
            Some(Consent::Refused | Consent::Unanswered) | None => false,
        }
    }
}

impl Dialplan {
    /// How conversations are recorded for which a step lets callers wait, or promises a call back, and of
    /// which queue they are.
    pub fn recording_behind(&self, step: StepId) -> Option<(QueueId, Recording)> {
        let step = match &self.step(step).kind {
            StepKind::Callback(callback) => callback.queue,
            _ => step,
        };
        match self.step(step).kind {
            StepKind::Queue(queue) => Some((queue, self.queue(queue).recording?)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::time::Span;

    const CONSENTS: [Option<Consent>; 5] = [
        None,
        Some(Consent::Told),
        Some(Consent::Agreed),
        Some(Consent::Refused),
        Some(Consent::Unanswered),
    ];

    fn recording(asks: bool) -> Recording {
        Recording {
            asks,
            prompt: PromptId(0),
            wrong: PromptId(0),
            patience: Patience {
                first_key: Span::seconds(5),
                next_key: Span::seconds(2),
                silences: 1,
                wrongs: 3,
            },
        }
    }

    #[test]
    fn nobody_is_recorded_who_was_not_told_or_has_not_agreed() {
        let told = CONSENTS.map(|consent| recording(false).is_allowed(consent));
        assert_eq!(told, [false, true, true, false, false]);
        let asked = CONSENTS.map(|consent| recording(true).is_allowed(consent));
        assert_eq!(asked, [false, false, true, false, false]);
    }

    #[test]
    fn whoever_has_answered_is_not_asked_again() {
        let told = CONSENTS.map(|consent| recording(false).is_due(consent));
        assert_eq!(told, [true, false, false, false, false]);
        let asked = CONSENTS.map(|consent| recording(true).is_due(consent));
        assert_eq!(asked, [true, true, false, false, false]);
    }
}
