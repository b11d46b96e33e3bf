//! How far a word may be misheard and still count as said: by its length, and by how rare its syllables are.

use crate::text::{CLOSE, LOOSE, MISMATCH, SAME, rarity_bits, readings};

use super::alignment::SHORTEST_WITH_A_DROP;

/// Most total cost (see [`crate::text::syllable_cost`]) at which a word still counts as heard.
pub type SoundBudget = u16;

/// Syllables that turn a sentence around: no word is heard with one of them dropped or put in.
pub(super) const NEGATIONS: &str = "不没别未无勿";

/// What a word of so many syllables may cost when near sounds count. Two syllables must sound the same: more than that
/// finds 纸钱 in every 之前. Three may hold one confused sound, six one syllable that is altogether wrong.
#[must_use]
pub(super) fn near_budget(syllables: usize) -> SoundBudget {
    let cost = match syllables {
        0..=2 => SAME,
        3 => CLOSE,
        4 => LOOSE,
        5 => CLOSE + LOOSE,
        _ => MISMATCH,
    };
    SoundBudget::from(cost)
}

/// What the rarity of a word's syllables allows: each budget with the bits of surprise from which on it may be spent. What
/// sounds like common words is found in them, and the more so the more may be misheard.
const RARITY_STEPS: [(f64, u8); 5] =
    [(38.0, MISMATCH), (32.0, CLOSE + LOOSE), (28.0, LOOSE), (20.0, CLOSE), (11.0, SAME)];

/// Bits of surprise that must be left of a word when a syllable is dropped.
const RARE_BITS: f64 = 28.0;

/// The most that may be spent on a word for its rarity; `None` where nothing but the characters tells it.
pub(super) fn rarity_budget(word: &str) -> Option<SoundBudget> {
    let bits = rarity_bits(word);
    RARITY_STEPS.iter().find(|(least, _)| bits >= *least).map(|(_, cost)| SoundBudget::from(*cost))
}

/// Syllables without which a word is still told from others, a bit each: what is left must be as rare as a word that may
/// be misheard, and mean the same.
pub(super) fn droppable(word: &str) -> u32 {
    let characters: Vec<char> = word.chars().collect();
    if characters.len() < SHORTEST_WITH_A_DROP {
        return 0;
    }
    let is_droppable = |index: &usize| {
        let left: String =
            characters.iter().enumerate().filter(|(at, _)| at != index).map(|(_, c)| *c).collect();
        !NEGATIONS.contains(characters[*index]) && rarity_bits(&left) >= RARE_BITS
    };
    (1..characters.len().min(32) - 1).filter(is_droppable).map(|index| 1 << index).sum()
}

/// True if every character has a reading: letters are matched as they are written.
#[must_use]
pub(super) fn is_pronounceable(word: &str) -> bool {
    word.chars().all(|character| !readings(character).is_empty())
}
