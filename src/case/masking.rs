//! What readers of a pack may not see: numbers and addresses that were said, and those in names and records.

use super::{Case, CaseCall};
use crate::domain::{CallId, CallRecord, CallReport};
use crate::text::{KnownNumbers, mask_report, masked_number};

/// Whether personal numbers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Masking {
    /// Covered in text and sound.
    Masked,
    /// As they were said: for those who may see all.
    Unmasked,
}

/// Hides texts in which numbers of the case's own records may stand.
pub(super) struct Mask {
    known: KnownNumbers,
}

impl Mask {
    /// `None` where nothing is to be hidden.
    pub(super) fn of(case: &Case, masking: Masking) -> Option<Self> {
        if masking == Masking::Unmasked {
            return None;
        }
        let numbers = case.calls.iter().filter_map(|call| call.record.number.as_deref());
        Some(Self { known: KnownNumbers::new(numbers) })
    }

    /// A text of somebody's own.
    pub(super) fn text(&self, text: &str) -> String {
        self.known.hidden(text)
    }

    pub(super) fn call(&self, call: &CaseCall) -> CaseCall {
        let mut call = call.clone();
        mask_report(&mut call.report);
        self.report(&mut call.report);
        self.record(&mut call.record);
        for review in &mut call.reviews {
            self.hide(&mut review.reviewer);
            self.hide(&mut review.comment);
        }
        for appeal in &mut call.appeals {
            self.hide(&mut appeal.filed_by);
            self.hide(&mut appeal.grounds);
            if let Some(decision) = &mut appeal.decision {
                self.hide(&mut decision.by);
                self.hide(&mut decision.grounds);
            }
        }
        for finding in &mut call.findings {
            self.hide(&mut finding.quote);
        }
        call
    }

    /// What a report holds beside what was said.
    fn report(&self, report: &mut CallReport) {
        self.id(&mut report.call_id);
        if let Some(recording) = &mut report.recording {
            self.hide(&mut recording.path);
        }
        if let Some(record) = &mut report.record {
            self.record(record);
        }
        if let Some(error) = &mut report.error {
            error.path = self.text(&error.path.to_string_lossy()).into();
            self.hide(&mut error.cause);
        }
        let suppressed = report.suppressed.iter_mut().map(|suppressed| &mut suppressed.finding);
        for finding in report.findings.iter_mut().chain(suppressed) {
            finding.calls.iter_mut().for_each(|call| self.id(call));
            for text in [&mut finding.quote, &mut finding.meant, &mut finding.explanation] {
                self.hide(text);
            }
        }
        for text in &mut report.not_judged {
            self.hide(text);
        }
    }

    fn record(&self, record: &mut CallRecord) {
        if let Some(call_id) = &mut record.call_id {
            self.id(call_id);
        }
        record.number = record.number.as_deref().map(masked_number);
        let texts = [&mut record.recording, &mut record.debtor_id, &mut record.agent_id];
        for text in texts.into_iter().flatten() {
            self.hide(text);
        }
    }

    fn id(&self, call_id: &mut CallId) {
        self.hide(&mut call_id.0);
    }

    pub(super) fn hide(&self, text: &mut String) {
        *text = self.text(text);
    }
}
