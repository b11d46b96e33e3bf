//! Shares, and how sure they are.

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    pub count: u64,
    pub of: u64,
}

/// Two-sided 95 %.
const Z: f64 = 1.959_963_984_540_054;

impl Share {
    /// The share itself; absent of nothing.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }

    /// The 95 % interval by Wilson's score (1927), which holds for few and for extreme ones, too: from 0 to 1 of nothing.
    #[must_use]
    pub fn interval(self) -> (f64, f64) {
        let Some(share) = self.value() else { return (0.0, 1.0) };
        let count = self.of as f64;
        let weight = 1.0 + Z * Z / count;
        let middle = (share + Z * Z / (2.0 * count)) / weight;
        let half = Z / weight * (share * (1.0 - share) / count + Z * Z / (4.0 * count * count)).sqrt();
        ((middle - half).max(0.0), (middle + half).min(1.0))
    }

    /// True where this share is surely below another: the 95 % interval of their difference by Newcombe's hybrid score
    /// (1998, method 10) lies below 0.
    #[must_use]
    pub fn is_surely_below(self, other: Self) -> bool {
        let (Some(own), Some(others)) = (self.value(), other.value()) else { return false };
        let ((_, own_upper), (others_lower, _)) = (self.interval(), other.interval());
        own - others + ((own_upper - own).powi(2) + (others - others_lower).powi(2)).sqrt() < 0.0
    }
}

/// The share that is exceeded with a chance of 5 % at most, after Clopper and Pearson (1934): what random samples say of
/// all. 1 of nothing.
#[must_use]
pub fn exact_upper_bound(share: Share) -> f64 {
    if share.count >= share.of {
        return 1.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    // The chance of so few falls as the share grows: halving 60 times is beyond what a double tells apart.
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if 1.0 - at_least(share.count + 1, share.of, middle) > 0.05 {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The chance of `count` or more of `of`, each with the chance `share` (0 to 1).
pub(super) fn at_least(count: u64, of: u64, share: f64) -> f64 {
    if count == 0 {
        return 1.0;
    }
    if count > of || share <= 0.0 {
        return 0.0;
    }
    if share >= 1.0 {
        return 1.0;
    }
    // The smaller tail is added up, from its largest term on.
    if count as f64 > of as f64 * share {
        tail(count, of, share)
    } else {
        1.0 - tail(of - count + 1, of, 1.0 - share)
    }
}

/// The upper tail from `count` on, where it is beyond the mean: terms fall from the first.
fn tail(count: u64, of: u64, share: f64) -> f64 {
    let (n, k) = (of as f64, count as f64);
    let choose = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    let mut term = (choose + k * share.ln() + (n - k) * (-share).ln_1p()).exp();
    let odds = share / (1.0 - share);
    let mut sum = 0.0;
    for number in count..=of {
        sum += term;
        if term < sum * 1e-15 {
            break;
        }
        term *= (of - number) as f64 / (number + 1) as f64 * odds;
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(count: u64, of: u64) -> Share {
        Share { count, of }
    }

    #[test]
    fn intervals_are_those_of_the_tables() {
        // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        for (count, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (lower, upper) = share(count, of).interval();
            assert!(
                (lower - low).abs() < 1e-4 && (upper - high).abs() < 1e-4,
                "{count}/{of}: {lower} {upper}"
            );
        }
        assert_eq!(share(0, 0).interval(), (0.0, 1.0));
    }

    #[test]
    fn a_share_is_below_another_only_where_that_is_sure() {
        assert!(share(50, 100).is_surely_below(share(90, 100)));
        assert!(!share(5, 10).is_surely_below(share(9, 10)), "too few");
        assert!(!share(90, 100).is_surely_below(share(50, 100)));
        assert!(!share(0, 0).is_surely_below(share(9, 10)));
    }

    #[test]
    fn of_none_missed_the_bound_is_the_rule_of_three() {
        for (count, of, bound) in
            [(0, 300, 0.009_936), (0, 59, 0.049_508), (1, 100, 0.046_56), (10, 10, 1.0), (0, 0, 1.0)]
        {
            let found = exact_upper_bound(share(count, of));
            assert!((found - bound).abs() < 2e-5, "{count}/{of}: {found}");
        }
    }

    #[test]
    fn tails_are_those_that_adding_up_gives() {
        for of in [1_u64, 5, 17] {
            for count in 0..=of + 1 {
                for chance in [0.0, 0.01, 0.3, 0.5, 0.97, 1.0_f64] {
                    let exact: f64 = (count..=of)
                        .map(|k| {
                            let choose: f64 = (0..k).map(|i| (of - i) as f64 / (i + 1) as f64).product();
                            choose * chance.powi(k as i32) * (1.0 - chance).powi((of - k) as i32)
                        })
                        .sum();
                    let found = at_least(count, of, chance);
                    assert!((found - exact).abs() < 1e-12, "{count} of {of} at {chance}: {found} {exact}");
                }
            }
        }
        assert!(at_least(30_000, 100_000, 0.25) < 1e-200 && at_least(20_000, 100_000, 0.25) > 0.999);
    }
}
