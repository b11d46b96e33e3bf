//! What people say in such calls, as an expectation of the next token.
//!
//! Whisper `base` hears 逾期 and writes 预期: it has read more of expectations than of arrears. The expectation is an
//! n-gram model over the recogniser's own tokens, counted from calls written for it. Where the sound leaves a choice,
//! the words of the trade win; what the sound does not suggest is never added.

mod tokenizer;

use std::collections::HashMap;

use self::tokenizer::Tokenizer;
use super::model::{TokenId, Vocabulary};
use super::ngram::Ngrams;
use crate::text::to_simplified;

/// Tokens whose score is farther below the best, in nats, were not heard.
const REACH: f32 = 10.0;
/// A token loses at most this much, in nats, for not being expected: nobody has written down all that people say.
const MOST_AGAINST: f32 = -2.0;

/// The expectation, made once for a model.
pub(super) struct Phrasing {
    ngrams: Ngrams,
    /// What each token counts as: a traditional spelling as the simplified one, punctuation as a break.
    counts_as: Vec<u16>,
}

/// What has been said, as far as it bears on what comes next.
#[derive(Debug, Clone)]
pub(super) struct Said(Vec<u16>);

impl Phrasing {
    /// Counts `turns` of speech in the tokens of `vocabulary`.
    ///
    /// # Errors
    /// A vocabulary that is no byte pair encoding, and why.
    pub(super) fn new<'a>(
        turns: impl Iterator<Item = &'a str>,
        vocabulary: &Vocabulary,
    ) -> Result<Self, String> {
        let texts = vocabulary.texts();
        let tokenizer = Tokenizer::new(texts)?;
        let pause = texts.len() as u16;
        let mut text = vec![pause];
        for clause in turns.flat_map(|turn| turn.split(|c: char| !c.is_alphanumeric())) {
            if !clause.is_empty() {
                text.extend(tokenizer.tokens(clause).into_iter().map(|token| token as u16));
                text.push(pause);
            }
        }
        let ngrams = Ngrams::count(text, texts.len() + 1);
        Ok(Self { ngrams, counts_as: counts_as(texts) })
    }

    /// Before the first word.
    pub(super) fn nothing_said(&self) -> Said {
        Said(vec![self.pause()])
    }

    /// Adds a token; one that is no text is a pause.
    pub(super) fn say(&self, said: &mut Said, token: TokenId) {
        let word = usize::try_from(token).ok().and_then(|token| self.counts_as.get(token)).copied();
        let word = word.unwrap_or(self.pause());
        if word != self.pause() || said.0.last() != Some(&word) {
            said.0.push(word);
        }
    }

    /// Moves the scores of text tokens towards what is expected after `said`; at `strength` 0 they stay.
    pub(super) fn expect(&self, said: &Said, strength: f32, scores: &mut [f32]) {
        if strength == 0.0 {
            return;
        }
        let best = scores.iter().copied().fold(f32::MIN, f32::max);
        let likely = self.ngrams.after(&said.0);
        let alone = self.ngrams.alone();
        for (score, &word) in scores.iter_mut().zip(&self.counts_as) {
            if *score > best - REACH && word != self.pause() {
                let preference = (likely.of(word) / alone[usize::from(word)]).ln();
                *score += strength * preference.max(MOST_AGAINST);
            }
        }
    }

    fn pause(&self) -> u16 {
        self.counts_as.len() as u16
    }
}

/// What each token counts as; the number of tokens stands for a pause.
fn counts_as(texts: &[Box<[u8]>]) -> Vec<u16> {
    let numbers: HashMap<&[u8], u16> = texts.iter().map(AsRef::as_ref).zip(0..).collect();
    let counts_as = |own: u16, bytes: &[u8]| {
        let Ok(text) = std::str::from_utf8(bytes) else { return own };
        if !text.contains(char::is_alphanumeric) {
            return texts.len() as u16;
        }
        numbers.get(to_simplified(text.trim_start()).as_bytes()).copied().unwrap_or(own)
    };
    (0..).zip(texts).map(|(own, bytes)| counts_as(own, bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let mut texts: Vec<Box<[u8]>> = (0..=255_u8).map(|byte| [byte].into()).collect();
        for c in ['期', '预', '逾', '已', '经', '經', '，'] {
            let bytes = c.to_string().into_bytes();
            texts.push(bytes[..2].into());
            texts.push(bytes.into());
        }
        Vocabulary::of(texts).1
    }

    fn token(vocabulary: &Vocabulary, text: &str) -> TokenId {
        let place = vocabulary.texts().iter().position(|bytes| **bytes == *text.as_bytes());
        place.unwrap().try_into().unwrap()
    }

    /// Scores after `said`, where 逾 and 预 were heard alike.
    fn scores(strength: f32, said: &[&str]) -> (f32, f32) {
        let vocabulary = vocabulary();
        let phrasing =
            Phrasing::new(["你已经逾期了，", "已经逾期", "预期"].into_iter(), &vocabulary).unwrap();
        let mut history = phrasing.nothing_said();
        for text in said {
            phrasing.say(&mut history, token(&vocabulary, text));
        }
        let mut scores = vec![-100.0; vocabulary.texts().len()];
        let heard = [token(&vocabulary, "逾") as usize, token(&vocabulary, "预") as usize];
        for token in heard {
            scores[token] = 0.0;
        }
        phrasing.expect(&history, strength, &mut scores);
        assert!(scores.iter().filter(|&&score| score > -99.0).count() <= 2, "only what was heard is moved");
        (scores[heard[0]], scores[heard[1]])
    }

    #[test]
    fn the_words_of_the_trade_win() {
        let (arrears, expected) = scores(0.5, &["已", "经"]);
        assert!(arrears > expected, "{arrears} {expected}");
        let (arrears, expected) = scores(0.5, &["已", "經"]);
        assert!(arrears > expected, "traditional spellings count the same: {arrears} {expected}");
        let (arrears, expected) = scores(0.5, &["经", "，"]);
        assert!(arrears < expected, "a clause begins with 预期: {arrears} {expected}");
    }

    #[test]
    fn without_strength_nothing_is_expected() {
        assert_eq!(scores(0.0, &["已", "经"]), (0.0, 0.0));
    }
}
