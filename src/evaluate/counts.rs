//! Found, made up, missed.

use std::ops::{Add, AddAssign};

use serde::Serialize;

/// How often a finding was right, was wrong, and lacked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub found: u64,
    pub false_alarms: u64,
    pub missed: u64,
}

impl Counts {
    /// The part of the findings that is right; none where nothing was found.
    #[must_use]
    pub fn precision(self) -> Option<f64> {
        ratio(self.found, self.found + self.false_alarms)
    }

    /// The part of the labels that was found; none where nothing is labelled.
    #[must_use]
    pub fn recall(self) -> Option<f64> {
        ratio(self.found, self.found + self.missed)
    }

    /// Harmonic mean of precision and recall; none where there was nothing to find and nothing found.
    #[must_use]
    pub fn f1(self) -> Option<f64> {
        ratio(2 * self.found, 2 * self.found + self.false_alarms + self.missed)
    }
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            found: self.found + other.found,
            false_alarms: self.false_alarms + other.false_alarms,
            missed: self.missed + other.missed,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_from_counts() {
        for ((found, false_alarms, missed), expected) in [
            ((0, 0, 0), (None, None, None)),
            ((3, 1, 0), (Some(0.75), Some(1.0), Some(6.0 / 7.0))),
            ((0, 0, 2), (None, Some(0.0), Some(0.0))),
            ((0, 2, 0), (Some(0.0), None, Some(0.0))),
            ((1, 1, 1), (Some(0.5), Some(0.5), Some(0.5))),
        ] {
            let counts = Counts { found, false_alarms, missed };
            assert_eq!((counts.precision(), counts.recall(), counts.f1()), expected, "{counts:?}");
        }
    }
}
