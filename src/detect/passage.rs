//! What one speaker says in one breath: segments joined, so that a cut of the recogniser does not hide a sentence.

use std::cell::OnceCell;
use std::ops::Range;

use crate::domain::{Segment, Speaker, Transcript};
use crate::text::{NormalText, Segmenter};

/// A longer pause ends a passage: speakers pause half a second inside a sentence, and seldom over a second.
const LONGEST_PAUSE_S: f64 = 1.5;

/// The other speaker's 嗯 or 好的 in between does not end a passage.
const BACKCHANNEL_CHARS: usize = 2;

/// Consecutive segments of one speaker as one normal text, with the way back.
#[derive(Debug)]
pub(super) struct Passage<'a> {
    pub speaker: Speaker,
    /// Normal forms of the pieces, joined.
    pub text: String,
    pub pieces: Vec<Piece<'a>>,
    /// When the last of it was said.
    end_s: f64,
    /// How many turns of this speaker came before the one that this passage is part of.
    pub turn: usize,
    /// Where words begin and end, cut when first asked for: only passages with candidates are cut.
    boundaries: OnceCell<Vec<usize>>,
}

/// One segment of a passage.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// Index of the segment in the transcript.
    pub index: usize,
    pub segment: &'a Segment,
    pub normal: NormalText<'a>,
    /// Byte of the passage's text at which the piece begins.
    pub start: usize,
}

impl Piece<'_> {
    fn range(&self) -> Range<usize> {
        self.start..self.start + self.normal.as_str().len()
    }
}

/// Cuts a transcript into passages, in order of their start.
pub(super) fn passages(transcript: &Transcript) -> Vec<Passage<'_>> {
    let mut passages: Vec<Passage> = Vec::new();
    for (index, segment) in transcript.segments.iter().enumerate() {
        let normal = NormalText::new(&segment.text);
        match continued(&mut passages, segment) {
            Some(passage) => passage.push(index, segment, normal),
            None => passages.push(Passage::new(index, segment, normal)),
        }
    }
    number_turns(&mut passages);
    passages
}

/// The passage that a segment goes on with: the speaker's last, after a short pause, with at most a 嗯 in between.
fn continued<'p, 'a>(passages: &'p mut [Passage<'a>], next: &Segment) -> Option<&'p mut Passage<'a>> {
    let own = passages.iter().rposition(|passage| passage.speaker == next.speaker)?;
    let (before, between) = passages.split_at_mut(own + 1);
    let quiet = between.iter().all(|other| other.text.chars().count() <= BACKCHANNEL_CHARS);
    let passage = before.last_mut()?;
    (quiet && next.start_s - passage.end_s() < LONGEST_PAUSE_S).then_some(passage)
}

fn number_turns(passages: &mut [Passage]) {
    for index in 0..passages.len() {
        let speaker = passages[index].speaker;
        let earlier = passages[..index].iter().rposition(|passage| passage.speaker == speaker);
        passages[index].turn = match earlier {
            None => 0,
            Some(last) if last + 1 == index => passages[last].turn,
            Some(last) => passages[last].turn + 1,
        };
    }
}

impl<'a> Passage<'a> {
    fn new(index: usize, segment: &'a Segment, normal: NormalText<'a>) -> Self {
        let mut passage = Self {
            speaker: segment.speaker,
            text: String::new(),
            pieces: Vec::new(),
            end_s: f64::NEG_INFINITY,
            turn: 0,
            boundaries: OnceCell::new(),
        };
        passage.push(index, segment, normal);
        passage
    }

    fn push(&mut self, index: usize, segment: &'a Segment, normal: NormalText<'a>) {
        let start = self.text.len();
        self.text.push_str(normal.as_str());
        self.end_s = self.end_s.max(segment.end_s);
        self.pieces.push(Piece { index, segment, normal, start });
    }

    /// When the last of it was said.
    pub fn end_s(&self) -> f64 {
        self.end_s
    }

    /// True where a segment begins, or where the original has punctuation or white space before the character.
    pub fn is_clause_start(&self, byte: usize) -> bool {
        let after = self.pieces.partition_point(|piece| piece.start <= byte);
        let Some(piece) = after.checked_sub(1).map(|last| &self.pieces[last]) else { return true };
        byte == piece.start || piece.normal.is_clause_start(byte - piece.start)
    }

    /// Where the clause that holds this byte begins.
    pub fn clause_start(&self, byte: usize) -> usize {
        let mut starts = self.text[..byte].char_indices().rev().map(|(start, _)| start);
        if self.is_clause_start(byte) { byte } else { starts.find(|b| self.is_clause_start(*b)).unwrap_or(0) }
    }

    /// Where the first clause after this byte begins, or the end of the text.
    pub fn clause_end(&self, byte: usize) -> usize {
        let mut starts = self.text[byte..].char_indices().map(|(offset, _)| byte + offset);
        starts.find(|start| self.is_clause_start(*start)).unwrap_or(self.text.len())
    }

    /// The words of the dictionary that a byte range touches, as byte ranges.
    pub fn words(&self, range: &Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let boundaries = self.boundaries.get_or_init(|| Segmenter::new().word_boundaries(&self.text));
        let first = boundaries.partition_point(|boundary| *boundary <= range.start).saturating_sub(1);
        let end = range.end;
        boundaries[first..].windows(2).map(|pair| pair[0]..pair[1]).take_while(move |word| word.start < end)
    }

    /// True where a byte range holds characters that the recogniser spelled otherwise: they are known by sound alone.
    pub fn is_respelled(&self, range: Range<usize>) -> bool {
        self.touched(range).any(|(piece, part)| is_respelled(piece.segment, piece.normal.source(part)))
    }

    /// The pieces that a byte range touches, each with the part of its own normal form.
    pub fn touched(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = (&Piece<'a>, Range<usize>)> + use<'_, 'a> {
        let first = self.pieces.partition_point(|piece| piece.range().end <= range.start);
        let end = range.end;
        let from = self.pieces[first..].iter().take_while(move |piece| piece.start < end);
        from.filter_map(move |piece| {
            let whole = piece.range();
            let (start, end) = (range.start.max(whole.start), range.end.min(whole.end));
            (start < end).then(|| (piece, start - whole.start..end - whole.start))
        })
    }
}

/// True where `range` of a segment's text is not as the recogniser spelled it.
fn is_respelled(segment: &Segment, range: Range<usize>) -> bool {
    let spelled = segment.spelled.as_ref();
    // As many characters in the same places, but a traditional one may take more bytes than a simplified one.
    let chars = |range: Range<usize>| segment.text[range].chars().count();
    let (before, own) = (chars(0..range.start), chars(range));
    let changed = |spelled: &String| {
        let written = segment.text.chars().zip(spelled.chars()).skip(before).take(own);
        written.into_iter().any(|(text, spelled)| text != spelled)
    };
    spelled.is_some_and(changed)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::CallId;
    use Speaker::{Agent as A, Customer as C};

    pub fn transcript(segments: &[(Speaker, f64, f64, &str)]) -> Transcript {
        let segments = segments
            .iter()
            .map(|&(speaker, start_s, end_s, text)| Segment::said(speaker, start_s, end_s, text));
        Transcript { call_id: CallId("T".into()), segments: segments.collect() }
    }

    fn texts(segments: &[(Speaker, f64, f64, &str)]) -> Vec<(String, usize)> {
        passages(&transcript(segments)).into_iter().map(|passage| (passage.text, passage.turn)).collect()
    }

    #[test]
    fn short_pauses_and_backchannels_do_not_cut() {
        for (segments, expected) in [
            (vec![(A, 0.0, 1.0, "甲，"), (A, 1.2, 2.0, "乙")], vec![("甲乙", 0)]),
            (vec![(A, 0.0, 1.0, "甲"), (A, 2.6, 3.0, "乙")], vec![("甲", 0), ("乙", 0)]),
            (
                vec![(A, 0.0, 1.0, "甲"), (C, 1.0, 1.2, "嗯。"), (A, 1.2, 2.0, "乙")],
                vec![("甲乙", 0), ("嗯", 0)],
            ),
            (
                vec![(A, 0.0, 1.0, "甲"), (C, 1.0, 1.2, "我不知道"), (A, 1.2, 2.0, "乙")],
                vec![("甲", 0), ("我不知道", 0), ("乙", 1)],
            ),
            (vec![], vec![]),
        ] {
            let expected: Vec<(String, usize)> =
                expected.into_iter().map(|(text, turn): (&str, usize)| (text.to_owned(), turn)).collect();
            assert_eq!(texts(&segments), expected);
        }
    }

    #[test]
    fn clauses_and_pieces_are_found_again() {
        let transcript = transcript(&[(A, 0.0, 1.0, "你好，我是"), (A, 1.0, 2.0, "張三")]);
        let passage = &passages(&transcript)[0];
        assert_eq!(passage.text, "你好我是张三");
        let starts: Vec<usize> = (0..18).step_by(3).filter(|byte| passage.is_clause_start(*byte)).collect();
        assert_eq!(starts, [0, 6, 12]);
        assert_eq!((passage.clause_start(9), passage.clause_start(12), passage.clause_end(9)), (6, 12, 12));
        assert_eq!(passage.clause_end(15), 18);
        let touched: Vec<_> = passage.touched(9..15).map(|(piece, part)| (piece.index, part)).collect();
        assert_eq!(touched, [(0, 9..12), (1, 0..3)]);
    }
}
