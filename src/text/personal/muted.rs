//! When personal data is spoken: what the clips of a report may not let hear.

use super::{PersonalSpan, personal_data_in_turns};
use crate::domain::Segment;

/// Added on both sides: segment times are good to about this.
const MARGIN_S: f64 = 0.3;
/// Added on both sides for each second of the segment: the farther from its ends, the less is known of the place.
const MARGIN_SHARE: f64 = 0.1;
/// In longer segments there may be any pauses, so all of it is muted.
const LONGEST_S: f64 = 8.0;
/// Speech outside this pace, in characters a second, has pauses in it or wrong times.
const PACE: std::ops::RangeInclusive<f64> = 2.5..=8.0;

/// Pairs of seconds in which personal data is spoken, in order of segments. Better too much than too little.
#[must_use]
pub fn muted(segments: &[Segment]) -> Vec<(f64, f64)> {
    personal_data_in_turns(segments).iter().map(|span| interval(&segments[span.segment], span)).collect()
}

/// The place of the words within their segment, as if every letter took the same time.
fn interval(segment: &Segment, span: &PersonalSpan) -> (f64, f64) {
    let length_s = segment.end_s - segment.start_s;
    let letters = |text: &str| text.chars().filter(|char| char.is_alphanumeric()).count() as f64;
    let all = letters(&segment.text);
    let margin_s = MARGIN_S + MARGIN_SHARE * length_s.max(0.0);
    if length_s > LONGEST_S || !PACE.contains(&(all / length_s)) {
        return (segment.start_s - margin_s, segment.end_s + margin_s);
    }
    let at = |byte: usize| segment.start_s + length_s * letters(&segment.text[..byte]) / all;
    (at(span.data.range.start) - margin_s, at(span.data.range.end) + margin_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Speaker;

    fn said(start_s: f64, end_s: f64, text: &str) -> Segment {
        Segment::said(Speaker::Agent, start_s, end_s, text)
    }

    #[test]
    fn the_number_is_muted_and_where_times_are_coarse_the_segment() {
        for (segment, expected) in [
            (said(10.0, 15.0, "您的号码是13812345678，对不对呢"), Some((10.5, 14.8))),
            (said(10.0, 30.0, "您的号码是13812345678，对不对呢"), Some((7.7, 32.3))),
            (said(10.0, 11.0, "您的号码是13812345678，对不对呢"), Some((9.6, 11.4))),
            (said(10.0, 15.0, "您好，请问是本人吗"), None),
        ] {
            let muted = muted(std::slice::from_ref(&segment));
            let rounded =
                muted.first().map(|(from, to)| ((from * 10.0).round() / 10.0, (to * 10.0).round() / 10.0));
            assert_eq!(rounded, expected, "{segment:?}");
        }
    }

    #[test]
    fn every_part_of_a_number_is_muted() {
        let segments =
            [said(0.0, 1.0, "138"), said(2.0, 3.0, "0013"), said(4.0, 5.0, "8000"), said(6.0, 7.0, "好的")];
        let muted = muted(&segments);
        for segment in &segments[..3] {
            let middle_s = f64::midpoint(segment.start_s, segment.end_s);
            assert!(
                muted.iter().any(|(from, to)| (*from..*to).contains(&middle_s)),
                "{segment:?}: {muted:?}"
            );
        }
        assert!(muted.iter().all(|(_, to)| *to < 6.0));
    }
}
