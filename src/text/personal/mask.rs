//! Stars in place of what no reader may see.

use std::ops::Range;

/// The text with these bytes starred out. Each character becomes one of equal length in bytes, so byte and character
/// offsets into the text stay valid. Ranges may overlap and come in any order; they lie on character boundaries.
pub(super) fn starred(text: &str, hidden: &[Range<usize>]) -> String {
    let is_hidden = |byte: usize| hidden.iter().any(|range| range.contains(&byte));
    text.char_indices().map(|(byte, char)| if is_hidden(byte) { star(char) } else { char }).collect()
}

/// A star, or what looks most like one, as long in bytes as the character.
fn star(char: char) -> char {
    match char.len_utf8() {
        1 => '*',
        2 => '×',
        3 => '＊',
        _ => '🞶',
    }
}
