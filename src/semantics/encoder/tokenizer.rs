//! Text to rows of the embeddings: characters replaced, blanks joined, the most likely pieces.
//!
//! Only pieces that Chinese calls can hold are kept, 27 % of the vocabulary: a text of such characters is cut the same
//! with them alone, and the rest of the world's languages would cost 200 MB of the tokenizer's tables.

use std::collections::HashMap;
use std::iter::repeat_n;

use tokenizers::Model as _;
use tokenizers::models::unigram::Unigram;

use super::file::{Piece, Specials, Vocabulary};

/// Stands for a blank in pieces.
const BLANK: char = '▁';
/// The kept number of what is no piece.
const UNKNOWN: u32 = 0;

pub(super) struct Tokenizer {
    model: Unigram,
    replaced: HashMap<char, String>,
}

/// The kept pieces; their numbers are those of the tokenizer.
pub(super) struct Kept {
    /// The row in the file of every number.
    pub rows: Vec<usize>,
    /// Numbers, not rows.
    pub specials: Specials,
}

impl Tokenizer {
    /// A tokenizer of what a vocabulary keeps; `Err` says what is wrong with the pieces.
    pub fn new(vocabulary: Vocabulary) -> Result<(Self, Kept), String> {
        let Vocabulary { pieces, specials, replaced } = vocabulary;
        let special = [specials.unknown, specials.begin, specials.end, specials.padding];
        let mut kept: Vec<(String, f64)> = Vec::new();
        let mut rows = Vec::new();
        for row in special {
            kept.push((format!("\u{0}{row}"), 0.0));
            rows.push(row);
        }
        for Piece { text, score, row } in pieces {
            if !special.contains(&row) && text.chars().all(is_spoken_here) {
                kept.push((text, f64::from(score)));
                rows.push(row);
            }
        }
        let model = Unigram::from(kept, Some(UNKNOWN as usize), false).map_err(|error| error.to_string())?;
        Ok((
            Self { model, replaced },
            Kept { rows, specials: Specials { unknown: UNKNOWN as usize, begin: 1, end: 2, padding: 3 } },
        ))
    }

    /// Numbers of the pieces of a text, without begin and end.
    pub fn pieces(&self, text: &str) -> Result<Vec<u32>, String> {
        let tokens = self.model.tokenize(&self.normalized(text)).map_err(|error| error.to_string())?;
        // A run of characters that nothing is known of comes as one piece; the encoder was trained on one for each.
        let known =
            |token: &tokenizers::Token| if token.id == UNKNOWN { token.value.chars().count() } else { 1 };
        Ok(tokens.iter().flat_map(|token| repeat_n(token.id, known(token))).collect())
    }

    fn normalized(&self, text: &str) -> String {
        let mut normalized = String::with_capacity(text.len() + 3);
        let mut push = |character: char| {
            let character = if character == ' ' { BLANK } else { character };
            if normalized.is_empty() && character != BLANK {
                normalized.push(BLANK);
            }
            if character != BLANK || !normalized.ends_with(BLANK) {
                normalized.push(character);
            }
        };
        for character in text.chars() {
            match self.replaced.get(&character) {
                Some(by) => by.chars().for_each(&mut push),
                None => push(character),
            }
        }
        normalized
    }
}

/// Characters of Mandarin text as it is written: Han, Latin letters, digits, signs and punctuation of any width, the kana
/// of names, emoji.
fn is_spoken_here(character: char) -> bool {
    matches!(character, BLANK | ' '..='~' | '\u{a0}'..='\u{ff}' | '\u{2000}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{fe0f}' | '\u{ff00}'..='\u{ffef}' | '\u{1f300}'..='\u{1faff}')
}
