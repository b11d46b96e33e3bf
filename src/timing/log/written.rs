//! Dates and times as call records write them.

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};

use super::days::{DAY_S, day_number, day_of, time_of_day_s};

/// What a text says, to the second; fractions are dropped.
pub enum Written {
    /// Seconds since 1970-01-01T00:00:00Z.
    Universal(i64),
    /// What a wall clock shows: seconds since its 1970-01-01 00:00.
    Local(i64),
}

/// RFC 3339, epoch seconds or milliseconds, or a local date and time.
pub fn read(text: &str) -> Option<Written> {
    if let Some(local_s) = read_usual(text.as_bytes()) {
        return Some(Written::Local(local_s));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return read_digits(text);
    }
    if has_offset(text) {
        let instant: Timestamp = text.parse().ok()?;
        return Some(Written::Universal(instant.as_millisecond().div_euclid(1000)));
    }
    read_local(text).map(|local| Written::Local(local_seconds(local)))
}

/// `1756951920`, `1756951920000` or `20250904101200`.
fn read_digits(text: &str) -> Option<Written> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        9..=10 => Some(Written::Universal(number)),
        13 => Some(Written::Universal(number / 1000)),
        14 => Some(Written::Local(local_seconds(compact(number)?))),
        _ => None,
    }
}

fn local_seconds(local: DateTime) -> i64 {
    i64::from(day_number(local.date())) * DAY_S + i64::from(time_of_day_s(local.time()))
}

/// `2025-09-04 10:12:00`, with `T` or a blank: what nearly every export writes, without the general parser's care.
fn read_usual(text: &[u8]) -> Option<i64> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b' ' | b'T', h0, h1, b':', n0, n1, b':', s0, s1] = *text
    else {
        return None;
    };
    let pair = |tens: u8, ones: u8| {
        let is_number = tens.is_ascii_digit() && ones.is_ascii_digit();
        is_number.then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
    };
    let (year, hour, minute, second) =
        (pair(y0, y1)? * 100 + pair(y2, y3)?, pair(h0, h1)?, pair(n0, n1)?, pair(s0, s1)?);
    if year < 1000 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let day = day_of(year, pair(m0, m1)?, pair(d0, d1)?)?;
    Some(day * DAY_S + hour * 3600 + minute * 60 + second)
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
fn read_local(text: &str) -> Option<DateTime> {
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
pub fn clock(text: &str) -> Option<Time> {
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
