//! How a call was held, in figures: what the rules of conduct measured, whether or not they found anything.

use serde::{Deserialize, Serialize};

/// Figures of one call. What is absent could not be measured: speakers not told apart, no real times, no sound.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measures {
    /// Speech of each speaker, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_speech_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_speech_s: Option<f64>,
    /// The agent's share of both, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_share_percent: Option<f64>,
    /// Both speaking at once, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlap_s: Option<f64>,
    /// From the customer's last word to the agent's first, over all answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_median_s: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_longest_s: Option<f64>,
    /// Longest stretch between the first and the last word in which nobody spoke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silence_longest_s: Option<f64>,
    /// Speed of the agent over the whole call, in characters of the normal form (numbers spelled) a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_chars_per_s: Option<f64>,
    /// The agent's loudest sentence over the agent's own median level, in decibels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_loudest_db: Option<f64>,
    /// What asks for a human ear but belongs to no category.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
}

/// Something that a rule of conduct without a category noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// Id of the rule.
    pub rule: String,
    /// What was noticed, in Chinese, with the figure and its limit.
    pub explanation: String,
    /// Seconds from the start of the recording.
    pub start_s: f64,
    pub end_s: f64,
}
