//! `calls.csv`, `outcomes.csv` and `reviews.csv`: a row a call, a rule, a word of somebody's.

use std::io;

use super::CaseComplaint;
use super::complaint::ComplaintView;
use super::outcomes::{RuleOutcome, RuleSource};
use super::pack::ShownCall;
use super::words::{decision_zh, judgement_zh, verdict};
use crate::domain::{CallReport, Tier};
use crate::report::table;
use crate::report::words::{contact_zh, direction_zh, yes_no_zh};

const CALLS: [&str; 25] = [
    "序号",
    "通话编号",
    "开始时间",
    "当地日期",
    "时长秒",
    "坐席工号",
    "团队",
    "债务人",
    "联系对象",
    "号码",
    "方向",
    "接通",
    "时区",
    "委托机构",
    "产品",
    "结论",
    "评分",
    "违规",
    "待复核",
    "已排除",
    "录音状态",
    "录音文件",
    "SHA-256",
    "页面",
    "文字稿",
];
const OUTCOMES: [&str; 14] = [
    "类型",
    "类别",
    "规则",
    "名称",
    "适用通话数",
    "通过",
    "未通过",
    "未判断",
    "不适用",
    "命中后排除的通话数",
    "发现数",
    "已确认的发现数",
    "已驳回的发现数",
    "类别代码",
];
const REVIEWS: [&str; 9] = ["序号", "通话编号", "发现编号", "规则", "时间", "人员", "事项", "结论", "说明"];

const COMPLAINTS: [&str; 15] = [
    "投诉编号",
    "收到时间",
    "来源",
    "事由",
    "坐席工号",
    "内容",
    "立案期限",
    "状态",
    "立案时间",
    "结案时间",
    "结论",
    "登记人",
    "经办人",
    "涉及通话",
    "涉及原话",
];

pub(super) fn calls(calls: &[ShownCall]) -> io::Result<Vec<u8>> {
    table(&CALLS, calls.iter().map(call))
}

fn call(shown: &ShownCall) -> Vec<String> {
    let (report, record) = (&shown.call.report, &shown.call.record);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let recording = report.recording.as_ref();
    let transcript = if shown.has_transcript { shown.paths.transcript() } else { String::new() };
    vec![
        shown.paths.number.clone(),
        report.call_id.to_string(),
        text(&record.started_at),
        text(&shown.call.day),
        record.duration_s.map(|seconds| seconds.to_string()).unwrap_or_default(),
        text(&record.agent_id),
        text(&record.team),
        text(&record.debtor_id),
        record.contact.map(contact_zh).unwrap_or_default().to_owned(),
        text(&record.number),
        record.direction.map(direction_zh).unwrap_or_default().to_owned(),
        record.answered.map(yes_no_zh).unwrap_or_default().to_owned(),
        text(&record.timezone),
        text(&record.lender),
        text(&record.product),
        verdict(&shown.call).1.to_owned(),
        if report.error.is_none() { report.score.to_string() } else { String::new() },
        of_tier(report, Tier::Violation).to_string(),
        of_tier(report, Tier::Review).to_string(),
        report.suppressed.len().to_string(),
        shown.sound.told(&shown.call),
        recording.map(|recording| recording.path.clone()).unwrap_or_default(),
        recording.map(|recording| recording.sha256.clone()).unwrap_or_default(),
        shown.paths.page(),
        transcript,
    ]
}

/// Number of findings of a tier.
pub(super) fn of_tier(report: &CallReport, tier: Tier) -> usize {
    report.findings.iter().filter(|finding| finding.tier == tier).count()
}

pub(super) fn outcomes(outcomes: &[RuleOutcome]) -> io::Result<Vec<u8>> {
    table(&OUTCOMES, outcomes.iter().map(outcome))
}

fn outcome(outcome: &RuleOutcome) -> Vec<String> {
    let source = match outcome.source {
        RuleSource::Content => "通话内容",
        RuleSource::Timing => "拨打时段与频次",
    };
    let counts = [
        outcome.judged(),
        outcome.passed,
        outcome.failed,
        outcome.not_judged,
        outcome.not_applicable,
        outcome.taken_back,
        outcome.findings,
        outcome.confirmed,
        outcome.rejected,
    ];
    [source, outcome.category.name_zh(), &outcome.rule, &outcome.title]
        .map(str::to_owned)
        .into_iter()
        .chain(counts.map(|count| count.to_string()))
        .chain([outcome.category.id().to_owned()])
        .collect()
}

pub(super) fn reviews(calls: &[ShownCall]) -> io::Result<Vec<u8>> {
    let rows = calls.iter().flat_map(|shown| {
        said(shown).into_iter().map(|said| {
            let rule = shown.call.findings.iter().find(|finding| finding.finding_id == said.finding_id);
            vec![
                shown.paths.number.clone(),
                shown.call.report.call_id.to_string(),
                said.finding_id,
                rule.map(|finding| finding.rule.clone()).unwrap_or_default(),
                said.at,
                said.by,
                said.what.to_owned(),
                said.outcome,
                said.text,
            ]
        })
    });
    table(&REVIEWS, rows)
}

pub(super) fn complaints(complaints: &[CaseComplaint]) -> io::Result<Vec<u8>> {
    let row = |complaint: &CaseComplaint| {
        let view = ComplaintView::of(complaint);
        let (calls, quotes): (Vec<_>, Vec<_>) = view.links.into_iter().unzip();
        let quotes: Vec<_> = quotes.into_iter().filter(|quote| !quote.is_empty()).collect();
        vec![
            view.number.to_string(),
            view.received,
            view.source.to_owned(),
            view.kind.to_owned(),
            view.agent,
            view.statement,
            view.due,
            view.state.to_owned(),
            view.opened,
            view.closed,
            view.conclusion,
            view.registered_by,
            view.assigned_to,
            calls.join("、"),
            quotes.join("；"),
        ]
    };
    table(&COMPLAINTS, complaints.iter().map(row))
}

/// A word of somebody's on a finding.
#[derive(serde::Serialize)]
pub(super) struct Said {
    pub finding_id: String,
    /// RFC 3339, UTC.
    pub at: String,
    pub by: String,
    pub what: &'static str,
    /// Empty for an appeal, which has none yet.
    pub outcome: String,
    pub text: String,
}

/// Everything people said of a call's findings, in order of time.
pub(super) fn said(shown: &ShownCall) -> Vec<Said> {
    let reviews = shown.call.reviews.iter().map(|review| Said {
        finding_id: review.finding_id.clone(),
        at: review.at.clone(),
        by: review.reviewer.clone(),
        what: "复核",
        outcome: judgement_zh(review.judgement),
        text: review.comment.clone(),
    });
    let mut said: Vec<Said> = reviews.collect();
    for appeal in &shown.call.appeals {
        said.push(Said {
            finding_id: appeal.finding_id.clone(),
            at: appeal.filed_at.clone(),
            by: appeal.filed_by.clone(),
            what: "申诉",
            outcome: String::new(),
            text: appeal.grounds.clone(),
        });
        said.extend(appeal.decision.as_ref().map(|decision| Said {
            finding_id: appeal.finding_id.clone(),
            at: decision.at.clone(),
            by: decision.by.clone(),
            what: "申诉裁决",
            outcome: decision_zh(decision.is_upheld).to_owned(),
            text: decision.grounds.clone(),
        }));
    }
    // Within one second the order of the store stands.
    said.sort_by(|a, b| a.at.cmp(&b.at));
    said
}
