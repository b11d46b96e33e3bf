//! Findings from judged candidates.

use crate::domain::{Finding, Suppressed};
use crate::lexicon::{Rule, in_force};

use super::CallFacts;
use super::applies::Applies;
use super::candidate::Candidate;
use super::evidence::evidence;
use super::merge::Judged;
use super::passage::Passage;
use super::score::{confidence, tier};

/// A hit that counts, or one that was taken back.
pub(super) enum Outcome {
    Finding(Finding),
    Suppressed(Suppressed),
}

/// Words one merged hit as a finding.
pub(super) fn outcome(
    judged: Judged,
    passage: &Passage,
    rule: &Rule,
    facts: &CallFacts,
    applies: Applies,
) -> Outcome {
    let finding = finding(&judged.candidate, passage, rule, facts, applies);
    match judged.silenced {
        None => Outcome::Finding(finding),
        Some((by, reason)) => Outcome::Suppressed(Suppressed { finding, by, reason }),
    }
}

fn finding(
    candidate: &Candidate,
    passage: &Passage,
    rule: &Rule,
    facts: &CallFacts,
    applies: Applies,
) -> Finding {
    let evidence = evidence(candidate, passage);
    Finding {
        id: String::new(),
        rule: rule.id.clone(),
        category: rule.category,
        severity: rule.severity,
        tier: tier(candidate, passage, rule, applies),
        grade: candidate.grade(),
        confidence: confidence(candidate, passage),
        speaker: passage.speaker,
        start_s: Some(evidence.start_s),
        end_s: Some(evidence.end_s),
        quote: evidence.quote,
        meant: candidate.meant.clone(),
        explanation: rule.why.clone(),
        basis: basis(rule, facts),
        spans: evidence.spans,
    }
}

/// The rule's basis in force on the day of the call, one line each.
pub(super) fn basis(rule: &Rule, facts: &CallFacts) -> Vec<String> {
    let date = facts.date.as_deref();
    rule.basis.iter().filter(|basis| in_force(basis, date)).map(crate::domain::Basis::cite).collect()
}
