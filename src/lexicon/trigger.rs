//! Which words announce a clause: where none of them is said, it need not be looked at.

use super::node::{Node, Op};
use super::vocabulary::Vocabulary;

/// Leaves of which one is said wherever the node hits, the rarest that do; `None` where nothing is sure.
pub(super) fn trigger(node: &Node, vocabulary: &Vocabulary) -> Option<Vec<usize>> {
    let below = || node.parts().iter().map(|part| trigger(part, vocabulary));
    match &node.op {
        Op::Say { leaf, .. } => Some(vec![*leaf]),
        Op::Pattern(pattern) => vocabulary.patterns[*pattern].needs.first().map(|leaf| vec![*leaf]),
        Op::Any(_) => below().collect::<Option<Vec<_>>>().map(|leaves| leaves.concat()),
        Op::All { .. } | Op::Near { .. } | Op::Sequence { .. } | Op::Repeat { .. } => {
            below().flatten().min_by_key(|leaves| commonness(leaves, vocabulary))
        }
        Op::AtLeast { count, parts, .. } => {
            // One of any so many parts must hit; the rarest are asked.
            let mut known: Vec<Vec<usize>> = below().flatten().collect();
            known.sort_by_key(|leaves| commonness(leaves, vocabulary));
            let asked = parts.len() + 1 - (*count).clamp(1, parts.len());
            (known.len() >= asked).then(|| known[..asked].concat())
        }
        Op::None(_) | Op::Entity(_) | Op::Call(_) | Op::Rule(_) => None,
    }
}

fn commonness(leaves: &[usize], vocabulary: &Vocabulary) -> usize {
    leaves.iter().map(|leaf| vocabulary.commonness(*leaf)).sum()
}
