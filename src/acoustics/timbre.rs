//! What a voice sounds like from moment to moment: cepstral coefficients over the band of a telephone, and pitch.

use std::f32::consts::{PI, TAU};

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use super::pitch::{PITCH_SAMPLES, pitch_hz};
use crate::domain::SAMPLE_RATE_HZ;

/// Seconds from one frame of [`timbre`] to the next.
pub const TIMBRE_FRAME_S: f64 = 0.01;
/// Cepstral coefficients of a frame: the shape of the vocal tract, without the loudness.
pub const CEPSTRA: usize = 12;

const HOP: usize = (SAMPLE_RATE_HZ as f64 * TIMBRE_FRAME_S) as usize;
/// 25 ms, in which speech stands still.
const FRAME: usize = 400;
const TRANSFORM: usize = 512;
/// Bands of equal width in mel between the ends of a telephone's band.
const BANDS: usize = 40;
const LOWEST_HZ: f32 = 150.0;
const HIGHEST_HZ: f32 = 3_800.0;
/// A hundredth of the smallest step of 16 bits: keeps the logarithm of silence finite.
const FLOOR: f32 = 1e-4;
/// Every other frame is asked for its pitch, which takes most of the time.
const PITCH_EVERY: usize = 2;

/// What one frame of a voice sounds like.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Timbre {
    /// Decibels over all bands, from the smallest step of 16 bits on.
    pub loudness_db: f32,
    pub cepstrum: [f32; CEPSTRA],
    /// Natural logarithm of the pitch in Hz, where there is one.
    pub log_pitch: Option<f32>,
}

/// The frames of `samples` (mono, 16 kHz), [`TIMBRE_FRAME_S`] apart; the first begins with the sound.
#[must_use]
pub fn timbre(samples: &[i16]) -> Vec<Timbre> {
    let samples: Vec<f32> = samples.iter().map(|&sample| f32::from(sample)).collect();
    let (bands, window) = (bands(), hann());
    let transform = RealFftPlanner::<f32>::new().plan_fft_forward(TRANSFORM);
    let (mut input, mut spectrum) = (transform.make_input_vec(), transform.make_output_vec());
    let mut frames: Vec<Timbre> = Vec::new();
    for (index, start) in (0..samples.len().saturating_sub(FRAME - 1)).step_by(HOP).enumerate() {
        input.fill(0.0);
        for ((out, sample), weight) in input.iter_mut().zip(&samples[start..start + FRAME]).zip(&window) {
            *out = sample * weight;
        }
        // Fails only on buffers of other lengths than the transform's own.
        if transform.process(&mut input, &mut spectrum).is_err() {
            return Vec::new();
        }
        let powers: Vec<f32> = spectrum.iter().map(Complex::norm_sqr).collect();
        let levels: Vec<f32> = bands.iter().map(|band| band.level(&powers)).collect();
        let log_pitch = match frames.last() {
            Some(last) if !index.is_multiple_of(PITCH_EVERY) => last.log_pitch,
            _ => samples.get(start..start + PITCH_SAMPLES).and_then(pitch_hz).map(f32::ln),
        };
        frames.push(Timbre { loudness_db: mean(&levels), cepstrum: cepstrum(&levels), log_pitch });
    }
    frames
}

fn hann() -> Vec<f32> {
    (0..FRAME).map(|index| 0.5 - 0.5 * (TAU * index as f32 / FRAME as f32).cos()).collect()
}

/// A triangle over the bins of a spectrum.
struct Band {
    first: usize,
    weights: Vec<f32>,
}

impl Band {
    /// Decibels.
    fn level(&self, powers: &[f32]) -> f32 {
        let sum: f32 =
            self.weights.iter().zip(&powers[self.first..]).map(|(weight, power)| weight * power).sum();
        10.0 * (sum + FLOOR).log10()
    }
}

fn bands() -> Vec<Band> {
    // O'Shaughnessy's mel.
    let mel = |hz: f32| 2_595.0 * (1.0 + hz / 700.0).log10();
    let hz = |mel: f32| 700.0 * (10.0_f32.powf(mel / 2_595.0) - 1.0);
    let step = (mel(HIGHEST_HZ) - mel(LOWEST_HZ)) / (BANDS + 1) as f32;
    let edge = |index: usize| hz(mel(LOWEST_HZ) + step * index as f32);
    let bin_hz = SAMPLE_RATE_HZ as f32 / TRANSFORM as f32;
    let band = |index: usize| {
        let (low, middle, high) = (edge(index), edge(index + 1), edge(index + 2));
        let weight = |bin: usize| {
            let at = bin as f32 * bin_hz;
            ((at - low) / (middle - low)).min((high - at) / (high - middle)).max(0.0)
        };
        let first = (low / bin_hz) as usize;
        Band { first, weights: (first..=(high / bin_hz) as usize).map(weight).collect() }
    };
    (0..BANDS).map(band).collect()
}

/// Cosine transform of the bands' levels, without its first coefficient, which is the loudness.
fn cepstrum(levels: &[f32]) -> [f32; CEPSTRA] {
    std::array::from_fn(|index| {
        let turn = PI * (index + 1) as f32 / levels.len() as f32;
        let part = |(band, level): (usize, &f32)| level * (turn * (band as f32 + 0.5)).cos();
        levels.iter().enumerate().map(part).sum::<f32>() * (2.0 / levels.len() as f32).sqrt()
    })
}

fn mean(levels: &[f32]) -> f32 {
    levels.iter().sum::<f32>() / levels.len() as f32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A tenth of a second of a voice-like sound: partials of `pitch_hz` that fade beyond `formant_hz`.
    fn voice(pitch_hz: f32, formant_hz: f32, height: f32) -> Vec<i16> {
        let partial = |n: u8, time_s: f32| {
            let hz = pitch_hz * f32::from(n);
            (TAU * hz * time_s).sin() / (1.0 + (hz / formant_hz).powi(2))
        };
        let sample = |index: u16| {
            let time_s = f32::from(index) / SAMPLE_RATE_HZ as f32;
            (height * (1..20).map(|n| partial(n, time_s)).sum::<f32>()) as i16
        };
        (0..1_600).map(sample).collect()
    }

    fn distance(a: &Timbre, b: &Timbre) -> f32 {
        a.cepstrum.iter().zip(b.cepstrum).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
    }

    #[test]
    fn frames_are_a_hundredth_of_a_second_apart() {
        assert_eq!(timbre(&voice(150.0, 500.0, 2_000.0)).len(), 8);
        assert_eq!(timbre(&[0; FRAME - 1]), []);
        assert_eq!(timbre(&[0; FRAME]).len(), 1);
    }

    #[test]
    fn timbre_is_of_the_voice_and_not_of_its_loudness() {
        let [loud, soft, other] = [(500.0, 8_000.0), (500.0, 2_000.0), (2_000.0, 8_000.0)]
            .map(|(f, h)| timbre(&voice(150.0, f, h))[0]);
        assert!((loud.loudness_db - soft.loudness_db - 12.0).abs() < 1.0);
        let apart = (distance(&loud, &soft), distance(&loud, &other));
        assert!(3.0 * apart.0 < apart.1, "{apart:?}");
    }

    #[test]
    fn a_voice_has_its_pitch() {
        let pitch = timbre(&voice(150.0, 500.0, 4_000.0))[0].log_pitch.unwrap().exp();
        assert!((pitch - 150.0).abs() < 5.0, "{pitch}");
        assert_eq!(timbre(&[0; 2_000])[0].log_pitch, None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn any_sound_has_finite_timbre(samples in prop::collection::vec(any::<i16>(), 0..3_000)) {
            for frame in timbre(&samples) {
                prop_assert!(frame.loudness_db.is_finite() && frame.cepstrum.iter().all(|c| c.is_finite()));
            }
        }
    }
}
