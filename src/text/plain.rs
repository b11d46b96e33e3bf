//! The normal form in one pass, where every character has its own whatever stands beside it: nearly all text.
//!
//! A character that depends on its neighbours (乾坤 but 干净) sends the whole text to the step-by-step way of
//! [`normal`](super::normal), which defines what this pass must give.

use std::sync::LazyLock;

use super::fold::{Glyph, fold_char};
use super::numerals::{is_number_part, spell_number};
use super::simplified::to_simplified;

/// Number of characters of the basic plane.
const PLANE: u32 = 0x1_0000;

// Surrogates are no characters, so they can be signs.

/// Punctuation, white space, symbols: nothing of them stays.
const LEFT_OUT: u16 = 0xD800;
/// A digit, which is spelled with those beside it.
const DIGIT: u16 = 0xD801;
/// Only the neighbours tell what becomes of it.
const DEPENDS: u16 = 0xD802;

/// Characters of which `OpenCC`'s phrases, or the words and variants of [`to_simplified`], make something else than of the
/// character alone. Each phrase holds at least one of them.
const DEPENDENT: &str = "乾傢吒噁彷徵於昇濛牴畫瞭薹藉衹覆鉅鍊鍾麼麽沈著帐帳甚";

/// Ends of words that [`to_simplified`] changes, whose first characters are too common to be [`DEPENDENT`].
const WORD_ENDS: [(char, &str); 2] = [('证', "身分"), ('络', "连")];

/// The normal form of each character of the basic plane, or one of the signs above.
static PAGE: LazyLock<Box<[u16]>> = LazyLock::new(page);

fn page() -> Box<[u16]> {
    let folded: Vec<char> = (0..PLANE).map(|code| char::from_u32(code).map_or('\0', alone)).collect();
    // One character a line, so that no two make a phrase.
    let lines: String = folded.iter().flat_map(|char| [*char, '\n']).collect();
    let simplified = to_simplified(&lines);
    folded.into_iter().zip(simplified.chars().step_by(2)).map(|(char, simple)| entry(char, simple)).collect()
}

/// What folding makes of a character; `\0` where several come of it, or where nothing is kept.
fn alone(char: char) -> char {
    let mut folded = fold_char(0, char);
    match (folded.next(), folded.next()) {
        (Some(one), None) if one.char.is_alphanumeric() => one.char,
        (Some(_), Some(_)) => '乾',
        _ => '\0',
    }
}

fn entry(folded: char, simple: char) -> u16 {
    if folded == '\0' {
        LEFT_OUT
    } else if folded.is_ascii_digit() {
        DIGIT
    } else if DEPENDENT.contains(folded) || WORD_ENDS.iter().any(|(end, _)| *end == simple) {
        DEPENDS
    } else {
        u16::try_from(simple as u32).unwrap_or(DEPENDS)
    }
}

/// The normal form, or `None` where some character depends on its neighbours.
pub(super) fn plain_form(original: &str) -> Option<String> {
    let page = &**PAGE;
    let mut form = Form { original, text: String::with_capacity(original.len()), taken: 0 };
    let mut at = 0;
    let mut chars = original.chars();
    while let Some(char) = chars.next() {
        let end = at + char.len_utf8();
        match page.get(char as usize).copied() {
            Some(same) if u32::from(same) == char as u32 => {}
            Some(LEFT_OUT) => form.replace(at, end),
            Some(DIGIT) => {
                form.replace(at, at);
                form.taken += form.number();
                at = form.taken;
                chars = original[at..].chars();
                continue;
            }
            Some(DEPENDS) => form.word_end(at, char)?,
            Some(other) => {
                form.replace(at, end);
                form.text.push(char::from_u32(other.into())?);
            }
            None if char.is_alphanumeric() => return None,
            None => form.replace(at, end),
        }
        at = end;
    }
    form.replace(at, at);
    Some(form.text)
}

/// A normal form in the making.
struct Form<'a> {
    original: &'a str,
    text: String,
    /// Bytes of the original that are done with.
    taken: usize,
}

impl Form<'_> {
    /// Takes over what comes before `start` as it is, and leaves out what comes up to `end`.
    fn replace(&mut self, start: usize, end: usize) {
        self.text.push_str(&self.original[self.taken..start]);
        self.taken = end;
    }

    /// Spells the number that comes next and gives its length in bytes.
    fn number(&mut self) -> usize {
        let rest = &self.original[self.taken..];
        let mut chars = rest.char_indices().flat_map(|(start, char)| fold_char(start, char));
        let mut glyphs: Vec<Glyph> = Vec::new();
        for glyph in &mut chars {
            let goes_on = is_number_part(&glyph);
            glyphs.push(glyph);
            if !goes_on {
                break;
            }
        }
        let mut spelled = Vec::new();
        let length = spell_number(&glyphs, &mut spelled);
        self.text.extend(spelled.iter().map(|glyph| glyph.char));
        glyphs[..length].last().map_or(0, |glyph| glyph.source.end)
    }

    /// Takes over a character that depends on what came before, if that is not what changes it.
    fn word_end(&mut self, at: usize, char: char) -> Option<()> {
        let (_, beginning) = WORD_ENDS.iter().find(|(end, _)| *end == char)?;
        self.replace(at, at);
        (!self.text.ends_with(beginning)).then_some(())
    }
}
