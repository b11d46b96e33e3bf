//! A call as its conduct is judged: who spoke from when to when.

use crate::domain::{LEVEL_FRAME_S, Levels, Segment, Speaker, Transcript};
use crate::text::NormalText;

use super::spans::{Span, common, united};

/// Segments this close are one utterance: the recogniser cuts at commas.
const JOINING_PAUSE_S: f64 = 0.5;
/// Longest quote; a longer utterance shows its first segments.
const QUOTE_CHARS: usize = 60;

/// One call's utterances and its sound, where there is any.
pub(super) struct Talk<'a> {
    /// In order of their start; never of no length.
    pub utterances: Vec<Utterance<'a>>,
    pub sound: Option<&'a Levels>,
}

/// What one speaker says without a pause to speak of.
pub(super) struct Utterance<'a> {
    pub speaker: Speaker,
    pub start_s: f64,
    pub end_s: f64,
    /// Never empty.
    pub pieces: Vec<Piece<'a>>,
}

/// A segment of an utterance.
pub(super) struct Piece<'a> {
    /// Index of the segment in the transcript.
    pub index: usize,
    pub segment: &'a Segment,
    /// The normal form: numbers spelled, no punctuation.
    pub text: String,
}

impl<'a> Talk<'a> {
    pub fn new(transcript: &'a Transcript, sound: Option<&'a Levels>) -> Self {
        let mut utterances: Vec<Utterance> = Vec::new();
        for (index, segment) in
            transcript.segments.iter().enumerate().filter(|(_, segment)| is_timed(segment))
        {
            let piece = Piece { index, segment, text: NormalText::new(&segment.text).as_str().to_owned() };
            if piece.text.is_empty() {
                continue;
            }
            match continued(&mut utterances, segment) {
                Some(utterance) => utterance.push(piece),
                None => utterances.push(Utterance::new(piece)),
            }
        }
        utterances.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
        Self { utterances, sound }
    }

    pub fn has_times(&self) -> bool {
        !self.utterances.is_empty()
    }

    pub fn tells_speakers(&self) -> bool {
        self.utterances.iter().any(|utterance| utterance.speaker != Speaker::Unknown)
    }

    /// True where one channel carries both speakers: they are told apart by turns, so nobody is heard to speak at once.
    pub fn shares_channel(&self) -> bool {
        self.sound.is_some_and(|levels| levels.of(Speaker::Agent).is_none())
    }

    pub fn by(&self, speaker: Speaker) -> impl Iterator<Item = &Utterance<'a>> {
        self.utterances.iter().filter(move |utterance| utterance.speaker == speaker)
    }

    /// When a speaker speaks, as far as the transcript tells.
    pub fn spans(&self, speaker: Speaker) -> Vec<Span> {
        united(self.by(speaker).map(Utterance::span))
    }

    /// Seconds of a stretch in which a speaker is heard; all of it where there is no sound to ask.
    pub fn heard_s(&self, speaker: Speaker, span: Span) -> f64 {
        let Some(track) = self.sound.and_then(|levels| levels.of(speaker)) else {
            return (span.1 - span.0).max(0.0);
        };
        let speech = track.frames(span.0, span.1).filter(|frame| track.is_speech(*frame));
        speech.count() as f64 * LEVEL_FRAME_S
    }

    /// Seconds in which both speak, within both of two stretches.
    pub fn overlap_s(&self, agent: Span, customer: Span) -> f64 {
        let (from_s, to_s) = (agent.0.max(customer.0), agent.1.min(customer.1));
        let track = |speaker| self.sound.and_then(|levels| levels.of(speaker));
        let (Some(a), Some(b)) = (track(Speaker::Agent), track(Speaker::Customer)) else {
            return (to_s - from_s).max(0.0);
        };
        let both = a.frames(from_s, to_s).filter(|frame| a.is_speech(*frame) && b.is_speech(*frame));
        both.count() as f64 * LEVEL_FRAME_S
    }

    /// Seconds of the whole call in which agent and customer speak at once.
    pub fn all_overlap_s(&self) -> f64 {
        let shared = common(&self.spans(Speaker::Agent), &self.spans(Speaker::Customer));
        shared.into_iter().map(|span| self.overlap_s(span, span)).sum()
    }
}

/// What may never have been said, or at no time in particular, tells nothing of conduct.
fn is_timed(segment: &Segment) -> bool {
    let has_length =
        segment.start_s.is_finite() && segment.end_s.is_finite() && segment.start_s < segment.end_s;
    has_length && segment.suspicion.is_none()
}

/// The utterance that a segment goes on with.
fn continued<'u, 'a>(utterances: &'u mut [Utterance<'a>], next: &Segment) -> Option<&'u mut Utterance<'a>> {
    let last = utterances.iter_mut().rev().take(2).find(|utterance| utterance.speaker == next.speaker)?;
    (next.start_s - last.end_s < JOINING_PAUSE_S).then_some(last)
}

impl<'a> Utterance<'a> {
    fn new(piece: Piece<'a>) -> Self {
        let Segment { speaker, start_s, end_s, .. } = *piece.segment;
        Self { speaker, start_s, end_s, pieces: vec![piece] }
    }

    fn push(&mut self, piece: Piece<'a>) {
        self.start_s = self.start_s.min(piece.segment.start_s);
        self.end_s = self.end_s.max(piece.segment.end_s);
        self.pieces.push(piece);
    }

    pub fn span(&self) -> Span {
        (self.start_s, self.end_s)
    }

    /// Time of its segments without the pauses between them.
    pub fn spoken_s(&self) -> f64 {
        let spans = united(self.pieces.iter().map(|piece| (piece.segment.start_s, piece.segment.end_s)));
        spans.iter().map(|(from, to)| to - from).sum()
    }

    /// Characters of the normal form.
    pub fn chars(&self) -> usize {
        self.pieces.iter().map(|piece| piece.text.chars().count()).sum()
    }

    /// The normal form of all pieces.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// The first of these words that is said in it.
    pub fn says<'w>(&self, words: &'w [String]) -> Option<&'w str> {
        let text = self.text();
        words.iter().map(String::as_str).find(|word| text.contains(word))
    }

    /// True when nothing but these words is said, any number of times.
    pub fn is_only(&self, words: &[String]) -> bool {
        let text = self.text();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let longest = words
                .iter()
                .filter_map(|word| rest.strip_prefix(word.as_str()))
                .min_by_key(|rest| rest.len());
            match longest {
                Some(shorter) if shorter.len() < rest.len() => rest = shorter,
                _ => return false,
            }
        }
        true
    }
}

/// The words that a reader needs to see of a sentence: its first segments, at least one.
pub(super) fn quoted<'s, 'a>(sentence: &'s [Piece<'a>]) -> &'s [Piece<'a>] {
    let mut chars = 0;
    let fits = sentence.iter().take_while(|piece| {
        chars += piece.segment.text.chars().count();
        chars <= QUOTE_CHARS
    });
    &sentence[..fits.count().max(1).min(sentence.len())]
}
