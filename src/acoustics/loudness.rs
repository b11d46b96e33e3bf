//! How loud each channel is, frame by frame.
//!
//! The level of a frame is its RMS. What counts as speech is told from each channel's own loud and quiet frames, so a
//! faint line and a loud one are treated alike.

use crate::domain::{Audio, LEVEL_FRAME_S, LevelTrack, Levels, SAMPLE_RATE_HZ, Track};

const FRAME_SAMPLES: usize = (SAMPLE_RATE_HZ as f64 * LEVEL_FRAME_S) as usize;

/// Level of digital silence: below the last bit of sixteen.
const SILENCE_DB: f32 = -96.0;
/// The quietest voice that a telephone brings over.
const FAINTEST_SPEECH_DB: f32 = -60.0;
/// Speech moves within this span below the loud frames of the channel; what is fainter is breath, line, or the other side.
const SPEECH_SPAN_DB: f32 = 25.0;
/// Speech stands out from the noise of the line by this much.
const ABOVE_NOISE_DB: f32 = 6.0;

/// Measures every channel.
#[must_use]
pub fn levels(audio: &Audio) -> Levels {
    Levels { tracks: audio.tracks.iter().map(level_track).collect() }
}

fn level_track(track: &Track) -> LevelTrack {
    let frames_db: Vec<f32> = track.samples.chunks(FRAME_SAMPLES).map(level_db).collect();
    let speech_db = speech_db(&frames_db);
    LevelTrack { speaker: track.speaker, frames_db, speech_db }
}

/// RMS in decibels below full scale, to 0.1 dB: the last bits of a logarithm may differ between machines.
fn level_db(samples: &[i16]) -> f32 {
    let energy: i64 = samples.iter().map(|sample| i64::from(*sample).pow(2)).sum();
    let full_scale = (samples.len().max(1) as f64) * f64::from(i16::MAX).powi(2);
    let level_db = 10.0 * (energy as f64 / full_scale).log10();
    ((level_db * 10.0).round() / 10.0).max(f64::from(SILENCE_DB)) as f32
}

/// The level that parts speech from the rest: below the loud frames by the span of speech, above the quiet ones.
fn speech_db(frames_db: &[f32]) -> f32 {
    let mut sorted = frames_db.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let at = |share: f32| sorted.get((sorted.len() as f32 * share) as usize).copied().unwrap_or(SILENCE_DB);
    let (noise_db, loud_db) = (at(0.1), at(0.98));
    let above_noise_db = (noise_db + ABOVE_NOISE_DB).min(loud_db - ABOVE_NOISE_DB);
    (loud_db - SPEECH_SPAN_DB).max(above_noise_db).max(FAINTEST_SPEECH_DB)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::Speaker;

    /// A second of a square wave of this height.
    fn tone(height: i16) -> Vec<i16> {
        [height, -height].repeat(SAMPLE_RATE_HZ as usize / 2)
    }

    fn measured(samples: Vec<i16>) -> LevelTrack {
        let audio = Audio { tracks: vec![Track { speaker: Speaker::Agent, samples }] };
        levels(&audio).tracks.remove(0)
    }

    #[test]
    fn a_square_wave_has_the_level_of_its_height() {
        for (height, level_db) in
            [(i16::MAX, 0.0), (16_384, -6.0), (3_277, -20.0), (33, -59.9), (1, -90.3), (0, -96.0)]
        {
            assert_eq!(measured(tone(height)).frames_db, vec![level_db; 20], "{height}");
        }
    }

    #[test]
    fn speech_is_told_from_the_line_at_any_gain() {
        for gain in [1, 4, 30] {
            let samples = [tone(20 * gain), tone(600 * gain), tone(20 * gain), tone(200 * gain)].concat();
            let track = measured(samples);
            let seconds: Vec<bool> = (0..4).map(|second| track.is_speech(second * 20 + 10)).collect();
            assert_eq!(seconds, [false, true, false, true], "gain {gain}: {}", track.speech_db);
        }
    }

    #[test]
    fn silence_and_nothing_hold_no_speech() {
        for samples in [vec![], vec![0; 16_000], [3, -3].repeat(16_000)] {
            let track = measured(samples);
            assert!((0..track.frames_db.len()).all(|frame| !track.is_speech(frame)));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn any_sound_has_levels(samples in prop::collection::vec(any::<i16>(), 0..4000)) {
            let frames = samples.len().div_ceil(FRAME_SAMPLES);
            let track = measured(samples);
            prop_assert_eq!(track.frames_db.len(), frames);
            prop_assert!(track.frames_db.iter().all(|level_db| (SILENCE_DB..=0.1).contains(level_db)));
        }
    }
}
