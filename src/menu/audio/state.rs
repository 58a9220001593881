//! What lies where a recording belongs.

use super::placeholder::Placeholder;
use super::recording::Recording;
use super::recording::Script;
use super::wav;

/// What lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nothing.
    Missing,
    /// A recording, or a file that is none: nothing that a tool may write over.
    Recorded,
    /// What a speech program has said in this way, until somebody records it.
    Placeholder,
    /// The same, but of other words than those of today, or said in another way.
    Outdated,
}

impl State {
    /// What lies where a recording belongs, beside what a speech program would say now in this way.
    pub fn of(script: &Script, recording: &Recording, how: &str) -> Self {
        let file = script.file(recording);
        // A link that leads nowhere is somebody's file too.
        if file.symlink_metadata().is_err() {
            return Self::Missing;
        }
        let sound = wav::read(&file).ok();
        match sound.and_then(|sound| Placeholder::of(&sound)) {
            None => Self::Recorded,
            Some(placeholder) if placeholder.is_made(&recording.words, how) => Self::Placeholder,
            Some(_) => Self::Outdated,
        }
    }
}
