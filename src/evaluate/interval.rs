//! How far a measured rate may be trusted: 95 % intervals.

use serde::Serialize;

use super::counts::Counts;

/// Standard deviations that hold 95 % of a normal distribution.
const Z_95: f64 = 1.959_963_984_540_054;
/// Resamples of the bootstrap, and the seed that makes them the same every time.
const RESAMPLES: usize = 1000;
const SEED: u64 = 0x5EED_CA11;

/// A rate with the bounds of its 95 % interval, all in 0..=1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// Wilson's score interval for `part` of `whole`; none where `whole` is 0.
///
/// It stays inside 0..=1 and is honest for small numbers, where the textbook interval is not.
#[must_use]
pub fn wilson(part: u64, whole: u64) -> Option<Rate> {
    if whole == 0 {
        return None;
    }
    let (n, value) = (whole as f64, part as f64 / whole as f64);
    let z2 = Z_95 * Z_95;
    let centre = (value + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z_95 / (1.0 + z2 / n) * (value * (1.0 - value) / n + z2 / (4.0 * n * n)).sqrt();
    // Rounding must not push a bound past the point it encloses.
    Some(Rate { value, low: (centre - half).clamp(0.0, value), high: (centre + half).clamp(value, 1.0) })
}

/// How often each call was drawn in each of the resamples: the same draws for every figure.
pub(super) struct Bootstrap {
    draws: Vec<Vec<u32>>,
}

impl Bootstrap {
    /// Draws as many calls as there are, with replacement, from a fixed seed.
    pub fn new(calls: usize) -> Self {
        let mut random = SplitMix64(SEED);
        let draw = |_| {
            let mut times = vec![0; calls];
            for _ in 0..calls {
                times[random.below(calls)] += 1;
            }
            times
        };
        Self { draws: (0..RESAMPLES).map(draw).collect() }
    }

    /// F1 over all calls with the middle 95 % of the F1s of the resamples, widened to hold the value itself.
    /// `by_call` holds the calls in which something counted, by index.
    pub fn f1(&self, by_call: &[(usize, Counts)]) -> Option<Rate> {
        let all = by_call.iter().fold(Counts::default(), |sum, (_, counts)| sum + *counts);
        let value = all.f1()?;
        let mut resampled: Vec<f64> =
            self.draws.iter().filter_map(|times| weighted(by_call, times).f1()).collect();
        resampled.sort_by(f64::total_cmp);
        let at = |part: f64| {
            let index = (part * resampled.len().saturating_sub(1) as f64).round() as usize;
            resampled.get(index).copied().unwrap_or(value)
        };
        Some(Rate { value, low: at(0.025).min(value), high: at(0.975).max(value) })
    }
}

fn weighted(by_call: &[(usize, Counts)], times: &[u32]) -> Counts {
    by_call.iter().fold(Counts::default(), |sum, (call, counts)| {
        let times = u64::from(times[*call]);
        sum + Counts {
            found: counts.found * times,
            false_alarms: counts.false_alarms * times,
            missed: counts.missed * times,
        }
    })
}

/// Steele, Lea and Flood's generator: small, even, and the same on every machine.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`, evenly to within 2⁻³² for every `end` that fits into memory.
    fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wilson_agrees_with_published_values() {
        // Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29.
        for (part, whole, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let rate = wilson(part, whole).unwrap();
            assert!((rate.low - low).abs() < 5e-5 && (rate.high - high).abs() < 5e-5, "{rate:?}");
        }
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn one_call_alone_has_no_spread() {
        let rate = Bootstrap::new(1).f1(&[(0, Counts { found: 1, false_alarms: 1, missed: 0 })]).unwrap();
        assert_eq!((rate.low, rate.high), (rate.value, rate.value));
        assert_eq!(Bootstrap::new(0).f1(&[]), None);
    }

    #[test]
    fn more_calls_narrow_the_interval() {
        let by_call = |calls: usize| -> Vec<(usize, Counts)> {
            let counts = |call| Counts { found: 1, false_alarms: call as u64 % 2, missed: 0 };
            (0..calls).map(|call| (call, counts(call))).collect()
        };
        let width = |calls| {
            let rate = Bootstrap::new(calls).f1(&by_call(calls)).unwrap();
            rate.high - rate.low
        };
        assert!(width(400) < width(40) && width(40) < width(8), "{} {} {}", width(400), width(40), width(8));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn wilson_holds_its_point(whole in 1_u64..5000, share in 0.0..=1.0) {
            let rate = wilson((share * whole as f64) as u64, whole).unwrap();
            prop_assert!(0.0 <= rate.low && rate.low <= rate.value && rate.value <= rate.high && rate.high <= 1.0);
            prop_assert!(rate.low < rate.high);
        }

        #[test]
        fn the_bootstrap_holds_its_point(counts in prop::collection::vec((0_u64..4, 0_u64..4, 0_u64..4), 1..12)) {
            let by_call: Vec<(usize, Counts)> = counts
                .iter()
                .map(|&(found, false_alarms, missed)| Counts { found, false_alarms, missed })
                .enumerate()
                .collect();
            if let Some(rate) = Bootstrap::new(by_call.len()).f1(&by_call) {
                prop_assert!(0.0 <= rate.low && rate.low <= rate.value && rate.value <= rate.high && rate.high <= 1.0);
            }
        }
    }
}
