//! Of words that sound the same, the likelier ones in such a call.
//!
//! Half of the recogniser's wrong characters sound exactly like the right ones (欠前, 星期款, 正信): the sound leaves
//! that choice open, so what people say in such calls may decide it, much more freely than in the decoder, where it must
//! not outweigh what was heard. No sound is changed: every character stays or becomes one of the same toneless reading.
//! In a recording that speaks of something else, and in one too short to tell, it becomes another one only within three
//! characters that were seen together before.
//!
//! Which recordings speak of the trade is plain: of the characters heard, 43 to 78 % of a call stand in three characters
//! that were seen together twice, by each speaker alone, and 10 % of read sentences.
//!
//! Error rates in calls and in read sentences of any kind, where the recogniser alone has 15.7 and 18.3 %:
//!
//! | | calls | sentences |
//! |---|---|---|
//! | the likeliest spelling, each change at a cost of 2 nats | 14.6 % | |
//! | … 4 nats | 13.3 % | 27.3 % |
//! | … 6 nats | 14.0 % | |
//! | … 4 nats, any two characters seen together five times | 13.5 % | 23.3 % |
//! | … 4 nats, three characters seen together once | 13.6 % | 20.7 % |
//! | … 4 nats, … twice | 13.8 % | 18.9 % |
//! | … 5 nats, … twice | 13.8 % | 18.8 % |
//! | … 4 nats, … twice, words of the dictionary counting three tenths | 14.0 % | 18.5 % |
//!
//! Characters of nearly the same sound (in and ing, zh and z) as well: no gain.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use super::ngram::{CONTEXT, Ngrams};
use crate::text::{readings, to_simplified};

/// How much likelier, in nats, the text must become with another character.
const CHANGE_COST: f32 = 5.0;
/// Spellings of the text so far that are followed up.
const WIDTH: usize = 8;

/// Characters around a change that must have been seen together, and how often.
const TOGETHER: usize = 3;
const TIMES: usize = 2;

/// Share of such characters from which on a recording speaks of the trade, and the fewest characters that tell.
const FAMILIAR_SHARE: f64 = 0.3;
const TELLING_CHARS: usize = 40;

/// What stands for a break between clauses.
const PAUSE: u16 = 0;
/// A character that was never seen.
const UNKNOWN: u16 = 1;

/// Characters as they follow each other in speech of the trade.
pub(super) struct Spelling {
    ngrams: Ngrams,
    numbers: HashMap<char, u16>,
    /// Known characters by syllable.
    same_sound: BTreeMap<u16, Vec<char>>,
}

/// One spelling of the text so far.
#[derive(Clone)]
struct Draft {
    text: String,
    said: Vec<u16>,
    score: f32,
}

impl Spelling {
    /// Counts the characters of `turns` of speech. Without turns every spelling stays as it is.
    pub(super) fn new<'a>(turns: impl Iterator<Item = &'a str>) -> Self {
        let mut numbers = HashMap::new();
        let mut text = vec![PAUSE];
        for c in turns.flat_map(|turn| turn.chars().chain(['。'])) {
            if c.is_alphanumeric() {
                let next = numbers.len() as u16 + UNKNOWN + 1;
                text.push(*numbers.entry(c).or_insert(next));
            } else if text.last() != Some(&PAUSE) {
                text.push(PAUSE);
            }
        }
        let words = numbers.len() + usize::from(UNKNOWN) + 1;
        let same_sound = same_sound(numbers.keys().copied().collect());
        Self { ngrams: Ngrams::count(text, words), numbers, same_sound }
    }

    /// The `texts` of a recording in simplified characters and the likeliest spelling; as many characters as before, in
    /// the same places.
    pub(super) fn likeliest(&self, texts: &[&str]) -> Vec<String> {
        let texts: Vec<String> = texts.iter().map(|text| to_simplified(text)).collect();
        let is_of_the_trade = self.is_of_the_trade(&texts);
        let likeliest = |text: &String| {
            let spelled = self.spelled(text);
            if is_of_the_trade { spelled } else { self.known_changes(text, &spelled) }
        };
        texts.par_iter().map(likeliest).collect()
    }

    /// True where enough of what was heard is what such calls speak of.
    fn is_of_the_trade(&self, texts: &[String]) -> bool {
        let (mut familiar, mut all) = (0, 0);
        for text in texts {
            let numbers = self.numbers_of(text);
            let letters = (0..numbers.len()).filter(|&place| numbers[place] != PAUSE);
            for place in letters {
                all += 1;
                familiar += usize::from(self.is_known(&numbers, place));
            }
        }
        all >= TELLING_CHARS && f64::from(familiar as u32) >= FAMILIAR_SHARE * f64::from(all as u32)
    }

    fn spelled(&self, text: &str) -> String {
        let mut drafts = vec![Draft { text: String::new(), said: vec![PAUSE], score: 0.0 }];
        for c in text.chars() {
            drafts = if c.is_alphanumeric() { self.with(&drafts, c) } else { self.with_mark(drafts, c) };
        }
        drafts.swap_remove(0).text
    }

    /// `spelled` where it is known, `heard` elsewhere.
    fn known_changes(&self, heard: &str, spelled: &str) -> String {
        let numbers = self.numbers_of(spelled);
        let pairs = heard.chars().zip(spelled.chars()).enumerate();
        let choice = |(place, (heard, spelled))| {
            if heard == spelled || self.is_known(&numbers, place) { spelled } else { heard }
        };
        pairs.map(choice).collect()
    }

    fn numbers_of(&self, text: &str) -> Vec<u16> {
        text.chars().map(|c| if c.is_alphanumeric() { self.number(c) } else { PAUSE }).collect()
    }

    /// True where the character at `place` stands in a run that was seen before.
    fn is_known(&self, numbers: &[u16], place: usize) -> bool {
        let first = place.saturating_sub(TOGETHER - 1);
        let mut around = numbers[first..numbers.len().min(place + TOGETHER)].windows(TOGETHER);
        around.any(|run| !run.contains(&PAUSE) && self.ngrams.times(run) >= TIMES)
    }

    /// Every draft with every spelling of `c`, the best first.
    fn with(&self, drafts: &[Draft], c: char) -> Vec<Draft> {
        let spellings = self.spellings(c);
        let mut next: Vec<(f32, &Draft, char)> = Vec::new();
        for draft in drafts {
            let context = self.ngrams.after(&draft.said);
            next.extend(spellings.iter().map(|&spelling| {
                let cost = if spelling == c { 0.0 } else { CHANGE_COST };
                (draft.score + context.of(self.number(spelling)).ln() - cost, draft, spelling)
            }));
        }
        next.sort_by(|a, b| b.0.total_cmp(&a.0));
        // Of drafts that go on alike only the best can win.
        let mut ends = HashSet::new();
        let drafts = next.into_iter().map(|(score, draft, c)| draft.with(c, self.number(c), score));
        drafts.filter(|draft| ends.insert(draft.end().to_vec())).take(WIDTH).collect()
    }

    fn with_mark(&self, drafts: Vec<Draft>, c: char) -> Vec<Draft> {
        let with_mark = |draft: Draft| {
            if draft.said.last() == Some(&PAUSE) {
                return draft.with_text(c);
            }
            let score = draft.score + self.ngrams.after(&draft.said).of(PAUSE).ln();
            draft.with(c, PAUSE, score)
        };
        let mut drafts: Vec<Draft> = drafts.into_iter().map(with_mark).collect();
        drafts.sort_by(|a, b| b.score.total_cmp(&a.score));
        drafts
    }

    /// `c` first, then what sounds the same in any of its readings.
    fn spellings(&self, c: char) -> Vec<char> {
        let others: BTreeSet<char> = readings(c)
            .iter()
            .filter_map(|syllable| self.same_sound.get(&syllable.id()))
            .flatten()
            .copied()
            .filter(|&other| other != c)
            .collect();
        std::iter::once(c).chain(others).collect()
    }

    fn number(&self, c: char) -> u16 {
        self.numbers.get(&c).copied().unwrap_or(UNKNOWN)
    }
}

impl Draft {
    fn with(&self, c: char, number: u16, score: f32) -> Self {
        let mut draft = Self { score, ..self.clone() };
        draft.text.push(c);
        draft.said.push(number);
        draft
    }

    /// What bears on the characters to come.
    fn end(&self) -> &[u16] {
        &self.said[self.said.len().saturating_sub(CONTEXT)..]
    }

    /// A second mark is no second pause.
    fn with_text(mut self, c: char) -> Self {
        self.text.push(c);
        self
    }
}

fn same_sound(known: BTreeSet<char>) -> BTreeMap<u16, Vec<char>> {
    let mut same_sound: BTreeMap<u16, Vec<char>> = BTreeMap::new();
    for c in known {
        for syllable in readings(c) {
            same_sound.entry(syllable.id()).or_default().push(c);
        }
    }
    same_sound
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spelling() -> Spelling {
        let turns = [
            "您这个欠款已经逾期了，还是尽快还钱。",
            "您已经逾期三个月，欠款一万二。",
            "逾期会影响征信，您这个逾期要尽快还款。",
            "您的预期是多少？",
        ];
        Spelling::new(turns.into_iter().cycle().take(50 * turns.len()))
    }

    #[test]
    fn the_words_of_the_trade_are_spelled_as_the_trade_does() {
        let spelling = spelling();
        for (heard, expected) in [
            ("您已经预期了", "您已经逾期了"),
            ("您的预期是多少", "您的预期是多少"),
            ("尽快还前，您这个前款", "尽快还钱，您这个欠款"),
            ("您已經逾期了!OK", "您已经逾期了!OK"),
            ("会影响政信，，一万二", "会影响征信，，一万二"),
            ("政信，预期，前款", "政信，预期，前款"),
            ("我今天去爬山", "我今天去爬山"),
            ("", ""),
        ] {
            assert_eq!(spelling.likeliest(&[heard]), [expected], "{heard}");
        }
    }

    #[test]
    fn a_recording_that_speaks_of_the_trade_is_spelled_freely() {
        let spelling = spelling();
        let trade = "您这个欠款已经逾期了，还是尽快还钱，逾期会影响征信，您这个逾期要尽快还款。";
        let other = "今天下午我们去公园里看看花，然后再到河边的小饭馆吃一碗热汤面，晚上回家早点休息。";
        assert_eq!(spelling.likeliest(&[trade, trade, "尽快前款"])[2], "尽快欠款");
        assert_eq!(spelling.likeliest(&[other, other, "尽快前款"])[2], "尽快前款");
        assert_eq!(spelling.likeliest(&[trade, "尽快前款"])[1], "尽快前款", "too short to tell");
    }

    #[test]
    fn nothing_known_changes_nothing() {
        let spelling = Spelling::new(std::iter::empty());
        assert_eq!(spelling.likeliest(&["您已经预期了，对吧"]), ["您已经预期了，对吧"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn every_sound_stays_in_its_place(text in "[一-龥a-z0-9，。 ]{0,30}") {
            let [spelled] = &spelling().likeliest(&[&text])[..] else { panic!() };
            let heard = to_simplified(&text);
            prop_assert_eq!(spelled.chars().count(), heard.chars().count());
            for (before, after) in heard.chars().zip(spelled.chars()) {
                let alike = readings(before).iter().any(|syllable| readings(after).contains(syllable));
                prop_assert!(before == after || alike, "{} {}", before, after);
            }
        }
    }
}
