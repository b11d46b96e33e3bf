//! Personal data of a whole call: a number read out in parts, with the other's 嗯 in between, is still a number.

use std::ops::Range;

use crate::domain::{Segment, Speaker};

use super::find::{Found, PersonalData, find};
use super::groups::groups;
use super::mask::starred;

/// Ends a turn after which the same number may go on.
const PAUSE: char = '\n';
/// Ends a turn after which nothing goes on.
const STOP: char = '\u{1f}';
/// Most that the other speaker says between two parts of one number, in characters.
const BETWEEN_CHARS: usize = 14;
/// Longest pause between two parts of one number.
const BETWEEN_S: f64 = 15.0;
/// Segments around a number in which its digits are looked for again: the other speaker repeats them.
const ECHO_SEGMENTS: usize = 4;
/// Shortest part of a number that is hidden when repeated.
const ECHO_DIGITS: usize = 4;

/// The part of a piece of personal data that lies in one segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalSpan {
    /// Index of the segment.
    pub segment: usize,
    /// Kind, check digit, and the bytes of the segment's text.
    pub data: PersonalData,
    /// Bytes of the segment's text that no report shows.
    pub hidden: Vec<Range<usize>>,
}

/// All personal data of a call, also where it is spread over turns, in order of segment and byte. Spans may overlap.
#[must_use]
pub fn personal_data_in_turns(segments: &[Segment]) -> Vec<PersonalSpan> {
    let everybody: Vec<usize> = (0..segments.len()).collect();
    let mut streams = vec![Stream::new(segments, &everybody)];
    for speaker in [Speaker::Agent, Speaker::Customer, Speaker::Unknown] {
        let own = everybody.iter().copied().filter(|index| segments[*index].speaker == speaker);
        streams.push(Stream::new(segments, &own.collect::<Vec<_>>()));
    }
    let mut spans: Vec<PersonalSpan> = streams.iter().flat_map(|stream| stream.spans(segments)).collect();
    spans.sort_by_key(|span| (span.segment, span.data.range.start, span.data.range.end, span.data.kind));
    spans.dedup();
    spans
}

/// The texts of all segments with personal data starred out. Byte lengths are kept.
#[must_use]
pub fn masked_turns(segments: &[Segment]) -> Vec<String> {
    let mut hidden: Vec<Vec<Range<usize>>> = vec![Vec::new(); segments.len()];
    for span in personal_data_in_turns(segments) {
        hidden[span.segment].extend(span.hidden);
    }
    segments.iter().zip(&hidden).map(|(segment, hidden)| starred(&segment.text, hidden)).collect()
}

/// Some segments of a call as one text.
struct Stream {
    text: String,
    /// Index of each segment, and where its text begins.
    starts: Vec<(usize, usize)>,
}

impl Stream {
    fn new(segments: &[Segment], indices: &[usize]) -> Self {
        let mut stream = Self { text: String::new(), starts: Vec::new() };
        let mut before: Option<usize> = None;
        for &index in indices {
            if let Some(before) = before {
                stream.text.push(if goes_on(segments, before, index) { PAUSE } else { STOP });
            }
            stream.starts.push((index, stream.text.len()));
            stream.text.push_str(&segments[index].text);
            before = Some(index);
        }
        stream
    }

    fn spans(&self, segments: &[Segment]) -> Vec<PersonalSpan> {
        let mut spans = Vec::new();
        for found in find(&self.text) {
            let own = self.split(&found);
            spans.extend(echoes(&found, &own, segments));
            spans.extend(own);
        }
        spans
    }

    /// What was found in the stream, segment by segment.
    fn split(&self, found: &Found) -> Vec<PersonalSpan> {
        let range = &found.data.range;
        let first = self.starts.partition_point(|(_, start)| *start <= range.start).saturating_sub(1);
        let touched =
            self.starts[first..].iter().enumerate().take_while(|(_, (_, start))| *start < range.end);
        let spans = touched.filter_map(|(offset, &(segment, start))| {
            let next = self.starts.get(first + offset + 1).map(|(_, next)| next - PAUSE.len_utf8());
            let end = next.unwrap_or(self.text.len());
            let within = |range: &Range<usize>| {
                let (from, to) = (range.start.max(start), range.end.min(end));
                (from < to).then(|| from - start..to - start)
            };
            let data = PersonalData { range: within(range)?, ..found.data.clone() };
            Some(PersonalSpan { segment, data, hidden: found.hidden.iter().filter_map(within).collect() })
        });
        spans.collect()
    }
}

/// True where a number may go on from one turn to another: nothing long is said in between, and nobody waits long.
fn goes_on(segments: &[Segment], before: usize, after: usize) -> bool {
    let between = &segments[before + 1..after];
    let chars: usize = between.iter().map(|segment| segment.text.chars().count()).sum();
    let pause_s = segments[after].start_s - segments[before].end_s;
    chars <= BETWEEN_CHARS && (pause_s < BETWEEN_S || pause_s.is_nan())
}

/// Parts of a number that somebody says again nearby.
fn echoes(found: &Found, own: &[PersonalSpan], segments: &[Segment]) -> Vec<PersonalSpan> {
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return Vec::new() };
    if found.digits.is_empty() {
        return Vec::new();
    }
    let near =
        first.segment.saturating_sub(ECHO_SEGMENTS)..(last.segment + ECHO_SEGMENTS + 1).min(segments.len());
    // The last digits may be shown wherever they stand.
    let secret = &found.digits[..found.digits.len().saturating_sub(1)];
    let mut echoes = Vec::new();
    for segment in near {
        for group in groups(&segments[segment].text) {
            let digits = group.digits();
            if digits.len() >= ECHO_DIGITS && secret.contains(digits.as_str()) {
                let data = PersonalData { range: group.range(), ..found.data.clone() };
                echoes.push(PersonalSpan { segment, hidden: vec![group.range()], data });
            }
        }
    }
    echoes
}
