//! Control charts for shares (Shewhart's p-chart, as in ISO 7870-2), with limits from the exact distribution: those of
//! three standard deviations are wrong where few calls are flagged, which is what everybody hopes for.

use super::proportion::{Share, at_least};

/// The chance of a point beyond either limit though nothing changed: that of three standard deviations.
const CHANCE: f64 = 0.001_35;
/// Calls before the point that tell what is usual.
const ENOUGH: u64 = 100;
/// Flagged calls below which no rise is told.
const FEWEST: u64 = 3;

/// A point against what was usual before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Usual,
    Above,
    Below,
    /// Too little is known of what is usual.
    Unknown,
}

/// Whether `now` lies within what `before` makes usual.
pub(super) fn standing(before: Share, now: Share) -> Standing {
    if before.of < ENOUGH || now.of == 0 {
        return Standing::Unknown;
    }
    let usual = usual(before);
    if now.count >= FEWEST && at_least(now.count, now.of, usual) < CHANCE {
        Standing::Above
    } else if 1.0 - at_least(now.count + 1, now.of, usual) < CHANCE {
        Standing::Below
    } else {
        Standing::Usual
    }
}

/// The usual share: half a call more on either side (Jeffreys), for none flagged yet does not mean never.
pub(super) fn usual(before: Share) -> f64 {
    (before.count as f64 + 0.5) / (before.of as f64 + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_beyond_the_limits() {
        for (before, now, expected) in [
            ((20, 1_000), (2, 100), Standing::Usual),
            ((20, 1_000), (8, 100), Standing::Above),
            ((20, 1_000), (7, 100), Standing::Usual),
            ((0, 1_000), (2, 100), Standing::Usual),
            ((0, 1_000), (3, 100), Standing::Above),
            ((300, 1_000), (10, 100), Standing::Below),
            ((20, 1_000), (0, 100), Standing::Usual),
            ((20, 99), (90, 100), Standing::Unknown),
            ((20, 1_000), (0, 0), Standing::Unknown),
        ] {
            let share = |(count, of)| Share { count, of };
            assert_eq!(standing(share(before), share(now)), expected, "{before:?} {now:?}");
        }
    }
}
