//! Sound as the later stages want it: one mono track a speaker, 16 kHz.

use super::Speaker;

/// Samples per second of every [`Track`]: what Whisper and the speech detector were trained on.
pub const SAMPLE_RATE_HZ: u32 = 16_000;

/// One speaker's side of a call (or both sides of a mono call).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Whose voice the channel carries; `Unknown` for mono.
    pub speaker: Speaker,
    /// Mono samples at [`SAMPLE_RATE_HZ`], full scale ±32767. Sixteen bits hold a telephone line and halve the memory.
    pub samples: Vec<i16>,
}

/// A decoded recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audio {
    /// One track a channel, in the recording's channel order; never empty, all of one length.
    pub tracks: Vec<Track>,
}

impl Audio {
    /// Length in seconds from the start of the recording.
    #[must_use]
    pub fn duration_s(&self) -> f64 {
        let samples = self.tracks.first().map_or(0, |track| track.samples.len());
        samples as f64 / f64::from(SAMPLE_RATE_HZ)
    }
}
