//! Many hits of one rule become one for each thing that was said.

use std::cmp::Reverse;
use std::ops::Range;

use crate::domain::Grade;

use super::candidate::{Hit, Said};

/// Hits of one rule this close, in bytes, are one reproach: about eight characters.
const ONE_BREATH_BYTES: usize = 24;

/// Better hits are greater: one that counts before one taken back, written before heard, longer before shorter.
fn rank(hit: &Hit) -> (bool, bool, usize, Reverse<u16>) {
    let exact = hit.said.iter().all(|said| said.candidate.grade() == Grade::Exact);
    let length = hit.said.iter().map(|said| said.candidate.length).sum();
    let cost = hit.said.iter().map(|said| said.candidate.heard.cost).sum();
    (hit.counts(), exact, length, Reverse(cost))
}

/// Merges the hits of one rule, in order of place.
///
/// A hit that was taken back goes where one that counts lies over it. Hits that count and lie close are one finding: the
/// best speaks for it, the words of all are its spans.
pub(super) fn merge(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| {
        let kind = hit.said.first().map(|said| said.candidate.kind);
        (!hit.counts(), hit.start(), hit.end(), kind)
    });
    let mut merged: Vec<Hit> = Vec::new();
    for hit in hits {
        match merged.iter_mut().find(|earlier| are_one(earlier, &hit)) {
            Some(earlier) => join(earlier, hit),
            None => merged.push(hit),
        }
    }
    merged
}

fn are_one(earlier: &Hit, hit: &Hit) -> bool {
    let reach = if earlier.counts() && hit.counts() { ONE_BREATH_BYTES } else { 0 };
    let close = |a: &Said, b: &Said| {
        let (one, other): (Range<usize>, Range<usize>) = (a.candidate.range(), b.candidate.range());
        a.passage == b.passage && one.start < other.end + reach && other.start < one.end + reach
    };
    earlier.said.iter().any(|a| hit.said.iter().any(|b| close(a, b)))
}

fn join(earlier: &mut Hit, mut hit: Hit) {
    if rank(&hit) > rank(earlier) {
        std::mem::swap(earlier, &mut hit);
    }
    if earlier.counts() && hit.counts() {
        for said in hit.said {
            match earlier.said.iter_mut().find(|own| own.passage == said.passage) {
                Some(own) => own.candidate.absorb(&said.candidate),
                None => earlier.said.push(said),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::applies::Applies;
    use crate::detect::candidate::{Candidate, Heard, Kind};
    use crate::domain::Suppressor;

    fn hit(range: Range<usize>, syllables: usize, silenced: bool) -> Hit {
        let candidate = Candidate {
            kind: Kind::Term(0),
            length: range.len() / 3,
            parts: vec![range],
            meant: String::new(),
            heard: Heard { syllables, ..Heard::default() },
        };
        Hit {
            said: vec![Said { passage: 0, candidate }],
            silenced: silenced.then(|| (Suppressor::Negation, String::new())),
            applies: Applies::Yes,
        }
    }

    #[test]
    fn the_best_of_what_overlaps_stays() {
        for (hits, expected) in [
            (vec![hit(0..6, 2, false), hit(0..6, 0, false)], vec![(0, false)]),
            (vec![hit(0..6, 0, true), hit(3..9, 0, false)], vec![(0, false)]),
            (vec![hit(0..6, 0, true), hit(30..36, 0, false)], vec![(0, false), (0, true)]),
            (vec![hit(0..6, 0, false), hit(12..18, 0, false)], vec![(0, false)]),
            (vec![hit(0..6, 0, false), hit(90..96, 0, false)], vec![(0, false), (0, false)]),
        ] {
            let merged = merge(hits);
            let seen: Vec<_> =
                merged.iter().map(|hit| (hit.said[0].candidate.heard.syllables, !hit.counts())).collect();
            assert_eq!(seen, expected);
        }
    }
}
