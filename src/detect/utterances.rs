//! What an agent says at a time, and what it means.
//!
//! Decisions:
//!
//! - An utterance is what was said in one breath, up to [`MOST_CHARS`]: the examples that meanings are learnt from are
//!   turns of a dozen to forty characters. Segments are joined and long ones cut at their clauses, to stay near that.
//! - What is too short to mean anything by itself is not looked at, nor what the customer says.

use std::ops::Range;

use crate::domain::{Meaning, Speaker, Understanding};
use crate::lexicon::RuleSet;
use crate::text::to_simplified;

use super::passage::{Passage, Piece};

/// Characters of an utterance.
const MOST_CHARS: usize = 48;
const FEWEST_CHARS: usize = 4;

/// An utterance that means something.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Utterance {
    /// Index of the passage.
    pub passage: usize,
    /// Bytes of the passage's text.
    pub range: Range<usize>,
    pub meanings: Vec<Meaning>,
}

/// Utterances with a meaning; none where no rule asks for any.
pub(super) fn understood(
    passages: &[Passage],
    rules: &RuleSet,
    understanding: Option<&dyn Understanding>,
) -> Result<Vec<Utterance>, String> {
    let asks = rules.rules().iter().any(|rule| rule.semantic || !rule.like.is_empty());
    let Some(understanding) = understanding.filter(|_| asks) else { return Ok(Vec::new()) };
    let agents = passages.iter().enumerate().filter(|(_, passage)| passage.speaker != Speaker::Customer);
    let (places, texts): (Vec<(usize, Range<usize>)>, Vec<String>) = agents
        .flat_map(|(index, passage)| {
            cut(passage).into_iter().map(move |(range, text)| ((index, range), text))
        })
        .unzip();
    let meanings = understanding.meanings(&texts)?;
    let utterances = places.into_iter().zip(meanings).filter(|(_, meanings)| !meanings.is_empty());
    Ok(utterances.map(|((passage, range), meanings)| Utterance { passage, range, meanings }).collect())
}

/// Ranges of a passage's text, each with its words as they were written, simplified.
fn cut(passage: &Passage) -> Vec<(Range<usize>, String)> {
    let parts = passage.pieces.iter().flat_map(|piece| parts(passage, piece));
    let mut cut: Vec<(Range<usize>, String)> = Vec::new();
    for (range, text) in parts {
        match cut.last_mut() {
            Some((last, said)) if chars(said) + chars(&text) <= MOST_CHARS => {
                last.end = range.end;
                said.push_str(&text);
            }
            _ => cut.push((range, text)),
        }
    }
    cut.retain(|(range, _)| chars(&passage.text[range.clone()]) >= FEWEST_CHARS);
    cut
}

/// A segment as it is, or in clauses where it is long.
fn parts(passage: &Passage, piece: &Piece) -> Vec<(Range<usize>, String)> {
    let whole = piece.start..piece.start + piece.normal.as_str().len();
    if chars(&piece.segment.text) <= MOST_CHARS {
        return vec![(whole, to_simplified(&piece.segment.text))];
    }
    let mut parts = Vec::new();
    let mut start = whole.start;
    while start < whole.end {
        let first = passage.text[start..].chars().next().map_or(1, char::len_utf8);
        let end = passage.clause_end(start + first).min(whole.end);
        let source = piece.normal.source(start - whole.start..end - whole.start);
        let text = &piece.segment.text[source.start..];
        let length = end_of_clause(text, source.len());
        parts.push((start..end, to_simplified(&text[..length])));
        start = end;
    }
    parts
}

/// Bytes of a clause of `length` bytes with the mark behind it.
fn end_of_clause(text: &str, length: usize) -> usize {
    let mark = text[length..].chars().next().filter(|character| !character.is_alphanumeric());
    length + mark.map_or(0, char::len_utf8)
}

fn chars(text: &str) -> usize {
    text.chars().count()
}
