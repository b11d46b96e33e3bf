//! Good conduct: what the agent did well.

use serde::{Deserialize, Serialize};

use super::Speaker;

/// Something done well, once a rule, at its first moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GoodConduct {
    /// Id of the rule, e.g. `good_conduct.empathy`.
    pub rule: String,
    pub title: String,
    /// What the rule is worth.
    pub points: u32,
    /// Seconds from the start of the recording.
    pub start_s: Option<f64>,
    pub end_s: Option<f64>,
    pub speaker: Speaker,
    /// What was heard.
    pub quote: String,
}
