//! How loud a call is over time: all that judging conduct needs of the sound.

use std::ops::Range;

use super::Speaker;

/// Length of one frame of [`LevelTrack::frames_db`], in seconds. A syllable of Mandarin takes about four.
pub const LEVEL_FRAME_S: f64 = 0.05;

/// Loudness of every channel of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Levels {
    /// One a channel, in the recording's order.
    pub tracks: Vec<LevelTrack>,
}

/// Loudness of one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelTrack {
    pub speaker: Speaker,
    /// RMS of each frame of [`LEVEL_FRAME_S`] in decibels below full scale (0 is the loudest possible), to 0.1 dB.
    pub frames_db: Vec<f32>,
    /// Frames above this level are speech.
    pub speech_db: f32,
}

impl LevelTrack {
    /// Frames of a stretch of time; as many of them as the recording has.
    #[must_use]
    pub fn between(&self, start_s: f64, end_s: f64) -> &[f32] {
        &self.frames_db[self.frames(start_s, end_s)]
    }

    /// Numbers of the frames of a stretch of time; as many of them as the recording has.
    #[must_use]
    pub fn frames(&self, start_s: f64, end_s: f64) -> Range<usize> {
        frames(start_s, end_s, self.frames_db.len())
    }

    /// True where the frame is speech; false past the end.
    #[must_use]
    pub fn is_speech(&self, frame: usize) -> bool {
        self.frames_db.get(frame).is_some_and(|level_db| *level_db > self.speech_db)
    }
}

impl Levels {
    /// The channel that carries a speaker's voice.
    #[must_use]
    pub fn of(&self, speaker: Speaker) -> Option<&LevelTrack> {
        self.tracks.iter().find(|track| track.speaker == speaker)
    }

    /// Length of the recording in seconds.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        self.len() as f64 * LEVEL_FRAME_S
    }

    /// Numbers of the frames of a stretch of time, as many as the recording has.
    #[must_use]
    pub fn frames(&self, start_s: f64, end_s: f64) -> Range<usize> {
        frames(start_s, end_s, self.len())
    }

    fn len(&self) -> usize {
        self.tracks.iter().map(|track| track.frames_db.len()).max().unwrap_or(0)
    }
}

fn frames(start_s: f64, end_s: f64, count: usize) -> Range<usize> {
    let frame = |time_s: f64| (time_s.max(0.0) / LEVEL_FRAME_S).round() as usize;
    let end = frame(end_s).min(count);
    frame(start_s).min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_stay_within_the_recording() {
        let track = LevelTrack { speaker: Speaker::Agent, frames_db: vec![-20.0; 20], speech_db: -40.0 };
        for (start_s, end_s, frames) in [
            (0.0, 1.0, 20),
            (0.5, 0.75, 5),
            (0.9, 9.0, 2),
            (-3.0, 0.1, 2),
            (0.6, 0.2, 0),
            (5.0, 6.0, 0),
            (f64::NAN, f64::NAN, 0),
        ] {
            assert_eq!(track.between(start_s, end_s).len(), frames, "{start_s} {end_s}");
        }
        assert!(track.is_speech(19) && !track.is_speech(20));
    }
}
