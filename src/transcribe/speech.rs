//! How likely each frame of a track is speech.

use earshot::Detector;

/// Samples in one frame: 16 ms at 16 kHz.
pub const FRAME_SAMPLES: usize = 256;

/// Tells speech from everything else, frame by frame.
pub trait SpeechDetector: Sync {
    /// Probability of speech in 0..=1 for every [`FRAME_SAMPLES`] of `samples` (mono, 16 kHz); the last frame may be
    /// a partial one. Calls are independent of each other.
    fn probabilities(&self, samples: &[i16]) -> Vec<f32>;
}

/// The detector in use: a small recurrent network that copes with telephone noise and costs next to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Earshot;

impl SpeechDetector for Earshot {
    fn probabilities(&self, samples: &[i16]) -> Vec<f32> {
        let mut detector = Box::new(Detector::default());
        let (frames, rest) = samples.as_chunks::<FRAME_SAMPLES>();
        let mut probabilities: Vec<f32> = frames.iter().map(|frame| detector.predict_i16(frame)).collect();
        if !rest.is_empty() {
            let mut last = [0; FRAME_SAMPLES];
            last[..rest.len()].copy_from_slice(rest);
            probabilities.push(detector.predict_i16(&last));
        }
        probabilities
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SAMPLE_RATE_HZ;

    /// A voice in the crudest form: a buzz whose pitch wavers, through two resonances that wander from vowel to vowel,
    /// four syllables a second.
    fn voice(seconds: f64) -> Vec<i16> {
        let rate = f64::from(SAMPLE_RATE_HZ);
        let sine = |frequency_hz: f64, time_s: f64| (std::f64::consts::TAU * frequency_hz * time_s).sin();
        let mut phase = 0.0;
        let mut sample = |index: usize| {
            let time_s = index as f64 / rate;
            let pitch_hz = 150.0 + 25.0 * sine(1.3, time_s);
            phase += std::f64::consts::TAU * pitch_hz / rate;
            let formants_hz = [550.0 + 250.0 * sine(2.1, time_s), 1_500.0 + 600.0 * sine(1.7, time_s)];
            let partial = |number: u32| {
                let above = |formant_hz: f64| ((pitch_hz * f64::from(number) - formant_hz) / 80.0).powi(2);
                let strength: f64 =
                    formants_hz.iter().map(|&formant_hz| 1.0 / (1.0 + above(formant_hz))).sum();
                strength * (phase * f64::from(number)).sin()
            };
            let loudness = sine(4.0, time_s).max(-0.8) + 0.8;
            ((1..22).map(partial).sum::<f64>() * loudness * 3_000.0) as i16
        };
        (0..(seconds * rate) as usize).map(&mut sample).collect()
    }

    fn share_of_speech(samples: &[i16]) -> f64 {
        let probabilities = Earshot.probabilities(samples);
        probabilities.iter().filter(|&&probability| probability >= 0.5).count() as f64
            / probabilities.len() as f64
    }

    #[test]
    fn one_probability_a_frame() {
        for samples in [0, 1, 256, 257, 1_000] {
            let probabilities = Earshot.probabilities(&vec![0; samples]);
            assert_eq!(probabilities.len(), samples.div_ceil(FRAME_SAMPLES));
            assert!(probabilities.iter().all(|probability| (0.0..=1.0).contains(probability)));
        }
    }

    #[test]
    fn silence_and_hiss_are_no_speech_and_a_voice_is() {
        let mut seed = 1_u32;
        let hiss: Vec<i16> = (0..48_000)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 16) as i16 / 64
            })
            .collect();
        assert!(share_of_speech(&vec![0; 48_000]) < 0.01);
        assert!(share_of_speech(&hiss) < 0.05, "{}", share_of_speech(&hiss));
        assert!(share_of_speech(&voice(3.0)) > 0.5, "{}", share_of_speech(&voice(3.0)));
    }
}
