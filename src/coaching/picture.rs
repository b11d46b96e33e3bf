//! Three months as bars, with numbers that can be read on paper.

use serde::Serialize;

use super::MonthFigures;
use crate::oversight::Share;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 176.0;
/// Where bars begin, and where they stand: above and below them are numbers.
const TOP: f64 = 40.0;
const FLOOR: f64 = HEIGHT - 22.0;
/// Share of its column that a bar takes.
const BAR: f64 = 0.44;

/// Shares of flagged calls, side by side.
#[derive(Debug, Serialize)]
pub(super) struct Picture {
    width: f64,
    height: f64,
    floor: f64,
    columns: Vec<Column>,
}

#[derive(Debug, Serialize)]
struct Column {
    month: String,
    /// Absent in a month without calls.
    share: Option<String>,
    count: String,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    middle: f64,
    /// Where the 95 % interval begins and ends.
    low: f64,
    high: f64,
}

/// The picture of a trend.
pub(super) fn picture(trend: &[MonthFigures]) -> Picture {
    let step = WIDTH / trend.len().max(1) as f64;
    let judged = trend.iter().filter(|month| month.flagged.of > 0);
    let top = judged.map(|month| month.flagged.interval().1).fold(0.05, f64::max);
    let height = |share: f64| (share / top).min(1.0) * (FLOOR - TOP);
    let column = |(place, month): (usize, &MonthFigures)| {
        let Share { count, of } = month.flagged;
        let (value, (low, high)) = (month.flagged.value(), month.flagged.interval());
        let tall = height(value.unwrap_or_default());
        let middle = (place as f64 + 0.5) * step;
        Column {
            month: month.month.to_string(),
            share: value.map(percent),
            count: if of == 0 { "没有通话".to_owned() } else { format!("{count}/{of} 通") },
            x: tenth(middle - step * BAR / 2.0),
            y: tenth(FLOOR - tall),
            width: tenth(step * BAR),
            height: tenth(tall),
            middle: tenth(middle),
            low: tenth(FLOOR - height(low)),
            high: tenth(FLOOR - height(high)),
        }
    };
    Picture {
        width: WIDTH,
        height: HEIGHT,
        floor: FLOOR,
        columns: trend.iter().enumerate().map(column).collect(),
    }
}

/// With one decimal.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn bars_stand_on_the_floor_and_keep_room_for_their_numbers() {
        let month = |(count, of)| MonthFigures {
            month: "2026-10".parse().unwrap(),
            calls: of,
            heard: of,
            flagged: Share { count, of },
            average_score: None,
            findings: BTreeMap::new(),
        };
        for shares in [[(0, 0), (0, 40), (1, 40)], [(40, 40), (1, 2), (0, 1)], [(0, 0), (0, 0), (0, 0)]] {
            let picture = picture(&shares.map(month));
            for (column, (_, of)) in picture.columns.iter().zip(shares) {
                assert!((column.y + column.height - FLOOR).abs() < 0.2, "{column:?}");
                assert!(column.y >= TOP - 0.1 && column.x >= 0.0 && column.x + column.width <= WIDTH);
                assert!(of == 0 || (column.high >= TOP - 0.1 && column.low <= FLOOR + 0.1), "{column:?}");
                assert!(column.high <= column.y + 0.1 && column.y <= column.low + 0.1, "{column:?}");
                assert_eq!(column.share.is_some(), of > 0);
            }
        }
    }
}
