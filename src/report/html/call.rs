//! What the template of a call's page fills in.

use serde::Serialize;

use crate::domain::{CallRecord, CallReport, Provenance, Suppressed, Verdict};

use super::super::clip::Clip;
use super::super::waveform::Waveform;
use super::super::{chinese, words};
use super::checklist::{self, ChecklistView};
use super::finding::{FindingView, ranks};
use super::measures::MeasuresView;
use super::score::{self, NotedView, ScoreRow};
use super::script::{self, ScriptView};
use super::timeline::Timeline;
use super::transcript::{TurnView, turns};

/// A label and what it says.
type Fact = (&'static str, String);

#[derive(Serialize)]
pub(super) struct CallView<'a> {
    call_id: &'a str,
    verdict: Verdict,
    verdict_name: &'static str,
    score: u8,
    error: Option<ErrorView<'a>>,
    violations: usize,
    reviews: usize,
    /// Empty when no call record was joined.
    record: Vec<Fact>,
    recording: Vec<Fact>,
    timeline: Option<Timeline>,
    findings: Vec<FindingView<'a>>,
    turns: Vec<TurnView>,
    suppressed: Vec<SuppressedView<'a>>,
    score_rows: Vec<ScoreRow<'a>>,
    good: Vec<NotedView<'a>>,
    marks: Vec<NotedView<'a>>,
    script: Option<ScriptView<'a>>,
    checklist: Option<ChecklistView<'a>>,
    not_judged: Vec<String>,
    measures: Option<MeasuresView<'a>>,
    provenance: Vec<Fact>,
}

#[derive(Serialize)]
struct ErrorView<'a> {
    path: String,
    /// Absent where there are no Chinese words for it.
    cause_name: Option<&'static str>,
    cause: &'a str,
    hint_name: Option<&'static str>,
    hint: &'a str,
}

#[derive(Serialize)]
struct SuppressedView<'a> {
    number: usize,
    category_name: &'static str,
    rule: &'a str,
    by_name: &'static str,
    reason: &'a str,
    quote: &'a str,
    when: Option<String>,
    speaker_name: &'static str,
}

impl<'a> CallView<'a> {
    pub(super) fn new(report: &'a CallReport, clips: &[Clip], waveforms: &[Waveform]) -> Self {
        let ranks = ranks(&report.findings);
        let mut findings: Vec<_> = report
            .findings
            .iter()
            .zip(&ranks)
            .map(|(finding, &number)| FindingView::new(finding, number, clips))
            .collect();
        findings.sort_by_key(FindingView::number);
        let violations = findings.iter().filter(|finding| finding.is_violation()).count();
        Self {
            call_id: &report.call_id.0,
            verdict: report.verdict,
            verdict_name: report.verdict.name_zh(),
            score: report.score,
            error: report.error.as_ref().map(|error| ErrorView {
                path: error.path.to_string_lossy().into_owned(),
                cause_name: chinese::cause(&error.cause),
                cause: &error.cause,
                hint_name: chinese::hint(&error.hint),
                hint: &error.hint,
            }),
            violations,
            reviews: findings.len() - violations,
            record: report.record.as_ref().map(record_facts).unwrap_or_default(),
            recording: recording_facts(report),
            timeline: Timeline::new(report, &ranks, waveforms),
            findings,
            turns: turns(report, &ranks),
            suppressed: report.suppressed.iter().zip(1..).map(SuppressedView::new).collect(),
            score_rows: score::rows(&report.score_items),
            good: score::good(report),
            marks: score::marks(report),
            script: script::view(report),
            checklist: checklist::view(report),
            not_judged: report
                .not_judged
                .iter()
                .map(|line| chinese::not_judged(line, &report.checklist))
                .collect(),
            measures: report.measures.as_ref().and_then(MeasuresView::new),
            provenance: provenance_facts(&report.provenance),
        }
    }
}

impl<'a> SuppressedView<'a> {
    fn new((suppressed, number): (&'a Suppressed, usize)) -> Self {
        let finding = &suppressed.finding;
        Self {
            number,
            category_name: finding.category.name_zh(),
            rule: &finding.rule,
            by_name: suppressed.by.name_zh(),
            reason: &suppressed.reason,
            quote: &finding.quote,
            when: words::span(finding.start_s, finding.end_s),
            speaker_name: words::speaker_zh(finding.speaker),
        }
    }
}

/// What the call record says, without what it leaves open.
fn record_facts(record: &CallRecord) -> Vec<Fact> {
    let window = record.consent_window.as_ref().map(|window| format!("{}–{}", window.from, window.until));
    let facts = [
        ("开始时间", record.started_at.as_deref().map(words::date_time)),
        ("通话时长", record.duration_s.map(words::clock)),
        ("坐席工号", record.agent_id.clone()),
        ("债务人", record.debtor_id.clone()),
        ("联系对象", record.contact.map(|contact| words::contact_zh(contact).to_owned())),
        ("号码", record.number.clone()),
        ("方向", record.direction.map(|direction| words::direction_zh(direction).to_owned())),
        ("接通", record.answered.map(|answered| words::yes_no_zh(answered).to_owned())),
        ("时区", record.timezone.clone()),
        ("约定时段", window),
        ("债权机构", record.lender.clone()),
        ("产品", record.product.clone()),
    ];
    facts.into_iter().filter_map(|(label, fact)| Some((label, fact?))).collect()
}

fn recording_facts(report: &CallReport) -> Vec<Fact> {
    let Some(recording) = &report.recording else { return Vec::new() };
    vec![
        ("录音文件", recording.path.clone()),
        ("录音时长", words::clock(recording.duration_s)),
        ("声道", recording.channels.to_string()),
        ("SHA-256", recording.sha256.clone()),
    ]
}

fn provenance_facts(provenance: &Provenance) -> Vec<Fact> {
    let mut facts = vec![("程序", provenance.tool.clone())];
    match &provenance.model {
        Some(model) => {
            facts.push(("语音模型", model.name.clone()));
            facts.push(("模型 SHA-256", model.sha256.clone()));
        }
        None => facts.push(("语音模型", "未使用（直接读入文字稿）".to_owned())),
    }
    facts.push(("规则库", provenance.lexicons.clone()));
    facts.push(("时段规则", provenance.policies.clone()));
    facts.push(("设置", provenance.settings.clone()));
    facts
}
