//! One thing after the other.
//!
//! Each step begins behind the end of the one before, and within reach of it. A `none` among the steps must not be said
//! between its neighbours; as the last step, not within reach of the one before; as the first, not before the next.

use crate::lexicon::{Node, Op, Reach, When};

use super::super::candidate::Hit;
use super::super::talk::Place;
use super::Evaluator;
use super::spread::{apart, condition, shortest_apart};

/// A step that is said, with what must not be said before it.
struct Step {
    hits: Vec<Hit>,
    absent_before: Vec<Hit>,
}

impl Evaluator<'_> {
    pub(super) fn sequence(&self, nodes: &[Node], reach: Option<Reach>, nth: usize) -> Vec<Hit> {
        let conditions: Vec<&When> = nodes.iter().filter_map(condition).collect();
        let (mut steps, mut absent): (Vec<Step>, Vec<Hit>) = (Vec::new(), Vec::new());
        for node in nodes.iter().filter(|node| condition(node).is_none()) {
            if matches!(node.op, Op::None(_)) {
                absent.extend(self.denied(node));
            } else {
                let hits = apart(self.hits(node).into_iter().filter(|hit| !hit.said.is_empty()).collect());
                steps.push(Step { hits, absent_before: std::mem::take(&mut absent) });
            }
        }
        let walk = Walk { evaluator: self, steps: &steps, absent_behind: &absent, reach, nth };
        let found = walk.all(true);
        let found = if found.is_empty() { walk.all(false) } else { found };
        found.into_iter().filter_map(|hit| self.under(&conditions, hit)).collect()
    }

    /// How far behind `end` a place may begin.
    fn follows(&self, end: Place, start: Place, reach: Option<Reach>) -> bool {
        let talk = self.talk;
        end <= start
            && match reach {
                None => true,
                Some(Reach::Chars(most)) => {
                    talk.characters(start).saturating_sub(talk.characters(end)) <= most
                }
                Some(Reach::Words(most)) => end.0 == start.0 && talk.words(end.0, &(end.1..start.1)) <= most,
                Some(Reach::Turns(most)) => talk.turn(start.0).saturating_sub(talk.turn(end.0)) <= most,
                Some(Reach::Time(most)) => talk.moment_s(start) - talk.moment_s(end) <= most,
            }
    }
}

struct Walk<'a> {
    evaluator: &'a Evaluator<'a>,
    steps: &'a [Step],
    absent_behind: &'a [Hit],
    reach: Option<Reach>,
    nth: usize,
}

impl Walk<'_> {
    /// Every way from a different first hit; only over hits that count, or over all.
    fn all(&self, counting: bool) -> Vec<Hit> {
        let Some((first, rest)) = self.steps.split_first() else { return Vec::new() };
        let starts = first.hits.iter().filter(|hit| hit.counts() || !counting);
        let starts =
            starts.filter(|hit| first.absent_before.iter().all(|absent| absent.start() >= hit.start()));
        let mut found = Vec::new();
        for start in starts {
            let mut chosen = vec![start];
            if self.go(rest, &mut chosen, counting) {
                found.push(Hit::joined(chosen));
            }
        }
        shortest_apart(found, |hit| self.evaluator.length(hit))
    }

    fn go<'h>(&'h self, rest: &'h [Step], chosen: &mut Vec<&'h Hit>, counting: bool) -> bool {
        let Some(end) = chosen.last().and_then(|hit| hit.end()) else { return false };
        let Some((step, rest)) = rest.split_first() else { return self.is_quiet_behind(end) };
        let skipped = if rest.is_empty() { self.nth - 1 } else { 0 };
        let next =
            step.hits.iter().filter(|hit| hit.counts() || !counting).filter(|hit| self.follows(end, hit));
        for hit in next.skip(skipped) {
            let between = |absent: &Hit| absent.start() >= Some(end) && absent.start() < hit.start();
            if step.absent_before.iter().any(between) {
                return false;
            }
            chosen.push(hit);
            if self.go(rest, chosen, counting) {
                return true;
            }
            chosen.pop();
        }
        false
    }

    fn follows(&self, end: Place, hit: &Hit) -> bool {
        hit.start().is_some_and(|start| self.evaluator.follows(end, start, self.reach))
    }

    fn is_quiet_behind(&self, end: Place) -> bool {
        self.absent_behind.iter().all(|absent| !self.follows(end, absent))
    }
}
