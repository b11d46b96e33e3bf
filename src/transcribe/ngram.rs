//! What follows what, counted over a text of numbered words: tokens for the decoder, characters for the spelling.

use std::ops::Range;

/// Words that bear on the one that follows.
pub(super) const CONTEXT: usize = 4;
/// Longest run of words that is looked at.
const LONGEST: usize = CONTEXT + 1;

/// A text of numbered words as a suffix array: all runs that begin alike lie side by side, so whatever followed any
/// context is one range, and nothing but the text itself is kept.
///
/// What is likely is told by longer contexts over shorter ones, each weighed by how much was seen of it and of how many
/// kinds (Witten and Bell 1991).
pub(super) struct Ngrams {
    text: Vec<u16>,
    /// Places in the text, ordered by the [`LONGEST`] words that stand there.
    places: Vec<u32>,
    /// How likely each word is, whatever comes before.
    alone: Vec<f32>,
    /// How many kinds of words follow each word: of the commonest too many to count again and again.
    kinds_after: Vec<usize>,
}

/// What followed a context.
struct Followers {
    /// Indices into [`Ngrams::places`]; never empty.
    places: Range<usize>,
    /// Words from the place to the follower: the length of the context.
    after: usize,
    kinds: usize,
}

impl Followers {
    /// What a shorter context says counts for this much.
    fn doubt(&self) -> f32 {
        self.kinds as f32 / self.whole()
    }

    fn share(&self, count: usize) -> f32 {
        count as f32 / self.whole()
    }

    fn whole(&self) -> f32 {
        (self.places.len() + self.kinds) as f32
    }
}

/// What is known of the word after some history.
pub(super) struct Context<'a> {
    ngrams: &'a Ngrams,
    /// Shortest context first.
    seen: Vec<Followers>,
}

impl Ngrams {
    /// Counts `text`, whose words are below `words`.
    pub(super) fn count(text: Vec<u16>, words: usize) -> Self {
        let mut places: Vec<u32> = (0..text.len() as u32).collect();
        places.sort_unstable_by_key(|&place| (run(&text, place), place));
        let alone = vec![1.0 / words as f32; words];
        let mut ngrams = Self { text, places, alone, kinds_after: Vec::new() };
        ngrams.kinds_after = (0..words).map(|word| ngrams.kinds_after(word as u16)).collect();
        if let Some(all) = ngrams.followers(0..ngrams.places.len(), 0) {
            let likely =
                |(word, alone): (u16, &f32)| alone * all.doubt() + all.share(ngrams.times_after(&all, word));
            ngrams.alone = (0..).zip(&ngrams.alone).map(likely).collect();
        }
        ngrams
    }

    /// How likely each word is, whatever comes before.
    pub(super) fn alone(&self) -> &[f32] {
        &self.alone
    }

    /// What is known of the word after `history`.
    pub(super) fn after(&self, history: &[u16]) -> Context<'_> {
        let context = |length: usize| {
            let context = &history[history.len() - length..];
            match *context {
                [word] => self.with_kinds(self.seen(context), 1, *self.kinds_after.get(usize::from(word))?),
                _ => self.followers(self.seen(context), length),
            }
        };
        let seen = (1..LONGEST.min(history.len() + 1)).map_while(context).collect();
        Context { ngrams: self, seen }
    }

    /// How often `words` stand together, [`LONGEST`] at most.
    pub(super) fn times(&self, words: &[u16]) -> usize {
        self.seen(words).len()
    }

    /// Places where `context` stands.
    fn seen(&self, context: &[u16]) -> Range<usize> {
        let begins = |place: u32| {
            let run = run(&self.text, place);
            &run[..run.len().min(context.len())]
        };
        let from = self.places.partition_point(|&place| begins(place) < context);
        let length = self.places[from..].partition_point(|&place| begins(place) == context);
        from..from + length
    }

    fn kinds_after(&self, word: u16) -> usize {
        self.followers(self.seen(&[word]), 1).map_or(0, |followers| followers.kinds)
    }

    /// What follows `after` words on from these places; `None` where nothing does.
    fn followers(&self, places: Range<usize>, after: usize) -> Option<Followers> {
        let mut followers = self.with_kinds(places, after, 0)?;
        followers.kinds = self.kinds(&followers);
        Some(followers)
    }

    /// The end of the text has no follower: it is the shortest run, so it comes first.
    fn with_kinds(&self, mut places: Range<usize>, after: usize, kinds: usize) -> Option<Followers> {
        while places.start < places.end && self.follower(places.start, after).is_none() {
            places.start += 1;
        }
        (!places.is_empty()).then_some(Followers { places, after, kinds })
    }

    fn follower(&self, index: usize, after: usize) -> Option<u16> {
        self.text.get(self.places[index] as usize + after).copied()
    }

    /// How many different words follow.
    fn kinds(&self, followers: &Followers) -> usize {
        let mut places = &self.places[followers.places.clone()];
        let follower = |place: u32| self.text[place as usize + followers.after];
        let mut kinds = 0;
        while let Some(&place) = places.first() {
            let same = places.partition_point(|&other| follower(other) <= follower(place));
            places = &places[same..];
            kinds += 1;
        }
        kinds
    }

    /// How often `word` follows.
    fn times_after(&self, followers: &Followers, word: u16) -> usize {
        let places = &self.places[followers.places.clone()];
        let follower = |place: u32| self.text[place as usize + followers.after];
        let from = places.partition_point(|&place| follower(place) < word);
        places[from..].partition_point(|&place| follower(place) == word)
    }
}

impl Context<'_> {
    /// How likely `word` is.
    pub(super) fn of(&self, word: u16) -> f32 {
        let alone = self.ngrams.alone[usize::from(word)];
        self.seen.iter().fold(alone, |likely, followers| {
            likely * followers.doubt() + followers.share(self.ngrams.times_after(followers, word))
        })
    }
}

/// What stands at `place`, as far as it is looked at.
fn run(text: &[u16], place: u32) -> &[u16] {
    let place = place as usize;
    &text[place..text.len().min(place + LONGEST)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_followed_is_likely_to_follow() {
        let ngrams = Ngrams::count(vec![1, 2, 3, 0, 1, 2, 3, 0, 4, 2, 4, 0], 6);
        let most_likely = |history: &[u16]| {
            let likely = ngrams.after(history);
            (0..6).max_by(|&a, &b| likely.of(a).total_cmp(&likely.of(b))).unwrap()
        };
        assert_eq!(most_likely(&[1]), 2);
        assert_eq!(most_likely(&[1, 2]), 3);
        assert_eq!(most_likely(&[4, 2]), 4);
        assert!((ngrams.after(&[5]).of(2) - ngrams.alone()[2]).abs() < 1e-9, "5 was never seen");
        assert!(ngrams.alone()[5] > 0.0 && ngrams.alone()[5] < ngrams.alone()[1]);
    }

    /// The same by going through the whole text for each context.
    fn slowly(text: &[u16], words: usize, history: &[u16]) -> Vec<f32> {
        let mut likely = vec![1.0 / words as f32; words];
        for length in 0..LONGEST.min(history.len() + 1) {
            let context = &history[history.len() - length..];
            let followers: Vec<u16> = text
                .windows(length + 1)
                .filter(|run| run[..length] == *context)
                .map(|run| run[length])
                .collect();
            let kinds = (0..words).filter(|&word| followers.contains(&(word as u16))).count() as f32;
            if followers.is_empty() {
                break;
            }
            for (word, likely) in likely.iter_mut().enumerate() {
                let count =
                    followers.iter().filter(|&&follower| usize::from(follower) == word).count() as f32;
                *likely = (count + kinds * *likely) / (followers.len() as f32 + kinds);
            }
        }
        likely
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn as_if_counted_slowly(text in proptest::collection::vec(0..5_u16, 1..60), history in proptest::collection::vec(0..5_u16, 0..7)) {
            let ngrams = Ngrams::count(text.clone(), 6);
            let fast: Vec<f32> = (0..6).map(|word| ngrams.after(&history).of(word)).collect();
            let slow = slowly(&text, 6, &history);
            prop_assert!((fast.iter().sum::<f32>() - 1.0).abs() < 1e-3);
            for (fast, slow) in fast.iter().zip(slow) {
                prop_assert!((fast - slow).abs() < 1e-5, "{fast} {slow}");
            }
        }
    }
}
