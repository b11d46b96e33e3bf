//! Text to the tokens that the recogniser would write it with.

use std::collections::HashMap;

use tokenizers::Model as _;
use tokenizers::models::bpe::{BPE, Merges, Vocab};

use crate::transcribe::model::TokenId;

/// Byte pair encoding over the tokens of a model.
///
/// GGML files hold the tokens without the merges that made them. They follow from the tokens: a later token is two
/// earlier ones, and earlier pairs are joined first.
pub(super) struct Tokenizer(BPE);

impl Tokenizer {
    /// Of all text tokens, in the order in which they were made.
    ///
    /// # Errors
    /// Tokens that are no byte pair encoding, and why.
    pub(super) fn new(texts: &[Box<[u8]>]) -> Result<Self, String> {
        let ranks: HashMap<&[u8], u32> =
            texts.iter().zip(0..).map(|(text, rank)| (text.as_ref(), rank)).collect();
        let mut merges = Merges::new();
        for (text, rank) in texts.iter().zip(0..).filter(|(text, _)| text.len() > 1) {
            match parts(text, rank, &ranks)[..] {
                [first, second] if ranks.contains_key(first) && ranks.contains_key(second) => {
                    merges.push((spelled(first), spelled(second)));
                }
                // Its parts were words of another language.
                _ => {}
            }
        }
        let vocabulary: Vocab = ranks.iter().map(|(text, &rank)| (spelled(text), rank)).collect();
        BPE::builder()
            .vocab_and_merges(vocabulary, merges)
            .build()
            .map(Self)
            .map_err(|error| error.to_string())
    }

    /// The tokens of one word or clause without punctuation.
    pub(super) fn tokens(&self, text: &str) -> Vec<TokenId> {
        let tokens = self.0.tokenize(&spelled(text.as_bytes())).unwrap_or_default();
        tokens.into_iter().filter_map(|token| token.id.try_into().ok()).collect()
    }
}

/// `text` in the tokens that come before it in rank.
fn parts<'a>(text: &'a [u8], below: u32, ranks: &HashMap<&[u8], u32>) -> Vec<&'a [u8]> {
    let mut ends: Vec<usize> = (0..=text.len()).collect();
    let rank = |ends: &[usize], index: usize| {
        ranks.get(&text[ends[index]..ends[index + 2]]).copied().filter(|&rank| rank < below)
    };
    while ends.len() > 3 {
        let joined = (0..ends.len() - 2).filter_map(|index| Some((rank(&ends, index)?, index))).min();
        let Some((_, index)) = joined else { break };
        ends.remove(index + 1);
    }
    ends.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
}

/// One character a byte: the encoding works on characters.
fn spelled(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_pairs_are_joined_first() {
        let texts: Vec<Box<[u8]>> =
            ["a", "b", "c", "ab", "bc", "abc", "abcabc"].iter().map(|text| text.as_bytes().into()).collect();
        let tokenizer = Tokenizer::new(&texts).unwrap();
        for (text, expected) in [
            ("a", &[0][..]),
            ("abc", &[5]),
            ("bcb", &[4, 1]),
            ("abab", &[3, 3]),
            ("aabcabc", &[0, 6]),
            ("xa", &[0]),
        ] {
            assert_eq!(tokenizer.tokens(text), expected, "{text}");
        }
    }

    #[test]
    fn a_character_may_take_several_tokens() {
        let bytes: Vec<&[u8]> = vec![
            b"\xe9",
            b"\x80",
            b"\xbe",
            b"\xe9\x80",
            b"\xe6",
            b"\x9c",
            b"\x9f",
            b"\xe6\x9c",
            "期".as_bytes(),
        ];
        let texts: Vec<Box<[u8]>> = bytes.into_iter().map(Into::into).collect();
        assert_eq!(Tokenizer::new(&texts).unwrap().tokens("逾期"), [3, 2, 8]);
    }
}
