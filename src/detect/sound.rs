//! When a word that was only told by sound is rather the word that was written.
//!
//! A recogniser that errs writes characters that make no word where they stand, more often than not (单位 becomes 当委). A
//! short word told by sound is therefore dropped where the dictionary has a word over the characters that differ: 之前
//! is 之前, not 纸钱. Long ones that sound the same stay: nobody says 还款逾期 by chance.

use std::ops::Range;

use super::passage::Passage;

/// Up to this length every word told by sound is doubted, one syllable more if it sounds only nearly the same. Doubting
/// longer words loses more true hits on recognised speech than it saves false ones on innocent text.
const DOUBTFUL_SYLLABLES: usize = 2;

/// The dictionary's word over a character in which `range` of the passage differs from `meant`, if the hit is doubtful.
pub(super) fn other_word(
    passage: &Passage,
    range: &Range<usize>,
    meant: &str,
    cost: u16,
) -> Option<Range<usize>> {
    let length = meant.chars().count();
    if length > DOUBTFUL_SYLLABLES + usize::from(cost > 0) {
        return None;
    }
    let text = passage.text.as_str();
    let said = text[range.clone()].char_indices();
    let changed: Vec<usize> = said
        .zip(meant.chars())
        .filter(|((_, a), b)| a != b)
        .map(|((byte, _), _)| range.start + byte)
        .collect();
    passage.words(range).find(|word| {
        text[word.clone()].chars().nth(1).is_some() && changed.iter().any(|byte| word.contains(byte))
    })
}
