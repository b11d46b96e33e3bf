//! How the score came about, and what the agent did well.

use serde::Serialize;

use crate::domain::{CallReport, GoodConduct, Mark, ScoreItem};

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

/// Something noted at its moment: good conduct, or what later calls are judged by.
#[derive(Serialize)]
pub(super) struct NotedView<'a> {
    title: &'a str,
    quote: &'a str,
    /// 0 for what earns nothing.
    points: u32,
    when: Option<String>,
    /// Segment of the transcript to look at.
    segment: Option<usize>,
}

pub(super) fn rows(items: &[ScoreItem]) -> Vec<ScoreRow<'_>> {
    items.iter().map(ScoreRow::new).collect()
}

pub(super) fn good(report: &CallReport) -> Vec<NotedView<'_>> {
    report.good_conduct.iter().map(|good| NotedView::of_good(report, good)).collect()
}

pub(super) fn marks(report: &CallReport) -> Vec<NotedView<'_>> {
    report.marks.iter().map(|mark| NotedView::of_mark(report, mark)).collect()
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

impl<'a> NotedView<'a> {
    fn of_mark(report: &CallReport, mark: &'a Mark) -> Self {
        Self {
            title: &mark.title,
            quote: &mark.quote,
            points: 0,
            when: words::span(mark.start_s, None),
            segment: segment_at(report, mark.start_s),
        }
    }

    fn of_good(report: &CallReport, good: &'a GoodConduct) -> Self {
        Self {
            title: &good.title,
            quote: &good.quote,
            points: good.points,
            when: words::span(good.start_s, good.end_s),
            segment: segment_at(report, good.start_s),
        }
    }
}
