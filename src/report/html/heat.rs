//! A heat map of calls: a row a day (or week, or month), a column an hour, the forbidden hours drawn over it.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use crate::domain::{OpenHours, TimingDay, TimingTally};

/// Days that are shown one by one, blank ones included; more are put together by month.
const MOST_DAYS: usize = 186;

/// Rows that are high enough to be named each; of more, every seventh is.
const MOST_NAMED: usize = 62;

const CELL_WIDTH: f64 = 30.0;
const LABEL_WIDTH: f64 = 84.0;
const HEAD_HEIGHT: f64 = 22.0;
const HOURS: usize = 24;
const DAY_S: f64 = 86_400.0;

#[derive(Debug, Serialize)]
pub(super) struct Heat {
    width: f64,
    height: f64,
    top: f64,
    ticks: Vec<Tick>,
    rows: Vec<Row>,
    forbidden: Vec<Band>,
    bounds: Vec<Bound>,
}

#[derive(Debug, Serialize)]
struct Tick {
    x: f64,
    label: String,
}

#[derive(Debug, Serialize)]
struct Row {
    label: String,
    label_y: f64,
    cells: Vec<Cell>,
}

#[derive(Debug, Serialize)]
struct Cell {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    /// Of the darkest cell, by the square root: few calls at night must be seen beside many by day.
    opacity: String,
    is_forbidden: bool,
    title: String,
}

/// Hours that at least one policy closes.
#[derive(Debug, Serialize)]
struct Band {
    x: f64,
    width: f64,
}

/// Where a policy opens or closes.
#[derive(Debug, Serialize)]
struct Bound {
    x: f64,
    title: String,
}

impl Heat {
    pub(super) fn new(days: &[TimingDay], open_hours: &[OpenHours]) -> Self {
        let rows = grouped(days);
        let most = rows.iter().flat_map(|(_, hours)| hours).max().copied().unwrap_or(0).max(1);
        let forbidden = forbidden(open_hours);
        let (height, named) = if rows.len() > MOST_NAMED { (6.0, 7) } else { (16.0, 1) };
        let top = |row: usize| HEAD_HEIGHT + row as f64 * height;
        let rows: Vec<Row> = rows
            .iter()
            .enumerate()
            .map(|(at, (label, hours))| Row {
                label: if at % named == 0 { label.clone() } else { String::new() },
                label_y: top(at) + 12.0,
                cells: cells((top(at), height), label, hours, most, &forbidden),
            })
            .collect();
        Self {
            width: LABEL_WIDTH + CELL_WIDTH * HOURS as f64 + 1.0,
            height: top(rows.len()) + 2.0,
            top: HEAD_HEIGHT,
            ticks: (0..HOURS)
                .map(|hour| Tick { x: left(hour as f64) + CELL_WIDTH / 2.0, label: hour.to_string() })
                .collect(),
            rows,
            bounds: bounds(open_hours),
            forbidden: forbidden
                .iter()
                .map(|(from, until)| Band { x: left(*from), width: (until - from) * CELL_WIDTH })
                .collect(),
        }
    }
}

fn left(hour: f64) -> f64 {
    LABEL_WIDTH + hour * CELL_WIDTH
}

/// Days, those without a call too, or months where there are too many of them.
fn grouped(days: &[TimingDay]) -> Vec<(String, Vec<u64>)> {
    let all = with_blanks(days);
    let by_month = all.is_none();
    let days = all.as_deref().unwrap_or(days);
    let mut rows: Vec<(String, Vec<u64>)> = Vec::new();
    for day in days {
        let label = if by_month { day.date.get(..7).unwrap_or(&day.date) } else { &day.date };
        match rows.last_mut().filter(|(last, _)| last == label) {
            Some((_, hours)) => {
                for (total, calls) in hours.iter_mut().zip(&day.calls_by_hour) {
                    *total += calls;
                }
            }
            None => rows.push((label.to_owned(), day.calls_by_hour.clone())),
        }
    }
    rows
}

/// All days from the first to the last; `None` where they are too many.
fn with_blanks(days: &[TimingDay]) -> Option<Vec<TimingDay>> {
    let date = |day: &TimingDay| day.date.parse::<Date>().ok();
    let (first, last) = (date(days.first()?)?, date(days.last()?)?);
    let span = usize::try_from(first.until(last).ok()?.get_days()).ok()? + 1;
    let blank = |date: Date| TimingDay {
        date: date.to_string(),
        tally: TimingTally::default(),
        calls_by_hour: vec![0; HOURS],
    };
    let mut known = days.iter().peekable();
    let all = first.series(1.day()).take(span);
    let day = |date: Date| match known.next_if(|day| day.date == date.to_string()) {
        Some(day) => day.clone(),
        None => blank(date),
    };
    (span <= MOST_DAYS).then(|| all.map(day).collect())
}

fn cells(
    (top, height): (f64, f64),
    label: &str,
    hours: &[u64],
    most: u64,
    forbidden: &[(f64, f64)],
) -> Vec<Cell> {
    let cell = |(hour, calls): (usize, &u64)| {
        let (from, until) = (hour as f64, hour as f64 + 1.0);
        Cell {
            x: left(from) + 1.0,
            y: top + 0.5,
            width: CELL_WIDTH - 2.0,
            height: height - 1.0,
            opacity: format!("{:.2}", 0.12 + 0.88 * (*calls as f64 / most as f64).sqrt()),
            is_forbidden: forbidden.iter().any(|(start, end)| from < *end && until > *start),
            title: format!("{label} {hour} 时：{calls} 通"),
        }
    };
    hours.iter().enumerate().filter(|(_, calls)| **calls > 0).map(cell).collect()
}

/// Stretches of the day, in hours, that at least one policy closes.
fn forbidden(open_hours: &[OpenHours]) -> Vec<(f64, f64)> {
    let open = open_hours.iter().map(|hours| hours.open_s).max();
    let close = open_hours.iter().map(|hours| hours.close_s).min();
    let (Some(open), Some(close)) = (open, close) else { return Vec::new() };
    let hours = |second: u32| f64::from(second) * HOURS as f64 / DAY_S;
    vec![(0.0, hours(open)), (hours(close).max(hours(open)), HOURS as f64)]
}

fn bounds(open_hours: &[OpenHours]) -> Vec<Bound> {
    let clock = |second: u32| format!("{:02}:{:02}", second / 3600, second / 60 % 60);
    let x = |second: u32| left(f64::from(second) * HOURS as f64 / DAY_S);
    let of = |hours: &OpenHours| {
        let title = format!("{}：{}—{}", hours.policy, clock(hours.open_s), clock(hours.close_s));
        [hours.open_s, hours.close_s].map(|second| Bound { x: x(second), title: title.clone() })
    };
    open_hours.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(date: &str, hour: usize, calls: u64) -> TimingDay {
        let mut calls_by_hour = vec![0; HOURS];
        calls_by_hour[hour] = calls;
        TimingDay { date: date.to_owned(), tally: TimingTally::default(), calls_by_hour }
    }

    #[test]
    fn hours_that_any_policy_closes_are_forbidden() {
        let hours = |policy: &str, open: u32, close: u32| OpenHours {
            policy: policy.to_owned(),
            open_s: open * 3600,
            close_s: close * 3600,
        };
        let heat = Heat::new(
            &[day("2026-03-02", 7, 4), day("2026-03-03", 21, 1)],
            &[hours("a", 8, 22), hours("b", 7, 21)],
        );
        let cells: Vec<_> = heat.rows.iter().flat_map(|row| &row.cells).collect();
        let told: Vec<_> = cells
            .iter()
            .map(|cell| (cell.title.as_str(), cell.is_forbidden, cell.opacity.as_str()))
            .collect();
        assert_eq!(told, [("2026-03-02 7 时：4 通", true, "1.00"), ("2026-03-03 21 时：1 通", true, "0.56")]);
        assert_eq!((heat.forbidden.len(), heat.bounds.len()), (2, 4));
    }

    #[test]
    fn blank_days_are_shown_and_years_put_together_by_month() {
        let labels = |days: &[TimingDay]| -> Vec<String> {
            Heat::new(days, &[]).rows.into_iter().map(|row| row.label).collect()
        };
        assert_eq!(
            labels(&[day("2026-02-27", 9, 1), day("2026-03-01", 9, 1)]),
            ["2026-02-27", "2026-02-28", "2026-03-01"]
        );
        let long = labels(&[day("2026-01-01", 9, 1), day("2026-03-31", 9, 1)]);
        assert_eq!((long.len(), long[7].as_str(), long[8].as_str()), (90, "2026-01-08", ""));
        let years = [day("2025-01-01", 9, 2), day("2025-01-09", 9, 2), day("2026-03-31", 9, 1)];
        assert_eq!(labels(&years), ["2025-01", "2026-03"]);
    }
}
