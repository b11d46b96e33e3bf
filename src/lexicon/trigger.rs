//! Which words announce a clause: where none of them is said, it need not be looked at.

use std::cmp::Ordering;

use super::need::Need;
use super::node::{Node, Op};
use super::vocabulary::Vocabulary;

/// Leaves of which one is said wherever the node hits, the rarest that do; `None` where nothing is sure.
pub(super) fn trigger(node: &Node, vocabulary: &Vocabulary) -> Option<Vec<usize>> {
    let below = || node.parts().iter().map(|part| trigger(part, vocabulary));
    match &node.op {
        Op::Say { leaf, .. } => Some(vec![*leaf]),
        Op::Pattern(pattern) => needed(&vocabulary.patterns[*pattern].need, vocabulary),
        Op::Any(_) => below().collect::<Option<Vec<_>>>().map(|leaves| leaves.concat()),
        Op::All { .. } | Op::Near { .. } | Op::Sequence { .. } | Op::Repeat { .. } => {
            below().flatten().min_by(|a, b| rarer(a, b, vocabulary))
        }
        Op::AtLeast { count, parts, .. } => {
            // One of any so many parts must hit; the rarest are asked.
            let mut known: Vec<Vec<usize>> = below().flatten().collect();
            known.sort_by(|a, b| rarer(a, b, vocabulary));
            let asked = parts.len() + 1 - (*count).clamp(1, parts.len());
            (known.len() >= asked).then(|| known[..asked].concat())
        }
        Op::None(_) | Op::Entity(_) | Op::Call(_) | Op::Rule(_) => None,
    }
}

/// The same for what a pattern needs.
fn needed(need: &Need, vocabulary: &Vocabulary) -> Option<Vec<usize>> {
    match need {
        Need::Leaf(leaf) => Some(vec![*leaf]),
        Need::Gap { .. } => None,
        Need::Sequence(parts) => {
            let known = parts.iter().filter_map(|part| needed(part, vocabulary));
            known.min_by(|a, b| rarer(a, b, vocabulary))
        }
        Need::Any(parts) => parts
            .iter()
            .map(|part| needed(part, vocabulary))
            .collect::<Option<Vec<_>>>()
            .map(|all| all.concat()),
    }
}

fn rarer(a: &[usize], b: &[usize], vocabulary: &Vocabulary) -> Ordering {
    let chance = |leaves: &[usize]| leaves.iter().map(|leaf| vocabulary.chance(*leaf)).sum::<f64>();
    chance(a).total_cmp(&chance(b))
}
