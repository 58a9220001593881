//! Recordings that take another time than their words would: often those of other words.

use super::check::beginning;
use super::recording::Recording;
use crate::menu::diagnostic::Diagnostic;
use crate::menu::diagnostic::Diagnostics;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A recording may be longer or shorter than expected by so many hundredths.
const DRIFT_PERCENT: u64 = 40;
/// A difference below this is none: nobody foretells how long a few words take.
const DRIFT_MIN_MS: u64 = 2000;
/// Recordings from which the pace of a voice can be told.
const PACE_MIN: usize = 5;
/// How many hundredths of the estimate a voice takes: one that speaks at another pace is not
/// believed to.
const PACES: std::ops::RangeInclusive<u64> = 50..=150;

/// How long a recording is.
#[derive(Debug)]
pub(super) struct Length<'a> {
    pub(super) recording: &'a Recording,
    pub(super) file: PathBuf,
    pub(super) ms: u64,
}

/// Reports recordings that drift from their words, at the pace of the voice that speaks a language.
pub(super) fn report(lengths: &[Length<'_>], out: &mut Diagnostics) {
    let mut languages: BTreeMap<&str, Vec<&Length<'_>>> = BTreeMap::new();
    for length in lengths {
        let language = length.recording.spoken.as_str();
        languages.entry(language).or_default().push(length);
    }
    for lengths in languages.into_values() {
        let both = |length: &&Length<'_>| (length.ms, length.recording.length.0);
        let pace = pace(&lengths.iter().map(both).collect::<Vec<_>>());
        for length in lengths {
            let expected = length.recording.length.0 * pace / 100;
            if drifts(length.ms, expected) {
                let message = format!("{} takes {}", length.file.display(), seconds(length.ms));
                let place = length.recording.place.clone();
                let words = beginning(&length.recording.words);
                out.push(
                    Diagnostic::warning("text-audio-drift", place, message)
                        .label(format!("\"{words}\" takes about {}", seconds(expected)))
                        .help("listen to it: it may be the recording of other words"),
                );
            }
        }
    }
}

/// How many hundredths of the estimates a voice takes, by the median of `(length, estimate)`.
fn pace(lengths: &[(u64, u64)]) -> u64 {
    let mut paces: Vec<u64> = lengths
        .iter()
        .map(|(length, estimate)| length * 100 / (*estimate).max(1))
        .collect();
    paces.sort_unstable();
    match paces.len() {
        0..PACE_MIN => 100,
        count => paces[count / 2].clamp(*PACES.start(), *PACES.end()),
    }
}

fn drifts(length: u64, expected: u64) -> bool {
    let apart = length.abs_diff(expected);
    apart > DRIFT_MIN_MS && apart * 100 > expected * DRIFT_PERCENT
}

/// `2.4 s`
pub(super) fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_has_a_pace_of_its_own() {
        let quick = [
            (6000, 10_000),
            (3100, 5000),
            (2900, 5000),
            (12_000, 20_000),
            (9000, 3000),
        ];
        assert_eq!(pace(&quick), 60);
        assert_eq!(pace(&quick[..4]), 100, "too few to tell");
        let mumbling = [(10, 10_000); 5];
        assert_eq!(pace(&mumbling), 50);
    }

    #[test]
    fn small_differences_are_none() {
        assert!(!drifts(2400, 4400) && !drifts(13_000, 10_000));
        assert!(drifts(14_100, 10_000) && drifts(5000, 10_000));
    }
}
