//! From moments to findings, remarks, and lines on what could not be judged.

use std::collections::BTreeMap;

use crate::domain::{Category, Finding, Grade, Remark, Speaker, Suppressed, Suppressor};
use crate::lexicon::{ConductRule, in_force};

use super::super::CallFacts;
use super::spans::Span;
use super::talk::{Piece, quoted};
use super::{ConductOutcome, ConductStatus, Verdicts};

/// Times alone are the recogniser's word; sound that agrees makes them surer.
const CONFIDENCE_BY_TIMES: f64 = 0.5;
const CONFIDENCE_BY_SOUND: f64 = 0.65;
/// What twice the limit adds.
const CONFIDENCE_OF_EXCESS: f64 = 0.25;

/// A stretch of a call that is over the limit of a rule.
pub(super) struct Moment<'t> {
    pub speaker: Speaker,
    /// The words that go with it.
    pub sentence: &'t [Piece<'t>],
    pub span: Span,
    /// What was measured and the limit, a sentence in Chinese.
    pub figure: String,
    /// What was measured, in limits.
    pub excess: f64,
    /// The sound was measured, not only the recogniser's times.
    pub heard: bool,
    /// What takes it back, in Chinese.
    pub excuse: Option<String>,
}

/// Adds what a rule's moments come to, and says how the rule fared.
pub(super) fn outcome(
    rule: &ConductRule,
    moments: Result<Vec<Moment>, &'static str>,
    facts: &CallFacts,
    verdicts: &mut Verdicts,
) -> ConductStatus {
    let moments = match moments {
        Ok(moments) => moments,
        Err(reason) => return ConductStatus::NotJudged(reason),
    };
    let (excused, broken): (Vec<_>, Vec<_>) = moments.into_iter().partition(|moment| moment.excuse.is_some());
    match rule.measure.category() {
        None => verdicts.conduct.measures.remarks.extend(broken.iter().map(|moment| remark(rule, moment))),
        Some(category) => {
            verdicts.findings.extend(broken.iter().map(|moment| finding(rule, category, moment, facts)));
            verdicts.suppressed.extend(excused.into_iter().map(|moment| Suppressed {
                finding: finding(rule, category, &moment, facts),
                by: Suppressor::Allow,
                reason: moment.excuse.unwrap_or_default(),
            }));
        }
    }
    broken
        .first()
        .map_or(ConductStatus::Kept, |first| ConductStatus::Broken { start_s: hundredths(first.span.0) })
}

fn remark(rule: &ConductRule, moment: &Moment) -> Remark {
    Remark {
        rule: rule.id.clone(),
        explanation: format!("{}{}", moment.figure, rule.why),
        start_s: hundredths(moment.span.0),
        end_s: hundredths(moment.span.1),
    }
}

fn finding(rule: &ConductRule, category: Category, moment: &Moment, facts: &CallFacts) -> Finding {
    let shown = quoted(moment.sentence);
    let whole = |piece: &Piece| (piece.index, 0, piece.segment.text.len());
    let date = facts.date.as_deref();
    Finding {
        id: String::new(),
        rule: rule.id.clone(),
        also: Vec::new(),
        category,
        severity: rule.severity,
        tier: rule.tier,
        grade: Grade::Conduct,
        confidence: confidence(moment),
        heard_again: None,
        speaker: moment.speaker,
        start_s: Some(hundredths(moment.span.0)),
        end_s: Some(hundredths(moment.span.1)),
        quote: shown.iter().map(|piece| piece.segment.text.trim()).collect(),
        meant: String::new(),
        explanation: format!("{}{}", moment.figure, rule.why),
        basis: rule
            .basis
            .iter()
            .filter(|basis| in_force(basis, date))
            .map(crate::domain::Basis::cite)
            .collect(),
        spans: shown.iter().map(whole).collect(),
        calls: Vec::new(),
    }
}

fn confidence(moment: &Moment) -> f64 {
    let base = if moment.heard { CONFIDENCE_BY_SOUND } else { CONFIDENCE_BY_TIMES };
    base + CONFIDENCE_OF_EXCESS * (moment.excess - 1.0).clamp(0.0, 1.0)
}

fn hundredths(time_s: f64) -> f64 {
    (time_s * 100.0).round() / 100.0
}

/// One line a reason, with the titles of the rules that it keeps from being judged.
pub(super) fn unjudged(rules: &[ConductRule], outcomes: &[ConductOutcome]) -> Vec<String> {
    let mut titles: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (rule, outcome) in rules.iter().zip(outcomes) {
        if let ConductStatus::NotJudged(reason) = outcome.status {
            titles.entry(reason).or_default().push(&rule.title);
        }
    }
    titles.iter().map(|(reason, titles)| format!("conduct: {reason}，未判断{}", titles.join("、"))).collect()
}
