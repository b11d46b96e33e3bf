//! When a call started: the record's text and time zone to an instant and the debtor's local time.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::CallRecord;

/// The start of a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Moment {
    pub instant: Timestamp,
    /// The debtor's wall clock.
    pub local: DateTime,
    pub zone: TimeZone,
}

impl Moment {
    fn from_instant(instant: Timestamp, zone: TimeZone) -> Self {
        Self { instant, local: zone.to_datetime(instant), zone }
    }

    /// A local time that the clock shows twice means the earlier, one that it skips the later (RFC 5545).
    fn from_local(local: DateTime, zone: TimeZone) -> Option<Self> {
        Some(Self::from_instant(zone.to_timestamp(local).ok()?, zone))
    }

    /// The debtor's wall clock `seconds` later; `None` past the end of the calendar.
    pub fn local_after(&self, seconds: f64) -> Option<DateTime> {
        let duration = SignedDuration::try_from_secs_f64(seconds).ok()?;
        Some(self.zone.to_datetime(self.instant.checked_add(duration).ok()?))
    }

    /// The zone's name, e.g. `Asia/Shanghai`.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }
}

/// Reads the starts of many records; each time zone is looked up once.
pub(super) struct Clockmaker<'a> {
    default: &'a TimeZone,
    zones: BTreeMap<&'a str, Option<TimeZone>>,
}

impl<'a> Clockmaker<'a> {
    pub fn new(default: &'a TimeZone) -> Self {
        Self { default, zones: BTreeMap::new() }
    }

    /// The start in the debtor's time zone: the record's, else the default one. The error is a reason not to judge.
    pub fn start(&mut self, record: &'a CallRecord) -> Result<Moment, String> {
        let text = record.started_at.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let text = text.ok_or("no started_at")?;
        let zone = self.zone(record.timezone.as_deref())?;
        parse(text, zone).ok_or_else(|| format!("started_at `{text}` is not understood"))
    }

    fn zone(&mut self, name: Option<&'a str>) -> Result<TimeZone, String> {
        let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
            return Ok(self.default.clone());
        };
        let zone = self.zones.entry(name).or_insert_with(|| TimeZone::get(name).ok());
        zone.clone().ok_or_else(|| format!("unknown timezone `{name}`"))
    }
}

/// RFC 3339, epoch seconds or milliseconds, or a local date and time.
fn parse(text: &str, zone: TimeZone) -> Option<Moment> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return parse_digits(text, zone);
    }
    if has_offset(text) {
        return text.parse().ok().map(|instant| Moment::from_instant(instant, zone));
    }
    Moment::from_local(parse_local(text)?, zone)
}

/// `1756951920`, `1756951920000` or `20250904101200`.
fn parse_digits(text: &str, zone: TimeZone) -> Option<Moment> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        9..=10 => Some(Moment::from_instant(Timestamp::from_second(number).ok()?, zone)),
        13 => Some(Moment::from_instant(Timestamp::from_millisecond(number).ok()?, zone)),
        14 => Moment::from_local(compact(number)?, zone),
        _ => None,
    }
}

/// `yyyymmddhhmmss` read as one number.
fn compact(number: i64) -> Option<DateTime> {
    let pair = |place: i64| i8::try_from(number / place % 100).ok();
    let year = i16::try_from(number / 10_000_000_000).ok().filter(|year| *year >= 1000)?;
    DateTime::new(year, pair(100_000_000)?, pair(1_000_000)?, pair(10_000)?, pair(100)?, pair(1)?, 0).ok()
}

/// Whether the time of day is followed by `Z`, `+hh:mm` or `-hh:mm`.
fn has_offset(text: &str) -> bool {
    let time = text.find(':').map_or("", |colon| &text[colon..]);
    time.contains(['Z', 'z', '+', '-'])
}

/// `2025-09-04 10:12:00`, `2025/9/4 10:12`, `2025.9.4T10:12`, `2025年9月4日 10时12分`.
fn parse_local(text: &str) -> Option<DateTime> {
    let date_end = text.find(['T', 't', ' ', '日'])?;
    let mut date = text[..date_end].split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (number(date.next()?)?, number(date.next()?)?, number(date.next()?)?);
    let time = clock(text[date_end..].trim_start_matches(['T', 't', '日', ' ']))?;
    let is_date_over = date.next().is_none() && year >= 1000;
    is_date_over
        .then(|| jiff::civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok())?
        .map(|date| date.to_datetime(time))
}

/// A time of day: `8:00`, `08:00:30`, `08:00:30.5`, `8时0分30秒`. Fractions of a second are dropped.
pub(super) fn clock(text: &str) -> Option<Time> {
    let text = text.trim_end_matches(['分', '秒']);
    let mut parts = text.split([':', '：', '时', '点', '分']);
    let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
    let second = parts.next().map_or(Some(0), |second| number(whole(second)?))?;
    let time = Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, 0);
    time.ok().filter(|_| parts.next().is_none())
}

/// The digits before a fraction; `None` when the fraction is not made of digits.
fn whole(second: &str) -> Option<&str> {
    let (whole, fraction) = second.split_once('.').unwrap_or((second, "0"));
    fraction.bytes().all(|byte| byte.is_ascii_digit()).then_some(whole)
}

/// One to four digits and nothing else: no sign, no space.
fn number(text: &str) -> Option<i16> {
    let is_number = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn start(started_at: &str, timezone: Option<&str>) -> Result<String, String> {
        let record = CallRecord {
            started_at: Some(started_at.to_owned()),
            timezone: timezone.map(str::to_owned),
            ..CallRecord::default()
        };
        let default = TimeZone::get("Asia/Shanghai").unwrap();
        let moment = Clockmaker::new(&default).start(&record)?;
        Ok(format!("{} {}", moment.local, moment.instant))
    }

    #[test]
    fn every_form_of_the_same_moment() {
        for text in [
            "2025-09-04T10:12:00+08:00",
            "2025-09-04 10:12:00+08:00",
            "2025-09-04T02:12:00Z",
            "2025-09-03T21:12:00-05:00",
            "2025-09-04T10:12:00",
            "2025-09-04 10:12:00",
            "2025-09-04 10:12",
            "2025-09-04  10:12:00.999",
            " 2025/9/4 10:12 ",
            "2025.9.4 10:12",
            "2025年9月4日 10:12",
            "2025年9月4日10时12分",
            "2025年9月4日10点12分00秒",
            "20250904101200",
            "1756951920",
            "1756951920000",
        ] {
            assert_eq!(start(text, None).unwrap(), "2025-09-04T10:12:00 2025-09-04T02:12:00Z", "{text}");
        }
    }

    #[test]
    fn the_records_own_zone_wins_and_the_offset_only_fixes_the_instant() {
        let tokyo = start("2025-09-04T10:12:00+08:00", Some("Asia/Tokyo"));
        assert_eq!(tokyo.unwrap(), "2025-09-04T11:12:00 2025-09-04T02:12:00Z");
        let new_york = start("2025-09-04 10:12", Some("America/New_York"));
        assert_eq!(new_york.unwrap(), "2025-09-04T10:12:00 2025-09-04T14:12:00Z");
    }

    #[test]
    fn a_time_the_clock_shows_twice_is_the_earlier_and_a_skipped_one_the_later() {
        let twice = start("2025-11-02 01:30", Some("America/New_York"));
        assert_eq!(twice.unwrap(), "2025-11-02T01:30:00 2025-11-02T05:30:00Z");
        let skipped = start("2025-03-09 02:30", Some("America/New_York"));
        assert_eq!(skipped.unwrap(), "2025-03-09T03:30:00 2025-03-09T07:30:00Z");
    }

    #[test]
    fn what_is_not_understood_is_a_reason_not_a_guess() {
        for text in [
            "2025-09-04",
            "10:12",
            "2025-02-29 10:12",
            "2025-13-01 10:12",
            "2025-09-04 24:00",
            "2025-09-04 10:60",
            "2025-09-04 10:12:00 AM",
            "2025-09-04 10:12:00.x",
            "9/4/2025 10:12",
            "2025-09-04-05 10:12",
            "昨天 10:12",
            "12345",
            "99999999999999",
        ] {
            assert_eq!(start(text, None).unwrap_err(), format!("started_at `{text}` is not understood"));
        }
        assert_eq!(start(" ", None).unwrap_err(), "no started_at");
        assert_eq!(start("2025-09-04 10:12", Some("Mars/Base")).unwrap_err(), "unknown timezone `Mars/Base`");
    }

    #[test]
    fn leap_day_is_a_day() {
        assert_eq!(start("2024-02-29 10:12", None).unwrap(), "2024-02-29T10:12:00 2024-02-29T02:12:00Z");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,30}", near in "[0-9]{0,5}[-/年]?[0-9]{0,3}[-/月]?[0-9]{0,3}[T 日]?[0-9:.Z+时分]{0,9}") {
            let _ = (start(&text, None), start(&near, None), clock(&text));
        }
    }
}
