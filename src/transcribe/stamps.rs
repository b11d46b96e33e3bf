//! When the decoder says the time. Whisper was trained to put a timestamp before and after each stretch of text.

use std::ops::Range;

use super::model::{TokenId, Vocabulary};

/// The first stretch begins within the first second of a window, which begins with speech.
const LATEST_START: TokenId = 50;
/// Timestamps in a second.
const PER_S: f64 = 50.0;
/// No stretch begins in the last tenth of a second.
const SHORTEST: TokenId = 5;

/// Chooses tokens so that timestamps stand around the text and never run back.
pub(super) struct Stamps<'a> {
    vocabulary: &'a Vocabulary,
    place: Place,
    /// No timestamp before this one any more.
    earliest: TokenId,
    /// The end of the sound: what the decoder puts behind it nobody has said.
    latest: TokenId,
}

/// Where in the text the decoder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before everything: a timestamp follows.
    Start,
    /// Behind the timestamp that begins a stretch: text follows.
    Open,
    /// In the text of a stretch: text or a timestamp follows.
    Text,
    /// Behind the timestamp that ends a stretch: another timestamp or the end follows.
    Closed,
}

impl<'a> Stamps<'a> {
    /// For a sound of `seconds`.
    pub(super) fn new(vocabulary: &'a Vocabulary, seconds: f64) -> Self {
        let earliest = vocabulary.first_stamp();
        let latest = earliest + (seconds * PER_S).ceil() as TokenId;
        Self { vocabulary, place: Place::Start, earliest, latest: latest.min(vocabulary.stamps_end() - 1) }
    }

    /// The best token that may come now; `scores` has one for each token, in nats up to a constant.
    pub(super) fn choose(&self, scores: &[f32]) -> TokenId {
        let first = self.vocabulary.first_stamp();
        let end = self.vocabulary.end();
        let stamps = self.earliest..self.latest + 1;
        let starts = self.earliest..self.latest - SHORTEST;
        match self.place {
            Place::Start => best(scores, first..first + LATEST_START + 1),
            Place::Open => best(scores, 0..end + 1),
            Place::Closed if starts.is_empty() => end,
            Place::Closed => best_of(scores, best(scores, starts), end),
            Place::Text => {
                let text = best(scores, 0..end + 1);
                // Whether there is a boundary is one question, where it is another.
                let is_boundary = sum(scores, stamps.clone()) > scores[text as usize];
                if is_boundary { best(scores, stamps) } else { text }
            }
        }
    }

    /// Goes on behind `token`.
    pub(super) fn say(&mut self, token: TokenId) {
        let is_stamp = token >= self.vocabulary.first_stamp();
        self.place = match self.place {
            Place::Text if is_stamp => Place::Closed,
            _ if is_stamp => Place::Open,
            _ => Place::Text,
        };
        if is_stamp {
            self.earliest = self.earliest.max(token);
        }
    }
}

fn best(scores: &[f32], tokens: Range<TokenId>) -> TokenId {
    let score = |token: &TokenId| scores[*token as usize];
    let start = tokens.start;
    tokens.reduce(|best, token| if score(&token) > score(&best) { token } else { best }).unwrap_or(start)
}

fn best_of(scores: &[f32], one: TokenId, other: TokenId) -> TokenId {
    if scores[other as usize] > scores[one as usize] { other } else { one }
}

/// Score of any of `tokens`: the logarithm of their summed probabilities.
fn sum(scores: &[f32], tokens: Range<TokenId>) -> f32 {
    let scores = &scores[tokens.start as usize..tokens.end as usize];
    let best = scores.iter().copied().fold(f32::MIN, f32::max);
    best + scores.iter().map(|score| (score - best).exp()).sum::<f32>().ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens: 0 a, 1 b, 2 end, 3 to 5 the prompt, 6 is 0.00 s.
    fn vocabulary() -> Vocabulary {
        Vocabulary::of([b"a", b"b"].into_iter().map(|text| Box::from(&text[..])).collect()).1
    }

    /// What is chosen after `said` when these tokens have these scores and all others -9.
    fn chosen(said: &[TokenId], heard: &[(TokenId, f32)]) -> TokenId {
        let vocabulary = vocabulary();
        let mut stamps = Stamps::new(&vocabulary, 0.8);
        for &token in said {
            stamps.say(token);
        }
        let mut scores = vec![-9.0; vocabulary.stamps_end() as usize];
        for &(token, score) in heard {
            scores[token as usize] = score;
        }
        stamps.choose(&scores)
    }

    #[test]
    fn times_stand_around_text() {
        for (said, scored, expected) in [
            (&[][..], &[(0, 5.0), (6, 1.0), (90, 2.0)][..], 6),
            (&[6], &[(0, 1.0), (2, 0.0), (40, 5.0)], 0),
            (&[6], &[(0, 0.0), (2, 1.0), (40, 5.0)], 2),
            (&[6, 0], &[(1, 1.0), (40, 0.0)], 1),
            (&[6, 0], &[(1, 1.0), (40, 0.6), (41, 0.5)], 40),
            (&[6, 0, 30], &[(1, 5.0), (2, 0.0), (31, 1.0)], 31),
            (&[6, 0, 30], &[(1, 5.0), (2, 1.0), (31, 0.0)], 2),
            (&[6, 0, 30], &[(20, 5.0), (35, 0.0)], 35),
            (&[6, 0, 40, 41], &[(1, 0.0), (50, 5.0)], 1),
            (&[6, 0], &[(1, 1.0), (47, 5.0), (46, 2.0)], 46),
            (&[6, 0, 40], &[(2, 0.0), (41, 1.0), (42, 0.5)], 2),
        ] {
            assert_eq!(chosen(said, scored), expected, "{said:?} {scored:?}");
        }
    }
}
