//! Where and when a candidate was said, and in which words of the original.

use std::ops::Range;

use super::candidate::Candidate;
use super::passage::{Passage, Piece};

/// A segment up to this long is quoted whole; of a longer one, the clauses that hold the hit.
const WHOLE_SEGMENT_CHARS: usize = 40;

/// Where a candidate is in the transcript.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evidence {
    /// `(segment, byte start, byte end)` of the original text, in order, each once.
    pub spans: Vec<(usize, usize, usize)>,
    pub start_s: f64,
    pub end_s: f64,
    pub quote: String,
}

/// Finds the original words of a candidate and their times.
pub(super) fn evidence(candidate: &Candidate, passage: &Passage) -> Evidence {
    evidence_of(&candidate.parts, passage)
}

/// The same for byte ranges of the passage's text.
pub(super) fn evidence_of(parts: &[Range<usize>], passage: &Passage) -> Evidence {
    let start = parts.iter().map(|part| part.start).min().unwrap_or(0);
    let whole = start..parts.iter().map(|part| part.end).max().unwrap_or(start);
    let spans = parts.iter().flat_map(|part| passage.touched(part.clone())).map(|(piece, part)| {
        let source = piece.normal.source(part);
        (piece.index, source.start, source.end)
    });
    let mut spans: Vec<_> = spans.collect();
    spans.sort_unstable();
    spans.dedup();
    let touched: Vec<_> = passage.touched(whole).collect();
    let start_s = touched.first().map_or(0.0, |(piece, part)| moment(piece, part.start));
    let end_s = touched.last().map_or(start_s, |(piece, part)| moment(piece, part.end));
    let quote = touched.iter().map(|(piece, part)| quote(piece, part, passage)).collect();
    Evidence { spans, start_s, end_s: end_s.max(start_s), quote }
}

/// When a byte of a piece's normal form was said, as if every character took the same time. To the hundredth of a second.
pub(super) fn moment(piece: &Piece, byte: usize) -> f64 {
    let text = piece.normal.as_str();
    let share = text[..byte].chars().count() as f64 / piece.normal.len_chars().max(1) as f64;
    let segment = piece.segment;
    let at = segment.start_s + (segment.end_s - segment.start_s) * share;
    (at * 100.0).round() / 100.0
}

/// The words of one segment that a reader needs to see.
fn quote<'a>(piece: &Piece<'a>, part: &Range<usize>, passage: &Passage) -> &'a str {
    let original = piece.segment.text.trim();
    if original.chars().count() <= WHOLE_SEGMENT_CHARS {
        return original;
    }
    let whole = piece.start..piece.start + piece.normal.as_str().len();
    let start = passage.clause_start(piece.start + part.start).max(whole.start);
    let end = passage.clause_end(piece.start + part.end).min(whole.end);
    let source = piece.normal.source(start - whole.start..end - whole.start);
    &piece.segment.text[source]
}
