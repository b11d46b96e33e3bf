//! Seconds and days as plain numbers, and back to dates where people read them.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time, date};

pub const DAY_S: i64 = 86_400;

const EPOCH: Date = date(1970, 1, 1);

/// Days since 1970-01-01.
pub fn day_number(date: Date) -> i32 {
    EPOCH.until(date).map_or(0, |span| span.get_days())
}

/// The date of a day number; the calendar's last day for what lies beyond.
pub fn date_of(day: i32) -> Date {
    wall_clock(i64::from(day) * DAY_S).date()
}

/// Date and time of a wall clock that shows `local_s` seconds since 1970-01-01 00:00.
pub fn wall_clock(local_s: i64) -> DateTime {
    EPOCH.to_datetime(Time::midnight()).saturating_add(SignedDuration::from_secs(local_s))
}

/// Seconds since midnight.
pub fn time_of_day_s(time: Time) -> u32 {
    let of = |part: i8| u32::from(part.unsigned_abs());
    of(time.hour()) * 3600 + of(time.minute()) * 60 + of(time.second())
}

/// Day number of a date given as digits, by the arithmetic of the Gregorian calendar: years counted from March, so that
/// the leap day comes last. `None` for what is no date.
pub fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let since_march = (153 * month + 2) / 5 + day - 1;
    Some(
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + since_march - 719_468,
    )
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;

    #[test]
    fn every_day_of_five_centuries_is_the_calendars() {
        for date in date(1799, 1, 1).series(1.day()).take_while(|date| date.year() < 2300) {
            let by_hand = day_of(date.year().into(), date.month().into(), date.day().into());
            assert_eq!(by_hand, Some(i64::from(day_number(date))), "{date}");
            assert_eq!(date_of(day_number(date)), date);
        }
    }

    #[test]
    fn no_day_that_is_not() {
        for (year, month, day) in
            [(2025, 2, 29), (1900, 2, 29), (2025, 0, 1), (2025, 13, 1), (2025, 4, 31), (2025, 1, 0)]
        {
            assert_eq!(day_of(year, month, day), None);
        }
        assert!(day_of(2000, 2, 29).is_some());
    }

    #[test]
    fn clocks_beyond_the_calendar_stop_at_its_end() {
        assert_eq!(wall_clock(0).to_string(), "1970-01-01T00:00:00");
        assert_eq!(wall_clock(i64::MAX), DateTime::MAX);
        assert_eq!(date_of(i32::MAX), Date::MAX);
    }
}
