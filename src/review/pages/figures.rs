//! Shares and bars, as pages show them.

use serde::Serialize;

use crate::oversight::Share;

/// A share in words.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Shown {
    pub count: u64,
    pub of: u64,
    /// With one decimal; absent of nothing.
    pub percent: Option<String>,
    /// The 95 % interval.
    pub low: String,
    pub high: String,
    /// Width of a bar, 0 to 100.
    pub width: f64,
}

pub(super) fn shown(share: Share) -> Shown {
    let (low, high) = share.interval();
    Shown {
        count: share.count,
        of: share.of,
        percent: share.value().map(percent),
        low: percent(low),
        high: percent(high),
        width: (share.value().unwrap_or_default() * 1_000.0).round() / 10.0,
    }
}

/// With one decimal.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// A picture of bars.
#[derive(Debug, Serialize)]
pub(super) struct Bars {
    pub width: f64,
    pub height: f64,
    /// Where the bars stand.
    pub floor: f64,
    pub columns: Vec<Bar>,
    /// Shares, from the floor up.
    pub lines: Vec<(f64, String)>,
}

#[derive(Debug, Serialize)]
pub(super) struct Bar {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub middle: f64,
    pub title: String,
    /// Under the bar; empty where there is no room.
    pub label: String,
}

const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 180.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 10.0;
const FLOOR: f64 = HEIGHT - 24.0;
/// Room that a label takes.
const LABEL: f64 = 64.0;

/// Shares side by side, each with its label and what is told of it.
pub(super) fn bars(shares: &[(String, String, Share)]) -> Bars {
    let largest = shares.iter().filter_map(|(.., share)| share.value()).fold(0.0, f64::max);
    let top = ceiling(largest);
    let step = (WIDTH - LEFT) / shares.len().max(1) as f64;
    let room = ((LABEL / step).ceil() as usize).max(1);
    let bar = |(place, (label, title, share)): (usize, &(String, String, Share))| {
        let height = share.value().unwrap_or_default() / top * (FLOOR - TOP);
        let x = LEFT + place as f64 * step;
        Bar {
            x: tenth(x + step * 0.1),
            y: tenth(FLOOR - height),
            width: tenth(step * 0.8),
            height: tenth(height),
            middle: tenth(x + step / 2.0),
            title: title.clone(),
            label: if place % room == 0 { label.clone() } else { String::new() },
        }
    };
    let line = |part: f64| (tenth(FLOOR - part * (FLOOR - TOP)), percent(top * part));
    Bars {
        width: WIDTH,
        height: HEIGHT,
        floor: FLOOR,
        columns: shares.iter().enumerate().map(bar).collect(),
        lines: [0.0, 0.5, 1.0].map(line).into(),
    }
}

/// A round share above the largest.
fn ceiling(largest: f64) -> f64 {
    [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].into_iter().find(|top| largest <= *top).unwrap_or(1.0)
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_stand_on_the_floor_and_stay_within_the_picture() {
        let shares: Vec<_> =
            (0..90).map(|day| (format!("d{day}"), String::new(), Share { count: day, of: 90 })).collect();
        let picture = bars(&shares);
        for bar in &picture.columns {
            assert!((bar.y + bar.height - picture.floor).abs() < 0.2 && bar.y >= TOP - 0.1);
            assert!(bar.x >= LEFT && bar.x + bar.width <= picture.width);
        }
        assert!(picture.columns.iter().filter(|bar| !bar.label.is_empty()).count() <= 11);
        assert!(bars(&[]).columns.is_empty());
    }
}
