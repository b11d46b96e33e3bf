//! What must be said for a pattern to match, as far as fixed words tell. First it is asked which words are there at all,
//! then whether they stand in order and near enough; only what passes both is worth a regular expression.

use super::found::FoundWords;
use super::index::WordHit;
use super::leaf_set::LeafSet;
use super::literals::Required;
use super::rule::Leaf;

/// Words that must be there, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// A word of this leaf.
    Leaf(usize),
    /// So many characters, whatever they are; without `most` any number.
    Gap {
        least: usize,
        most: Option<usize>,
    },
    Sequence(Vec<Need>),
    Any(Vec<Need>),
}

impl Need {
    /// From required words; `leaf` gives the leaf of a list.
    pub(super) fn new(required: &Required, leaf: &mut impl FnMut(&[String]) -> usize) -> Self {
        let mut all = |parts: &[Required]| parts.iter().map(|part| Self::new(part, leaf)).collect();
        match required {
            Required::Words(words) => Self::Leaf(leaf(words)),
            Required::Gap { least, most } => Self::Gap { least: *least, most: *most },
            Required::Sequence(parts) => Self::Sequence(all(parts)),
            Required::Any(parts) => Self::Any(all(parts)),
        }
    }

    /// False where words are missing.
    #[must_use]
    pub fn is_met_by(&self, found: &LeafSet) -> bool {
        match self {
            Self::Leaf(leaf) => found.contains(*leaf),
            Self::Gap { .. } => true,
            Self::Sequence(parts) => parts.iter().all(|part| part.is_met_by(found)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met_by(found)),
        }
    }

    /// The leaves that are asked for.
    #[must_use]
    pub fn leaves(&self) -> Vec<usize> {
        match self {
            Self::Leaf(leaf) => vec![*leaf],
            Self::Gap { .. } => Vec::new(),
            Self::Sequence(parts) | Self::Any(parts) => parts.iter().flat_map(Self::leaves).collect(),
        }
    }
}

/// Places between the characters of a text, a bit each: bit 0 before the first.
type Places = u128;

/// Where the words found in a text stand, counted in characters.
#[derive(Debug)]
pub struct Layout {
    /// Of each hit, its first character and the one behind its last.
    spans: Vec<(u8, u8)>,
    /// All places of the text; `None` where it has more than fit.
    places: Option<Places>,
}

impl Layout {
    /// Of the words found in a text.
    #[must_use]
    pub fn new(text: &str, hits: &[WordHit]) -> Self {
        let mut numbers = vec![0; text.len() + 1];
        let mut length = 0_u32;
        for (byte, _) in text.char_indices() {
            numbers[byte] = length as u8;
            length += 1;
        }
        if length >= Places::BITS {
            return Self { spans: Vec::new(), places: None };
        }
        numbers[text.len()] = length as u8;
        let span = |hit: &WordHit| (numbers[hit.range.start], numbers[hit.range.end]);
        let places = Places::MAX >> (Places::BITS - 1 - length);
        Self { spans: hits.iter().map(span).collect(), places: Some(places) }
    }

    /// False where no words of a text stand in the order and at the distances asked for, each as written or as heard;
    /// `found` are the hits that the layout is of.
    #[must_use]
    pub fn may_hold(&self, need: &Need, found: &FoundWords, leaves: &[Leaf]) -> bool {
        let Some(all) = self.places else { return true };
        Walk { layout: self, found, leaves, all }.behind(need, all) != 0
    }
}

/// A need laid over a text.
struct Walk<'a> {
    layout: &'a Layout,
    found: &'a FoundWords,
    leaves: &'a [Leaf],
    all: Places,
}

impl Walk<'_> {
    /// The places where something may end that begins at one of `from`.
    fn behind(&self, need: &Need, from: Places) -> Places {
        match need {
            Need::Leaf(leaf) => {
                let mut behind = 0;
                self.found.each(&self.leaves[*leaf], |hit| {
                    let (start, end) = self.layout.spans[hit];
                    behind |= (from >> start & 1) << end;
                });
                behind
            }
            Need::Gap { least, most } => behind_gap(from, *least, *most) & self.all,
            Need::Sequence(parts) => {
                parts.iter().fold(from, |from, part| if from == 0 { 0 } else { self.behind(part, from) })
            }
            Need::Any(parts) => parts.iter().fold(0, |behind, part| behind | self.behind(part, from)),
        }
    }
}

/// All places from `least` to `most` steps behind one of `from`.
fn behind_gap(from: Places, least: usize, most: Option<usize>) -> Places {
    let shifted =
        |places: Places, steps: usize| if steps < Places::BITS as usize { places << steps } else { 0 };
    let mut reached = shifted(from, least);
    let mut left = most.map_or(Places::BITS as usize, |most| most.saturating_sub(least));
    let mut step = 1;
    while left > 0 {
        let now = step.min(left);
        reached |= shifted(reached, now);
        left -= now;
        step *= 2;
    }
    reached
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;
    use crate::lexicon::literals;

    #[test]
    fn a_gap_reaches_all_its_places() {
        for (from, least, most, expected) in [
            (0b1, 0, Some(0), 0b1),
            (0b1, 1, Some(3), 0b1110),
            (0b101, 2, Some(2), 0b10100),
            (0b10, 0, Some(6), 0b1111_1110),
            (0b100, 0, None, Places::MAX << 2),
            (0b1, 200, None, 0),
        ] {
            assert_eq!(behind_gap(from, least, most), expected, "{from:b} {least} {most:?}");
        }
    }

    /// Whether the layout of every word of a pattern in a text lets it match.
    fn may_match(pattern: &str, text: &str) -> bool {
        let required = literals::required(&regex_syntax::parse(pattern).unwrap());
        let (mut words, mut leaves): (Vec<String>, Vec<Leaf>) = (Vec::new(), Vec::new());
        let need = Need::new(&required, &mut |list| {
            leaves.push(Leaf { words: (words.len()..words.len() + list.len()).collect(), ..Leaf::default() });
            words.extend_from_slice(list);
            leaves.len() - 1
        });
        let places = |(word, written): (usize, &String)| -> Vec<WordHit> {
            let starts = text.char_indices().map(|(byte, _)| byte);
            let found = starts.filter(|byte| text[*byte..].starts_with(written.as_str()));
            found.map(|byte| WordHit { word, range: byte..byte + written.len(), misheard: None }).collect()
        };
        let hits: Vec<WordHit> = words.iter().enumerate().flat_map(places).collect();
        Layout::new(text, &hits).may_hold(&need, &FoundWords::new(&hits), &leaves)
    }

    #[test]
    fn words_must_stand_in_order_and_near() {
        for (pattern, text, expected) in [
            ("让你.{0,4}不得安宁", "我让你全家不得安宁", true),
            ("让你.{0,4}不得安宁", "不得安宁是让你", false),
            ("让你.{0,1}不得安宁", "我让你全家不得安宁", false),
            ("(?:他.{0,2}房|你.+车)抵", "把你的那辆车抵了", true),
            ("(?:他.{0,2}房|你.+车)抵", "把他的那辆车抵了", false),
            ("去(?:你|您)?(?:家|单位){1,2}闹", "去您单位家闹", true),
            ("去(?:你|您)?(?:家|单位)闹", "去过您单位闹", false),
        ] {
            assert_eq!(may_match(pattern, text), expected, "{pattern} {text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn no_match_is_lost(
            parts in prop::collection::vec(
                prop::sample::select(vec!["甲", "乙", "丙", ".{0,2}", "丙?", "(?:甲丙|乙)+", "(?:甲|乙.丙|丁)", "(?:乙|.){2}"]),
                1..5,
            ),
            text in "[甲乙丙丁]{0,10}",
        ) {
            let pattern = parts.concat() + "丁";
            let matches = Regex::new(&pattern).unwrap().is_match(&text);
            prop_assert!(!matches || may_match(&pattern, &text), "{pattern} {text}");
        }
    }
}
