//! Where words begin and end: jieba's dictionary with the words of debt collection added.

use std::sync::LazyLock;

use jieba_rs::Jieba;

/// One word a line, optionally with a frequency and a part of speech, in jieba's format.
const DOMAIN_WORDS: &str = include_str!("../../lexicons/words.txt");

static JIEBA: LazyLock<Jieba> = LazyLock::new(|| {
    let mut jieba = Jieba::new();
    for line in DOMAIN_WORDS.lines() {
        add_line(&mut jieba, line);
    }
    jieba
});

/// Adds the word of one line. Without a frequency jieba takes the least one that keeps the word whole.
fn add_line(jieba: &mut Jieba, line: &str) {
    let mut fields = line.split_whitespace();
    if let Some(word) = fields.next().filter(|word| !word.starts_with('#')) {
        let frequency = fields.next().and_then(|field| field.parse().ok());
        jieba.add_word(word, frequency, fields.next());
    }
}

/// Cuts text into words. Cheap to make: all share one dictionary, which loads on first use (about 0.1 s).
#[derive(Debug, Clone, Copy, Default)]
pub struct Segmenter;

impl Segmenter {
    #[must_use]
    pub fn new() -> Self {
        Self
    }

    /// Byte offsets at which words begin or end: sorted, each once, 0 and the length of the text included.
    ///
    /// Only words of the dictionary count. Guessing unknown words from character statistics would invent words, and
    /// with them boundaries that take a true hit back.
    #[must_use]
    pub fn word_boundaries(&self, text: &str) -> Vec<usize> {
        let mut boundaries: Vec<_> =
            std::iter::once(0).chain(JIEBA.cut(text, false).iter().map(|token| token.byte_end)).collect();
        boundaries.push(text.len());
        boundaries.sort_unstable();
        boundaries.dedup();
        boundaries
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> String {
        let boundaries = Segmenter::new().word_boundaries(text);
        boundaries.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn hits_that_cut_through_words_are_seen() {
        for (text, expected) in [
            ("路口交通", "路口|交通"),
            ("爆通讯录", "爆通讯录"),
            ("列入失信被执行人", "列入|失信被执行人"),
            ("收到律师函", "收到|律师函"),
            ("", ""),
        ] {
            assert_eq!(words(text), expected);
        }
    }

    #[test]
    fn every_line_of_the_word_list_is_sound() {
        let mut seen = std::collections::BTreeSet::new();
        for line in DOMAIN_WORDS.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let fields: Vec<_> = line.split_whitespace().collect();
            assert!(fields.len() <= 3, "{line}");
            assert!(fields.get(1).is_none_or(|field| field.parse::<usize>().is_ok()), "{line}");
            assert!(seen.insert(fields[0]), "{line}: twice");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn boundaries_are_sorted_and_on_characters(text in any::<String>()) {
            let boundaries = Segmenter::new().word_boundaries(&text);
            prop_assert_eq!(boundaries.first(), Some(&0));
            prop_assert_eq!(boundaries.last(), Some(&text.len()));
            prop_assert!(boundaries.is_sorted_by(|a, b| a < b));
            prop_assert!(boundaries.iter().all(|byte| text.is_char_boundary(*byte)));
        }
    }
}
