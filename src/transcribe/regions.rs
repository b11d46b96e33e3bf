//! Frame probabilities to speech regions: hysteresis, minimum length, hangover, padding.

use std::ops::Range;

use super::speech::FRAME_SAMPLES;
use crate::domain::SAMPLE_RATE_HZ;

/// How readily frames become regions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegionOptions {
    /// A region begins with a frame at least this probable …
    pub onset: f32,
    /// … and goes on while frames are at least this probable.
    pub offset: f32,
    /// Pauses up to this long stay inside a region.
    pub hangover_s: f64,
    /// Regions shorter than this, before padding, are clicks.
    pub min_speech_s: f64,
    /// Sound kept on either side: the detector cuts soft initials and fading finals.
    pub padding_s: f64,
}

impl Default for RegionOptions {
    fn default() -> Self {
        Self { onset: 0.6, offset: 0.5, hangover_s: 0.2, min_speech_s: 0.1, padding_s: 0.12 }
    }
}

/// Sample ranges of speech in a track of `samples` samples: ascending, apart from each other, none empty.
#[must_use]
pub fn speech_regions(probabilities: &[f32], samples: usize, options: &RegionOptions) -> Vec<Range<usize>> {
    let min_speech = samples_in(options.min_speech_s);
    let padding = samples_in(options.padding_s);
    let spoken = spoken_frames(probabilities, options)
        .into_iter()
        .map(|frames| frames.start * FRAME_SAMPLES..(frames.end * FRAME_SAMPLES).min(samples))
        .filter(|region| region.len() >= min_speech.max(1))
        .map(|region| region.start.saturating_sub(padding)..(region.end + padding).min(samples));
    joined(spoken)
}

/// Number of samples in `seconds`.
pub(super) fn samples_in(seconds: f64) -> usize {
    (seconds * f64::from(SAMPLE_RATE_HZ)).round() as usize
}

/// Runs of speech frames: begun at the onset threshold, ended by a pause longer than the hangover.
fn spoken_frames(probabilities: &[f32], options: &RegionOptions) -> Vec<Range<usize>> {
    let hangover = samples_in(options.hangover_s) / FRAME_SAMPLES;
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (frame, &probability) in probabilities.iter().enumerate() {
        let open = runs.last_mut().filter(|run| frame - run.end <= hangover);
        match open {
            Some(run) if probability >= options.offset => run.end = frame + 1,
            None if probability >= options.onset => runs.push(frame..frame + 1),
            _ => {}
        }
    }
    runs
}

/// Ascending regions with those that overlap or touch made one.
fn joined(regions: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut apart: Vec<Range<usize>> = Vec::new();
    for region in regions {
        match apart.last_mut() {
            Some(last) if region.start <= last.end => last.end = last.end.max(region.end),
            _ => apart.push(region),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One frame a character: `#` speech, `+` between the thresholds, anything else silence.
    fn frames(picture: &str) -> Vec<f32> {
        picture.chars().map(|c| [0.0, 0.55, 0.9][usize::from(c == '+') + 2 * usize::from(c == '#')]).collect()
    }

    /// The regions found in `picture`, drawn under it with `=`.
    fn drawn(picture: &str, padding_frames: usize) -> String {
        let frame_s = FRAME_SAMPLES as f64 / f64::from(SAMPLE_RATE_HZ);
        let options = RegionOptions {
            hangover_s: 2.0 * frame_s,
            min_speech_s: 2.0 * frame_s,
            padding_s: padding_frames as f64 * frame_s,
            ..RegionOptions::default()
        };
        let regions = speech_regions(&frames(picture), picture.len() * FRAME_SAMPLES, &options);
        let inside = |frame: usize| regions.iter().any(|region| region.contains(&(frame * FRAME_SAMPLES)));
        (0..picture.len()).map(|frame| if inside(frame) { '=' } else { '.' }).collect()
    }

    #[test]
    fn pictures() {
        for (picture, padding_frames, expected) in [
            ("........", 1, "........"),
            ("..####..", 0, "..====.."),
            ("..####..", 1, ".======."),
            ("####....", 3, "=======."),
            ("..#.....", 1, "........"),
            ("..++++..", 0, "........"),
            ("..#+++..", 0, "..====.."),
            ("++##..##", 0, "..======"),
            ("##...##.", 0, "==...==."),
            ("##...##.", 2, "========"),
            ("##....#+", 0, "==....=="),
            ("##...+##", 0, "==....=="),
        ] {
            assert_eq!(drawn(picture, padding_frames), expected, "{picture} padded by {padding_frames}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn regions_are_apart_and_inside(probabilities in proptest::collection::vec(0.0_f32..1.0, 0..400), missing in 0..256_usize) {
            let samples = (probabilities.len() * FRAME_SAMPLES).saturating_sub(missing);
            let regions = speech_regions(&probabilities, samples, &RegionOptions::default());
            for region in &regions {
                prop_assert!(region.start < region.end && region.end <= samples);
            }
            for pair in regions.windows(2) {
                prop_assert!(pair[0].end < pair[1].start);
            }
        }
    }
}
