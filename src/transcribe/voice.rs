//! Whether vocal folds are at work in a sound. The speech detector takes loud hiss for speech now and then; hiss has
//! no pitch, and words without a voiced sound do not exist in Mandarin.

use crate::acoustics::{PITCH_SAMPLES, pitch_hz};

/// From one look to the next: 16 ms.
const HOP: usize = 256;
/// Frames with a pitch that make a voice.
const VOICED_FRAMES: usize = 3;

/// True when there is a voice in `samples` (mono, 16 kHz).
pub(super) fn has_voice(samples: &[i16]) -> bool {
    let samples: Vec<f32> = samples.iter().map(|&sample| f32::from(sample)).collect();
    let frames = samples.windows(PITCH_SAMPLES).step_by(HOP);
    frames.filter(|frame| pitch_hz(frame).is_some()).take(VOICED_FRAMES).count() == VOICED_FRAMES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SAMPLE_RATE_HZ;

    fn sound(seconds: f64, mut sample: impl FnMut(f64) -> f64) -> Vec<i16> {
        let rate = f64::from(SAMPLE_RATE_HZ);
        (0..(seconds * rate) as usize).map(|index| (4_000.0 * sample(index as f64 / rate)) as i16).collect()
    }

    /// Between -1 and 1, the same every time.
    fn hiss() -> impl FnMut() -> f64 {
        let mut seed = 1_u32;
        move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(seed) / f64::from(u32::MAX / 2) - 1.0
        }
    }

    fn buzz(pitch_hz: f64, time_s: f64) -> f64 {
        (1..8)
            .map(|partial| (std::f64::consts::TAU * pitch_hz * f64::from(partial) * time_s).sin() / 4.0)
            .sum()
    }

    #[test]
    fn voices_of_every_pitch_have_one_and_hiss_and_silence_have_none() {
        for pitch_hz in [80.0, 120.0, 220.0, 350.0] {
            assert!(has_voice(&sound(0.2, |time_s| buzz(pitch_hz, time_s))), "{pitch_hz} Hz");
        }
        let mut noise = hiss();
        assert!(!has_voice(&sound(5.0, |_| noise())));
        assert!(!has_voice(&sound(5.0, |_| 0.0)));
        assert!(!has_voice(&[]));
    }

    #[test]
    fn a_voice_is_found_in_noise_as_loud_as_itself() {
        let mut noise = hiss();
        assert!(has_voice(&sound(1.0, |time_s| buzz(150.0, time_s) + noise())));
    }
}
