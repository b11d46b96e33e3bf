//! Where words begin and end: jieba's dictionary with the words of debt collection added.

use std::sync::LazyLock;

use jieba_rs::Jieba;

/// One word a line, optionally with a frequency and a part of speech, in jieba's format.
const DOMAIN_WORDS: &str = include_str!("../../lexicons/words.txt");

/// Shorter words mean something of their own: the 狗屎 in 狗屎运 is no word.
const MIN_COMPOUND_CHARS: usize = 4;

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

/// Cuts text into words. Cheap to make: all share one dictionary, which loads on first use (some tenths of a second).
#[derive(Debug, Clone, Copy, Default)]
pub struct Segmenter;

impl Segmenter {
    #[must_use]
    pub fn new() -> Self {
        Self
    }

    /// Byte offsets at which words begin or end: sorted, each once, 0 and the length of the text included.
    ///
    /// Compounds of four characters or more are also cut into their parts, so that 法院 stands whole in 人民法院.
    /// Only words of the dictionary count: guessing unknown words from character statistics would invent boundaries,
    /// and with them reasons to take a true hit back.
    #[must_use]
    pub fn word_boundaries(&self, text: &str) -> Vec<usize> {
        let mut boundaries = vec![0, text.len()];
        for token in JIEBA.cut(text, false) {
            boundaries.push(token.byte_end);
            push_parts(token.word, token.byte_start, &mut boundaries);
        }
        boundaries.sort_unstable();
        boundaries.dedup();
        boundaries
    }

    /// The words of a text, the shorter words within them and their characters, sorted, each once: what an index of texts
    /// holds. A part of a text that is cut otherwise by itself is found by its characters.
    #[must_use]
    pub fn words_and_parts<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let mut parts: Vec<_> =
            JIEBA.cut_for_search(text, false).into_iter().map(|token| token.word).collect();
        parts.extend(text.char_indices().map(|(at, char)| &text[at..at + char.len_utf8()]));
        parts.sort_unstable();
        parts.dedup();
        parts
    }

    /// The words of a text, in order: what an index of texts is asked for.
    #[must_use]
    pub fn words<'a>(&self, text: &'a str) -> Vec<&'a str> {
        JIEBA.cut(text, false).into_iter().map(|token| token.word).collect()
    }
}

/// Adds every place where a compound falls into two words, and those within the two.
fn push_parts(word: &str, start: usize, boundaries: &mut Vec<usize>) {
    if word.chars().count() < MIN_COMPOUND_CHARS {
        return;
    }
    for (at, _) in word.char_indices().skip(1) {
        let (left, right) = word.split_at(at);
        if JIEBA.has_word(left) && JIEBA.has_word(right) {
            boundaries.push(start + at);
            push_parts(left, start, boundaries);
            push_parts(right, start + at, boundaries);
        }
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
            ("女儿童装", "女儿|童装"),
            ("爆你通讯录", "爆|你|通讯录"),
            ("爆通讯录", "爆|通讯录"),
            ("列入失信被执行人", "列入|失信|被执行人"),
            ("收到律师函", "收到|律师函"),
            ("人民法院", "人民|法院"),
            ("狗屎运", "狗屎运"),
            ("他妈妈在干嘛", "他|妈妈|在|干嘛"),
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
