//! The shape of the sound, for the timeline.

use crate::domain::{Audio, LEVEL_FRAME_S, LevelTrack, Levels, SAMPLE_RATE_HZ, Speaker, Track};

/// Peaks a second: finer than a page can draw for all but the shortest calls.
pub const PEAKS_PER_S: usize = 10;

const FRAMES_A_PEAK: usize = (1.0 / LEVEL_FRAME_S) as usize / PEAKS_PER_S;

/// The shape of one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waveform {
    pub speaker: Speaker,
    /// Highest amplitude of every tenth of a second, 255 being full scale.
    pub peaks: Vec<u8>,
}

/// The peaks of every channel, in the recording's channel order.
pub fn waveforms(audio: &Audio) -> Vec<Waveform> {
    audio.tracks.iter().map(|track| Waveform { speaker: track.speaker, peaks: peaks(track) }).collect()
}

/// The shape of the sound from its loudness, where the sound itself is not at hand.
pub fn waveforms_of(levels: &Levels) -> Vec<Waveform> {
    let shape = |track: &LevelTrack| Waveform {
        speaker: track.speaker,
        peaks: track.frames_db.chunks(FRAMES_A_PEAK).map(loudest).collect(),
    };
    levels.tracks.iter().map(shape).collect()
}

/// Speech peaks some 12 dB above its mean: a factor of four.
fn loudest(frames_db: &[f32]) -> u8 {
    let loudest_db = frames_db.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    (255.0 * 4.0 * 10_f32.powf(loudest_db / 20.0)).min(255.0) as u8
}

fn peaks(track: &Track) -> Vec<u8> {
    track.samples.chunks(SAMPLE_RATE_HZ as usize / PEAKS_PER_S).map(peak).collect()
}

/// Amplitude 32768 is 255.
fn peak(samples: &[i16]) -> u8 {
    let loudest = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0);
    (loudest / 128).min(255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Speaker;

    #[test]
    fn ten_peaks_a_second_a_channel() {
        let loud = Track { speaker: Speaker::Agent, samples: [0, i16::MIN].repeat(4000) };
        let soft = Track { speaker: Speaker::Customer, samples: vec![-1280; 8000] };
        let waveforms = waveforms(&Audio { tracks: vec![loud, soft] });
        assert_eq!(waveforms[0], Waveform { speaker: Speaker::Agent, peaks: vec![255; 5] });
        assert_eq!(waveforms[1], Waveform { speaker: Speaker::Customer, peaks: vec![10; 5] });
    }

    #[test]
    fn a_part_of_a_tenth_counts() {
        let track = Track { speaker: Speaker::Unknown, samples: vec![128; 1601] };
        assert_eq!(waveforms(&Audio { tracks: vec![track] })[0].peaks, [1, 1]);
    }
}
