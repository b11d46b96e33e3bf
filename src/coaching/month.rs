//! A month of the calendar.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

/// A month, written `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

/// Text that is no month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no month")]
pub struct NoMonth(pub String);

impl NoMonth {
    /// What to try.
    pub const HINT: &str = "write it as YYYY-MM, as in 2026-10";
}

impl Month {
    /// The month of a day `YYYY-MM-DD`.
    #[must_use]
    pub fn of_day(day: &str) -> Option<Self> {
        day.parse::<Date>().ok().map(|day| Self { first: day.first_of_month() })
    }

    /// So many months earlier.
    #[must_use]
    pub fn before(self, months: u8) -> Self {
        Self { first: self.first.saturating_sub(i64::from(months).months()) }
    }

    /// `YYYY-MM-DD`
    #[must_use]
    pub fn first_day(self) -> String {
        self.first.to_string()
    }

    /// `YYYY-MM-DD`
    #[must_use]
    pub fn last_day(self) -> String {
        self.first.last_of_month().to_string()
    }

    /// As people read it: `2026年10月`.
    #[must_use]
    pub fn name_zh(self) -> String {
        format!("{}年{}月", self.first.year(), self.first.month())
    }
}

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let is_plain = text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let month = is_plain.then(|| Self::of_day(&format!("{text}-01"))).flatten();
        month.ok_or_else(|| NoMonth(text.to_owned()))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        for (text, first, last, before) in [
            ("2026-10", "2026-10-01", "2026-10-31", "2026-08"),
            ("2026-02", "2026-02-01", "2026-02-28", "2025-12"),
            ("2028-02", "2028-02-01", "2028-02-29", "2027-12"),
            ("2026-01", "2026-01-01", "2026-01-31", "2025-11"),
        ] {
            let month: Month = text.parse().unwrap();
            assert_eq!((month.first_day().as_str(), month.last_day().as_str()), (first, last));
            assert_eq!((month.before(2).to_string().as_str(), month.to_string().as_str()), (before, text));
            assert_eq!(Month::of_day(last), Some(month));
        }
        for text in ["2026-13", "2026-1", "26-10", "2026-10-01", "2026/10", "", "+026-10"] {
            assert_eq!(text.parse::<Month>(), Err(NoMonth(text.to_owned())));
        }
    }
}
