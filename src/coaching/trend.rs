//! Month beside month. Pure.

use super::{Month, MonthFigures};
use crate::domain::Category;
use crate::oversight::Share;
use crate::store::{MonthCalls, MonthCategory};

/// Months of a trend, this one among them.
const MONTHS: u8 = 3;

/// The months of the trend that ends with `month`, the earliest first.
pub(super) fn months(month: Month) -> impl Iterator<Item = Month> {
    (0..MONTHS).rev().map(move |back| month.before(back))
}

/// Every month of the trend, those without calls too.
pub(super) fn trend(month: Month, calls: &[MonthCalls], categories: &[MonthCategory]) -> Vec<MonthFigures> {
    let figures = |month: Month| {
        let name = month.to_string();
        let of_month = calls.iter().find(|calls| calls.month == name);
        let count = |count: fn(&MonthCalls) -> u64| of_month.map_or(0, count);
        let scored = of_month.filter(|calls| calls.scored > 0);
        let own = categories.iter().filter(|category| category.month == name);
        MonthFigures {
            month,
            calls: count(|calls| calls.calls),
            heard: count(|calls| calls.heard),
            flagged: Share { count: count(|calls| calls.flagged), of: count(|calls| calls.calls) },
            average_score: scored.map(|calls| calls.score_total as f64 / calls.scored as f64),
            findings: own.map(|category| (category.category, category.findings)).collect(),
        }
    };
    months(month).map(figures).collect()
}

/// What was found in an earlier month and not in the last one, with how often; nothing of what could not be judged then.
pub(super) fn overcome(trend: &[MonthFigures]) -> Vec<(Category, u64)> {
    let Some((now, earlier)) = trend.split_last() else { return Vec::new() };
    let before = |category: Category| -> u64 {
        earlier.iter().filter_map(|month| month.findings.get(&category)).sum()
    };
    let is_judged = |category: Category| if is_of_records(category) { now.calls > 0 } else { now.heard > 0 };
    let all = Category::ALL.into_iter().map(|category| (category, before(category)));
    all.filter(|(category, before)| {
        *before > 0 && !now.findings.contains_key(category) && is_judged(*category)
    })
    .collect()
}

/// True for what call records alone can show.
fn is_of_records(category: Category) -> bool {
    matches!(
        category,
        Category::OutsideHours
            | Category::TooFrequent
            | Category::ShortInterval
            | Category::Holiday
            | Category::ThirdPartyFrequency
            | Category::ContactAfterRefusal
    )
}

/// How a share changed, in words; nothing where one of them is of nothing.
pub(super) fn change(before: Share, now: Share) -> Option<&'static str> {
    if before.of == 0 || now.of == 0 {
        return None;
    }
    Some(if now.is_surely_below(before) {
        "比上月明显下降"
    } else if before.is_surely_below(now) {
        "比上月明显上升"
    } else {
        "与上月相比，差别在偶然范围之内"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(month: &str, calls: u64, heard: u64, flagged: u64) -> MonthCalls {
        MonthCalls { month: month.to_owned(), calls, heard, flagged, scored: heard, score_total: heard * 80 }
    }

    fn found(month: &str, category: Category, findings: u64) -> MonthCategory {
        MonthCategory { month: month.to_owned(), category, findings }
    }

    #[test]
    fn months_without_calls_are_there() {
        let counts = [calls("2026-08", 40, 20, 4), calls("2026-10", 10, 0, 1)];
        let trend = trend("2026-10".parse().unwrap(), &counts, &[found("2026-08", Category::Threat, 3)]);
        let told: Vec<_> = trend
            .iter()
            .map(|one| (one.month.to_string(), one.calls, one.flagged.count, one.average_score))
            .collect();
        let expected = [("2026-08", 40, 4, Some(80.0)), ("2026-09", 0, 0, None), ("2026-10", 10, 1, None)];
        assert_eq!(
            told,
            expected.map(|(month, calls, flagged, score)| (month.to_owned(), calls, flagged, score))
        );
        assert_eq!(trend[0].findings, [(Category::Threat, 3)].into());
    }

    #[test]
    fn overcome_is_what_could_have_been_found_and_was_not() {
        let earlier = [found("2026-08", Category::Threat, 2), found("2026-09", Category::Threat, 1)];
        let night = [found("2026-09", Category::OutsideHours, 1)];
        for (heard, now, expected) in [
            (5, vec![], vec![(Category::Threat, 3), (Category::OutsideHours, 1)]),
            (5, vec![found("2026-10", Category::Threat, 1)], vec![(Category::OutsideHours, 1)]),
            // Nobody heard a word of this month.
            (0, vec![], vec![(Category::OutsideHours, 1)]),
        ] {
            let counts = [calls("2026-10", 5, heard, 0)];
            let categories: Vec<_> = earlier.iter().chain(&night).chain(&now).cloned().collect();
            assert_eq!(overcome(&trend("2026-10".parse().unwrap(), &counts, &categories)), expected);
        }
    }

    #[test]
    fn only_sure_changes_are_told() {
        for (before, now, told) in [
            ((50, 100), (10, 100), Some("比上月明显下降")),
            ((10, 100), (50, 100), Some("比上月明显上升")),
            ((1, 10), (2, 10), Some("与上月相比，差别在偶然范围之内")),
            ((0, 0), (2, 10), None),
        ] {
            let share = |(count, of)| Share { count, of };
            assert_eq!(change(share(before), share(now)), told);
        }
    }
}
