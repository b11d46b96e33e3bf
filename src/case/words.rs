//! Words for what calls came to and what people made of findings.

use super::CaseCall;
use crate::domain::{CheckOutcome, Verdict};
use crate::store::Judgement;

pub(super) fn judgement_zh(judgement: Judgement) -> String {
    match judgement {
        Judgement::Confirmed => "确认".to_owned(),
        Judgement::Rejected(reason) => format!("驳回（{}）", reason.name_zh()),
    }
}

pub(super) fn decision_zh(is_upheld: bool) -> &'static str {
    if is_upheld { "维持" } else { "撤销" }
}

/// What a call came to, and the class by which pages colour it. A record alone cannot show that a call was in order.
pub(super) fn verdict(call: &CaseCall) -> (&'static str, &'static str) {
    let report = &call.report;
    if call.content.is_some() || report.verdict != Verdict::Clean {
        return (report.verdict.id(), report.verdict.name_zh());
    }
    let is_judged = report.checklist.iter().any(|item| item.outcome == CheckOutcome::Passed);
    if is_judged {
        (Verdict::Clean.id(), "记录未见违规")
    } else {
        (Verdict::Failed.id(), "未能判断")
    }
}

/// The class by which pages colour an outcome: that of a verdict like it.
pub(super) fn colour(outcome: CheckOutcome) -> &'static str {
    match outcome {
        CheckOutcome::Failed => Verdict::Violation.id(),
        CheckOutcome::NotJudged => Verdict::Review.id(),
        CheckOutcome::Passed => Verdict::Clean.id(),
        CheckOutcome::NotApplicable => "",
    }
}
