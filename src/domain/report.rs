//! The report of one call: the line of `report.jsonl`.

use serde::{Deserialize, Serialize};

use super::{CallError, CallId, CallRecord, Finding, Segment, Severity, Suppressed, Tier};

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
    pub verdict: Verdict,
    /// 100 is spotless; findings take points away, never below 0.
    pub score: u8,
    pub error: Option<CallError>,
    pub findings: Vec<Finding>,
    pub suppressed: Vec<Suppressed>,
    /// `what: why`, one line each.
    pub not_judged: Vec<String>,
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

/// Verdict and score that follow from the findings.
///
/// A finding of tier `violation` costs 40, 20, 8 or 0 points (critical, major, minor, info), one of tier `review` a
/// quarter of that. A call is a violation when any finding of tier `violation` is minor or worse.
#[must_use]
pub fn judge(findings: &[Finding]) -> (Verdict, u8) {
    let cost: u32 = findings.iter().map(points).sum();
    let counts =
        |tier| findings.iter().any(|finding| finding.tier == tier && finding.severity > Severity::Info);
    let verdict = if counts(Tier::Violation) {
        Verdict::Violation
    } else if counts(Tier::Review) {
        Verdict::Review
    } else {
        Verdict::Clean
    };
    (verdict, u8::try_from(100_u32.saturating_sub(cost)).unwrap_or(0))
}

fn points(finding: &Finding) -> u32 {
    let full = match finding.severity {
        Severity::Critical => 40,
        Severity::Major => 20,
        Severity::Minor => 8,
        Severity::Info => 0,
    };
    match finding.tier {
        Tier::Violation => full,
        Tier::Review => full / 4,
    }
}
