//! How a call followed a lender's own script (话术流程).

use serde::{Deserialize, Serialize};

/// How one step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// Said, and in its place.
    Done,
    /// Said, but before an earlier step, behind a later one, or too late.
    OutOfOrder,
    Missing,
    /// The step is not for a call like this one.
    NotApplicable,
}

impl StepOutcome {
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Done => "完成",
            Self::OutOfOrder => "顺序不符",
            Self::Missing => "缺失",
            Self::NotApplicable => "不适用",
        }
    }
}

/// One step of the script in this call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScriptStep {
    pub step: String,
    pub title: String,
    /// Steps that need not be made count for nothing when they are missing.
    pub required: bool,
    pub outcome: StepOutcome,
    /// Seconds from the start of the recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_s: Option<f64>,
    /// Seconds from the agent's first word by which the step had to come, where it came later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_after_s: Option<f64>,
}

/// A script as a call followed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScriptReport {
    /// Id of the script.
    pub script: String,
    pub title: String,
    /// SHA-256 over the script and the word groups it uses.
    pub digest: String,
    /// Whether what is missing or out of order stays within the script's tolerance.
    pub followed: bool,
    /// Required steps that were made, of those that were due, in 0..=1; steps out of order count within the tolerance.
    pub share: f64,
    /// In the order of the script.
    pub steps: Vec<ScriptStep>,
}
