//! Where and when a hit was said, and in which words of the original.

use std::ops::Range;

use super::candidate::Said;
use super::passage::{Passage, Piece};
use super::talk::Talk;

/// A segment up to this long is quoted whole; of a longer one, the clauses that hold the hit.
const WHOLE_SEGMENT_CHARS: usize = 40;
/// Between the words of one turn and those of a later one.
const BETWEEN_QUOTES: &str = "……";

/// Where a hit is in the transcript.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evidence {
    /// `(segment, byte start, byte end)` of the original text, in order, each once.
    pub spans: Vec<(usize, usize, usize)>,
    pub start_s: f64,
    pub end_s: f64,
    pub quote: String,
}

/// Finds the original words of a hit and their times; `said` is not empty.
pub(super) fn evidence(said: &[Said], talk: &Talk) -> Evidence {
    let mut evidence = Evidence { spans: Vec::new(), start_s: f64::MAX, end_s: 0.0, quote: String::new() };
    let mut passages: Vec<usize> = said.iter().map(|said| said.passage).collect();
    passages.dedup();
    for number in passages {
        let parts =
            said.iter().filter(|said| said.passage == number).flat_map(|said| said.candidate.parts.iter());
        evidence.add(&parts.cloned().collect::<Vec<_>>(), &talk.passages[number]);
    }
    evidence.spans.sort_unstable();
    evidence.spans.dedup();
    evidence.end_s = evidence.end_s.max(evidence.start_s);
    evidence
}

impl Evidence {
    /// Adds the words of one passage.
    fn add(&mut self, parts: &[Range<usize>], passage: &Passage) {
        for (piece, part) in parts.iter().flat_map(|part| passage.touched(part.clone())) {
            let source = piece.normal.source(part);
            self.spans.push((piece.index, source.start, source.end));
        }
        let start = parts.iter().map(|part| part.start).min().unwrap_or(0);
        let end = parts.iter().map(|part| part.end).max().unwrap_or(start);
        let touched: Vec<_> = passage.touched(start..end).collect();
        let first_s = touched.first().map_or(0.0, |(piece, part)| moment(piece, part.start));
        self.start_s = self.start_s.min(first_s);
        self.end_s = touched.last().map_or(first_s, |(piece, part)| moment(piece, part.end)).max(self.end_s);
        if !self.quote.is_empty() {
            self.quote.push_str(BETWEEN_QUOTES);
        }
        self.quote.extend(touched.iter().map(|(piece, part)| quote(piece, part, passage)));
    }
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
