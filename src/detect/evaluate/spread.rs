//! Several things said anywhere in the call, or not too far apart: all of them, so many of them, one of them so often.

use crate::lexicon::{Node, Op, Reach, When};

use super::super::applies::Applies;
use super::super::candidate::Hit;
use super::Evaluator;

impl Evaluator<'_> {
    pub(super) fn all(&self, parts: &[Node], reach: Option<Reach>) -> Vec<Hit> {
        let conditions: Vec<&When> = parts.iter().filter_map(condition).collect();
        let (absent, said): (Vec<&Node>, Vec<&Node>) = parts
            .iter()
            .filter(|part| condition(part).is_none())
            .partition(|part| matches!(part.op, Op::None(_)));
        if said.is_empty() {
            return self.wordless(parts);
        }
        let found = self.together(&said, said.len(), reach);
        let found =
            found.into_iter().filter(|hit| absent.iter().all(|none| self.is_absent_near(none, hit, reach)));
        found
            .filter_map(|hit| if hit.said.is_empty() { Some(hit) } else { self.under(&conditions, hit) })
            .collect()
    }

    pub(super) fn at_least(&self, count: usize, parts: &[Node], reach: Option<Reach>) -> Vec<Hit> {
        self.together(&parts.iter().collect::<Vec<_>>(), count, reach)
    }

    /// Conditions and absences alone: true without words where all of them hold.
    fn wordless(&self, parts: &[Node]) -> Vec<Hit> {
        let hits: Vec<Option<Hit>> = parts.iter().map(|part| self.hits(part).into_iter().next()).collect();
        match hits.into_iter().collect::<Option<Vec<Hit>>>() {
            Some(hits) => vec![Hit::joined(&hits)],
            None => Vec::new(),
        }
    }

    /// Places where at least `needed` of the parts stand within reach, the shortest first, no words used twice.
    fn together(&self, parts: &[&Node], needed: usize, reach: Option<Reach>) -> Vec<Hit> {
        let Some(lists) = self.lists(parts, needed) else { return Vec::new() };
        let granted = lists.iter().filter(|hits| hits.iter().any(|hit| hit.said.is_empty())).count();
        let lists: Vec<Vec<Hit>> =
            lists.into_iter().filter(|hits| hits.iter().all(|hit| !hit.said.is_empty())).collect();
        let needed = needed.saturating_sub(granted);
        if needed == 0 {
            return vec![Hit::wordless(Applies::Yes)];
        }
        let counting: Vec<Vec<&Hit>> =
            lists.iter().map(|hits| hits.iter().filter(|hit| hit.counts()).collect()).collect();
        let found = self.stretches(&counting, needed, reach);
        if found.is_empty() {
            let every: Vec<Vec<&Hit>> = lists.iter().map(|hits| hits.iter().collect()).collect();
            return self.stretches(&every, needed, reach);
        }
        found
    }

    /// The hits of each part; `None` where all are needed and one has none.
    fn lists(&self, parts: &[&Node], needed: usize) -> Option<Vec<Vec<Hit>>> {
        let mut lists = Vec::with_capacity(parts.len());
        for part in parts {
            let hits = self.hits(part);
            if hits.is_empty() && needed == parts.len() {
                return None;
            }
            lists.push(hits);
        }
        Some(lists)
    }

    fn stretches(&self, lists: &[Vec<&Hit>], needed: usize, reach: Option<Reach>) -> Vec<Hit> {
        let mut found = Vec::new();
        for (own, first) in
            lists.iter().enumerate().flat_map(|(own, hits)| hits.iter().map(move |hit| (own, *hit)))
        {
            let mut chosen = vec![first];
            for (_, hits) in lists.iter().enumerate().filter(|(other, _)| *other != own) {
                let next = hits
                    .iter()
                    .filter(|hit| hit.start() >= first.start() && self.is_within(first, hit, reach));
                chosen.extend(next.min_by_key(|hit| (hit.end(), hit.start())));
            }
            if chosen.len() >= needed {
                found.push(Hit::joined(chosen));
            }
        }
        shortest_apart(found, |hit| self.length(hit))
    }

    /// Characters from the beginning of a hit to its end.
    pub(super) fn length(&self, hit: &Hit) -> usize {
        let place = |place| self.talk.characters(place);
        hit.end().map_or(0, place).saturating_sub(hit.start().map_or(0, place))
    }

    pub(super) fn repeat(&self, what: &Node, times: usize, reach: Option<Reach>) -> Vec<Hit> {
        let hits = apart(self.hits(what));
        let counting: Vec<&Hit> = hits.iter().filter(|hit| hit.counts()).collect();
        let found = self.series(&counting, times, reach);
        if found.is_empty() { self.series(&hits.iter().collect::<Vec<_>>(), times, reach) } else { found }
    }

    /// Stretches that hold at least so many of the hits, as long as they reach, one behind the other.
    fn series(&self, hits: &[&Hit], times: usize, reach: Option<Reach>) -> Vec<Hit> {
        let mut found = Vec::new();
        let mut first = 0;
        while first < hits.len() {
            let inside =
                hits[first..].iter().take_while(|hit| self.is_within(hits[first], hit, reach)).count();
            if inside >= times {
                found.push(Hit::joined(hits[first..first + inside].iter().copied()));
                first += inside;
            } else {
                first += 1;
            }
        }
        found
    }

    /// True where a stretch from the beginning of `first` to the end of `last` is not too long.
    pub(super) fn is_within(&self, first: &Hit, last: &Hit, reach: Option<Reach>) -> bool {
        let (Some(reach), Some(start), Some(end)) = (reach, first.start(), last.end().max(first.end()))
        else {
            return true;
        };
        match reach {
            Reach::Chars(most) => {
                self.talk.characters(end).saturating_sub(self.talk.characters(start)) <= most
            }
            Reach::Words(most) => start.0 == end.0 && self.talk.words(start.0, &(start.1..end.1)) <= most,
            Reach::Turns(most) => self.talk.turn(end.0).saturating_sub(self.talk.turn(start.0)) <= most,
            Reach::Time(most) => self.talk.moment_s(end) - self.talk.moment_s(start) <= most,
        }
    }

    /// True where nothing of a `none` stands within reach of a hit.
    fn is_absent_near(&self, none: &Node, hit: &Hit, reach: Option<Reach>) -> bool {
        self.denied(none).iter().all(|said| {
            let (first, last) = if said.start() < hit.start() { (said, hit) } else { (hit, said) };
            !self.is_within(first, last, reach)
        })
    }

    /// What a `none` must not find, wherever it stands.
    pub(super) fn denied(&self, none: &Node) -> Vec<Hit> {
        let Op::None(parts) = &none.op else { return Vec::new() };
        let inside = |hit: &Hit| {
            let window = none.window.as_ref();
            window.is_none_or(|window| hit.start().is_none_or(|start| self.talk.is_inside(window, start)))
        };
        let lenient = self.lenient();
        parts.iter().flat_map(|part| lenient.hits(part)).filter(inside).collect()
    }
}

/// The condition of a `call` node.
pub(super) fn condition(node: &Node) -> Option<&When> {
    if let Op::Call(when) = &node.op { Some(when) } else { None }
}

/// Hits none of which overlaps an earlier one, in order of place.
pub(super) fn apart(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.start(), std::cmp::Reverse(hit.end())));
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits {
        match kept.last_mut() {
            Some(last) if hit.start() < last.end() => {
                if hit.counts() && !last.counts() {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept
}

/// The shortest hits, none of which shares words with a shorter one, in order of place.
pub(super) fn shortest_apart(mut hits: Vec<Hit>, length: impl Fn(&Hit) -> usize) -> Vec<Hit> {
    hits.sort_by_cached_key(|hit| (length(hit), hit.start()));
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits {
        if kept.iter().all(|other| hit.said.iter().all(|said| !other.said.contains(said))) {
            kept.push(hit);
        }
    }
    kept.sort_by_key(|hit| (hit.start(), hit.end()));
    kept
}
