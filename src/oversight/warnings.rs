//! Agents, teams and rules whose share of flagged calls left its usual range in the last week.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::control::{Standing, standing, usual};
use super::proportion::Share;
use crate::store::{DayCount, Scope, Store, StoreError};

/// Weeks that tell what is usual.
const WEEKS_BEFORE: u8 = 8;

/// Whose share it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Agent,
    Team,
    Rule,
}

impl Subject {
    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Team => "team",
            Self::Rule => "rule",
        }
    }
}

/// The calls of seven days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Its first day, `YYYY-MM-DD`.
    pub from_day: String,
    pub share: Share,
}

/// A share that left its usual range.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    pub subject: Subject,
    pub key: String,
    /// Above what is usual; below it otherwise, which may mean that something is not heard any more.
    pub is_above: bool,
    /// The usual share, 0 to 1.
    pub usual: f64,
    /// The weeks before and the last one, in order of time.
    pub weeks: Vec<Week>,
}

/// The warnings for the seven days up to `last_day`, against the eight weeks before.
///
/// # Errors
/// When the store cannot be read.
pub fn warnings(store: &mut Store, last_day: Date) -> Result<Vec<Warning>, StoreError> {
    let weeks = weeks_up_to(last_day);
    let (Some(first), to_day) = (weeks.first(), last_day.to_string()) else { return Ok(Vec::new()) };
    let scope = Scope { from_day: first.to_string(), to_day, ..Scope::default() };
    let (agents, teams) = (store.flagged_by_day(false, &scope)?, store.flagged_by_day(true, &scope)?);
    let rules = store.rules_by_day(&scope)?;
    let all = calls_by_week(store, &scope, &weeks)?;
    let mut found = Vec::new();
    for (subject, days) in [(Subject::Agent, &agents), (Subject::Team, &teams), (Subject::Rule, &rules)] {
        for (key, mut shares) in by_week(days, &weeks) {
            if subject == Subject::Rule {
                shares.iter_mut().zip(&all).for_each(|(share, calls)| share.of = *calls);
            }
            found.extend(warning(subject, key, &shares, &weeks));
        }
    }
    Ok(found)
}

fn warning(subject: Subject, key: String, shares: &[Share], weeks: &[Date]) -> Option<Warning> {
    let (now, earlier) = shares.split_last()?;
    let before = earlier
        .iter()
        .fold(Share::default(), |sum, week| Share { count: sum.count + week.count, of: sum.of + week.of });
    let is_above = match standing(before, *now) {
        Standing::Above => true,
        Standing::Below => false,
        Standing::Usual | Standing::Unknown => return None,
    };
    let week = |(day, share): (&Date, &Share)| Week { from_day: day.to_string(), share: *share };
    let weeks = weeks.iter().zip(shares).map(week).collect();
    Some(Warning { subject, key, is_above, usual: usual(before), weeks })
}

/// First days of the weeks, the last of which ends with `last_day`.
fn weeks_up_to(last_day: Date) -> Vec<Date> {
    let back = |week: u8| last_day.checked_sub((i64::from(week) * 7 + 6).days()).ok();
    (0..=WEEKS_BEFORE).rev().filter_map(back).collect()
}

fn calls_by_week(store: &mut Store, scope: &Scope, weeks: &[Date]) -> Result<Vec<u64>, StoreError> {
    let days = store.count_calls(crate::store::CallsBy::Day, scope)?;
    let mut calls = vec![0; weeks.len()];
    for count in &days {
        if let Some(week) = week_of(&count.key, weeks) {
            calls[week] += count.calls;
        }
    }
    Ok(calls)
}

fn by_week(days: &[DayCount], weeks: &[Date]) -> BTreeMap<String, Vec<Share>> {
    let mut shares: BTreeMap<String, Vec<Share>> = BTreeMap::new();
    for count in days {
        if let Some(week) = week_of(&count.day, weeks) {
            let own = shares.entry(count.key.clone()).or_insert_with(|| vec![Share::default(); weeks.len()]);
            own[week].count += count.flagged;
            own[week].of += count.calls;
        }
    }
    shares
}

fn week_of(day: &str, weeks: &[Date]) -> Option<usize> {
    let day: Date = day.parse().ok()?;
    weeks.iter().rposition(|first| *first <= day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_end_with_the_last_day() {
        let weeks = weeks_up_to(jiff::civil::date(2026, 3, 1));
        assert_eq!((weeks.len(), weeks[8].to_string().as_str()), (9, "2026-02-23"));
        for (day, week) in [
            ("2026-03-01", Some(8)),
            ("2026-02-23", Some(8)),
            ("2026-02-22", Some(7)),
            ("2025-12-28", None),
            ("", None),
        ] {
            assert_eq!(week_of(day, &weeks), week, "{day}");
        }
    }

    #[test]
    fn a_rise_is_told_with_its_weeks() {
        let weeks = weeks_up_to(jiff::civil::date(2026, 3, 1));
        let mut shares = vec![Share { count: 1, of: 50 }; 9];
        assert_eq!(warning(Subject::Agent, "A1".to_owned(), &shares, &weeks), None);
        shares[8].count = 9;
        let found = warning(Subject::Agent, "A1".to_owned(), &shares, &weeks).unwrap();
        assert!(
            found.is_above && found.weeks[8].share.count == 9 && (found.usual - 8.5 / 401.0).abs() < 1e-12
        );
    }
}
