//! How the score came about, and what the agent did well.

use serde::Serialize;

use crate::domain::{CallReport, GoodConduct, ScoreItem};

use super::super::words;
use super::moment::segment_at;

/// A line of the account.
#[derive(Serialize)]
pub(super) struct ScoreRow<'a> {
    item: &'a str,
    note: &'a str,
    /// With its sign.
    points: String,
    is_gain: bool,
}

#[derive(Serialize)]
pub(super) struct GoodView<'a> {
    title: &'a str,
    quote: &'a str,
    points: u32,
    when: Option<String>,
    /// Segment of the transcript to look at.
    segment: Option<usize>,
}

pub(super) fn rows(items: &[ScoreItem]) -> Vec<ScoreRow<'_>> {
    items.iter().map(ScoreRow::new).collect()
}

pub(super) fn good(report: &CallReport) -> Vec<GoodView<'_>> {
    report.good_conduct.iter().map(|good| GoodView::new(report, good)).collect()
}

impl<'a> ScoreRow<'a> {
    fn new(item: &'a ScoreItem) -> Self {
        let ScoreItem { item, note, points } = item;
        // A minus sign as wide as the plus.
        let sign = match points {
            ..0 => "−",
            0 => "",
            1.. => "+",
        };
        Self { item, note, points: format!("{sign}{}", points.unsigned_abs()), is_gain: *points > 0 }
    }
}

impl<'a> GoodView<'a> {
    fn new(report: &CallReport, good: &'a GoodConduct) -> Self {
        Self {
            title: &good.title,
            quote: &good.quote,
            points: good.points,
            when: words::span(good.start_s, good.end_s),
            segment: segment_at(report, good.start_s),
        }
    }
}
