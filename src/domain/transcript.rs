//! What was said: the value that passes from recognition to detection, one call a line on disk.

use serde::{Deserialize, Serialize};

use super::CallId;

/// Whose words a segment holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    Agent,
    Customer,
    /// A mono call whose speakers were not told apart.
    #[default]
    Unknown,
}

/// Why a segment's text may never have been spoken. Marked, never deleted; no violation rests on a marked span alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspicion {
    /// The same words over and over.
    Repeat,
    /// Subtitle credits and channel slogans (字幕…, 请不吝点赞…) that the model learnt from videos.
    Credit,
    /// Text where the speech detector heard no speech, or faster than anyone speaks.
    NoSpeech,
    /// Text of which the recogniser itself was not sure: noise and music sound like that to it.
    Unsure,
}

/// A stretch of speech by one speaker. Times are seconds from the start of the recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    #[serde(default)]
    pub speaker: Speaker,
    /// Probability in 0..=1 that this is who speaks, where voices had to be told apart in one channel; absent where the
    /// channel tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker_confidence: Option<f64>,
    pub start_s: f64,
    pub end_s: f64,
    /// As recognised: simplified or traditional, any digits, any punctuation.
    pub text: String,
    /// The text as the recogniser spelled it, where [`text`](Self::text) has other characters of the same sound instead:
    /// as many, in the same places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spelled: Option<String>,
    /// What a second listening heard here, in other windows and without expecting any words; absent where nobody listened
    /// again, empty where nothing was heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_again: Option<String>,
    /// Mean probability of the recognised tokens in 0..=1; absent where the source gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspicion: Option<Suspicion>,
}

impl Segment {
    /// `text` as said from `start_s` to `end_s`, with nothing else known of it.
    #[must_use]
    pub fn said(speaker: Speaker, start_s: f64, end_s: f64, text: impl Into<String>) -> Self {
        Self {
            speaker,
            speaker_confidence: None,
            start_s,
            end_s,
            text: text.into(),
            spelled: None,
            heard_again: None,
            confidence: None,
            suspicion: None,
        }
    }
}

/// All segments of one call, in order of their start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    pub call_id: CallId,
    pub segments: Vec<Segment>,
}
