//! The normal form of a text, with the way back.

use std::cell::OnceCell;
use std::ops::Range;

use super::{
    fold::{Glyph, fold},
    numerals::spell_numbers,
    plain::plain_form,
    simplified::to_simplified,
};

/// A text as rules see it: simplified, half-width, lower-case, numbers spelled as spoken, letters and digits only.
///
/// Every byte range of the normal form leads back to a byte range of the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalText<'a> {
    original: &'a str,
    text: String,
    /// One for each character of `text`, in order; made when first asked for, which clean text never is.
    places: OnceCell<Vec<Place>>,
}

/// Where one character of the normal form came from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// Byte offset of the character in the normal form.
    normal: usize,
    /// Bytes of the original.
    source: Range<usize>,
    /// Something was left out right before it, or it is the first.
    starts_clause: bool,
}

impl<'a> NormalText<'a> {
    /// Makes the normal form of any text; there is none that has no normal form (it may be empty).
    #[must_use]
    pub fn new(original: &'a str) -> Self {
        let text = plain_form(original).unwrap_or_else(|| by_steps(original));
        Self { original, text, places: OnceCell::new() }
    }

    /// The normal form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Number of characters of the normal form.
    #[must_use]
    pub fn len_chars(&self) -> usize {
        self.text.chars().count()
    }

    /// True when nothing of the original is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Bytes of the original that a byte range of the normal form stands for.
    ///
    /// Always on character boundaries and within the original: a range that cuts a character takes all of it, one that
    /// reaches past the end stops there, an empty one gives an empty one.
    #[must_use]
    pub fn source(&self, normal: Range<usize>) -> Range<usize> {
        let Some(first) = self.place_at(normal.start) else {
            return self.original.len()..self.original.len();
        };
        let start = first.source.start;
        if normal.end <= normal.start {
            return start..start;
        }
        start..self.place_at(normal.end - 1).or(self.places().last()).map_or(start, |last| last.source.end)
    }

    /// True when the character at this byte begins the text, or punctuation or white space stood before it.
    #[must_use]
    pub fn is_clause_start(&self, byte: usize) -> bool {
        self.place_at(byte).is_some_and(|place| place.normal == byte && place.starts_clause)
    }

    /// The character that covers a byte of the normal form; none past the end.
    fn place_at(&self, byte: usize) -> Option<&Place> {
        if byte >= self.text.len() {
            return None;
        }
        let places = self.places();
        let after = places.partition_point(|place| place.normal <= byte);
        places.get(after.checked_sub(1)?)
    }

    fn places(&self) -> &[Place] {
        self.places.get_or_init(|| {
            let normal = self.text.char_indices().map(|(byte, _)| byte);
            let kept = kept(self.original).into_iter();
            let places = normal.zip(kept).map(|(normal, (glyph, starts_clause))| Place {
                normal,
                source: glyph.source,
                starts_clause,
            });
            places.collect()
        })
    }
}

/// The normal form as it is defined: one step after the other.
fn by_steps(original: &str) -> String {
    let kept: String = kept(original).iter().map(|(glyph, _)| glyph.char).collect();
    to_simplified(&kept)
}

/// What stays of a text before it is simplified, each character with whether something was left out before it.
fn kept(original: &str) -> Vec<(Glyph, bool)> {
    without_punctuation(spell_numbers(&fold(original)))
}

/// Letters and digits of any script, each with whether something was left out before it.
fn without_punctuation(glyphs: Vec<Glyph>) -> Vec<(Glyph, bool)> {
    let mut kept = Vec::with_capacity(glyphs.len());
    let mut starts_clause = true;
    for glyph in glyphs {
        if glyph.char.is_alphanumeric() {
            kept.push((glyph, starts_clause));
            starts_clause = false;
        } else {
            starts_clause = true;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn normal(text: &str) -> String {
        NormalText::new(text).as_str().to_owned()
    }

    #[test]
    fn one_form_for_many_spellings() {
        for (original, expected) in [
            ("再不還錢，我就打給你單位！", "再不还钱我就打给你单位"),
            ("ＱＱ 群　12345", "qq群一万二千三百四十五"),
            ("欠款18,600.50元", "欠款一万八千六百点五零元"),
            ("一万八千六", "一万八千六"),
            ("年利率24％。", "年利率百分之二十四"),
            ("…… \t\n\u{0}", ""),
            ("", ""),
        ] {
            assert_eq!(normal(original), expected, "{original}");
        }
    }

    #[test]
    fn the_way_back() {
        let original = "請 還 18600 元！";
        let text = NormalText::new(original);
        let back = |words: &str| {
            let start = text.as_str().find(words).unwrap();
            &original[text.source(start..start + words.len())]
        };
        for (words, expected) in
            [("请还", "請 還"), ("一万", "18600"), ("六百元", "18600 元"), ("元", "元"), ("还", "還")]
        {
            assert_eq!(back(words), expected, "{words}");
        }
    }

    #[test]
    fn odd_ranges_stay_in_bounds() {
        let text = NormalText::new("，还钱。");
        for (range, expected) in
            [(0..6, 3..9), (1..2, 3..6), (0..99, 3..9), (3..3, 6..6), (6..6, 12..12), (50..90, 12..12)]
        {
            assert_eq!(text.source(range.clone()), expected, "{range:?}");
        }
        assert_eq!(NormalText::new("").source(0..5), 0..0);
    }

    #[test]
    fn clauses_begin_where_something_was_left_out() {
        let text = NormalText::new("你好，我是 张三1,200");
        let starts: String = text
            .as_str()
            .char_indices()
            .filter(|(byte, _)| text.is_clause_start(*byte))
            .map(|(_, char)| char)
            .collect();
        assert_eq!(starts, "你我张");
        assert!(!text.is_clause_start(1));
        assert!(!text.is_clause_start(999));
    }

    #[test]
    fn every_character_alone_is_as_the_steps_give_it() {
        for code in 0..=0x2_FFFF_u32 {
            let Some(char) = char::from_u32(code) else { continue };
            let original = char.to_string();
            if let Some(plain) = plain_form(&original) {
                assert_eq!(plain, by_steps(&original), "{code:x}");
            }
        }
    }

    #[test]
    fn common_text_needs_one_pass_only() {
        for original in ["请您携带身份证原件，还款 1,200.50 元！", "電話無法接通，請還錢", "ＱＱ 群😀　什么"]
        {
            assert!(plain_form(original).is_some(), "{original}");
        }
    }

    /// Any text at all, and texts of the characters that the steps treat specially.
    fn texts() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[0-9０-９,，.．%％ 元块万年一二两零還乾坤後裡發aＡİß!\u{1F600}]{0,24}",
            "[一-鿿]{0,24}",
            "[身分份证證连連络絡什甚么麼家傢俱具著着帐1]{0,12}"
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn one_pass_gives_what_the_steps_give(original in texts()) {
            prop_assert!(plain_form(&original).is_none_or(|plain| plain == by_steps(&original)));
        }

        #[test]
        fn normal_form_is_idempotent(original in texts()) {
            let once = normal(&original);
            prop_assert_eq!(normal(&once), once);
        }

        #[test]
        fn sources_are_monotone_and_on_boundaries(original in texts()) {
            let text = NormalText::new(&original);
            prop_assert_eq!(text.len_chars(), text.as_str().chars().count());
            let mut previous = 0..0;
            for (byte, char) in text.as_str().char_indices() {
                let source = text.source(byte..byte + char.len_utf8());
                prop_assert!(original.get(source.clone()).is_some_and(|words| !words.is_empty()));
                prop_assert!(previous.start <= source.start && previous.end <= source.end);
                previous = source;
            }
        }

        #[test]
        fn every_range_leads_somewhere(original in texts(), a in 0_usize..80, b in 0_usize..80) {
            let text = NormalText::new(&original);
            prop_assert!(original.get(text.source(a..b)).is_some());
        }
    }
}
