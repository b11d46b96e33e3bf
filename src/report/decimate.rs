//! 16 kHz to 8 kHz: a low-pass filter, then every other sample.

use std::f64::consts::PI;

/// Filter length. With the window below the pass band ends near 3.1 kHz and the stop band begins near 3.9 kHz: what a
/// telephone line carries stays, what would fold back at 4 kHz goes.
const TAPS: usize = 63;
/// Middle of the filter's slope as a part of the sample rate: 3.5 kHz of 16 kHz.
const CUTOFF: f64 = 3.5 / 16.0;

/// A windowed-sinc low-pass filter (Hamming) that keeps every other sample.
pub(super) struct Halver {
    taps: Vec<f32>,
}

impl Halver {
    pub(super) fn new() -> Self {
        let taps: Vec<f64> = (0..TAPS).map(tap).collect();
        let sum: f64 = taps.iter().sum();
        Self { taps: taps.iter().map(|tap| (tap / sum) as f32).collect() }
    }

    /// Half the samples, without delay; beyond its ends the sound is taken to go on as it ends.
    pub(super) fn halve(&self, samples: &[i16]) -> Vec<i16> {
        (0..samples.len() / 2).map(|index| self.filtered(samples, 2 * index)).collect()
    }

    fn filtered(&self, samples: &[i16], centre: usize) -> i16 {
        let at = |tap: usize| samples[(centre + tap).saturating_sub(TAPS / 2).min(samples.len() - 1)];
        let sum: f32 = self.taps.iter().enumerate().map(|(tap, weight)| weight * f32::from(at(tap))).sum();
        sum.round() as i16
    }
}

fn tap(index: usize) -> f64 {
    let window = 0.54 - 0.46 * (2.0 * PI * index as f64 / (TAPS - 1) as f64).cos();
    let x = 2.0 * PI * CUTOFF * (index as f64 - (TAPS / 2) as f64);
    window * if x == 0.0 { 1.0 } else { x.sin() / x }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Loudness of a tone after halving, as a part of what it was.
    fn gain(frequency_hz: f64) -> f64 {
        let tone: Vec<i16> = (0..4000)
            .map(|n| ((2.0 * PI * frequency_hz * f64::from(n) / 16_000.0).sin() * 16_000.0) as i16)
            .collect();
        let halved = Halver::new().halve(&tone);
        let power: f64 = halved[100..1900].iter().map(|&sample| f64::from(sample).powi(2)).sum();
        (power / 1800.0 * 2.0).sqrt() / 16_000.0
    }

    #[test]
    fn keeps_speech_and_drops_what_would_fold_back() {
        for (frequency_hz, least, most) in
            [(300.0, 0.99, 1.01), (3000.0, 0.97, 1.01), (4200.0, 0.0, 0.01), (7000.0, 0.0, 0.01)]
        {
            let gain = gain(frequency_hz);
            assert!((least..=most).contains(&gain), "{frequency_hz} Hz: {gain}");
        }
    }

    #[test]
    fn short_and_loud_sound_does_no_harm() {
        let halver = Halver::new();
        assert!(halver.halve(&[]).is_empty() && halver.halve(&[5]).is_empty());
        assert_eq!(halver.halve(&[i16::MAX; 8]), [i16::MAX; 4]);
    }
}
