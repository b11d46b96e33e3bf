//! Every reading of a character that is in use today.

use std::{ops::RangeInclusive, sync::LazyLock};

use pinyin::ToPinyinMulti;

use super::Syllable;

/// Han characters of the basic plane, 〇 included. What lies beyond it is not written by recognisers.
const HAN: RangeInclusive<char> = '\u{3007}'..='\u{FAFF}';

/// Readings of all of [`HAN`], one after the other, and where each character's begin.
struct Table {
    starts: Vec<u32>,
    syllables: Vec<Syllable>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    fn new() -> Self {
        let mut table = Self { starts: vec![0], syllables: Vec::new() };
        for char in HAN {
            let before = table.syllables.len();
            for syllable in
                char.to_pinyin_multi().into_iter().flatten().filter_map(|p| Syllable::parse(p.plain()))
            {
                if !table.syllables[before..].contains(&syllable) {
                    table.syllables.push(syllable);
                }
            }
            table.starts.push(table.syllables.len() as u32);
        }
        table
    }

    fn get(&self, char: char) -> Option<&[Syllable]> {
        let index = (char as usize).checked_sub(*HAN.start() as usize)?;
        let (start, end) = (*self.starts.get(index)?, *self.starts.get(index + 1)?);
        self.syllables.get(start as usize..end as usize)
    }
}

/// Every toneless reading of a character, the commonest first; empty for what is not Han.
#[must_use]
pub fn readings(char: char) -> &'static [Syllable] {
    TABLE.get(char).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_with_more_than_one() {
        for (char, expected) in [('钱', "qian"), ('法', "fa"), ('〇', "ling")] {
            assert_eq!(readings(char).first().unwrap().to_string(), expected);
        }
        for (char, expected) in [('还', ["hai", "huan"]), ('行', ["xing", "hang"])] {
            for pinyin in expected {
                assert!(readings(char).contains(&Syllable::parse(pinyin).unwrap()), "{char} {pinyin}");
            }
        }
    }

    #[test]
    fn what_is_not_han_has_none() {
        for char in ['a', '1', ' ', '，', 'あ', '\u{10FFFF}', '\0', '\u{FB00}'] {
            assert_eq!(readings(char), [], "{char}");
        }
    }
}
