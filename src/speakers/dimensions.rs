//! Frames of timbre as numbers of one scale.

use crate::acoustics::{CEPSTRA, Timbre};

/// The cepstral coefficients and the pitch.
pub const DIMENSIONS: usize = CEPSTRA + 1;
/// One frame; over all clauses each dimension has mean 0 and variance 1.
pub type Frame = [f32; DIMENSIONS];

/// Frames softer than this share of the clause's are breath and pause.
const SOFT_SHARE: f64 = 0.15;
/// Keeps the scale of what never changes finite.
const LEAST_DEVIATION: f64 = 1e-3;

/// The louder frames of each clause.
pub fn normal(clauses: &[&[Timbre]]) -> Vec<Vec<Frame>> {
    let loud: Vec<Vec<&Timbre>> = clauses.iter().map(|frames| loud(frames)).collect();
    let all = || loud.iter().flatten();
    let scales: Vec<(f64, f64)> =
        (0..DIMENSIONS).map(|dimension| scale(all().filter_map(|frame| value(frame, dimension)))).collect();
    let normal = |frame: &&Timbre| -> Frame {
        std::array::from_fn(|dimension| {
            let (mean, deviation) = scales[dimension];
            // A frame without pitch tells nothing of it.
            value(frame, dimension).map_or(0.0, |value| ((value - mean) / deviation) as f32)
        })
    };
    loud.iter().map(|frames| frames.iter().map(normal).collect()).collect()
}

fn loud(frames: &[Timbre]) -> Vec<&Timbre> {
    let mut levels: Vec<f32> = frames.iter().map(|frame| frame.loudness_db).collect();
    levels.sort_unstable_by(f32::total_cmp);
    let Some(&least_db) = levels.get((levels.len() as f64 * SOFT_SHARE) as usize) else { return Vec::new() };
    frames.iter().filter(|frame| frame.loudness_db >= least_db).collect()
}

fn value(frame: &Timbre, dimension: usize) -> Option<f64> {
    let value = if dimension < CEPSTRA { Some(frame.cepstrum[dimension]) } else { frame.log_pitch };
    value.map(f64::from)
}

/// Mean and standard deviation.
fn scale(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for value in values {
        (count, sum, squares) = (count + 1.0, sum + value, squares + value * value);
    }
    let mean = sum / f64::max(count, 1.0);
    let variance = (squares / f64::max(count, 1.0) - mean * mean).max(0.0);
    (mean, variance.sqrt().max(LEAST_DEVIATION))
}
