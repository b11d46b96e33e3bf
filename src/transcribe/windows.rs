//! Speech regions packed into windows of several utterances, and the way back from a window's time line.

use std::ops::Range;

use super::regions::samples_in;

/// How much goes into one run of the recogniser.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WindowOptions {
    /// Longest window, joints included; the model takes 28.4 s at most.
    pub limit_s: f64,
    /// Longest silence kept between two regions: what remains of their pause.
    pub joint_s: f64,
    /// Windows shorter than this, which cost no less than such a window …
    pub short_s: f64,
    /// … get so much more of the sound before and behind: a word cut off close by is misheard.
    pub short_margin_s: f64,
}

impl Default for WindowOptions {
    fn default() -> Self {
        Self { limit_s: 14.0, joint_s: 0.15, short_s: 3.8, short_margin_s: 0.13 }
    }
}

/// A stretch of a track and where a window plays it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Samples of the track.
    pub source: Range<usize>,
    /// First sample in the window.
    pub at: usize,
}

impl Piece {
    /// One past the piece's last sample in the window.
    #[must_use]
    pub fn end(&self) -> usize {
        self.at + self.source.len()
    }
}

/// What one run of the recogniser hears: pieces of one track in order, silence between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    /// Never empty in a packed window.
    pub pieces: Vec<Piece>,
}

impl Window {
    /// Length in samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.last().map_or(0, Piece::end)
    }

    /// True when nothing has been packed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The sound of the window, full scale ±1.
    #[must_use]
    pub fn sound(&self, track: &[i16]) -> Vec<f32> {
        let mut sound = vec![0.0; self.len()];
        for piece in &self.pieces {
            let samples = &track[piece.source.clone()];
            for (out, &sample) in sound[piece.at..piece.end()].iter_mut().zip(samples) {
                *out = f32::from(sample) / 32_768.0;
            }
        }
        sound
    }

    /// Adds `source`, which comes after all that is packed already.
    pub(super) fn push(&mut self, source: Range<usize>, options: &WindowOptions) {
        let at = self.len() + self.joint(&source, options);
        self.pieces.push(Piece { source, at });
    }

    /// Silence before `next`: the pause as it was, at most the longest joint.
    fn joint(&self, next: &Range<usize>, options: &WindowOptions) -> usize {
        let pause = self.pieces.last().map_or(0, |last| next.start - last.source.end);
        pause.min(samples_in(options.joint_s))
    }

    /// Adds sound before and behind, as far as it is `free`, when the window is short.
    fn widen(&mut self, free: Range<usize>, options: &WindowOptions) {
        if self.len() >= samples_in(options.short_s) {
            return;
        }
        let margin = samples_in(options.short_margin_s);
        if let Some(first) = self.pieces.first_mut() {
            let more = margin.min(first.source.start - free.start);
            first.source.start -= more;
            self.pieces[1..].iter_mut().for_each(|piece| piece.at += more);
        }
        if let Some(last) = self.pieces.last_mut() {
            last.source.end = (last.source.end + margin).min(free.end);
        }
    }

    fn takes(&self, next: &Range<usize>, options: &WindowOptions) -> bool {
        self.len() + self.joint(next, options) + next.len() <= samples_in(options.limit_s)
    }
}

/// Packs ascending, disjoint `regions` of `track` into as few windows as their order allows.
///
/// Windows are cut at pauses. A region longer than a window is first cut at its quietest points.
#[must_use]
pub fn pack(regions: &[Range<usize>], track: &[i16], options: &WindowOptions) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    for region in regions.iter().flat_map(|region| cut(region.clone(), track, samples_in(options.limit_s))) {
        match windows.last_mut() {
            Some(window) if window.takes(&region, options) => window.push(region, options),
            _ => {
                let mut window = Window::default();
                window.push(region, options);
                windows.push(window);
            }
        }
    }
    widen(&mut windows, track.len(), options);
    windows
}

/// Widens short windows, each between its neighbours in a track of `samples` samples.
fn widen(windows: &mut [Window], samples: usize, options: &WindowOptions) {
    let mut free_from = 0;
    for index in 0..windows.len() {
        let next = windows.get(index + 1).and_then(|next| next.pieces.first());
        let free_until = next.map_or(samples, |next| next.source.start);
        windows[index].widen(free_from..free_until, options);
        free_from = windows[index].pieces.last().map_or(free_from, |last| last.source.end);
    }
}

/// `region` in parts of at most `limit` samples, each cut at the quietest point of the part's second half.
fn cut(mut region: Range<usize>, track: &[i16], limit: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    while region.len() > limit {
        let end = quietest(&track[region.start + limit / 2..region.start + limit]) + region.start + limit / 2;
        parts.push(region.start..end);
        region.start = end;
    }
    parts.push(region);
    parts
}

/// Middle of the 80 ms with the least energy; the end of `samples` where they are fewer.
fn quietest(samples: &[i16]) -> usize {
    const HOP: usize = 320;
    const FRAMES: usize = 4;
    let energies: Vec<u64> = samples.chunks_exact(HOP).map(energy).collect();
    energies
        .windows(FRAMES)
        .enumerate()
        .min_by_key(|(_, window)| window.iter().sum::<u64>())
        .map_or(samples.len().max(1), |(frame, _)| (frame + FRAMES / 2) * HOP)
}

fn energy(samples: &[i16]) -> u64 {
    samples.iter().map(|&sample| u64::from(sample.unsigned_abs()).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OPTIONS: WindowOptions =
        WindowOptions { limit_s: 1.0, joint_s: 0.1, short_s: 0.0, short_margin_s: 0.0 };

    fn windows(regions: &[Range<usize>], track: &[i16]) -> Vec<Vec<(Range<usize>, usize)>> {
        let pieces =
            |window: Window| window.pieces.into_iter().map(|piece| (piece.source, piece.at)).collect();
        pack(regions, track, &OPTIONS).into_iter().map(pieces).collect()
    }

    #[test]
    fn pauses_shrink_to_the_joint_and_short_ones_stay() {
        let track = vec![0; 40_000];
        assert_eq!(
            windows(&[0..4_000, 4_800..8_000, 30_000..34_000], &track),
            [vec![(0..4_000, 0), (4_800..8_000, 4_800), (30_000..34_000, 9_600)]]
        );
        assert_eq!(windows(&[0..10_000, 12_000..20_000], &track), [[(0..10_000, 0)], [(12_000..20_000, 0)]]);
        assert_eq!(windows(&[], &track), Vec::<Vec<_>>::new());
    }

    #[test]
    fn a_long_region_is_cut_where_it_is_quietest() {
        let mut track = vec![1_000; 24_000];
        track[11_000..13_000].fill(10);
        let region = 0..24_000;
        let cut = windows(std::slice::from_ref(&region), &track);
        let ends: Vec<usize> = cut.iter().map(|window| window[0].0.end).collect();
        assert_eq!(cut.len(), 2);
        assert!((11_300..12_700).contains(&ends[0]), "{ends:?}");
    }

    #[test]
    fn a_short_window_gets_the_sound_around_that_no_other_has() {
        let options = WindowOptions { short_s: 0.6, short_margin_s: 0.05, ..OPTIONS };
        for (regions, expected) in [
            (vec![4_000..8_000, 29_000..29_800], vec![(3_200..8_000, 0), (29_000..30_000, 6_400)]),
            (vec![300..4_000, 6_000..7_000], vec![(0..4_000, 0), (6_000..7_800, 5_600)]),
            (vec![2_000..16_000, 16_200..20_000], vec![(2_000..16_000, 0), (16_000..20_800, 0)]),
        ] {
            let windows = pack(&regions, &vec![0; 30_000], &options);
            let pieces = windows.into_iter().flat_map(|window| window.pieces);
            assert_eq!(pieces.map(|piece| (piece.source, piece.at)).collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn the_sound_is_the_pieces_with_silence_between() {
        let track = [100, 200, 300, 400, 500, 600];
        let pieces = vec![Piece { source: 1..3, at: 0 }, Piece { source: 4..6, at: 3 }];
        let sound: Vec<f32> =
            Window { pieces }.sound(&track).iter().map(|sample| sample * 32_768.0).collect();
        assert_eq!(sound, [200.0, 300.0, 0.0, 500.0, 600.0]);
    }

    fn regions() -> impl Strategy<Value = Vec<Range<usize>>> {
        proptest::collection::vec((1..9_000_usize, 1..40_000_usize), 0..20).prop_map(|lengths| {
            let mut regions: Vec<Range<usize>> = Vec::new();
            for (pause, length) in lengths {
                let start = regions.last().map_or(0, |last| last.end) + pause;
                regions.push(start..start + length);
            }
            regions
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_speech_sample_is_in_one_window_in_order(regions in regions(), loudness: i16) {
            let end = regions.last().map_or(0, |last| last.end);
            let track: Vec<i16> = (0..977).cycle().map(|step| loudness.wrapping_mul(step)).take(end).collect();
            let windows = pack(&regions, &track, &OPTIONS);
            for window in &windows {
                prop_assert!(!window.is_empty() && window.len() <= samples_in(OPTIONS.limit_s));
                for pair in window.pieces.windows(2) {
                    prop_assert!(pair[0].end() <= pair[1].at);
                }
            }
            let packed: Vec<usize> =
                windows.iter().flat_map(|window| &window.pieces).flat_map(|piece| piece.source.clone()).collect();
            prop_assert_eq!(packed, regions.into_iter().flatten().collect::<Vec<_>>());
        }
    }
}
