//! What a story tells of the recording of conversations.

use crate::exchange::record::Consent;
use crate::exchange::record::RecordingFact;

/// What a caller has said to being recorded.
pub(super) fn consented(consent: Consent) -> String {
    let words = match consent {
        Consent::Told => "The caller has heard that the conversation will be recorded.",
        Consent::Agreed => "The caller agrees to being recorded.",
        Consent::Refused => "The caller refuses to be recorded.",
        Consent::Unanswered => "The caller does not say, and so is not recorded.",
    };
    words.to_owned()
}

/// How the recording of a conversation with an agent comes along.
pub(super) fn comes_along(agent: &str, what: RecordingFact) -> String {
    match what {
        RecordingFact::Started => "The conversation is recorded from now on.".to_owned(),
        RecordingFact::Paused => format!("{agent} pauses the recording."),
        RecordingFact::Resumed => format!("{agent} lets the recording go on."),
        RecordingFact::Ended => "The recording ends.".to_owned(),
        RecordingFact::Failed => "The conversation cannot be recorded.".to_owned(),
    }
}
