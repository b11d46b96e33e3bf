//! Syllables by number: a small table for every character, and which syllables are easily taken for each other.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use crate::text::{Syllable, readings, sound_class};

/// Characters that may have readings.
const HAN: RangeInclusive<char> = '\u{3007}'..='\u{FAFF}';

/// Characters that are common in more than one reading; the second readings of all others are rare.
const POLYPHONES: [char; 17] =
    ['还', '行', '得', '着', '地', '长', '重', '都', '了', '调', '处', '数', '率', '差', '血', '弹', '落'];

/// True if all readings of a character are common.
#[must_use]
pub(super) fn is_polyphone(character: char) -> bool {
    POLYPHONES.contains(&character)
}

struct Syllabary {
    /// Numbers of the common readings of character `c` are `numbers[starts[c]..starts[c + 1]]`, `c` from the first of [`HAN`].
    starts: Vec<u32>,
    numbers: Vec<u16>,
    /// For each number, the numbers of its sound class, itself included.
    relatives: Vec<Vec<u16>>,
}

static SYLLABARY: LazyLock<Syllabary> = LazyLock::new(Syllabary::new);

impl Syllabary {
    fn new() -> Self {
        let mut syllables: Vec<Syllable> = HAN.flat_map(common).copied().collect();
        syllables.sort_unstable();
        syllables.dedup();
        let (mut starts, mut numbers) = (vec![0], Vec::new());
        for character in HAN {
            let own = common(character).iter().filter_map(|syllable| syllables.binary_search(syllable).ok());
            numbers.extend(own.map(|number| number as u16));
            starts.push(numbers.len() as u32);
        }
        let relatives = syllables.iter().map(|syllable| same_class(*syllable, &syllables)).collect();
        Self { starts, numbers, relatives }
    }
}

/// Readings that a character is usually written for.
fn common(character: char) -> &'static [Syllable] {
    let all = readings(character);
    if is_polyphone(character) { all } else { &all[..all.len().min(1)] }
}

fn same_class(syllable: Syllable, all: &[Syllable]) -> Vec<u16> {
    let numbered = all.iter().enumerate();
    let alike = numbered.filter(|(_, other)| sound_class(**other) == sound_class(syllable));
    alike.map(|(number, _)| number as u16).collect()
}

/// How many syllables there are; numbers are below it.
#[must_use]
pub(super) fn size() -> usize {
    SYLLABARY.relatives.len()
}

/// Numbers of a character's common readings; empty for what is not Han.
#[must_use]
pub(super) fn numbers(character: char) -> &'static [u16] {
    let syllabary = &*SYLLABARY;
    let Some(index) = (character as usize).checked_sub(*HAN.start() as usize) else { return &[] };
    let (Some(start), Some(end)) = (syllabary.starts.get(index), syllabary.starts.get(index + 1)) else {
        return &[];
    };
    &syllabary.numbers[*start as usize..*end as usize]
}

/// Numbers of the syllables that are easily taken for this one, itself included.
#[must_use]
pub(super) fn relatives(number: u16) -> &'static [u16] {
    SYLLABARY.relatives.get(usize::from(number)).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_readings_have_numbers() {
        for (character, expected) in [('钱', 1), ('行', 2), ('a', 0), ('，', 0), ('\u{10FFFF}', 0)] {
            assert_eq!(numbers(character).len().min(2), expected, "{character}");
        }
        assert_eq!(numbers('逾'), numbers('鱼'));
    }

    #[test]
    fn confused_syllables_are_relatives() {
        let related = |a: char, b: char| relatives(numbers(a)[0]).contains(&numbers(b)[0]);
        for (a, b, expected) in
            [('单', '当', true), ('是', '四', true), ('钱', '钱', true), ('钱', '人', false)]
        {
            assert_eq!(related(a, b), expected, "{a} {b}");
            assert_eq!(related(b, a), expected, "{b} {a}");
        }
        assert!((300..500).contains(&size()), "{}", size());
    }
}
