//! The calendar of the mainland from 2018 on: statutory days from the regulation, the rest from the yearly notices.

use chinese_holiday::Ymd;
use jiff::civil::{Date, Weekday};

use super::{Day, DayKind};

/// First year of the table of movable festivals below.
pub const FIRST_YEAR: i16 = 2018;
/// Last day that the crate's notices settle: the next notice may touch what follows.
pub const LAST: Date = jiff::civil::date(2026, 12, 25);
/// From this year on the regulation as revised on 2024-11-10: two more days.
const REVISED: i16 = 2025;

/// First day of the lunar year, 清明, 端午 and 中秋 of each year from [`FIRST_YEAR`]; checked against a lunar calendar.
const MOVABLE: [[(i8, i8); 4]; 9] = [
    [(2, 16), (4, 5), (6, 18), (9, 24)],
    [(2, 5), (4, 5), (6, 7), (9, 13)],
    [(1, 25), (4, 4), (6, 25), (10, 1)],
    [(2, 12), (4, 4), (6, 14), (9, 21)],
    [(2, 1), (4, 5), (6, 3), (9, 10)],
    [(1, 22), (4, 5), (6, 22), (9, 29)],
    [(2, 10), (4, 4), (6, 10), (9, 17)],
    [(1, 29), (4, 4), (5, 31), (10, 6)],
    [(2, 17), (4, 5), (6, 19), (9, 25)],
];

/// The kind of `date`; `None` where no table covers it.
#[must_use]
pub fn day(date: Date) -> Option<Day> {
    if date.year() < FIRST_YEAR || date > LAST {
        return None;
    }
    Some(match statutory(date) {
        Some(festival) => Day::of(DayKind::Statutory, festival),
        None => by_notice(date)?,
    })
}

fn statutory(date: Date) -> Option<&'static str> {
    let [new_year, tomb_sweeping, dragon_boat, mid_autumn] =
        *MOVABLE.get(usize::try_from(date.year() - FIRST_YEAR).ok()?)?;
    let revised = date.year() >= REVISED;
    let spring = days_since(date, new_year)?;
    let today = (date.month(), date.day());
    match today {
        (1, 1) => Some("元旦"),
        (5, 1) => Some("劳动节"),
        (5, 2) if revised => Some("劳动节"),
        (10, 1..=3) => Some("国庆节"),
        _ if (0..3).contains(&spring) || (revised && spring == -1) => Some("春节"),
        _ if today == tomb_sweeping => Some("清明节"),
        _ if today == dragon_boat => Some("端午节"),
        _ if today == mid_autumn => Some("中秋节"),
        _ => None,
    }
}

/// Days from `(month, day)` of the same year to `date`.
fn days_since(date: Date, (month, day): (i8, i8)) -> Option<i32> {
    let festival = Date::new(date.year(), month, day).ok()?;
    date.since(festival).ok().map(|span| span.get_days())
}

fn by_notice(date: Date) -> Option<Day> {
    let ymd =
        Ymd::new(u16::try_from(date.year()).ok()?, date.month().unsigned_abs(), date.day().unsigned_abs());
    let kind = chinese_holiday::chinese_holiday(ymd);
    Some(match festival(kind) {
        Some(festival) if kind.is_holiday() => Day::of(DayKind::DayOff, festival),
        Some(festival) => Day::of(DayKind::MakeupWorkday, festival),
        None if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) => Day::plain(DayKind::Weekend),
        None => Day::plain(DayKind::Workday),
    })
}

fn festival(kind: chinese_holiday::DayKind) -> Option<&'static str> {
    use chinese_holiday::DayKind;
    Some(match kind {
        DayKind::NormalWorkday | DayKind::NormalHoliday => return None,
        DayKind::NewYearsDayHoliday | DayKind::NewYearsDayWorkday => "元旦",
        DayKind::SpringFestivalHoliday | DayKind::SpringFestivalWorkday => "春节",
        DayKind::ChingMingFestivalHoliday | DayKind::ChingMingFestivalWorkday => "清明节",
        DayKind::InternationalWorkersDayHoliday | DayKind::InternationalWorkersDayWorkday => "劳动节",
        DayKind::DragonBoatFestivalHoliday | DayKind::DragonBoatFestivalWorkday => "端午节",
        DayKind::MidAutumnFestivalHoliday | DayKind::MidAutumnFestivalWorkday => "中秋节",
        DayKind::NationalDayHoliday | DayKind::NationalDayWorkday => "国庆节",
        DayKind::OtherHoliday | DayKind::OtherWorkday => "其他节日",
    })
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_three_things_apart() {
        for (year, month, day_of_month, kind) in [
            (2025, 10, 3, Day::of(DayKind::Statutory, "国庆节")),
            (2025, 10, 4, Day::of(DayKind::DayOff, "国庆节")),
            (2025, 10, 6, Day::of(DayKind::Statutory, "中秋节")),
            (2025, 10, 11, Day::of(DayKind::MakeupWorkday, "国庆节")),
            (2025, 10, 18, Day::plain(DayKind::Weekend)),
            (2025, 10, 9, Day::plain(DayKind::Workday)),
            (2025, 1, 28, Day::of(DayKind::Statutory, "春节")),
            (2024, 2, 9, Day::plain(DayKind::Workday)),
            (2025, 5, 2, Day::of(DayKind::Statutory, "劳动节")),
            (2024, 5, 2, Day::of(DayKind::DayOff, "劳动节")),
            (2026, 1, 1, Day::of(DayKind::Statutory, "元旦")),
            (2026, 1, 2, Day::of(DayKind::DayOff, "元旦")),
            (2026, 1, 4, Day::of(DayKind::MakeupWorkday, "元旦")),
            (2024, 2, 29, Day::plain(DayKind::Workday)),
            (2022, 12, 31, Day::of(DayKind::DayOff, "元旦")),
            (2020, 10, 1, Day::of(DayKind::Statutory, "国庆节")),
        ] {
            assert_eq!(day(date(year, month, day_of_month)), Some(kind), "{year}-{month}-{day_of_month}");
        }
    }

    #[test]
    fn no_table_no_judgement() {
        for outside in [date(2017, 12, 31), date(2026, 12, 26), date(2027, 1, 1), date(-1, 1, 1)] {
            assert_eq!(day(outside), None);
        }
        assert_eq!(day(date(2026, 12, 25)), Some(Day::plain(DayKind::Workday)));
        assert_eq!(day(date(2018, 1, 1)), Some(Day::of(DayKind::Statutory, "元旦")));
    }

    /// Two independent tables: no statutory day may be a workday by the notice.
    #[test]
    fn every_statutory_day_is_off_by_the_notices() {
        let mut days = [0; MOVABLE.len()];
        for date in date(2018, 1, 1).series(1.day()).take_while(|date| *date <= LAST) {
            if statutory(date).is_some() {
                let kind = by_notice(date).map(|day| day.kind);
                assert!(matches!(kind, Some(DayKind::DayOff | DayKind::Weekend)), "{date}");
                days[usize::try_from(date.year() - FIRST_YEAR).unwrap()] += 1;
            }
        }
        // 2020: 中秋 fell on 国庆.
        assert_eq!(days, [11, 11, 10, 11, 11, 11, 11, 13, 13]);
    }
}
