//! Identity, bank-card and phone numbers taken out of a report before anything is written.

use crate::domain::{CallReport, Finding, Segment};
use crate::text::masked;

/// Masks every text of the report that repeats what was said. Byte lengths are kept, so spans stay true.
pub(super) fn mask(report: &mut CallReport) {
    let heard = report.transcript.clone();
    for segment in &mut report.transcript {
        segment.text = masked(&segment.text);
    }
    for good in &mut report.good_conduct {
        good.quote = masked(&good.quote);
    }
    let suppressed = report.suppressed.iter_mut().map(|suppressed| &mut suppressed.finding);
    for finding in report.findings.iter_mut().chain(suppressed) {
        finding.quote = masked_quote(finding, &heard, &report.transcript);
        finding.meant = masked(&finding.meant);
    }
}

/// The quote as its segment shows it. A quote may end in the middle of a number, which alone is no number any more.
fn masked_quote(finding: &Finding, heard: &[Segment], shown: &[Segment]) -> String {
    let mut segments =
        finding.spans.iter().filter_map(|&(index, ..)| Some((heard.get(index)?, shown.get(index)?)));
    segments
        .find_map(|(heard, shown)| {
            let start = heard.text.find(&finding.quote)?;
            shown.text.get(start..start + finding.quote.len())
        })
        .map_or_else(|| masked(&finding.quote), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Category, Grade, Severity, Speaker, Tier};

    fn segment(text: &str) -> Segment {
        let (speaker, confidence, suspicion) = (Speaker::Agent, None, None);
        Segment { speaker, start_s: 0.0, end_s: 1.0, text: text.to_owned(), confidence, suspicion }
    }

    fn finding(quote: &str) -> Finding {
        Finding {
            id: String::new(),
            rule: "privacy_leak.recite".to_owned(),
            category: Category::PrivacyLeak,
            severity: Severity::Major,
            tier: Tier::Review,
            grade: Grade::Exact,
            confidence: 0.9,
            speaker: Speaker::Agent,
            start_s: Some(0.0),
            end_s: Some(1.0),
            quote: quote.to_owned(),
            meant: String::new(),
            explanation: String::new(),
            basis: Vec::new(),
            spans: vec![(0, 0, quote.len())],
        }
    }

    #[test]
    fn a_quote_that_ends_inside_a_number_shows_none_of_it() {
        let heard = [segment("您的手机号是13812345678对吗")];
        let shown = [segment(&masked(&heard[0].text))];
        let quote = masked_quote(&finding("手机号是1381234"), &heard, &shown);
        assert_eq!(quote, "手机号是138****");
    }

    #[test]
    fn a_quote_from_elsewhere_is_masked_by_itself() {
        let quote = masked_quote(&finding("卡号13812345678"), &[], &[]);
        assert!(!quote.contains("13812345678"), "{quote}");
    }
}
