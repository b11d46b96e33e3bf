//! Words for what calls came to and what people made of findings.

use super::CaseCall;
use crate::domain::{CheckOutcome, Verdict};
use crate::store::{FindingState, Judgement, Rejection};

pub(super) fn state_zh(state: FindingState) -> &'static str {
    match state {
        FindingState::Open => "未复核",
        FindingState::Confirmed => "已确认",
        FindingState::Rejected => "已否定",
        FindingState::Appealed => "申诉中",
        FindingState::Upheld => "申诉后维持",
        FindingState::Overturned => "申诉后撤销",
    }
}

pub(super) fn judgement_zh(judgement: Judgement) -> String {
    match judgement {
        Judgement::Confirmed => "确认".to_owned(),
        Judgement::Rejected(reason) => format!("否定（{}）", rejection_zh(reason)),
    }
}

pub(super) fn decision_zh(is_upheld: bool) -> &'static str {
    if is_upheld { "维持" } else { "撤销" }
}

fn rejection_zh(reason: Rejection) -> &'static str {
    match reason {
        Rejection::NotSaid => "没有这样说",
        Rejection::NotMeant => "不是这个意思",
        Rejection::WrongSpeaker => "不是坐席说的",
        Rejection::Allowed => "此处允许",
        Rejection::Other => "其他",
    }
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
