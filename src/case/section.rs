//! A call as `index.html` shows it: its facts, what was found, how it did by every limit, what people said.

use serde::Serialize;

use super::pack::ShownCall;
use super::tables::{Said, of_tier, said};
use super::words::{colour, verdict};
use crate::domain::{CheckItem, Finding, Severity, Tier};
use crate::report::reason_zh;
use crate::report::words::{clock, contact_zh, date_time, direction_zh, span, speaker_zh, yes_no_zh};
use crate::store::{FindingState, Queued};
use crate::text::to_simplified;

/// Something in the record that may be left open.
type Fact = (&'static str, String);

#[derive(Serialize)]
pub(super) struct CallView {
    number: String,
    call_id: String,
    page: String,
    transcript: Option<String>,
    verdict: &'static str,
    verdict_name: &'static str,
    /// Why it could not be audited.
    error: Option<String>,
    started: String,
    agent: String,
    contact: &'static str,
    length: String,
    violations: usize,
    reviews: usize,
    sound: String,
    is_lost: bool,
    facts: Vec<Fact>,
    findings: Vec<FindingView>,
    limits: Vec<LimitView>,
    /// Counts of the rules about what was said, by outcome.
    rules: String,
    said: Vec<Said>,
    /// What people said of is no longer found.
    gone: Vec<GoneView>,
    not_judged: usize,
}

#[derive(Serialize)]
struct FindingView {
    id: String,
    link: String,
    clip: Option<String>,
    rule: String,
    category_name: &'static str,
    severity: Severity,
    severity_name: &'static str,
    tier: Tier,
    tier_name: &'static str,
    when: Option<String>,
    speaker_name: &'static str,
    quote: String,
    explanation: String,
    basis: Vec<String>,
    state_name: &'static str,
}

/// How the call did by one limit of a policy.
#[derive(Serialize)]
struct LimitView {
    rule: String,
    title: String,
    colour: &'static str,
    outcome_name: &'static str,
    reason: String,
}

/// A finding of an earlier audit that people have judged.
#[derive(Serialize)]
struct GoneView {
    id: String,
    rule: String,
    quote: String,
    state_name: &'static str,
}

/// `is_limit` tells limits of policies from rules about what was said.
pub(super) fn call_view(shown: &ShownCall, is_limit: &dyn Fn(&CheckItem) -> bool) -> CallView {
    let (call, report) = (&shown.call, &shown.call.report);
    let record = &call.record;
    let (verdict, verdict_name) = verdict(call);
    let (limits, rules): (Vec<_>, Vec<_>) = report.checklist.iter().partition(|item| is_limit(item));
    CallView {
        number: shown.paths.number.clone(),
        call_id: report.call_id.to_string(),
        page: shown.paths.page(),
        transcript: shown.has_transcript.then(|| shown.paths.transcript()),
        verdict,
        verdict_name,
        error: report.error.as_ref().map(|error| error.cause.clone()),
        started: record.started_at.as_deref().map_or_else(|| "未注明".to_owned(), date_time),
        agent: record.agent_id.clone().unwrap_or_default(),
        contact: record.contact.map(contact_zh).unwrap_or_default(),
        length: length(record.answered, record.duration_s),
        violations: of_tier(report, Tier::Violation),
        reviews: of_tier(report, Tier::Review),
        sound: shown.sound.told(call),
        is_lost: shown.sound.is_lost(),
        facts: facts(shown),
        findings: report.findings.iter().map(|finding| finding_view(shown, finding)).collect(),
        limits: limits.into_iter().map(limit_view).collect(),
        rules: counts(&rules),
        said: said(shown),
        gone: gone(shown),
        not_judged: report.not_judged.len(),
    }
}

fn length(answered: Option<bool>, duration_s: Option<f64>) -> String {
    match (answered, duration_s) {
        (Some(false), _) => "未接通".to_owned(),
        (_, Some(duration_s)) => clock(duration_s),
        (Some(true), None) => "接通".to_owned(),
        (None, None) => "未注明".to_owned(),
    }
}

fn facts(shown: &ShownCall) -> Vec<Fact> {
    let (record, recording) = (&shown.call.record, shown.call.report.recording.as_ref());
    let facts = [
        ("当地日期", shown.call.day.clone()),
        ("坐席工号", record.agent_id.clone()),
        ("团队", record.team.clone()),
        ("联系对象", record.contact.map(|contact| contact_zh(contact).to_owned())),
        ("号码", record.number.clone()),
        ("方向", record.direction.map(|direction| direction_zh(direction).to_owned())),
        ("接通", record.answered.map(|answered| yes_no_zh(answered).to_owned())),
        ("通话时长", record.duration_s.map(clock)),
        ("委托机构", record.lender.clone()),
        ("产品", record.product.clone()),
        ("录音", Some(shown.sound.told(&shown.call))),
        ("录音 SHA-256", recording.map(|recording| recording.sha256.clone())),
    ];
    facts.into_iter().filter_map(|(label, fact)| Some((label, fact?))).collect()
}

fn finding_view(shown: &ShownCall, finding: &Finding) -> FindingView {
    let state = shown.call.findings.iter().find(|stored| stored.finding_id == finding.id);
    FindingView {
        id: finding.id.clone(),
        link: format!("{}#f-{}", shown.paths.page(), finding.id),
        clip: shown.clips.contains(&finding.id).then(|| shown.paths.clip(&finding.id)),
        rule: finding.rule.clone(),
        category_name: finding.category.name_zh(),
        severity: finding.severity,
        severity_name: finding.severity.name_zh(),
        tier: finding.tier,
        tier_name: finding.tier.name_zh(),
        when: span(finding.start_s, finding.end_s),
        speaker_name: speaker_zh(finding.speaker),
        quote: to_simplified(&finding.quote),
        explanation: finding.explanation.clone(),
        basis: finding.basis.clone(),
        state_name: state.map_or(FindingState::Open, |stored| stored.state).name_zh(),
    }
}

fn limit_view(item: &CheckItem) -> LimitView {
    LimitView {
        rule: item.rule.clone(),
        title: item.title.clone(),
        colour: colour(item.outcome),
        outcome_name: item.outcome.name_zh(),
        reason: reason_zh(&item.reason),
    }
}

/// `通过 90 · 不适用 12`; empty where no rule was judged.
fn counts(items: &[&CheckItem]) -> String {
    use crate::domain::CheckOutcome::{Failed, NotApplicable, NotJudged, Passed};
    let count = |outcome| items.iter().filter(|item| item.outcome == outcome).count();
    let counts = [Failed, NotJudged, Passed, NotApplicable].map(|outcome| (outcome, count(outcome)));
    let some = counts.iter().filter(|(_, count)| *count > 0);
    some.map(|(outcome, count)| format!("{} {count}", outcome.name_zh())).collect::<Vec<_>>().join(" · ")
}

fn gone(shown: &ShownCall) -> Vec<GoneView> {
    let is_found =
        |stored: &Queued| shown.call.report.findings.iter().any(|finding| finding.id == stored.finding_id);
    let gone = shown.call.findings.iter();
    gone.filter(|stored| stored.state != FindingState::Open && !is_found(stored))
        .map(|stored| GoneView {
            id: stored.finding_id.clone(),
            rule: stored.rule.clone(),
            quote: to_simplified(&stored.quote),
            state_name: stored.state.name_zh(),
        })
        .collect()
}
