//! The report of one call: the line of `report.jsonl`.

use serde::{Deserialize, Serialize};

use super::{
    CallError, CallId, CallRecord, CheckItem, Finding, GoodConduct, Mark, Measures, ScoreItem, ScriptReport,
    Segment, Suppressed,
};

/// Version of the line format; others parse it.
pub const SCHEMA: &str = "callaudit.report/1";

/// What the audit says of a call as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Clean,
    /// Something asks for a human ear.
    Review,
    Violation,
    /// The call could not be audited; `error` says why.
    Failed,
}

impl Verdict {
    /// The verdict of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        let all = [Self::Clean, Self::Review, Self::Violation, Self::Failed];
        all.into_iter().find(|verdict| verdict.id() == id)
    }

    /// The stable id, as in `"verdict":"clean"`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Review => "review",
            Self::Violation => "violation",
            Self::Failed => "failed",
        }
    }

    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Clean => "合规",
            Self::Review => "待复核",
            Self::Violation => "违规",
            Self::Failed => "未能审计",
        }
    }
}

/// The file that was heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordingInfo {
    /// As the user gave it.
    pub path: String,
    pub sha256: String,
    pub duration_s: f64,
    pub channels: usize,
}

/// Which weights listened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelIdentity {
    pub name: String,
    pub sha256: String,
}

/// What made the report: enough to make it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Name and version of the program.
    pub tool: String,
    /// Absent when the transcript was given.
    pub model: Option<ModelIdentity>,
    /// What told the meaning of utterances: the encoder's name, and the SHA-256 over encoder and heads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub semantics: Option<ModelIdentity>,
    /// SHA-256 over the rule packs in use.
    pub lexicons: String,
    /// SHA-256 over the timing policies in use.
    pub policies: String,
    /// SHA-256 over the settings that can change the outcome.
    pub settings: String,
}

/// Everything the audit found out about one call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallReport {
    pub schema: String,
    pub call_id: CallId,
    /// Absent when the audit began from a transcript.
    pub recording: Option<RecordingInfo>,
    /// The call record, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<CallRecord>,
    /// `YYYY-MM-DD`, the day of the call in the debtor's time zone; absent where no record tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    pub verdict: Verdict,
    /// 100 is spotless; findings take points away, never below 0.
    pub score: u8,
    /// How the score came about; with the 100 of a spotless call the points add up to it.
    #[serde(default)]
    pub score_items: Vec<ScoreItem>,
    pub error: Option<CallError>,
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Suppressed>,
    /// What the agent did well, in order of time.
    #[serde(default)]
    pub good_conduct: Vec<GoodConduct>,
    /// What was said that later calls are judged by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Every rule of the packs and every limit of the policies.
    #[serde(default)]
    pub checklist: Vec<CheckItem>,
    /// How the call followed the script it was held against; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<ScriptReport>,
    /// `what: why`, one line each.
    pub not_judged: Vec<String>,
    /// How the call was held, in figures; absent where there were no words to measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<Measures>,
    pub transcript: Vec<Segment>,
    pub provenance: Provenance,
}

impl CallReport {
    /// The gravest finding, the surest among equals: what a summary line shows.
    #[must_use]
    pub fn worst(&self) -> Option<&Finding> {
        self.findings.iter().max_by(|a, b| {
            (a.tier, a.severity).cmp(&(b.tier, b.severity)).then(a.confidence.total_cmp(&b.confidence))
        })
    }
}
