//! What a run came to.

use serde::Serialize;

use crate::domain::{CallError, CallReport, Mark, Severity, Verdict};

/// Counts of one run, and what went wrong.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Files looked at, unchanged ones included.
    pub files_seen: u64,
    /// Recordings and transcripts taken in for the first time.
    pub taken_in: u64,
    /// The same content under another name or in another place.
    pub duplicates: u64,
    /// Files that may still be growing, left for the next run.
    pub unsettled: u64,
    /// Rows of call records read, and rows with a problem.
    pub records: u64,
    pub record_problems: u64,
    pub audited: u64,
    pub clean: u64,
    pub review: u64,
    pub violation: u64,
    /// Findings of the calls audited.
    pub findings: u64,
    /// Speech and silence heard, in seconds.
    pub audio_s: f64,
    /// Calls whose times came to something else than before, because other calls became known.
    pub retimed: u64,
    /// Calls in which a third person refused further calls.
    pub refusals: u64,
    /// Calls removed because of their age.
    pub forgotten: u64,
    /// Attempts of this run that failed.
    pub failed: Vec<FailedCall>,
    /// Inputs that are no calls, files of records that could not be read.
    pub input_errors: Vec<CallError>,
    pub interrupted: bool,
    pub duration_s: f64,
    /// Gravest finding of the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worst: Option<Severity>,
}

/// A recording or transcript that could not be audited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedCall {
    pub call_id: String,
    #[serde(flatten)]
    pub error: CallError,
    /// Attempts so far, this one included.
    pub attempts: u32,
    /// True where it was the last.
    pub quarantined: bool,
}

impl Summary {
    /// Counts a call that was audited.
    pub(super) fn count(&mut self, report: &CallReport) {
        self.audited += 1;
        match report.verdict {
            Verdict::Clean => self.clean += 1,
            Verdict::Review => self.review += 1,
            Verdict::Violation => self.violation += 1,
            // Counted with its error.
            Verdict::Failed => {}
        }
        self.findings += report.findings.len() as u64;
        self.audio_s += report.recording.as_ref().map_or(0.0, |recording| recording.duration_s);
        self.refusals += u64::from(report.marks.iter().any(|mark| mark.rule == Mark::REFUSED));
        let worst = report.findings.iter().map(|finding| finding.severity).max();
        self.worst = self.worst.max(worst);
    }

    /// True where everything that was there to do is done.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.failed.is_empty() && self.input_errors.is_empty() && !self.interrupted
    }
}
