//! First step of the normal form: one width, one case.

use std::ops::Range;

/// One character of a form in the making, and the bytes of the original it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Glyph {
    pub char: char,
    pub source: Range<usize>,
}

impl Glyph {
    /// True for the ten ASCII digits, which full-width ones have become by folding.
    pub fn is_digit(&self) -> bool {
        self.char.is_ascii_digit()
    }
}

/// Half-width, lower-case characters of a text. A letter whose lower case is several characters gives several.
pub(super) fn fold(original: &str) -> Vec<Glyph> {
    original.char_indices().flat_map(|(start, char)| fold_char(start, char)).collect()
}

/// Half-width, lower-case form of one character, which starts at a byte of the original.
pub(super) fn fold_char(start: usize, char: char) -> impl Iterator<Item = Glyph> {
    let source = start..start + char.len_utf8();
    half_width(char).to_lowercase().map(move |char| Glyph { char, source: source.clone() })
}

/// The ASCII form of a full-width character, others as they are.
///
/// The full-width comma stays: between digits it parts two numbers (100，200块), where an ASCII comma groups one.
pub(super) fn half_width(char: char) -> char {
    /// Distance of the full-width block from ASCII.
    const OFFSET: u32 = 0xFF01 - '!' as u32;
    match char {
        '，' => char,
        '！'..='～' => char::from_u32(char as u32 - OFFSET).unwrap_or(char),
        _ => char,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        fold(text).iter().map(|glyph| glyph.char).collect()
    }

    #[test]
    fn width_and_case() {
        for (original, expected) in [
            ("ＡＢｃ", "abc"),
            ("１８６００％", "18600%"),
            ("QQ微信", "qq微信"),
            ("100，200", "100，200"),
            ("！～", "!~"),
            ("", ""),
        ] {
            assert_eq!(folded(original), expected, "{original}");
        }
    }

    #[test]
    fn a_letter_that_grows_points_back_at_one_place() {
        let glyphs = fold("İ");
        assert!(glyphs.len() > 1);
        assert!(glyphs.iter().all(|glyph| glyph.source == (0..2)));
    }
}
