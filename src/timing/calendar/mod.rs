//! What kind of day a date is: statutory holiday, day off by notice, make-up workday, weekend, workday.
//!
//! These are different things: the regulation on festivals names the statutory days, the State Council's yearly notice
//! adds days off round them and takes weekend days back as workdays.

mod built_in;
mod load;

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

pub use load::load_calendar;

use super::log::{date_of, day_number};

/// A day, as far as rest goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub kind: DayKind,
    /// The festival it belongs to, or makes up for; empty for ordinary days.
    pub festival: Cow<'static, str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// Named by 《全国年节及纪念日放假办法》.
    Statutory,
    /// Off by the yearly notice only.
    DayOff,
    /// A Saturday or Sunday that is worked.
    MakeupWorkday,
    Weekend,
    Workday,
}

impl Day {
    fn of(kind: DayKind, festival: impl Into<Cow<'static, str>>) -> Self {
        Self { kind, festival: festival.into() }
    }

    fn plain(kind: DayKind) -> Self {
        Self::of(kind, "")
    }
}

/// The kinds of all days that are known: no entry, no judgement.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// Day number of the first entry.
    first: i32,
    days: Vec<Option<Day>>,
}

/// The special days of one year, by date; the others are weekends and workdays.
type Year = BTreeMap<Date, Day>;

impl Calendar {
    /// The mainland from 2018 to the last day that the notices settle.
    #[must_use]
    pub fn built_in() -> Self {
        let first = day_number(jiff::civil::date(built_in::FIRST_YEAR, 1, 1));
        let days = (first..=day_number(built_in::LAST)).map(|day| built_in::day(date_of(day)));
        Self { first, days: days.collect() }
    }

    /// What kind of day a date is; `None` where no table covers it.
    #[must_use]
    pub fn day(&self, date: Date) -> Option<&Day> {
        self.day_number(day_number(date))
    }

    /// The same by days since 1970-01-01.
    pub(super) fn day_number(&self, day: i32) -> Option<&Day> {
        self.days.get(usize::try_from(day.checked_sub(self.first)?).ok()?)?.as_ref()
    }

    /// Replaces a whole year.
    fn set_year(&mut self, year: i16, special: &Year) {
        let mut date = jiff::civil::date(year, 1, 1);
        while date.year() == year {
            let day = special.get(&date).cloned().unwrap_or_else(|| ordinary(date));
            self.set(day_number(date), day);
            let Ok(next) = date.tomorrow() else { return };
            date = next;
        }
    }

    fn set(&mut self, day: i32, kind: Day) {
        if day < self.first {
            let missing = vec![None; (self.first - day) as usize];
            self.days.splice(0..0, missing);
            self.first = day;
        }
        let at = (day - self.first) as usize;
        if at >= self.days.len() {
            self.days.resize(at + 1, None);
        }
        self.days[at] = Some(kind);
    }
}

fn ordinary(date: Date) -> Day {
    let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    Day::plain(if is_weekend { DayKind::Weekend } else { DayKind::Workday })
}
