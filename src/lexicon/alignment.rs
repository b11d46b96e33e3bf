//! How a word lies over what was said: syllable by syllable, with at most one dropped or put in between.

use crate::text::LOOSE;

use super::budget::SoundBudget;
use super::syllabary::{Voice, voice_cost};

/// What it costs to drop a syllable of the word, or to put one in: as much as to take one for another that a recogniser
/// mishears.
pub(super) const EDIT: SoundBudget = LOOSE as SoundBudget;
/// Shorter words are told by every syllable.
pub(super) const SHORTEST_WITH_A_DROP: usize = 4;
/// Shorter words with something in between are rather other words.
const SHORTEST_WITH_AN_INSERT: usize = 5;
/// Syllables of the pair that must stand as it is.
pub(super) const PAIR: usize = 2;

/// Where a word lies, and at what cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fit {
    /// Index of the first syllable said.
    pub start: usize,
    pub length: usize,
    pub cost: SoundBudget,
}

/// Ways to lie over a text that are worth a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ways {
    /// Syllable by syllable.
    Straight,
    /// With one dropped or put in.
    Bent,
    Both,
}

/// A word laid over a text such that its first or last pair of syllables stands at a given place.
pub(super) struct Alignment<'a> {
    pub meant: &'a [Voice],
    pub said: &'a [Voice],
    /// Index of the pair in `meant`: 0, or two before the end.
    pub offset: usize,
    /// Index of the pair in `said`.
    pub place: usize,
    /// Most that it may cost.
    pub budget: SoundBudget,
    /// Syllables of the word that may be dropped, a bit each.
    pub droppable: u32,
    /// Syllables that turn the sense around, which are never put in.
    pub fixed: &'a [Voice],
}

impl Alignment<'_> {
    /// The cheapest of the ways within the budget; syllable by syllable where that will do.
    pub fn fit(&self, ways: Ways) -> Option<Fit> {
        let straight = if ways == Ways::Bent { None } else { self.straight() };
        straight.or_else(|| if ways == Ways::Straight || self.budget < EDIT { None } else { self.bent() })
    }

    fn straight(&self) -> Option<Fit> {
        let start = self.place.checked_sub(self.offset)?;
        let length = self.meant.len();
        let said = self.said.get(start..start + length)?;
        let mut cost = 0;
        for (said, meant) in said.iter().zip(self.meant) {
            cost += SoundBudget::from(voice_cost(*said, *meant));
            if cost > self.budget {
                return None;
            }
        }
        Some(Fit { start, length, cost })
    }

    /// With one syllable dropped or put in, inside the word and outside the pair.
    fn bent(&self) -> Option<Fit> {
        let length = self.meant.len();
        if length < SHORTEST_WITH_A_DROP {
            return None;
        }
        let mut best: Option<(SoundBudget, usize)> = None;
        let mut before = 0;
        for index in 0..length {
            if index >= PAIR {
                let room = self.budget.saturating_sub(before + EDIT);
                let dropped = self.dropped(index, room).map(|cost| (before + EDIT + cost, length - 1));
                let inserted = self.inserted(index, room).map(|cost| (before + EDIT + cost, length + 1));
                best = [best, dropped, inserted].into_iter().flatten().min();
            }
            before += self.cost(index, index);
            if before + EDIT > self.budget {
                break;
            }
        }
        best.map(|(cost, length)| Fit { start: self.start(length), length, cost })
    }

    /// Cost behind syllable `index` of the word, which was not said.
    fn dropped(&self, index: usize, room: SoundBudget) -> Option<SoundBudget> {
        let is_inside = index + 1 < self.meant.len();
        let at = if self.offset == 0 { index } else { self.meant.len() - 1 - index };
        let may_go = at < u32::BITS as usize && self.droppable >> at & 1 == 1;
        if !is_inside || !may_go {
            return None;
        }
        self.rest((index + 1..self.meant.len()).map(|meant| (meant - 1, meant)), room)
    }

    /// Cost from syllable `index` of the word on, before which another was said.
    fn inserted(&self, index: usize, room: SoundBudget) -> Option<SoundBudget> {
        if self.meant.len() < SHORTEST_WITH_AN_INSERT || self.fixed.contains(&self.said_at(index)?) {
            return None;
        }
        self.rest((index..self.meant.len()).map(|meant| (meant + 1, meant)), room)
    }

    fn rest(&self, pairs: impl Iterator<Item = (usize, usize)>, room: SoundBudget) -> Option<SoundBudget> {
        let mut cost = 0;
        for (said, meant) in pairs {
            cost += self.cost(said, meant);
            if cost > room {
                return None;
            }
        }
        Some(cost)
    }

    /// Cost of one syllable for another; past the ends of the text, more than any budget.
    fn cost(&self, said: usize, meant: usize) -> SoundBudget {
        let said = self.said_at(said);
        said.map_or(SoundBudget::MAX / 4, |said| voice_cost(said, self.meant_at(meant)).into())
    }

    /// Syllable of the word, counted from the end at which the pair stands.
    fn meant_at(&self, index: usize) -> Voice {
        if self.offset == 0 { self.meant[index] } else { self.meant[self.meant.len() - 1 - index] }
    }

    /// Syllable of the text, counted in the same way.
    fn said_at(&self, index: usize) -> Option<Voice> {
        let at = if self.offset == 0 { self.place + index } else { (self.place + 1).checked_sub(index)? };
        self.said.get(at).copied()
    }

    fn start(&self, length: usize) -> usize {
        if self.offset == 0 { self.place } else { self.place + PAIR - length }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lexicon::syllabary::voices;

    fn fit(meant: &str, said: &str, offset: usize, place: usize, budget: u16) -> Option<(usize, usize, u16)> {
        let (meant, said, fixed) = (voices(meant), voices(said), voices("不"));
        let droppable = meant.iter().enumerate().filter(|(_, meant)| !fixed.contains(meant));
        let droppable = droppable.map(|(index, _)| 1 << index).sum();
        let alignment =
            Alignment { meant: &meant, said: &said, offset, place, budget, droppable, fixed: &fixed };
        alignment.fit(Ways::Both).map(|fit| (fit.start, fit.length, fit.cost))
    }

    #[test]
    fn one_syllable_may_be_missing_or_too_many() {
        for (meant, said, offset, place, expected) in [
            ("打断你的腿", "要打断你的腿", 0, 1, Some((1, 5, 0))),
            ("打断你的腿", "要打断了你的腿", 0, 1, Some((1, 6, EDIT))),
            ("打断你的腿", "要打断了你的腿", 3, 5, Some((1, 6, EDIT))),
            ("打断你的腿", "打断你腿", 0, 0, Some((0, 4, EDIT))),
            ("打断你的腿", "打断的腿", 3, 2, Some((0, 4, EDIT))),
            ("打断你的腿", "打断不你的腿", 0, 0, None),
            ("打断你的腿", "打断你的", 0, 0, None),
            ("打断你的腿", "断你的腿", 3, 2, None),
            ("一定不还钱", "一定还钱", 0, 0, None),
            ("通讯录", "通录", 0, 0, None),
            ("身份证号", "身份在证号", 0, 0, None),
            ("身份证号", "身份号", 0, 0, Some((0, 3, EDIT))),
        ] {
            assert_eq!(fit(meant, said, offset, place, 60), expected, "{meant} in {said}");
        }
    }

    /// All costs of `meant` in the whole of `said` with exactly one inner edit outside the pair, by plain recursion over
    /// an edit matrix.
    fn reference(meant: &[Voice], said: &[Voice], offset: usize) -> Option<u16> {
        let cost = |s: Voice, m: Voice| u16::from(voice_cost(s, m));
        let inner = |index: usize| {
            let (from, to) = if offset == 0 { (2, meant.len() - 1) } else { (1, meant.len() - 2) };
            (from..to).contains(&index)
        };
        if said.len() + 1 == meant.len() && meant.len() >= 4 {
            return (0..meant.len())
                .filter(|gone| inner(*gone))
                .map(|gone| {
                    let mut left = meant.to_vec();
                    left.remove(gone);
                    left.iter().zip(said).map(|(m, s)| cost(*s, *m)).sum::<u16>() + EDIT
                })
                .min();
        }
        if said.len() == meant.len() + 1 && meant.len() >= 5 {
            let (from, to) = if offset == 0 { (2, meant.len()) } else { (1, meant.len() - 1) };
            return (from..to)
                .map(|extra| {
                    let mut left = said.to_vec();
                    left.remove(extra);
                    meant.iter().zip(&left).map(|(m, s)| cost(*s, *m)).sum::<u16>() + EDIT
                })
                .min();
        }
        None
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_bent_way_costs_what_the_reference_says(
            meant in "[单当担钱前千人还号好吗证正]{4,7}",
            edit in 0_usize..8,
            insert in any::<bool>(),
            new in "[单当钱人]",
            at_end in any::<bool>(),
        ) {
            let mut said: Vec<char> = meant.chars().collect();
            let edit = edit % said.len();
            if insert { said.insert(edit, new.chars().next().unwrap_or('人')); } else { said.remove(edit); }
            let said = voices(&said.into_iter().collect::<String>());
            let meant = voices(&meant);
            let offset = if at_end { meant.len() - 2 } else { 0 };
            let place = if at_end { said.len() - 2 } else { 0 };
            let alignment = Alignment { meant: &meant, said: &said, offset, place, budget: 300, droppable: u32::MAX, fixed: &[] };
            let best = alignment.bent().filter(|fit| fit.length == said.len()).map(|fit| fit.cost);
            let other = alignment.bent().filter(|fit| fit.length != said.len()).map_or(u16::MAX, |fit| fit.cost);
            let expected = reference(&meant, &said, offset).filter(|cost| *cost <= 300);
            if let Some(expected) = expected {
                prop_assert!(best == Some(expected) || other <= expected, "{best:?} {other} {expected}");
            } else {
                prop_assert_eq!(best, None);
            }
        }
    }
}
