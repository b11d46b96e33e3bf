//! The mel filter bank that Whisper was trained with: Slaney's scale, each triangle of unit area.

/// Samples per second that the filters are made for.
const SAMPLE_RATE_HZ: f64 = 16_000.0;
/// Window of the Fourier transform.
const WINDOW_SAMPLES: u16 = 400;
/// Bins of its spectrum.
pub(super) const BINS: usize = WINDOW_SAMPLES as usize / 2 + 1;

/// Below this the scale is linear, above it logarithmic.
const BREAK_HZ: f64 = 1_000.0;
const BREAK_MEL: f64 = 15.0;
const HZ_PER_MEL: f64 = BREAK_HZ / BREAK_MEL;

/// What is lower at the foot of a triangle is rounding, and differs between mathematics libraries; without it a
/// conversion gives the same bytes everywhere.
const LEAST_HEIGHT: f64 = 1e-9;

/// `mels` × [`BINS`] weights, row by row.
pub(super) fn filters(mels: usize) -> Vec<f32> {
    let edges = edges_hz(mels);
    edges.windows(3).flat_map(|edges| triangle(edges[0], edges[1], edges[2])).collect()
}

/// `mels` + 2 frequencies, equally spaced in mel from 0 Hz to half the sample rate.
fn edges_hz(mels: usize) -> Vec<f64> {
    let step = hz_to_mel(SAMPLE_RATE_HZ / 2.0) / (mels + 1) as f64;
    (0..mels + 2).map(|index| mel_to_hz(step * index as f64)).collect()
}

fn triangle(low_hz: f64, centre_hz: f64, high_hz: f64) -> impl Iterator<Item = f32> {
    let area = 2.0 / (high_hz - low_hz);
    (0..BINS).map(move |bin| {
        let hz = bin as f64 * SAMPLE_RATE_HZ / f64::from(WINDOW_SAMPLES);
        let rising = (hz - low_hz) / (centre_hz - low_hz);
        let falling = (high_hz - hz) / (high_hz - centre_hz);
        let height = rising.min(falling);
        // Rounded to single precision before and after scaling, as the filters of the published models are.
        if height < LEAST_HEIGHT { 0.0 } else { (f64::from(height as f32) * area) as f32 }
    })
}

fn log_step() -> f64 {
    6.4_f64.ln() / 27.0
}

fn hz_to_mel(hz: f64) -> f64 {
    if hz < BREAK_HZ { hz / HZ_PER_MEL } else { BREAK_MEL + (hz / BREAK_HZ).ln() / log_step() }
}

fn mel_to_hz(mel: f64) -> f64 {
    if mel < BREAK_MEL { mel * HZ_PER_MEL } else { BREAK_HZ * (log_step() * (mel - BREAK_MEL)).exp() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_slaneys() {
        assert!((hz_to_mel(1_000.0) - 15.0).abs() < 1e-12);
        assert!((hz_to_mel(6_400.0) - 42.0).abs() < 1e-12);
        assert!((mel_to_hz(hz_to_mel(3_456.0)) - 3_456.0).abs() < 1e-9);
    }

    #[test]
    fn values_known_of_the_80_band_filters() {
        let filters = filters(80);
        assert_eq!(filters.len(), 80 * BINS);
        let close = |bin: usize, expected: f32| (filters[bin] - expected).abs() < 1e-7;
        assert!(filters[0] == 0.0 && close(1, KNOWN[0]) && close(2, KNOWN[1]), "{:?}", &filters[..4]);
        assert!(close(79 * BINS + 195, KNOWN[2]), "{:?}", &filters[79 * BINS + 190..]);
    }

    /// Bins 1 and 2 of the first band and bin 195 of the last, computed apart from this code.
    const KNOWN: [f32; 3] = [0.024_862_595, 0.0, 0.002_243_795_2];

    #[test]
    fn every_band_has_weight_and_none_is_negative() {
        for mels in [80, 128] {
            let filters = filters(mels);
            assert!(filters.iter().all(|weight| *weight >= 0.0));
            assert!(filters.chunks(BINS).all(|band| band.iter().any(|weight| *weight > 0.0)));
        }
    }
}
