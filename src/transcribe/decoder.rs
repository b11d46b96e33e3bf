//! Token by token to the text of a window.

use super::error::ListenError;
use super::model::{TokenId, Vocabulary};
use super::phrasing::Phrasing;
use super::stamps::Stamps;

/// More tokens a second than anybody speaks, times included: hurried Mandarin takes 12.
const MAX_TOKENS_PER_S: f64 = 14.0;
/// For the shortest windows.
const MIN_TOKENS: usize = 24;
/// What the largest models have room for, less the prompt.
const MAX_TOKENS: usize = 440;

/// The most tokens that a window of `seconds` is taken to hold.
pub(super) fn most_tokens(seconds: f64) -> usize {
    ((seconds * MAX_TOKENS_PER_S) as usize).clamp(MIN_TOKENS, MAX_TOKENS)
}

/// A token of the text and how sure the recogniser alone was of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Token {
    pub id: TokenId,
    /// Among all texts and times, without regard to what is expected.
    pub probability: f32,
}

/// A decoder that has heard a window.
pub(super) trait Scores {
    /// Scores of every token after all tokens given so far and `token`, in nats up to a constant.
    fn after(&mut self, token: TokenId) -> Result<Vec<f32>, ListenError>;
}

/// The text of a window of `seconds`, each token the best one, with what is expected at `strength`: nothing is random.
/// Stops where the decoder goes in circles; the end token is left out.
pub(super) fn decode(
    decoder: &mut impl Scores,
    vocabulary: &Vocabulary,
    phrasing: &Phrasing,
    strength: f32,
    seconds: f64,
) -> Result<Vec<Token>, ListenError> {
    let limit = most_tokens(seconds);
    let mut stamps = Stamps::new(vocabulary, seconds);
    let mut said = phrasing.nothing_said();
    let mut tokens: Vec<Token> = Vec::new();
    let mut scores = Vec::new();
    for token in vocabulary.prompt() {
        scores = decoder.after(token)?;
    }
    while tokens.len() < limit && !goes_in_circles(&tokens) {
        let heard = scores.clone();
        phrasing.expect(&said, strength, &mut scores[..vocabulary.end() as usize]);
        let id = stamps.choose(&scores);
        if id == vocabulary.end() {
            break;
        }
        stamps.say(id);
        phrasing.say(&mut said, id);
        tokens.push(Token { id, probability: probability(&heard, id) });
        scores = decoder.after(id)?;
    }
    Ok(tokens)
}

fn probability(scores: &[f32], token: TokenId) -> f32 {
    let score = scores[token as usize];
    1.0 / scores.iter().map(|other| (other - score).exp()).sum::<f32>()
}

fn goes_in_circles(tokens: &[Token]) -> bool {
    const UNIT: usize = 16;
    const ROUNDS: usize = 5;
    const SHORTEST: usize = 30;
    (1..=UNIT).any(|unit| {
        let length = (unit * ROUNDS).max(SHORTEST);
        let Some(tail) = tokens.len().checked_sub(length).map(|start| &tokens[start..]) else { return false };
        tail.iter().zip(&tail[unit..]).all(|(now, later)| now.id == later.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays its tokens whatever it is given, as surely as it can.
    struct Script(Vec<TokenId>, usize);

    impl Scores for Script {
        fn after(&mut self, token: TokenId) -> Result<Vec<f32>, ListenError> {
            let mut scores = vec![0.0; 2_000];
            let next = if (3..6).contains(&token) { 0 } else { self.1 };
            self.1 = next + 1;
            scores[self.0[next % self.0.len()] as usize] = 20.0;
            Ok(scores)
        }
    }

    fn decoded(script: &[TokenId], seconds: f64) -> Vec<TokenId> {
        let vocabulary =
            Vocabulary::of([b"a", b"b"].into_iter().map(|text| Box::from(&text[..])).collect()).1;
        let phrasing = Phrasing::new(std::iter::empty(), &vocabulary).unwrap();
        let tokens = decode(&mut Script(script.to_vec(), 0), &vocabulary, &phrasing, 0.4, seconds).unwrap();
        assert!(tokens.iter().all(|token| token.probability > 0.99));
        tokens.iter().map(|token| token.id).collect()
    }

    #[test]
    fn until_the_end_token() {
        assert_eq!(decoded(&[6, 0, 1, 40, 2], 10.0), [6, 0, 1, 40]);
        assert_eq!(decoded(&[6, 2], 10.0), [6]);
    }

    #[test]
    fn not_longer_than_anybody_speaks() {
        let irregular = (1..500_u64).map(|step| TokenId::from(step * step * 2_654_435_761 % 256 > 127));
        let script: Vec<TokenId> = std::iter::once(6).chain(irregular).collect();
        assert_eq!(decoded(&script, 10.0).len(), 140);
        assert_eq!(decoded(&script, 0.1).len(), 24);
    }

    #[test]
    fn circles_are_left() {
        let script: Vec<TokenId> = std::iter::once(6).chain([0, 1].into_iter().cycle().take(300)).collect();
        assert_eq!(decoded(&script, 28.0).len(), 31);
    }
}
