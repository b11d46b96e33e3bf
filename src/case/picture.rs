//! The timeline: a mark a call, days across, hours of the debtor's day down, the allowed hours shaded.
//!
//! Places along the days are percentages and along the hours pixels, so that the drawing fills any width without its
//! letters being stretched.

use jiff::civil::Date;
use serde::Serialize;

use super::pack::ShownCall;
use super::words::verdict;
use super::{Case, CaseCall};

const HOUR_PX: f64 = 12.0;
/// Closest that two labels of hours stand.
const LABEL_HOURS: f64 = 3.0;
/// Room above for the marks of midnight, and below for the days.
const TOP_PX: f64 = 12.0;
const AXIS_PX: f64 = 26.0;
/// Where the first and the last day stand, in percent: left of them are the hours.
const FIRST_PERCENT: f64 = 13.0;
const LAST_PERCENT: f64 = 95.0;
/// Most labels of days that a telephone's screen has room for.
const MAX_TICKS: i64 = 4;
/// Marks carry their numbers as long as there are no more.
const MOST_NUMBERED: usize = 40;

#[derive(Serialize)]
pub(super) struct Picture {
    height: f64,
    top: f64,
    bottom: f64,
    bands: Vec<Band>,
    hours: Vec<Hour>,
    days: Vec<Day>,
    marks: Vec<Mark>,
    radius: f64,
    /// Calls whose start is not known.
    untimed: usize,
}

/// Hours in which a policy lets calls start.
#[derive(Serialize)]
struct Band {
    y: f64,
    height: f64,
}

#[derive(Serialize)]
struct Hour {
    y: f64,
    label: String,
}

#[derive(Serialize)]
struct Day {
    x: String,
    label: String,
}

/// One call.
#[derive(Serialize)]
struct Mark {
    x: String,
    y: f64,
    number: String,
    /// Empty where there are too many to be read.
    label: String,
    verdict: &'static str,
    /// False where the record alone is known.
    is_heard: bool,
    title: String,
}

/// `None` where no call has a start.
pub(super) fn picture(case: &Case, calls: &[ShownCall]) -> Option<Picture> {
    let days: Vec<Option<Date>> = calls.iter().map(|shown| day_of(&shown.call)).collect();
    let (first, last) = (*days.iter().flatten().min()?, *days.iter().flatten().max()?);
    let across = Across { first, days: days_between(first, last) };
    let timed = days.iter().flatten().count();
    let marks = calls.iter().zip(&days).filter_map(|(shown, day)| {
        let minutes = minutes(shown.call.record.started_at.as_deref().unwrap_or_default());
        let hour = f64::from(shown.call.hour?) + minutes / 60.0;
        Some(Mark {
            x: across.x(days_between(first, (*day)?)),
            y: y(hour),
            number: shown.paths.number.clone(),
            label: if timed > MOST_NUMBERED { String::new() } else { shown.paths.number.clone() },
            verdict: verdict(&shown.call).0,
            is_heard: shown.call.content.is_some(),
            title: title(shown),
        })
    });
    Some(Picture {
        height: TOP_PX + 24.0 * HOUR_PX + AXIS_PX,
        top: TOP_PX,
        bottom: y(24.0),
        bands: case
            .open_hours
            .iter()
            .map(|(open, close)| Band { y: y(*open), height: (close - open) * HOUR_PX })
            .collect(),
        hours: hours(&case.open_hours),
        days: across.ticks(),
        marks: marks.collect(),
        radius: if timed > MOST_NUMBERED { 4.0 } else { 9.0 },
        untimed: calls.len() - timed,
    })
}

/// Days from the first to the last.
struct Across {
    first: Date,
    days: i64,
}

impl Across {
    fn x(&self, day: i64) -> String {
        let share = if self.days == 0 { 0.5 } else { day as f64 / self.days as f64 };
        format!("{:.2}%", FIRST_PERCENT + share * (LAST_PERCENT - FIRST_PERCENT))
    }

    fn ticks(&self) -> Vec<Day> {
        let step = ((self.days + MAX_TICKS - 2) / (MAX_TICKS - 1)).max(1);
        let days = (0..=self.days).step_by(step as usize);
        days.filter_map(|day| {
            let date = self.first.checked_add(jiff::Span::new().try_days(day).ok()?).ok()?;
            Some(Day { x: self.x(day), label: date.strftime("%y-%m-%d").to_string() })
        })
        .collect()
    }
}

fn day_of(call: &CaseCall) -> Option<Date> {
    call.hour?;
    call.day.as_ref()?.parse().ok()
}

fn days_between(from: Date, until: Date) -> i64 {
    i64::from(from.until(until).map_or(0, |span| span.get_days()))
}

fn y(hour: f64) -> f64 {
    TOP_PX + hour * HOUR_PX
}

/// Midnight to midnight in quarters, and where the allowed hours begin and end; what would stand on another is left out.
fn hours(open: &[(f64, f64)]) -> Vec<Hour> {
    let mut hours: Vec<f64> = open.iter().flat_map(|(open, close)| [*open, *close]).collect();
    for quarter in [0.0, 6.0, 12.0, 18.0, 24.0] {
        if hours.iter().all(|hour: &f64| (hour - quarter).abs() >= LABEL_HOURS) {
            hours.push(quarter);
        }
    }
    hours.sort_by(f64::total_cmp);
    hours.dedup();
    let label = |hour: f64| format!("{:02}:{:02}", hour.trunc(), (hour.fract() * 60.0).round());
    hours.into_iter().map(|hour| Hour { y: y(hour), label: label(hour) }).collect()
}

/// Minutes of a start as written; 0 where it is written otherwise.
fn minutes(written: &str) -> f64 {
    let minutes = written.split(':').nth(1).and_then(|rest| rest.get(..2)?.parse::<u8>().ok());
    f64::from(minutes.filter(|minutes| *minutes < 60).unwrap_or(0))
}

fn title(shown: &ShownCall) -> String {
    let call = &shown.call;
    let started = call.record.started_at.as_deref().unwrap_or("开始时间未注明");
    let findings = call.report.findings.len();
    format!("{} {started} {} 发现 {findings} 项", shown.paths.number, verdict(call).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_few_labels_and_one_stands_in_the_middle() {
        let across = |days| Across { first: "2026-02-27".parse().unwrap(), days };
        let labels =
            |days| across(days).ticks().into_iter().map(|day| format!("{} {}", day.label, day.x)).collect();
        let one: Vec<String> = labels(0);
        assert_eq!(one, ["26-02-27 54.00%"]);
        let week: Vec<String> = labels(6);
        assert_eq!(week, ["26-02-27 13.00%", "26-03-01 40.33%", "26-03-03 67.67%", "26-03-05 95.00%"]);
        assert!(across(3650).ticks().len() <= MAX_TICKS as usize);
    }

    #[test]
    fn minutes_are_those_that_are_written() {
        for (written, expected) in [
            ("2026-03-02 10:15:00", 15.0),
            ("2026-03-02T23:59:00+08:00", 59.0),
            ("2026/3/2 9:07", 7.0),
            ("20260302101500", 0.0),
            ("x:99", 0.0),
            ("：:零", 0.0),
        ] {
            assert!((minutes(written) - expected).abs() < f64::EPSILON, "{written}");
        }
    }

    #[test]
    fn hours_of_the_axis_do_not_touch() {
        let labels: Vec<_> = hours(&[(8.0, 22.0)]).into_iter().map(|hour| hour.label).collect();
        assert_eq!(labels, ["00:00", "08:00", "12:00", "18:00", "22:00"].map(str::to_owned));
    }
}
