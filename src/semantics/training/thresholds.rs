//! From which probability on a hit is worth showing.

use super::super::model::Measured;

/// Fewer hits than this show no precision.
const FEWEST_HITS: usize = 30;

/// What a head said of an example that it had not seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judged {
    pub probability: f64,
    pub is_true: bool,
    pub is_innocent: bool,
}

/// The lowest threshold of full hundredths at which hits are that precise and, of a thousand innocent lines, no more than
/// `innocent` are hit.
pub(super) fn threshold(judged: &[Judged], precision: f64, innocent: f64) -> Option<f64> {
    let thresholds = (1..100).map(|percent| f64::from(percent) / 100.0);
    let good = |threshold: &f64| {
        let measured = measure(judged, *threshold);
        let hits = judged.iter().filter(|judged| judged.probability >= *threshold).count();
        hits >= FEWEST_HITS && measured.precision >= precision && measured.innocent_per_1000 <= innocent
    };
    // Precision need not rise with the threshold: what is below a bad one is no better for being good by chance.
    let good: Vec<(f64, bool)> = thresholds.map(|threshold| (threshold, good(&threshold))).collect();
    let last_bad = good.iter().rposition(|(threshold, good)| {
        !good && judged.iter().filter(|judged| judged.probability >= *threshold).count() >= FEWEST_HITS
    });
    let from = last_bad.map_or(0, |index| index + 1);
    good[from..].iter().find(|(_, good)| *good).map(|(threshold, _)| *threshold)
}

/// How a threshold does.
pub(super) fn measure(judged: &[Judged], threshold: f64) -> Measured {
    let count = |keep: &dyn Fn(&Judged) -> bool| judged.iter().filter(|judged| keep(judged)).count();
    let is_hit = |judged: &Judged| judged.probability >= threshold;
    let hits = count(&is_hit);
    let right = count(&|judged| is_hit(judged) && judged.is_true);
    let positives = count(&|judged| judged.is_true);
    let innocent = count(&|judged| judged.is_innocent);
    let flagged = count(&|judged| judged.is_innocent && is_hit(judged));
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let thousandths = |number: f64| (number * 1000.0).round() / 1000.0;
    Measured {
        precision: thousandths(share(right, hits)),
        recall: thousandths(share(right, positives)),
        positives,
        innocent_per_1000: thousandths(1000.0 * share(flagged, innocent)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_threshold_that_is_good_from_there_on() {
        let judged = |percent: u32, is_true: bool, is_innocent: bool| Judged {
            probability: f64::from(percent) / 100.0,
            is_true,
            is_innocent,
        };
        let mut all: Vec<Judged> = (0..100).map(|percent| judged(percent, percent >= 40, false)).collect();
        assert_eq!(threshold(&all, 1.0, 0.0), Some(0.4));
        assert_eq!(threshold(&all, 0.8, 0.0), Some(0.25));
        all.push(judged(55, false, true));
        assert_eq!(threshold(&all, 0.8, 0.0), Some(0.56));
        assert_eq!(threshold(&all, 1.01, 0.0), None);
        assert!((measure(&all, 0.5).precision - 0.98).abs() < 1e-9);
    }
}
