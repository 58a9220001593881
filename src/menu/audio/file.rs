//! One recording as it is: whether bridges can play it, whether it may be that of other words, and
//! how it sounds.

use super::drift::Length;
use super::drift::seconds;
use super::measure::Measure;
use super::placeholder::Placeholder;
use super::recording::Recording;
use super::wav;
use super::wav::Coding;
use super::wav::Sound;
use crate::exchange::time::Span;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use std::ops::RangeInclusive;
use std::path::Path;

/// The level of a voice, in decibels below full scale: -20, give or take 8.
const LEVELS: RangeInclusive<f64> = -28.0..=-12.0;
/// The longest silence before the voice.
const HEAD_MAX: Span = Span(500);
/// The longest silence after it.
const TAIL_MAX: Span = Span(1500);
/// Samples a second that bridges play.
const RATES: [u32; 2] = [8000, 16_000];

/// What recordings of a line have in common.
#[derive(Debug, Default)]
pub(super) struct Tally<'a> {
    /// Placeholders that say their words.
    pub(super) placeholders: Vec<String>,
    /// Placeholders that say others.
    pub(super) outdated: Vec<String>,
    /// Files that some bridges play, and not all.
    pub(super) foreign: Vec<String>,
    /// How long those are that somebody has recorded.
    pub(super) lengths: Vec<Length<'a>>,
}

/// Reports what is wrong with a file, or counts what is not worth a report of its own.
pub(super) fn judge<'a>(
    recording: &'a Recording,
    file: &Path,
    tally: &mut Tally<'a>,
    out: &mut Diagnostics,
) {
    let mut judge = Judge {
        recording,
        file,
        tally,
        out,
    };
    judge.judge();
}

struct Judge<'j, 'a> {
    recording: &'a Recording,
    file: &'j Path,
    tally: &'j mut Tally<'a>,
    out: &'j mut Diagnostics,
}

impl Judge<'_, '_> {
    fn judge(&mut self) {
        let sound = match wav::read(self.file) {
            Ok(sound) => sound,
            Err(what) => return self.unplayable(&what),
        };
        if let Some(what) = unplayable(&sound) {
            return self.unplayable(&what);
        }
        if (sound.rate, sound.coding) != (RATES[0], Coding::Pcm(16)) {
            self.tally.foreign.push(self.recording.file());
        }
        match Placeholder::of(&sound) {
            Some(placeholder) if placeholder.says(&self.recording.words) => {
                self.tally.placeholders.push(self.recording.file());
            }
            Some(_) => self.tally.outdated.push(self.recording.file()),
            // How long a program takes says nothing of the recording.
            None => self.tally.lengths.push(Length {
                recording: self.recording,
                file: self.file.to_owned(),
                ms: sound.length_ms(),
            }),
        }
        self.level(&Measure::of(&sound));
    }

    fn unplayable(&mut self, what: &str) {
        let message = format!("{} {what}", self.file.display());
        let place = self.recording.place.clone();
        let help = "record or convert it as mono PCM of 16 bits with 8000 samples a second";
        self.out
            .push(Diagnostic::error("audio-format", place, message).help(help));
    }

    fn warn(&mut self, code: &'static str, what: &str, help: &str) {
        let message = format!("{} {what}", self.file.display());
        let place = self.recording.place.clone();
        self.out
            .push(Diagnostic::warning(code, place, message).help(help));
    }

    fn level(&mut self, measure: &Measure) {
        const LEVEL: &str = "aim at a voice 20 decibels below full scale";
        let Some(level) = measure.level_db else {
            return self.warn("audio-level", "is silent", "record it again");
        };
        if measure.clipped {
            self.warn("audio-level", "is clipped: it was recorded too loud", LEVEL);
        } else if level < *LEVELS.start() {
            self.warn(
                "audio-level",
                &format!("is too quiet: {level:.0} dB"),
                LEVEL,
            );
        } else if level > *LEVELS.end() {
            self.warn("audio-level", &format!("is too loud: {level:.0} dB"), LEVEL);
        }
        let ends = [
            (measure.head_ms, HEAD_MAX, "begins"),
            (measure.tail_ms, TAIL_MAX, "ends"),
        ];
        for (ms, most, does) in ends {
            if ms > most.0 {
                let what = format!("{does} with {} of silence", seconds(ms));
                self.warn(
                    "audio-level",
                    &what,
                    "cut it: callers take silence for a fault",
                );
            }
        }
    }
}

/// Why no bridge can play a sound.
fn unplayable(sound: &Sound) -> Option<String> {
    if sound.channels != 1 {
        return Some(format!("has {} channels", sound.channels));
    }
    if !RATES.contains(&sound.rate) {
        return Some(format!("has {} samples a second", sound.rate));
    }
    match sound.coding {
        Coding::Pcm(16) | Coding::ALaw | Coding::MuLaw => None,
        other => Some(format!("is {}", other.name())),
    }
}
