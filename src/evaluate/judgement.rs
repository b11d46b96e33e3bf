//! One call's findings against its labels: what was found, missed and made up.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::alignment::turn_of;
use super::labels::{LabelledCall, LabelledTurn};
use crate::domain::{CallId, Category, Finding, Speaker};

/// What became of one label or one finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Found,
    FalseAlarm,
    Missed,
}

/// One turn in one category, or one call in one category of things not said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judgement {
    pub call_id: CallId,
    pub category: Category,
    pub outcome: Outcome,
    /// Seconds from the start of the recording; absent for the call as a whole.
    pub start_s: Option<f64>,
    /// What was really said in the turn; for a false alarm what the finding quotes.
    pub text: String,
    /// Rules of the findings.
    pub rules: BTreeSet<String>,
}

/// True for categories that a turn's words decide.
#[must_use]
pub fn is_spoken(category: Category) -> bool {
    category <= Category::ComplaintObstruction
}

/// True for categories that words decide which the whole call lacks.
pub(super) fn is_required(category: Category) -> bool {
    (Category::MissingIdentity..=Category::MissingAmount).contains(&category)
}

/// Judges one call. Findings of other categories than [`is_spoken`] and [`is_required`] are left out.
pub(super) fn judge(call: &LabelledCall, findings: &[&Finding]) -> Vec<Judgement> {
    let (in_turns, outside) = sort_out(call, findings);
    let mut judgements = Vec::new();
    for (index, turn) in call.turns.iter().enumerate().filter(|(_, turn)| turn.speaker == Speaker::Agent) {
        judgements.extend(judge_turn(call, turn, in_turns.get(&index).unwrap_or(&BTreeMap::new())));
    }
    for ((category, _), findings) in outside {
        judgements.push(judgement(call, category, Outcome::FalseAlarm, None, &findings));
    }
    judgements.extend(judge_whole(call, findings));
    judgements
}

type ByCategory<'a> = BTreeMap<Category, Vec<&'a Finding>>;
/// By category and second: one place counts once.
type Outside<'a> = BTreeMap<(Category, i64), Vec<&'a Finding>>;

/// Findings by the turn they are about, and those about none.
fn sort_out<'a>(
    call: &LabelledCall,
    findings: &[&'a Finding],
) -> (BTreeMap<usize, ByCategory<'a>>, Outside<'a>) {
    let mut in_turns: BTreeMap<usize, ByCategory> = BTreeMap::new();
    let mut outside = Outside::new();
    for finding in findings.iter().filter(|finding| is_spoken(finding.category)) {
        let Some(start_s) = finding.start_s else { continue };
        match turn_of(call, finding) {
            Some(turn) => {
                in_turns.entry(turn).or_default().entry(finding.category).or_default().push(finding);
            }
            None => {
                outside
                    .entry((finding.category, start_s.round_ties_even() as i64))
                    .or_default()
                    .push(finding);
            }
        }
    }
    (in_turns, outside)
}

fn judge_turn(call: &LabelledCall, turn: &LabelledTurn, findings: &ByCategory) -> Vec<Judgement> {
    let labelled = turn.labels.iter().filter(|label| is_spoken(**label));
    let categories: BTreeSet<Category> = labelled.chain(findings.keys()).copied().collect();
    let judge = |category| {
        let findings = findings.get(&category).map_or(&[][..], Vec::as_slice);
        let outcome = outcome(turn.labels.contains(&category), !findings.is_empty());
        judgement(call, category, outcome, Some(turn), findings)
    };
    categories.into_iter().map(judge).collect()
}

fn judge_whole(call: &LabelledCall, findings: &[&Finding]) -> Vec<Judgement> {
    let Some(labels) = &call.call_labels else { return Vec::new() };
    let mut found = ByCategory::new();
    for finding in findings {
        found.entry(finding.category).or_default().push(finding);
    }
    let categories: BTreeSet<Category> = labels.iter().chain(found.keys()).copied().collect();
    let judge = |category| {
        let findings = found.get(&category).map_or(&[][..], Vec::as_slice);
        judgement(call, category, outcome(labels.contains(&category), !findings.is_empty()), None, findings)
    };
    categories.into_iter().filter(|category| is_required(*category)).map(judge).collect()
}

fn outcome(labelled: bool, found: bool) -> Outcome {
    match (labelled, found) {
        (true, true) => Outcome::Found,
        (false, _) => Outcome::FalseAlarm,
        (true, false) => Outcome::Missed,
    }
}

fn judgement(
    call: &LabelledCall,
    category: Category,
    outcome: Outcome,
    turn: Option<&LabelledTurn>,
    findings: &[&Finding],
) -> Judgement {
    let said = turn.map(|turn| turn.text.clone()).filter(|_| outcome != Outcome::FalseAlarm);
    let quote = || findings.first().map(|finding| finding.quote.clone());
    Judgement {
        call_id: call.call_id.clone(),
        category,
        outcome,
        start_s: turn.map(|turn| turn.start_s).or(findings.first().and_then(|finding| finding.start_s)),
        text: said.or_else(quote).unwrap_or_default(),
        rules: findings.iter().flat_map(|finding| rules_of(finding)).collect(),
    }
}

/// Every rule that a finding speaks for.
fn rules_of(finding: &Finding) -> impl Iterator<Item = String> {
    let also = finding.also.iter().map(|also| &also.rule);
    std::iter::once(&finding.rule).chain(also).cloned()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{Grade, Severity, Tier};
    use Category::{Insult, MissingAmount, MissingIdentity, OutsideHours, Threat};
    use Speaker::{Agent, Customer};

    pub fn turn(speaker: Speaker, start_s: f64, end_s: f64, labels: &[Category]) -> LabelledTurn {
        let labels = labels.iter().copied().collect();
        LabelledTurn { speaker, start_s, end_s, text: format!("turn at {start_s}"), labels }
    }

    pub fn finding(category: Category, speaker: Speaker, start_s: f64, end_s: f64) -> Finding {
        Finding {
            id: String::new(),
            rule: format!("{}.rule", category.id()),
            also: Vec::new(),
            category,
            severity: Severity::Major,
            tier: Tier::Violation,
            grade: Grade::Exact,
            confidence: 0.9,
            heard_again: None,
            speaker,
            start_s: Some(start_s),
            end_s: Some(end_s),
            quote: format!("quote at {start_s}"),
            meant: String::new(),
            explanation: String::new(),
            basis: Vec::new(),
            spans: Vec::new(),
            calls: Vec::new(),
        }
    }

    pub fn whole(category: Category) -> Finding {
        Finding { start_s: None, end_s: None, ..finding(category, Agent, 0.0, 0.0) }
    }

    pub fn call(turns: Vec<LabelledTurn>, labels: Option<&[Category]>) -> LabelledCall {
        let call_labels = labels.map(|labels| labels.iter().copied().collect());
        LabelledCall { call_id: CallId("C1".to_owned()), contact: None, turns, call_labels }
    }

    fn judged(call: &LabelledCall, findings: &[Finding]) -> Vec<String> {
        let line = |judgement: Judgement| {
            let Judgement { category, outcome, text, .. } = judgement;
            format!("{outcome:?} {}: {text}", category.id())
        };
        judge(call, &findings.iter().collect::<Vec<_>>()).into_iter().map(line).collect()
    }

    #[test]
    fn a_turn_counts_once_in_each_category() {
        let turns = || {
            vec![turn(Agent, 0.0, 4.0, &[Threat]), turn(Customer, 5.0, 8.0, &[]), turn(Agent, 9.0, 12.0, &[])]
        };
        for (findings, expected) in [
            (vec![], vec!["Missed threat: turn at 0"]),
            (
                vec![finding(Threat, Agent, 1.0, 2.0), finding(Threat, Agent, 3.0, 4.0)],
                vec!["Found threat: turn at 0"],
            ),
            (
                vec![finding(Threat, Agent, 1.0, 2.0), finding(Insult, Agent, 1.0, 2.0)],
                vec!["Found threat: turn at 0", "FalseAlarm insult: quote at 1"],
            ),
            (
                vec![finding(Insult, Agent, 10.0, 11.0), finding(Insult, Customer, 6.0, 7.0)],
                vec![
                    "Missed threat: turn at 0",
                    "FalseAlarm insult: quote at 10",
                    "FalseAlarm insult: quote at 6",
                ],
            ),
            (
                vec![finding(Insult, Agent, 40.1, 41.0), finding(Insult, Agent, 40.3, 41.0)],
                vec!["Missed threat: turn at 0", "FalseAlarm insult: quote at 40.1"],
            ),
            (vec![finding(OutsideHours, Agent, 1.0, 2.0)], vec!["Missed threat: turn at 0"]),
        ] {
            assert_eq!(judged(&call(turns(), None), &findings), expected);
        }
    }

    #[test]
    fn what_was_not_said_is_judged_by_call() {
        let labels: &[Category] = &[MissingAmount];
        for (labels, findings, expected) in [
            (Some(labels), vec![whole(MissingAmount)], vec!["Found missing_amount: quote at 0"]),
            (Some(labels), vec![], vec!["Missed missing_amount: "]),
            (
                Some(labels),
                vec![whole(MissingAmount), whole(MissingIdentity)],
                vec!["FalseAlarm missing_identity: quote at 0", "Found missing_amount: quote at 0"],
            ),
            (None, vec![whole(MissingAmount)], vec![]),
        ] {
            assert_eq!(judged(&call(Vec::new(), labels), &findings), expected);
        }
    }
}
