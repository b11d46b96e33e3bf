//! Stretches of time as pairs of seconds.

/// A stretch `(from, to)` in seconds.
pub(super) type Span = (f64, f64);

/// The same time without overlaps, in order. Takes spans in the order of their start.
pub(super) fn united(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut united: Vec<Span> = Vec::new();
    for (from, to) in spans {
        match united.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => united.push((from, to)),
        }
    }
    united
}

/// The time that both lists cover. Both must be united.
pub(super) fn common(a: &[Span], b: &[Span]) -> Vec<Span> {
    let (mut i, mut j) = (0, 0);
    let mut common = Vec::new();
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let (from, to) = (x.0.max(y.0), x.1.min(y.1));
        if from < to {
            common.push((from, to));
        }
        if x.1 < y.1 { i += 1 } else { j += 1 }
    }
    common
}

/// The time between united spans.
pub(super) fn gaps(spans: &[Span]) -> Vec<Span> {
    spans.windows(2).map(|pair| (pair[0].1, pair[1].0)).collect()
}

/// The value in the middle of a sorted list; the mean of two in an even one.
pub(super) fn median(sorted: &[f64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = sorted[(sorted.len() - 1) / 2];
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spans_unite_meet_and_part() {
        let a = united([(0.0, 2.0), (1.0, 3.0), (3.0, 4.0), (6.0, 7.0), (6.2, 6.5)].into_iter());
        assert_eq!(a, [(0.0, 4.0), (6.0, 7.0)]);
        assert_eq!(common(&a, &[(3.0, 6.5), (6.8, 9.0)]), [(3.0, 4.0), (6.0, 6.5), (6.8, 7.0)]);
        assert_eq!(common(&a, &[]), []);
        assert_eq!(gaps(&a), [(4.0, 6.0)]);
        assert_eq!(gaps(&[]), []);
    }

    #[test]
    fn medians() {
        for (sorted, expected) in
            [(&[][..], None), (&[1.0], Some(1.0)), (&[1.0, 2.0], Some(1.5)), (&[1.0, 2.0, 9.0], Some(2.0))]
        {
            assert_eq!(median(sorted), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn common_time_is_in_both(mut a in spans(), mut b in spans()) {
            for list in [&mut a, &mut b] {
                list.sort_by(|x, y| x.0.total_cmp(&y.0));
            }
            let (a, b) = (united(a.into_iter()), united(b.into_iter()));
            let common = common(&a, &b);
            let within = |span: &Span, list: &[Span]| list.iter().any(|x| x.0 <= span.0 && span.1 <= x.1);
            prop_assert!(common.iter().all(|span| span.0 < span.1 && within(span, &a) && within(span, &b)));
        }
    }

    fn spans() -> impl Strategy<Value = Vec<Span>> {
        prop::collection::vec(
            (0.0..60.0_f64, 0.1..9.0_f64).prop_map(|(from, length)| (from, from + length)),
            0..12,
        )
    }
}
