//! What readers of a pack may not see: numbers and addresses that were said, and those in names and records.

use super::{Case, CaseCall};
use crate::domain::{CallId, CallRecord, CallReport};
use crate::text::{mask_report, masked};

/// Digits that a number of the called keeps.
const SHOWN_DIGITS: usize = 4;
/// Shortest number of a person; shorter ones are a service's.
const PERSONAL_DIGITS: usize = 7;

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
    /// What to look for, the longest first, and what to write instead.
    known: Vec<(String, String)>,
}

impl Mask {
    /// `None` where nothing is to be hidden.
    pub(super) fn of(case: &Case, masking: Masking) -> Option<Self> {
        if masking == Masking::Unmasked {
            return None;
        }
        let numbers = case.calls.iter().filter_map(|call| call.record.number.as_deref());
        let mut known: Vec<_> = numbers
            .map(|number| (number.to_owned(), masked_number(number)))
            .filter(|(number, shown)| number != shown)
            .collect();
        known.sort_by_key(|(number, _)| std::cmp::Reverse(number.len()));
        known.dedup();
        Some(Self { known })
    }

    /// A text of somebody's own.
    pub(super) fn text(&self, text: &str) -> String {
        let replaced =
            self.known.iter().fold(text.to_owned(), |text, (number, shown)| text.replace(number, shown));
        masked(&replaced)
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

/// The number of a record: even one that nothing else would take for a person's.
fn masked_number(number: &str) -> String {
    let shown = masked(number);
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let is_plain = number.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'));
    if shown != number || !is_plain || digits < PERSONAL_DIGITS {
        return shown;
    }
    let mut left = digits;
    let star = |c: char| {
        left -= usize::from(c.is_ascii_digit());
        if c.is_ascii_digit() && left >= SHOWN_DIGITS { '*' } else { c }
    };
    number.chars().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_records_show_four_digits_at_most() {
        for (number, shown) in [
            ("13812345678", "138****5678"),
            ("021-6234567", "***-***4567"),
            ("62345678", "****5678"),
            ("a3f9c2", "a3f9c2"),
            ("138****5678", "138****5678"),
            ("10086", "10086"),
        ] {
            assert_eq!(masked_number(number), shown);
        }
    }

    #[test]
    fn names_are_covered_wherever_the_number_stands() {
        let known = vec![("62345678".to_owned(), masked_number("62345678"))];
        let mask = Mask { known };
        for (text, shown) in [
            ("rec/62345678-1.wav", "rec/****5678-1.wav"),
            ("13812345678_0302.wav", "138****5678_0302.wav"),
            ("K-20391", "K-20391"),
        ] {
            assert_eq!(mask.text(text), shown);
        }
    }
}
