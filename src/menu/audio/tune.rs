//! What a speech program has said, made fit for the telephone: one channel, 8000 samples a second, a
//! voice as loud as recordings should be, no silence around it.

use super::measure::Measure;
use super::wav::Sound;
use std::f64::consts::PI;

/// Samples a second of a placeholder.
pub const RATE: u32 = 8000;
/// The level of the voice, in decibels below full scale.
const LEVEL_DB: f64 = -20.0;
/// What is left of the silence before and after the voice.
const SILENCE_MS: u64 = 100;

/// The samples to write; none where nothing is heard.
pub fn tuned(sound: &Sound) -> Option<Vec<i16>> {
    let mut sound = Sound {
        samples: resampled(&mono(sound), sound.rate, RATE),
        rate: RATE,
        channels: 1,
        ..sound.clone()
    };
    let measure = Measure::of(&sound);
    let level = measure.level_db?;
    let cut = |ms: u64| (ms.saturating_sub(SILENCE_MS) * u64::from(RATE) / 1000) as usize;
    let end = sound.samples.len().saturating_sub(cut(measure.tail_ms));
    sound.samples.truncate(end);
    let spoken = sound.samples.split_off(cut(measure.head_ms).min(end));
    // A voice with loud peaks stays below what can be written.
    let loudest = spoken.iter().map(|sample| f64::from(*sample).abs());
    let most = f64::from(i16::MAX - 1) / loudest.fold(1.0, f64::max);
    let gain = libm::pow(10.0, (LEVEL_DB - level) / 20.0).min(most);
    let louder = spoken.iter().map(|sample| whole(f64::from(*sample) * gain));
    Some(louder.collect())
}

/// The mean of the channels.
fn mono(sound: &Sound) -> Vec<f64> {
    let channels = usize::from(sound.channels.max(1));
    let mean = |frame: &[i16]| {
        frame.iter().map(|sample| f64::from(*sample)).sum::<f64>() / channels as f64
    };
    sound.samples.chunks_exact(channels).map(mean).collect()
}

/// Another rate, without what is too high for it: sibilants would come back as whistles. A sinc
/// under a Hann window, a table of which is made for each place between two old samples.
fn resampled(samples: &[f64], from: u32, to: u32) -> Vec<i16> {
    /// Zeros of the sinc on each side.
    const ZEROS: f64 = 16.0;
    /// What is let through, of half the lower rate.
    const PASS: f64 = 0.95;
    if from == to {
        return samples.iter().map(|sample| whole(*sample)).collect();
    }
    let common = gcd(from, to);
    let (down, up) = ((from / common) as usize, (to / common) as usize);
    // In old samples: how wide a lobe is, and how far the window goes.
    let lobe = (f64::from(from) / f64::from(to)).max(1.0) / PASS;
    let reach = libm::ceil(ZEROS * lobe) as usize;
    let weight = |distance: f64| {
        let (turn, edge) = (distance / lobe * PI, distance / (ZEROS * lobe));
        match () {
            () if edge.abs() >= 1.0 => 0.0,
            () if turn == 0.0 => 1.0 / lobe,
            () => libm::sin(turn) / turn / lobe * 0.5 * (1.0 + libm::cos(PI * edge)),
        }
    };
    // Weights of the samples from `reach` before a place to `reach` after it.
    let tables: Vec<Vec<f64>> = (0..up)
        .map(|phase| {
            let place = reach as f64 + phase as f64 / up as f64;
            (0..=2 * reach + 1)
                .map(|at| weight(at as f64 - place))
                .collect()
        })
        .collect();
    let sample = |place: usize| {
        let (old, phase) = (place * down / up, place * down % up);
        let parts = tables[phase].iter().enumerate().map(|(at, weight)| {
            let at = (old + at).checked_sub(reach);
            at.and_then(|at| samples.get(at))
                .map_or(0.0, |sample| sample * weight)
        });
        whole(parts.sum())
    };
    (0..samples.len() * up / down).map(sample).collect()
}

fn whole(sample: f64) -> i16 {
    // As far as it can be written.
    libm::round(sample) as i16
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::super::wav;
    use super::super::wav::Coding;
    use super::*;

    /// A tone of two channels between two silences of a second.
    fn tone(rate: u32, amplitude: f64) -> Sound {
        let second = rate as usize;
        let voice = (0..second).map(|at| {
            let turn = at as f64 / f64::from(rate) * 400.0 * 2.0 * PI;
            (amplitude * libm::sin(turn)) as i16
        });
        let mut one = vec![0; second];
        one.extend(voice);
        one.extend(vec![0; second]);
        Sound {
            rate,
            channels: 2,
            coding: Coding::Pcm(16),
            samples: one.iter().flat_map(|sample| [*sample, *sample]).collect(),
            remark: None,
        }
    }

    #[test]
    fn any_rate_becomes_that_of_the_telephone() {
        for rate in [8000, 11_025, 16_000, 22_050, 44_100] {
            let samples = tuned(&tone(rate, 2000.0)).expect("a voice");
            let sound = wav::parse(&wav::bytes(&samples, RATE, "")).expect("a sound");
            assert!(
                sound.length_ms().abs_diff(1200) <= 40,
                "{rate}: {}",
                sound.length_ms()
            );
            let measure = Measure::of(&sound);
            let level = measure.level_db.expect("a level");
            assert!((level - LEVEL_DB).abs() < 0.5, "{rate}: {level}");
            assert!(!measure.clipped && measure.head_ms <= 120 && measure.tail_ms <= 120);
        }
    }

    #[test]
    fn what_is_too_high_for_a_telephone_is_not_heard() {
        let tone = |hertz: f64| {
            let sample = |at: i32| 8000.0 * libm::sin(f64::from(at) / 22_050.0 * hertz * 2.0 * PI);
            let samples: Vec<f64> = (0..22_050).map(sample).collect();
            let samples = resampled(&samples, 22_050, 8000);
            let middle = &samples[1000..7000];
            let squares = middle.iter().map(|sample| f64::from(*sample).powi(2));
            libm::sqrt(squares.sum::<f64>() / middle.len() as f64)
        };
        // A tone of amplitude 8000 has a mean of 5657.
        assert!((tone(1000.0) - 5657.0).abs() < 30.0, "{}", tone(1000.0));
        assert!((tone(3400.0) - 5657.0).abs() < 60.0, "{}", tone(3400.0));
        assert!(tone(4600.0) < 20.0, "{}", tone(4600.0));
        assert!(tone(7000.0) < 20.0, "{}", tone(7000.0));
    }

    #[test]
    fn silence_is_nothing_to_play() {
        assert_eq!(tuned(&tone(8000, 0.0)), None);
    }
}
