//! How rarely a sequence of syllables is said in any words at all: 是的 in every other sentence, 肺了你 never.
//!
//! `syllable_pairs.txt` counts the syllables of jieba's dictionary (first readings, weighted by the words' frequencies):
//! a line for each syllable with its count and one letter for every syllable that may follow it within a word, in the
//! order of the lines: `a` for a count of 1, one letter further for each doubling, `.` for none.
//! `tests/calibration/syllable_pairs.rs` makes it.

use std::sync::LazyLock;

use super::{Syllable, readings};

/// The common characters, which have every syllable that there is.
const HAN: std::ops::RangeInclusive<char> = '一'..='龥';

const TABLE: &str = include_str!("syllable_pairs.txt");

/// Share of neighbouring syllables that belong to two words, of which the dictionary knows nothing: Mandarin words have
/// about two syllables.
const BETWEEN_WORDS: f64 = 0.5;

/// Count of a pair or a syllable that the dictionary does not have: less than one.
const UNSEEN: f64 = 0.5;

struct Counts {
    /// Sorted by name.
    names: Vec<&'static str>,
    /// Row of each syllable by its id.
    numbers: Vec<Option<usize>>,
    frequencies: Vec<f64>,
    /// Letters of the pairs, a row for each first syllable.
    rows: Vec<&'static [u8]>,
    total: f64,
}

static COUNTS: LazyLock<Counts> = LazyLock::new(|| {
    let mut table = Counts {
        names: Vec::new(),
        numbers: Vec::new(),
        frequencies: Vec::new(),
        rows: Vec::new(),
        total: 0.0,
    };
    for line in TABLE.lines() {
        let mut fields = line.split(' ');
        table.names.extend(fields.next());
        table.frequencies.extend(fields.next().and_then(|count| count.parse::<f64>().ok()));
        table.rows.extend(fields.next().map(str::as_bytes));
    }
    table.total = table.frequencies.iter().sum();
    table.numbers = table.by_id();
    table
});

impl Counts {
    fn by_id(&self) -> Vec<Option<usize>> {
        let mut numbers = Vec::new();
        for syllable in HAN.flat_map(readings) {
            let id = usize::from(syllable.id());
            numbers.resize(numbers.len().max(id + 1), None);
            if numbers[id].is_none() {
                numbers[id] = self.names.binary_search(&syllable.to_string().as_str()).ok();
            }
        }
        numbers
    }

    fn number(&self, syllable: Syllable) -> Option<usize> {
        self.numbers.get(usize::from(syllable.id())).copied().flatten()
    }

    fn count(&self, syllable: Option<usize>) -> f64 {
        syllable.map_or(UNSEEN, |number| self.frequencies[number])
    }

    /// How often one syllable follows another in as much text as the dictionary was counted on.
    fn pair(&self, first: Option<usize>, second: Option<usize>) -> f64 {
        let letter = first.zip(second).and_then(|(first, second)| self.rows[first].get(second));
        let within = letter.filter(|letter| letter.is_ascii_lowercase());
        let within = within.map_or(0.0, |letter| 1.5 * f64::from(letter - b'a').exp2());
        let between = BETWEEN_WORDS * self.count(first) * self.count(second) / self.total;
        within + between.max(UNSEEN)
    }
}

/// Bits of surprise at hearing a word's syllables begin at a given place, tones aside, whatever is meant by them: 10 for
/// what is said once in a thousand syllables, 20 for once in a million. 0 for what has no syllables.
#[must_use]
pub fn rarity_bits(word: &str) -> f64 {
    let table = &*COUNTS;
    let first = |char| readings(char).first().map(|syllable| table.number(*syllable));
    let syllables: Vec<Option<usize>> = word.chars().filter_map(first).collect();
    let Some(begin) = syllables.first() else { return 0.0 };
    let follows = |pair: &[Option<usize>]| table.pair(pair[0], pair[1]) / table.count(pair[0]);
    let rest: f64 = syllables.windows(2).map(|pair| -follows(pair).log2().min(0.0)).sum();
    rest - (table.count(*begin) / table.total).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_has_a_row_as_long_as_the_table() {
        let table = &*COUNTS;
        assert!(table.names.is_sorted());
        assert_eq!((table.names.len(), table.names.len()), (table.frequencies.len(), table.rows.len()));
        assert!(table.rows.iter().all(|row| row.len() == table.names.len()));
        for char in '一'..='龥' {
            for syllable in readings(char).iter().take(1) {
                assert!(table.number(*syllable).is_some() || !"的是钱还".contains(char), "{char} {syllable}");
            }
        }
    }

    #[test]
    fn common_sounds_surprise_less() {
        let in_order = ["知道", "是的", "乞丐", "通讯录", "肺了你", "恐吓威胁你"];
        let bits: Vec<f64> = in_order.iter().map(|word| rarity_bits(word)).collect();
        assert!(bits.is_sorted(), "{bits:?}");
        assert!(rarity_bits("abc").abs() < f64::EPSILON);
        assert!((rarity_bits("之前") - rarity_bits("纸钱")).abs() < f64::EPSILON);
    }
}
