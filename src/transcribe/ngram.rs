//! What follows what, counted over a text of tokens.

use std::ops::Range;

/// Longest run of tokens that is looked at: four and the one that follows. A character takes one to three.
const LONGEST: usize = 5;

/// A text of numbered words as a suffix array: all runs that begin alike lie side by side, so whatever followed any
/// context is one range, and nothing but the text itself is kept.
pub(super) struct Ngrams {
    text: Vec<u16>,
    /// Places in the text, ordered by the [`LONGEST`] words that stand there.
    places: Vec<u32>,
    /// How likely each word is, whatever comes before.
    alone: Vec<f32>,
}

impl Ngrams {
    /// Counts `text`, whose words are below `words`.
    pub(super) fn count(text: Vec<u16>, words: usize) -> Self {
        let mut places: Vec<u32> = (0..text.len() as u32).collect();
        places.sort_unstable_by_key(|&place| (run(&text, place), place));
        let mut ngrams = Self { text, places, alone: vec![1.0 / words as f32; words] };
        let mut alone = ngrams.alone.clone();
        ngrams.blend(0..ngrams.places.len(), 0, &mut alone);
        ngrams.alone = alone;
        ngrams
    }

    /// How likely each word is, whatever comes before.
    pub(super) fn alone(&self) -> &[f32] {
        &self.alone
    }

    /// How likely each word is after `history`: longer contexts over shorter ones, each weighed by how much was seen
    /// of it (Witten and Bell 1991).
    pub(super) fn after(&self, history: &[u16]) -> Vec<f32> {
        let mut likely = self.alone.clone();
        for length in 1..LONGEST.min(history.len() + 1) {
            let context = &history[history.len() - length..];
            let seen = self.seen(context);
            if seen.is_empty() {
                break;
            }
            self.blend(seen, length, &mut likely);
        }
        likely
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

    /// Puts what follows, `length` words on, at these places over the shorter view in `likely`.
    fn blend(&self, places: Range<usize>, length: usize, likely: &mut [f32]) {
        let follower = |place: &u32| self.text.get(*place as usize + length).copied();
        let followers: Vec<u16> = self.places[places].iter().filter_map(follower).collect();
        let kinds = followers.chunk_by(|a, b| a == b).count() as f32;
        let whole = followers.len() as f32 + kinds;
        if followers.is_empty() {
            return;
        }
        for likely in likely.iter_mut() {
            *likely *= kinds / whole;
        }
        for same in followers.chunk_by(|a, b| a == b) {
            likely[usize::from(same[0])] += same.len() as f32 / whole;
        }
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
            (0..6).max_by(|&a, &b| likely[a].total_cmp(&likely[b])).unwrap()
        };
        assert_eq!(most_likely(&[1]), 2);
        assert_eq!(most_likely(&[1, 2]), 3);
        assert_eq!(most_likely(&[4, 2]), 4);
        assert_eq!(ngrams.after(&[5]), ngrams.alone(), "never seen");
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
            let fast = Ngrams::count(text.clone(), 6).after(&history);
            let slow = slowly(&text, 6, &history);
            prop_assert!((fast.iter().sum::<f32>() - 1.0).abs() < 1e-3);
            for (fast, slow) in fast.iter().zip(slow) {
                prop_assert!((fast - slow).abs() < 1e-5, "{fast} {slow}");
            }
        }
    }
}
