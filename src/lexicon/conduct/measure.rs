//! What can be measured of a call, and the limits that a rule sets.

use serde::de::{self, Deserialize, Deserializer, Unexpected};

use crate::domain::Category;

/// One measure with its limits: `measure = { interruption = { min_overlap_s = 1.0, … } }`. Units are in the names.
#[derive(Debug, Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// The agent begins while the customer speaks. `unless`: a sentence of nothing but these words (嗯, 好的) is none.
    Interruption {
        /// Both speak at once for at least this long.
        #[serde(deserialize_with = "limit")]
        min_overlap_s: f64,
        /// The customer had been speaking for at least this long: who begins together does not interrupt.
        #[serde(deserialize_with = "limit")]
        min_delay_s: f64,
        /// Length of the interrupting sentence.
        min_chars: usize,
    },
    /// Nobody speaks between the first word of the call and the last. `unless`: said just before, or right after.
    LongSilence {
        #[serde(deserialize_with = "limit")]
        limit_s: f64,
    },
    /// The agent speaks faster than can be followed.
    FastSpeech {
        #[serde(deserialize_with = "limit")]
        limit_chars_per_s: f64,
        /// Shorter sentences say nothing about speed.
        min_chars: usize,
    },
    /// The agent speaks louder than is their own habit in this call.
    RaisedVoice {
        /// Over the agent's own median level.
        #[serde(deserialize_with = "limit")]
        limit_db: f64,
        /// Speech in the loud sentence.
        #[serde(deserialize_with = "limit")]
        min_loud_s: f64,
        /// Speech of the agent in the whole call, below which there is no habit to compare with.
        #[serde(deserialize_with = "limit")]
        min_speech_s: f64,
    },
    /// The agent's share of all speech.
    TalkShare {
        #[serde(deserialize_with = "limit")]
        limit_percent: f64,
        /// Speech of both, below which a share says nothing.
        #[serde(deserialize_with = "limit")]
        min_speech_s: f64,
    },
    /// The agent lets the customer wait for an answer. `unless`: said by either just before.
    ResponseTime {
        #[serde(deserialize_with = "limit")]
        limit_s: f64,
    },
    /// The call ends right after the customer's words, without an answer. `unless`: closing words in the last turns.
    AbruptHangUp {
        /// From the customer's last word to the end of the recording.
        #[serde(deserialize_with = "limit")]
        within_s: f64,
        /// Length of the customer's last sentence: a mere 嗯 wants no answer.
        min_chars: usize,
    },
}

impl Measure {
    /// The category of its findings; none for what is only measured and remarked on.
    #[must_use]
    pub fn category(self) -> Option<Category> {
        match self {
            Self::Interruption { .. } => Some(Category::Interruption),
            Self::LongSilence { .. } => Some(Category::LongSilence),
            Self::FastSpeech { .. } => Some(Category::FastSpeech),
            Self::RaisedVoice { .. } => Some(Category::RaisedVoice),
            Self::TalkShare { .. } | Self::ResponseTime { .. } | Self::AbruptHangUp { .. } => None,
        }
    }
}

/// A number that something can be compared with: finite and not below nought.
fn limit<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let value = f64::deserialize(deserializer)?;
    if value.is_finite() && value >= 0.0 {
        Ok(value)
    } else {
        Err(de::Error::invalid_value(Unexpected::Float(value), &"a finite number, 0 or more"))
    }
}
