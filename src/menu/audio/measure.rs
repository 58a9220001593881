//! What can be told of a sound without listening: how loud the voice is, whether it is clipped, and
//! how long nothing is heard before and after it.

use super::wav::Sound;

/// One measurement, in milliseconds.
const FRAME_MS: u64 = 20;
/// Frames so much quieter than the loudest, in decibels, are pauses.
const PAUSE_DB: f64 = 35.0;
/// No frame below this is a voice, in decibels below full scale.
const SILENCE_DB: f64 = -60.0;
/// Samples in a row at the limit: fewer may be chance.
const CLIPPED_RUN: usize = 4;

/// A sound measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// The mean level of the voice, in decibels below full scale; none where there is no voice.
    pub level_db: Option<f64>,
    /// Whether it was louder than can be written.
    pub clipped: bool,
    /// Silence at the beginning.
    pub head_ms: u64,
    /// Silence at the end.
    pub tail_ms: u64,
}

impl Measure {
    /// Measures one channel.
    pub fn of(sound: &Sound) -> Self {
        let size = (u64::from(sound.rate) * FRAME_MS / 1000).max(1) as usize;
        let powers: Vec<f64> = sound.samples.chunks(size).map(power).collect();
        let loudest = powers.iter().copied().fold(0.0, f64::max);
        let floor = decibels(loudest) - PAUSE_DB;
        let voice = |power: &f64| decibels(*power) >= floor.max(SILENCE_DB);
        let spoken: Vec<f64> = powers
            .iter()
            .copied()
            .filter(|power| voice(power))
            .collect();
        let mean = spoken.iter().sum::<f64>() / spoken.len().max(1) as f64;
        let whole = powers.len();
        let first = powers.iter().position(voice).unwrap_or(whole);
        let last = powers
            .iter()
            .rposition(voice)
            .map_or(whole, |last| whole - 1 - last);
        Self {
            level_db: (!spoken.is_empty()).then(|| decibels(mean)),
            clipped: is_clipped(sound),
            head_ms: first as u64 * FRAME_MS,
            tail_ms: last as u64 * FRAME_MS,
        }
    }
}

fn power(samples: &[i16]) -> f64 {
    let squares = samples.iter().map(|sample| f64::from(*sample).powi(2));
    squares.sum::<f64>() / samples.len().max(1) as f64
}

/// Of a mean square, below full scale.
fn decibels(power: f64) -> f64 {
    let full = f64::from(i16::MAX).powi(2);
    10.0 * libm::log10((power / full).max(1e-12))
}

fn is_clipped(sound: &Sound) -> bool {
    let limit = i32::from(sound.coding.loudest()) - 1;
    let mut run = 0;
    sound.samples.iter().any(|sample| {
        run = if i32::from(*sample).abs() >= limit {
            run + 1
        } else {
            0
        };
        run >= CLIPPED_RUN
    })
}

#[cfg(test)]
mod tests {
    use super::super::wav;
    use super::*;

    /// A tone between two silences.
    fn tone(head_ms: usize, amplitude: f64, tail_ms: usize) -> Sound {
        let voice = (0..8000).map(|at| (amplitude * libm::sin(f64::from(at) * 0.5)) as i16);
        let mut samples = vec![0; head_ms * 8];
        samples.extend(voice);
        samples.extend(vec![0; tail_ms * 8]);
        wav::parse(&wav::bytes(&samples, 8000, "")).expect("a sound")
    }

    #[test]
    fn the_level_is_that_of_the_voice_alone() {
        let sound = Measure::of(&tone(600, 4634.0, 1000));
        // A tone of this amplitude is 20 decibels below full scale.
        assert!(
            (sound.level_db.expect("a level") + 20.0).abs() < 0.1,
            "{sound:?}"
        );
        assert_eq!((sound.head_ms, sound.tail_ms), (600, 1000));
        assert!(!sound.clipped);
    }

    #[test]
    fn what_is_cut_off_at_the_top_is_clipped() {
        let mut sound = tone(0, 30_000.0, 0);
        assert!(!Measure::of(&sound).clipped);
        sound.samples[100..104].fill(i16::MAX);
        assert!(Measure::of(&sound).clipped);
    }

    #[test]
    fn silence_has_no_level() {
        let mut sound = tone(0, 1.0, 0);
        sound.samples.fill(0);
        assert_eq!(Measure::of(&sound).level_db, None);
    }
}
