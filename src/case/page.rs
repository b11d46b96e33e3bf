//! `index.html`: the case as a person reads and prints it.

use std::collections::BTreeSet;
use std::io;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::complaint::ComplaintView;
use super::desk::{STYLE, TEMPLATE};
use super::outcomes::{RuleOutcome, RuleSource};
use super::pack::{Shown, ShownCall};
use super::picture::{Picture, picture};
use super::section::{CallView, call_view};
use super::tables::of_tier;
use super::{Masking, TOOL};
use crate::domain::Tier;
use crate::report::words::date_time;
use crate::report::{Html, Served};

#[derive(Serialize)]
pub(super) struct CaseView<'a> {
    debtor: &'a str,
    made_at: String,
    tool: &'static str,
    is_masked: bool,
    /// Labels with their counts.
    counts: Vec<(&'static str, usize)>,
    lost: usize,
    has_other_rules: bool,
    picture: Option<Picture>,
    complaints: Vec<ComplaintView>,
    calls: Vec<CallView>,
    groups: Vec<GroupView<'a>>,
    lexicons: &'a str,
    policies: &'a str,
    /// Number and hash of the last line of the store's log.
    log: Option<(i64, &'a str)>,
}

/// The rules of one category.
#[derive(Serialize)]
struct GroupView<'a> {
    name: &'static str,
    rows: Vec<RuleView<'a>>,
}

#[derive(Serialize)]
struct RuleView<'a> {
    rule: &'a str,
    title: &'a str,
    judged: usize,
    passed: usize,
    failed: usize,
    not_judged: usize,
    not_applicable: usize,
    findings: usize,
    taken_back: usize,
    /// What the row is coloured by: the class of a verdict like it.
    colour: &'static str,
}

/// The templates of all pages of a pack.
///
/// # Errors
/// When a template does not compile.
pub(super) fn templates() -> io::Result<Html> {
    Html::new()?.with(&[TEMPLATE])
}

/// # Errors
/// When the template fails.
pub(super) fn index(html: &Html, shown: &Shown) -> io::Result<String> {
    html.served(
        "case.html",
        Served {
            style: STYLE,
            script: "",
            policy: "form-action 'none'",
            language: "zh-CN",
            view: Value::from(Serde(&view(shown))),
            desk: Value::from(false),
        },
    )
}

pub(super) fn view<'a>(shown: &'a Shown) -> CaseView<'a> {
    let limits = limits(&shown.case.outcomes);
    CaseView {
        debtor: &shown.debtor,
        made_at: date_time(&shown.made_at),
        tool: TOOL,
        is_masked: shown.masking == Masking::Masked,
        counts: counts(shown),
        lost: shown.calls.iter().filter(|call| call.sound.is_lost()).count(),
        has_other_rules: shown.case.has_other_rules,
        picture: picture(shown.case, &shown.calls),
        complaints: shown.complaints.iter().map(ComplaintView::of).collect(),
        calls: shown
            .calls
            .iter()
            .map(|call| call_view(call, &|item| limits.contains(item.rule.as_str())))
            .collect(),
        groups: groups(&shown.case.outcomes),
        lexicons: &shown.case.rules.lexicons,
        policies: &shown.case.rules.policies,
        log: shown.case.last_action.as_ref().map(|last| (last.seq, last.hash.as_str())),
    }
}

fn limits(outcomes: &[RuleOutcome]) -> BTreeSet<&str> {
    let limits = outcomes.iter().filter(|outcome| outcome.source == RuleSource::Timing);
    limits.map(|outcome| outcome.rule.as_str()).collect()
}

fn counts(shown: &Shown) -> Vec<(&'static str, usize)> {
    let (calls, complaints) = (&shown.calls, shown.complaints.len());
    let count = |is: &dyn Fn(&ShownCall) -> bool| calls.iter().filter(|call| is(call)).count();
    let findings = |tier| calls.iter().map(|shown| of_tier(&shown.call.report, tier)).sum();
    vec![
        ("通话", calls.len()),
        ("接通", count(&|shown| shown.call.record.answered == Some(true))),
        ("已审计内容", count(&|shown| shown.call.content.is_some())),
        ("违规", findings(Tier::Violation)),
        ("待复核", findings(Tier::Review)),
        ("人工复核", calls.iter().map(|shown| shown.call.reviews.len()).sum()),
        ("申诉", calls.iter().map(|shown| shown.call.appeals.len()).sum()),
        ("投诉", complaints),
    ]
}

/// By category in the order of the outcomes; within one, what was broken first.
fn groups(outcomes: &[RuleOutcome]) -> Vec<GroupView<'_>> {
    let mut groups = Vec::new();
    for of_category in outcomes.chunk_by(|a, b| (a.source, a.category) == (b.source, b.category)) {
        let mut rows: Vec<_> = of_category.iter().map(rule_view).collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.findings, row.failed)));
        groups.push(GroupView { name: of_category[0].category.name_zh(), rows });
    }
    groups
}

fn rule_view(outcome: &RuleOutcome) -> RuleView<'_> {
    RuleView {
        rule: &outcome.rule,
        title: &outcome.title,
        judged: outcome.judged(),
        passed: outcome.passed,
        failed: outcome.failed,
        not_judged: outcome.not_judged,
        not_applicable: outcome.not_applicable,
        findings: outcome.findings,
        taken_back: outcome.taken_back,
        colour: match outcome {
            // Good conduct that was not shown is no breach, and no finding.
            outcome if outcome.findings == 0 => "",
            outcome if outcome.failed > 0 => "violation",
            _ => "review",
        },
    }
}
