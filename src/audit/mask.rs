//! Identity, bank-card and phone numbers taken out of a report before anything is written.

use crate::domain::{CallReport, Finding};
use crate::text::masked;

/// Masks every text of the report that repeats what was said. Byte lengths are kept, so spans stay true.
pub(super) fn mask(report: &mut CallReport) {
    for segment in &mut report.transcript {
        segment.text = masked(&segment.text);
    }
    report.findings.iter_mut().for_each(mask_finding);
    report.suppressed.iter_mut().for_each(|suppressed| mask_finding(&mut suppressed.finding));
}

fn mask_finding(finding: &mut Finding) {
    finding.quote = masked(&finding.quote);
    finding.meant = masked(&finding.meant);
}
