//! Counts the neighbouring syllables of a dictionary in jieba's format, for `src/text/rarity.rs`:
//!
//! ```text
//! cargo run --release --example syllable_pairs -- jieba-rs/src/data/dict.txt >src/text/syllable_pairs.txt
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a tool that cannot start should stop")]

use std::collections::BTreeMap;

use callaudit::text::readings;

fn main() {
    let path = std::env::args().nth(1).expect("the path of a dictionary");
    let dictionary = std::fs::read_to_string(path).expect("a dictionary");
    let mut pairs: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut single: BTreeMap<String, u64> = BTreeMap::new();
    for line in dictionary.lines() {
        let mut fields = line.split_whitespace();
        let word = fields.next().unwrap_or_default();
        let Some(frequency) = fields.next().and_then(|field| field.parse::<u64>().ok()) else { continue };
        let syllables = word.chars().map(|char| readings(char).first().map(ToString::to_string));
        let Some(syllables) = syllables.collect::<Option<Vec<String>>>() else { continue };
        for syllable in &syllables {
            *single.entry(syllable.clone()).or_default() += frequency;
        }
        for pair in syllables.windows(2) {
            *pairs.entry((pair[0].clone(), pair[1].clone())).or_default() += frequency;
        }
    }
    for (first, count) in &single {
        let letter = |second: &String| match pairs.get(&(first.clone(), second.clone())) {
            None | Some(0) => '.',
            Some(count) => char::from(b'a' + count.ilog2() as u8),
        };
        println!("{first} {count} {}", single.keys().map(letter).collect::<String>());
    }
}
