//! Which turn a finding is about: the clocks of labels and of recognition differ by the better part of a second.

use super::labels::{LabelledCall, LabelledTurn};
use crate::domain::{Finding, Speaker};

/// Seconds that a turn is widened on either side before it is compared.
const SLACK_S: f64 = 0.8;

/// Index of the agent's turn that a finding lies over: one that carries the finding's label before one that does not,
/// then the one it shares most time with, then the first. None for words of the customer and outside every turn.
pub(super) fn turn_of(call: &LabelledCall, finding: &Finding) -> Option<usize> {
    if finding.speaker == Speaker::Customer {
        return None;
    }
    let (start_s, end_s) = (finding.start_s?, finding.end_s?);
    let rank = |turn: &LabelledTurn| {
        let shared_s = end_s.min(turn.end_s + SLACK_S) - start_s.max(turn.start_s - SLACK_S);
        let is_candidate = turn.speaker == Speaker::Agent && shared_s > 0.0;
        is_candidate.then(|| (turn.labels.contains(&finding.category), shared_s))
    };
    let mut best = None;
    for (index, turn) in call.turns.iter().enumerate() {
        let Some(rank) = rank(turn) else { continue };
        if best.is_none_or(|(_, earlier)| rank > earlier) {
            best = Some((index, rank));
        }
    }
    best.map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::judgement::tests::{finding, turn};
    use super::*;
    use crate::domain::{CallId, Category};
    use Speaker::{Agent, Customer};

    #[test]
    fn label_before_overlap_before_order() {
        let call = LabelledCall {
            call_id: CallId("C".to_owned()),
            contact: None,
            turns: vec![
                turn(Agent, 0.0, 4.0, &[]),
                turn(Agent, 5.0, 6.0, &[Category::Threat]),
                turn(Customer, 7.0, 8.0, &[]),
                turn(Agent, 10.0, 11.0, &[]),
            ],
            call_labels: Some(BTreeSet::new()),
        };
        for (category, speaker, start_s, end_s, expected) in [
            (Category::Threat, Agent, 0.0, 5.0, Some(1)),
            (Category::Insult, Agent, 0.0, 5.0, Some(0)),
            (Category::Insult, Agent, 4.5, 4.6, Some(0)),
            (Category::Insult, Agent, 4.2, 6.0, Some(1)),
            (Category::Insult, Agent, 7.0, 8.0, None),
            (Category::Insult, Agent, 9.1, 9.3, Some(3)),
            (Category::Insult, Agent, 9.0, 9.2, None),
            (Category::Threat, Customer, 5.0, 6.0, None),
        ] {
            let found = finding(category, speaker, start_s, end_s);
            assert_eq!(turn_of(&call, &found), expected, "{category:?} {start_s}-{end_s}");
        }
    }
}
