//! Segments in parts that one speaker says, and back.

use std::ops::Range;

use crate::domain::{Segment, Speaker};

/// A part of a segment between punctuation marks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clause {
    /// Index of the segment.
    pub segment: usize,
    /// Bytes of the segment's text.
    pub bytes: Range<usize>,
    /// Seconds from the start of the recording, as if the segment were spoken evenly.
    pub start_s: f64,
    pub end_s: f64,
}

impl Clause {
    pub fn text<'a>(&self, segments: &'a [Segment]) -> &'a str {
        &segments[self.segment].text[self.bytes.clone()]
    }
}

/// The clauses of all segments but those which may never have been said.
pub(super) fn clauses(segments: &[Segment]) -> Vec<Clause> {
    let spoken = segments.iter().enumerate().filter(|(_, segment)| segment.suspicion.is_none());
    spoken.flat_map(|(index, segment)| clauses_of(index, segment)).collect()
}

fn clauses_of(index: usize, segment: &Segment) -> Vec<Clause> {
    let parts = parts(&segment.text);
    let letters: Vec<usize> = parts.iter().map(|part| letters(&segment.text[part.clone()])).collect();
    let all = letters.iter().sum::<usize>().max(1);
    let length_s = segment.end_s - segment.start_s;
    let mut said = 0;
    let clause = |(bytes, letters): (Range<usize>, usize)| {
        let start_s = segment.start_s + length_s * said as f64 / all as f64;
        said += letters;
        let end_s = segment.start_s + length_s * said as f64 / all as f64;
        Clause { segment: index, bytes, start_s, end_s }
    };
    let mut clauses: Vec<Clause> = parts.into_iter().zip(letters).map(clause).collect();
    if let Some(last) = clauses.last_mut() {
        last.end_s = segment.end_s;
    }
    clauses
}

/// Byte ranges that end behind punctuation, together all of the text; each holds a letter if the text does.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let (mut start, mut has_letter, mut ends) = (0, false, false);
    for (byte, c) in text.char_indices() {
        if c.is_alphanumeric() {
            if ends {
                parts.push(start..byte);
                (start, ends) = (byte, false);
            }
            has_letter = true;
        } else if has_letter && !c.is_whitespace() {
            ends = true;
        }
    }
    parts.push(start..text.len());
    parts
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

/// `segments` cut between clauses of different speakers. `speakers` are the clauses', each with its probability.
pub(super) fn joined(
    segments: Vec<Segment>,
    clauses: &[Clause],
    speakers: &[(Speaker, f64)],
) -> Vec<Segment> {
    let mut told: Vec<Segment> = Vec::new();
    let mut rest = clauses.iter().zip(speakers).peekable();
    for (index, segment) in segments.into_iter().enumerate() {
        let mut own: Vec<(Clause, Speaker, f64)> = Vec::new();
        while let Some((clause, (speaker, sure))) = rest.next_if(|(clause, _)| clause.segment == index) {
            match own.last_mut() {
                Some((part, same, surely)) if same == speaker => {
                    (part.bytes.end, part.end_s) = (clause.bytes.end, clause.end_s);
                    *surely = surely.min(*sure);
                }
                _ => own.push((clause.clone(), *speaker, *sure)),
            }
        }
        if own.is_empty() {
            told.push(segment);
        } else {
            told.extend(own.iter().map(|(clause, speaker, sure)| part(&segment, clause, *speaker, *sure)));
        }
    }
    told
}

/// What `clause` holds of `segment`.
fn part(segment: &Segment, clause: &Clause, speaker: Speaker, sure: f64) -> Segment {
    Segment {
        speaker,
        speaker_confidence: (speaker != Speaker::Unknown).then(|| (sure * 100.0).floor() / 100.0),
        start_s: clause.start_s,
        end_s: clause.end_s,
        text: segment.text[clause.bytes.clone()].to_owned(),
        spelled: segment.spelled.as_deref().map(|spelled| same_chars(spelled, &segment.text, &clause.bytes)),
        ..segment.clone()
    }
}

/// The characters of `other` in the places of `bytes` of `text`, which has as many.
fn same_chars(other: &str, text: &str, bytes: &Range<usize>) -> String {
    let before = text[..bytes.start].chars().count();
    let count = text[bytes.clone()].chars().count();
    other.chars().skip(before).take(count).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use Speaker::{Agent, Customer, Unknown};

    fn segment(text: &str) -> Segment {
        Segment { confidence: Some(0.8), ..Segment::said(Unknown, 10.0, 20.0, text) }
    }

    #[test]
    fn clauses_end_behind_punctuation_and_hold_letters() {
        for (text, expected) in [
            ("今天能还吗?能。", "今天能还吗?|能。"),
            ("……好,  好的!?行", "……好,  |好的!?|行"),
            ("一万 两千", "一万 两千"),
            ("?!", "?!"),
            ("", ""),
        ] {
            let parts: Vec<&str> = parts(text).into_iter().map(|part| &text[part]).collect();
            assert_eq!(parts.join("|"), expected);
        }
    }

    #[test]
    fn times_are_as_if_spoken_evenly() {
        let clauses = clauses(&[segment("今天能还吗?能还。明天")]);
        let times: Vec<(f64, f64)> = clauses.iter().map(|clause| (clause.start_s, clause.end_s)).collect();
        assert_eq!(
            times,
            [(10.0, 10.0 + 50.0 / 9.0), (10.0 + 50.0 / 9.0, 10.0 + 70.0 / 9.0), (10.0 + 70.0 / 9.0, 20.0)]
        );
    }

    #[test]
    fn a_segment_is_cut_where_the_speaker_changes() {
        let mut heard = segment("尽天能还吗?能。好,明天");
        heard.spelled = Some("今天能换吗?能。好,明天".to_owned());
        let segments = vec![heard];
        let clauses = clauses(&segments);
        let told =
            joined(segments, &clauses, &[(Agent, 0.991), (Customer, 0.95), (Agent, 0.97), (Agent, 0.93)]);
        let lines: Vec<_> = told
            .iter()
            .map(|s| {
                (s.speaker, s.text.as_str(), s.spelled.as_deref().unwrap(), s.speaker_confidence.unwrap())
            })
            .collect();
        assert_eq!(
            lines,
            [
                (Agent, "尽天能还吗?", "今天能换吗?", 0.99),
                (Customer, "能。", "能。", 0.95),
                (Agent, "好,明天", "好,明天", 0.93)
            ]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_the_speakers_all_text_and_time_stays(
            texts in prop::collection::vec("[一丁，。? a]{0,12}", 0..5),
            agents in prop::collection::vec(0.0..1.0, 60),
        ) {
            let segments: Vec<Segment> = texts.iter().map(|text| segment(text)).collect();
            let clauses = clauses(&segments);
            let speakers: Vec<_> = agents.iter().take(clauses.len()).map(|&agent| super::super::speaker(agent)).collect();
            prop_assume!(speakers.len() == clauses.len());
            let told = joined(segments.clone(), &clauses, &speakers);
            let text = |segments: &[Segment]| segments.iter().map(|s| s.text.as_str()).collect::<String>();
            prop_assert_eq!(text(&told), text(&segments));
            for segment in &told {
                prop_assert!(10.0 <= segment.start_s && segment.start_s <= segment.end_s && segment.end_s <= 20.0);
            }
        }
    }
}
