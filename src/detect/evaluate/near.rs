//! Slots that are all filled close together.

use crate::lexicon::{Node, Unit};

use super::super::candidate::{Candidate, Heard, Kind};
use super::super::sound::other_word;
use super::Evaluator;

/// Characters said as written that let the others be told by sound.
const SUPPORTING_CHARS: usize = 2;
/// Syllables that need no such support when all of them sound the same.
const SELF_SUPPORTING_SYLLABLES: usize = 4;

/// What fills a slot.
#[derive(Debug)]
struct Filling {
    slot: usize,
    candidate: Candidate,
}

impl Filling {
    fn overlaps(&self, other: &Self) -> bool {
        let (a, b) = (self.candidate.range(), other.candidate.range());
        a.start < b.end && b.start < a.end
    }
}

impl Evaluator<'_> {
    /// Every way to fill the slots from a different first word; the surest and nearest words are taken.
    pub(super) fn near(
        &self,
        slots: &[Node],
        within: usize,
        unit: Unit,
        ordered: bool,
        passage: usize,
    ) -> Vec<Candidate> {
        let mut fillings = Vec::new();
        for (slot, node) in slots.iter().enumerate() {
            let found = self.local(node, passage);
            if found.is_empty() {
                return Vec::new();
            }
            fillings.extend(found.into_iter().map(|candidate| Filling { slot, candidate }));
        }
        fillings.sort_by_key(|filling| {
            let Heard { syllables, cost } = filling.candidate.heard;
            (cost, syllables > 0, filling.candidate.range().start, filling.slot)
        });
        let search = Search {
            evaluator: self,
            slots: slots.len(),
            within,
            unit,
            ordered,
            passage,
            fillings: &fillings,
        };
        let mut found: Vec<Candidate> =
            fillings.iter().filter_map(|first| search.from(first)).map(|chosen| joined(&chosen)).collect();
        found.sort_by_key(|candidate| (candidate.range().start, candidate.range().end));
        found.dedup();
        found
    }
}

struct Search<'a> {
    evaluator: &'a Evaluator<'a>,
    slots: usize,
    within: usize,
    unit: Unit,
    ordered: bool,
    passage: usize,
    fillings: &'a [Filling],
}

impl<'a> Search<'a> {
    /// Fills the slots with words none of which begins before `first`.
    fn from(&self, first: &'a Filling) -> Option<Vec<&'a Filling>> {
        let start = first.candidate.range().start;
        let end = self.window_end(start);
        let inside = |filling: &&Filling| {
            let range = filling.candidate.range();
            range.start >= start && range.end <= end
        };
        let inside: Vec<&Filling> = self.fillings.iter().filter(inside).collect();
        let all = (0..self.slots).all(|slot| inside.iter().any(|filling| filling.slot == slot));
        let mut chosen = vec![first];
        (all && inside.iter().any(|filling| std::ptr::eq(*filling, first))
            && self.is_credible(first)
            && self.complete(&inside, &mut chosen))
        .then_some(chosen)
    }

    /// Byte after the last character or word of a window.
    fn window_end(&self, start: usize) -> usize {
        let passage = &self.evaluator.talk.passages[self.passage];
        let rest = &passage.text[start..];
        match self.unit {
            Unit::Chars => {
                rest.char_indices().nth(self.within).map_or(passage.text.len(), |(offset, _)| start + offset)
            }
            Unit::Words => {
                let rest = start..passage.text.len();
                let words = passage.words(&rest);
                words.take(self.within).last().map_or(start, |word| word.end)
            }
        }
    }

    fn complete(&self, inside: &[&'a Filling], chosen: &mut Vec<&'a Filling>) -> bool {
        let empty = (0..self.slots).find(|slot| chosen.iter().all(|filling| filling.slot != *slot));
        let Some(slot) = empty else {
            let Candidate { heard, length, .. } = joined(chosen);
            return is_supported(heard, length.saturating_sub(heard.syllables));
        };
        for filling in inside.iter().filter(|filling| filling.slot == slot) {
            if chosen.iter().all(|other| self.go_together(filling, other)) && self.is_credible(filling) {
                chosen.push(filling);
                if self.complete(inside, chosen) {
                    return true;
                }
                chosen.pop();
            }
        }
        false
    }

    fn go_together(&self, a: &Filling, b: &Filling) -> bool {
        let in_order = (a.slot < b.slot) == (a.candidate.range().start < b.candidate.range().start);
        !a.overlaps(b) && (in_order || !self.ordered)
    }

    /// False where another word than the slot's was more probably said.
    fn is_credible(&self, filling: &Filling) -> bool {
        let Candidate { kind: Kind::Term(word), heard, .. } = &filling.candidate else { return true };
        let talk = self.evaluator.talk;
        let meant = &talk.rules.words()[*word].text;
        let (passage, range) = (&talk.passages[self.passage], filling.candidate.range());
        heard.syllables == 0 || other_word(passage, &range, meant, heard.cost).is_none()
    }
}

/// Words told by sound need some that were said as written, or must together be long and sound the same.
pub(super) fn is_supported(Heard { syllables, cost }: Heard, written: usize) -> bool {
    syllables == 0 || written >= SUPPORTING_CHARS || (cost == 0 && syllables >= SELF_SUPPORTING_SYLLABLES)
}

fn joined(chosen: &[&Filling]) -> Candidate {
    let mut chosen: Vec<&Candidate> = chosen.iter().map(|filling| &filling.candidate).collect();
    chosen.sort_by_key(|candidate| candidate.range().start);
    let heard = chosen.iter().fold(Heard::default(), |sum, candidate| Heard {
        syllables: sum.syllables + candidate.heard.syllables,
        cost: sum.cost + candidate.heard.cost,
    });
    let meant: Vec<&str> = chosen.iter().map(|candidate| candidate.meant.as_str()).collect();
    Candidate {
        kind: Kind::Near,
        parts: chosen.iter().flat_map(|candidate| candidate.parts.iter().cloned()).collect(),
        meant: meant.join(" … "),
        length: chosen.iter().map(|candidate| candidate.length).sum(),
        heard,
    }
}
