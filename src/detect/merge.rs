//! Many candidates of one rule in one passage become one hit for each thing that was said.

use std::ops::Range;

use crate::domain::Grade;

use super::candidate::Candidate;
use super::context::Silenced;

/// Hits of one rule this close, in bytes, are one reproach: about eight characters.
const ONE_BREATH_BYTES: usize = 24;

/// A candidate after context has spoken.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    pub candidate: Candidate,
    pub silenced: Option<Silenced>,
}

impl Judged {
    /// Better hits are greater: one that counts before one taken back, written before heard, longer before shorter.
    fn rank(&self) -> (bool, bool, usize, std::cmp::Reverse<u16>) {
        let Candidate { length, heard, .. } = &self.candidate;
        let exact = self.candidate.grade() == Grade::Exact;
        (self.silenced.is_none(), exact, *length, std::cmp::Reverse(heard.cost))
    }
}

/// Merges the candidates of one passage, in order of rule and place.
///
/// A hit that was taken back goes where one that counts lies over it. Hits that count and lie close are one finding: the
/// best speaks for it, the words of all are its spans.
pub(super) fn merge(mut judged: Vec<Judged>) -> Vec<Judged> {
    judged.sort_by_key(|hit| {
        let Range { start, end } = hit.candidate.range();
        (hit.candidate.rule, hit.silenced.is_some(), start, end, hit.candidate.kind)
    });
    let mut merged: Vec<Judged> = Vec::new();
    for hit in judged {
        match merged.iter_mut().find(|earlier| are_one(earlier, &hit)) {
            Some(earlier) => join(earlier, hit),
            None => merged.push(hit),
        }
    }
    merged
}

fn are_one(earlier: &Judged, hit: &Judged) -> bool {
    if earlier.candidate.rule != hit.candidate.rule {
        return false;
    }
    let (a, b) = (earlier.candidate.range(), hit.candidate.range());
    let both_count = earlier.silenced.is_none() && hit.silenced.is_none();
    let reach = if both_count { ONE_BREATH_BYTES } else { 0 };
    a.start < b.end + reach && b.start < a.end + reach
}

fn join(earlier: &mut Judged, hit: Judged) {
    let both_count = earlier.silenced.is_none() && hit.silenced.is_none();
    let mut parts = earlier.candidate.parts.clone();
    let better = hit.rank() > earlier.rank();
    if both_count {
        parts.extend(hit.candidate.parts.iter().cloned());
    }
    if better {
        if !both_count {
            parts.clone_from(&hit.candidate.parts);
        }
        *earlier = hit;
    }
    parts.sort_by_key(|part| (part.start, part.end));
    parts.dedup();
    earlier.candidate.parts = parts;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::candidate::{Heard, Kind};
    use crate::domain::Suppressor;

    fn hit(rule: usize, range: Range<usize>, syllables: usize, silenced: bool) -> Judged {
        let candidate = Candidate {
            rule,
            kind: Kind::Term,
            length: range.len() / 3,
            parts: vec![range],
            meant: String::new(),
            heard: Heard { syllables, ..Heard::default() },
        };
        Judged { candidate, silenced: silenced.then(|| (Suppressor::Negation, String::new())) }
    }

    #[test]
    fn the_best_of_what_overlaps_stays() {
        for (hits, expected) in [
            (vec![hit(0, 0..6, 2, false), hit(0, 0..6, 0, false)], vec![(0, 0, false)]),
            (vec![hit(0, 0..6, 0, true), hit(0, 3..9, 0, false)], vec![(0, 0, false)]),
            (vec![hit(0, 0..6, 0, true), hit(0, 30..36, 0, false)], vec![(0, 0, false), (0, 0, true)]),
            (vec![hit(0, 0..6, 0, false), hit(0, 12..18, 0, false)], vec![(0, 0, false)]),
            (vec![hit(0, 0..6, 0, false), hit(0, 90..96, 0, false)], vec![(0, 0, false), (0, 0, false)]),
            (vec![hit(0, 0..6, 0, false), hit(1, 0..6, 2, true)], vec![(0, 0, false), (1, 2, true)]),
        ] {
            let merged = merge(hits);
            let seen: Vec<_> = merged
                .iter()
                .map(|hit| (hit.candidate.rule, hit.candidate.heard.syllables, hit.silenced.is_some()))
                .collect();
            assert_eq!(seen, expected);
        }
    }
}
