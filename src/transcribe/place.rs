//! Heard text from a window's clock to the recording's, with the speech regions as the clock.
//!
//! Whisper's timestamps inside a window are good to about half a second, and the end of one stretch is as a rule the
//! start of the next, pause or no pause. The pieces of the window are known to the sample. So a timestamp near a joint
//! of two pieces means that joint, and a stretch that runs over a long pause is split there when its text has a
//! punctuation mark at about that place.

use std::ops::Range;

use super::suspicion::{suspect, without_rounds};
use super::whisper::Heard;
use super::windows::{Piece, Window};
use crate::domain::{SAMPLE_RATE_HZ, Segment, Speaker};

/// A timestamp this close to a joint means the joint.
const SNAP: usize = SAMPLE_RATE_HZ as usize * 3 / 5;
/// Pauses of the recording from this length on part two segments.
const LONG_PAUSE: usize = SAMPLE_RATE_HZ as usize;
/// How far from its joint a punctuation mark may seem to be.
const MARK_SLACK: f64 = 1.0 * SAMPLE_RATE_HZ as f64;

/// Segments of `heard` on the recording's clock, in order.
pub(super) fn place(heard: Vec<Heard>, window: &Window, speaker: Speaker) -> Vec<Segment> {
    let heard = heard.into_iter().map(|heard| snapped(heard, &window.pieces));
    let parts = at_once(heard).into_iter().flat_map(|heard| split(heard, &window.pieces));
    parts.map(|part| segment(&part, &window.pieces, speaker)).collect()
}

/// What was heard with all that snapped to the same joints made one: side by side it would be said at once.
fn at_once(heard: impl Iterator<Item = Heard>) -> Vec<Heard> {
    let mut apart: Vec<Heard> = Vec::new();
    for heard in heard {
        match apart.last_mut() {
            Some(last) if (last.start, last.end) == (heard.start, heard.end) => {
                last.text += &heard.text;
                last.confidence = last.confidence.min(heard.confidence);
            }
            _ => apart.push(heard),
        }
    }
    apart
}

/// `heard` with its ends moved to the joints that they mean; never empty, never past the window.
fn snapped(heard: Heard, pieces: &[Piece]) -> Heard {
    let window_end = pieces.last().map_or(0, Piece::end);
    let start = heard.start.min(window_end.saturating_sub(1));
    let end = heard.end.clamp(start + 1, window_end.max(start + 1));
    let near_start = nearest(start, pieces.iter().map(|piece| piece.at));
    let near_end = nearest(end, pieces.iter().map(Piece::end));
    if near_start < near_end {
        Heard { start: near_start, end: near_end, ..heard }
    } else {
        Heard { start, end, ..heard }
    }
}

/// The joint nearest to `time` within [`SNAP`], else `time` itself.
fn nearest(time: usize, joints: impl Iterator<Item = usize>) -> usize {
    joints
        .filter(|joint| joint.abs_diff(time) <= SNAP)
        .min_by_key(|joint| joint.abs_diff(time))
        .unwrap_or(time)
}

/// `heard` cut at every long pause inside it that its punctuation confirms.
fn split(mut heard: Heard, pieces: &[Piece]) -> Vec<Heard> {
    let mut parts = Vec::new();
    for pair in pieces.windows(2) {
        let (before, after) = (&pair[0], &pair[1]);
        let inside = heard.start < before.end() && after.at < heard.end;
        if !inside || after.source.start - before.source.end < LONG_PAUSE {
            continue;
        }
        if let Some(byte) = mark_near(&heard, before.end()) {
            let rest = heard.text.split_off(byte);
            let first = Heard { end: before.end(), ..heard.clone() };
            heard = Heard { start: after.at, text: rest.trim_start().to_owned(), ..heard };
            parts.push(first);
        }
    }
    parts.push(heard);
    parts
}

/// Byte after the punctuation mark whose place in the text, taken as spoken evenly, is nearest to `joint`.
fn mark_near(heard: &Heard, joint: usize) -> Option<usize> {
    let letters = heard.text.chars().filter(|c| c.is_alphanumeric()).count();
    let span = (heard.end - heard.start) as f64;
    let mut spoken = 0;
    let mut best: Option<(f64, usize)> = None;
    for (byte, c) in heard.text.char_indices() {
        if c.is_alphanumeric() {
            spoken += 1;
        } else if 0 < spoken && spoken < letters {
            let time = heard.start as f64 + span * spoken as f64 / letters as f64;
            let off = (time - joint as f64).abs();
            if off <= MARK_SLACK && best.is_none_or(|(least, _)| off <= least) {
                best = Some((off, byte + c.len_utf8()));
            }
        }
    }
    best.map(|(_, byte)| byte)
}

fn segment(heard: &Heard, pieces: &[Piece], speaker: Speaker) -> Segment {
    let source = source(heard.start..heard.end, pieces);
    let (start_s, end_s) = (seconds(source.start), seconds(source.end));
    let spoken_s = seconds(spoken(heard.start..heard.end, pieces));
    Segment {
        confidence: Some(heard.confidence),
        suspicion: suspect(&heard.text, spoken_s, heard.confidence),
        ..Segment::said(speaker, start_s, end_s, without_rounds(&heard.text))
    }
}

/// Samples of the track that `span` of the window covers, from its first piece to its last.
fn source(span: Range<usize>, pieces: &[Piece]) -> Range<usize> {
    let first = pieces.iter().find(|piece| span.start < piece.end());
    let last = pieces.iter().rev().find(|piece| piece.at < span.end);
    let start = first.map_or(0, |piece| piece.source.start + span.start.saturating_sub(piece.at));
    let end = last.map_or(start, |piece| piece.source.end - piece.end().saturating_sub(span.end));
    start..end.max(start)
}

/// Samples of speech in `span` of the window.
fn spoken(span: Range<usize>, pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| piece.end().min(span.end).saturating_sub(piece.at.max(span.start))).sum()
}

fn seconds(samples: usize) -> f64 {
    samples as f64 / f64::from(SAMPLE_RATE_HZ)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const S: usize = SAMPLE_RATE_HZ as usize;

    /// Two utterances of 4 s, ten seconds apart in the call, a quarter of a second apart in the window.
    fn pieces() -> Vec<Piece> {
        vec![Piece { source: 10 * S..14 * S, at: 0 }, Piece { source: 24 * S..28 * S, at: 4 * S + S / 4 }]
    }

    fn heard(start_s: f64, end_s: f64, text: &str) -> Heard {
        let sample = |time_s: f64| (time_s * S as f64) as usize;
        Heard { start: sample(start_s), end: sample(end_s), text: text.into(), confidence: 0.8 }
    }

    fn placed(heard: Heard) -> Vec<String> {
        all_placed(vec![heard])
    }

    fn all_placed(heard: Vec<Heard>) -> Vec<String> {
        place(heard, &Window { pieces: pieces() }, Speaker::Agent)
            .iter()
            .map(|segment| {
                let mark = segment.suspicion.map(|suspicion| format!(" {suspicion:?}")).unwrap_or_default();
                format!("{:.2}-{:.2} {}{mark}", segment.start_s, segment.end_s, segment.text)
            })
            .collect()
    }

    #[test]
    fn timestamps_mean_the_joint_they_are_near() {
        assert_eq!(placed(heard(0.3, 4.6, "您好，这里是客服")), ["10.00-14.00 您好，这里是客服"]);
        assert_eq!(placed(heard(3.8, 8.0, "请问是本人吗")), ["24.00-28.00 请问是本人吗"]);
        assert_eq!(placed(heard(1.0, 3.0, "您好，这里是客服")), ["11.00-13.00 您好，这里是客服"]);
    }

    #[test]
    fn what_snaps_to_the_same_joints_is_one_segment() {
        let ticks: Vec<Heard> =
            (0..60).map(|tick| heard(0.01 * f64::from(tick), 3.5 + 0.01 * f64::from(tick), "我")).collect();
        let text = format!("10.00-14.00 {} Repeat", "我".repeat(10));
        assert_eq!(all_placed(ticks), [text]);
        assert_eq!(all_placed(vec![heard(0.0, 4.0, "您好"), heard(4.2, 8.2, "请讲")]).len(), 2);
    }

    #[test]
    fn a_long_pause_is_split_at_the_mark_beside_it() {
        let text = "您好这里是客服，请问是本人吗";
        assert_eq!(
            placed(heard(0.0, 8.25, text)),
            ["10.00-14.00 您好这里是客服，", "24.00-28.00 请问是本人吗"]
        );
        assert_eq!(placed(heard(0.0, 8.25, "您，好这里是客服请问是本人吗")).len(), 1, "the mark is far away");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn segments_lie_in_the_recording_and_keep_the_text(start in 0.0..12.0, length in 0.0..12.0) {
            let text = "您好，这里是客服，请问，是本人吗，方便说话吗";
            let segments = place(vec![heard(start, start + length, text)], &Window { pieces: pieces() }, Speaker::Agent);
            prop_assert_eq!(segments.iter().map(|segment| segment.text.as_str()).collect::<String>(), text);
            for segment in &segments {
                prop_assert!(10.0 <= segment.start_s && segment.start_s <= segment.end_s && segment.end_s <= 28.0);
            }
        }
    }
}
