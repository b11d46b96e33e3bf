//! What is no breach and yet noted: what the agent did well, and what later calls are judged by.

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

/// Something said that decides how other calls are judged, once a rule, at its first moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Id of the rule, e.g. `procedure.refused`.
    pub rule: String,
    pub title: String,
    /// Seconds from the start of the recording.
    pub start_s: Option<f64>,
    /// What was heard.
    pub quote: String,
}

impl Mark {
    /// The built-in rule for a third person who asks not to be called again.
    pub const REFUSED: &str = "procedure.refused";
}
