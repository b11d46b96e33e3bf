//! When a call started: the record's text and time zone to a second, and what the debtor's wall clock showed then.

use hashbrown::HashMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::days::DAY_S;
use super::written::{self, Written};
use super::{StartFault, Zone};
use crate::timing::TimingError;

type Hasher = foldhash::fast::FixedState;

/// The time zone of records that name none.
pub fn timezone(name: &str) -> Result<TimeZone, TimingError> {
    TimeZone::get(name).map_err(|_| TimingError {
        place: "--timezone".to_owned(),
        cause: format!("unknown time zone `{name}`"),
        hint: "give an IANA name such as Asia/Shanghai".to_owned(),
    })
}

/// The start of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub start_s: i64,
    /// What the debtor's wall clock is ahead of UTC.
    pub offset_s: i32,
}

/// The time zones of a log, the default one first.
#[derive(Debug, Clone)]
pub(super) struct ZoneTable {
    zones: Vec<TimeZone>,
}

impl ZoneTable {
    pub fn new(default: &TimeZone) -> Self {
        Self { zones: vec![default.clone()] }
    }

    pub fn default_zone(&self) -> &TimeZone {
        &self.zones[0]
    }

    pub fn get(&self, zone: Zone) -> &TimeZone {
        &self.zones[usize::from(zone.0)]
    }

    /// Takes over the zones of a part: for each its place here.
    pub fn absorb(&mut self, zones: Vec<TimeZone>) -> Vec<Zone> {
        let stated = zones.into_iter().skip(1).map(|zone| {
            let known = self.zones[1..].iter().position(|known| *known == zone);
            let place = known.map_or(self.zones.len(), |place| place + 1);
            if place == self.zones.len() {
                self.zones.push(zone);
            }
            // Zones have names, and there are some hundreds of them.
            Zone(u16::try_from(place).unwrap_or(u16::MAX))
        });
        std::iter::once(Zone::UNSTATED).chain(stated).collect()
    }
}

/// Reads the starts of many records; each time zone is looked up once.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    zones: Vec<ZoneClock>,
    by_name: HashMap<String, Option<Zone>, Hasher>,
}

impl Clock {
    pub fn new(default: &TimeZone) -> Self {
        Self { zones: vec![ZoneClock::new(default.clone())], by_name: HashMap::default() }
    }

    /// The start in the debtor's time zone: the record's, else the default one.
    pub fn start(
        &mut self,
        started_at: Option<&str>,
        zone: Option<&str>,
    ) -> Result<(Moment, Zone), StartFault> {
        let text = started_at.map(str::trim).filter(|text| !text.is_empty()).ok_or(StartFault::Missing)?;
        let zone = self.zone(zone)?;
        let moment = self.zones[usize::from(zone.0)].read(text).ok_or(StartFault::NotUnderstood)?;
        Ok((moment, zone))
    }

    fn zone(&mut self, name: Option<&str>) -> Result<Zone, StartFault> {
        let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
            return Ok(Zone::UNSTATED);
        };
        if let Some(known) = self.by_name.get(name) {
            return known.ok_or(StartFault::UnknownZone);
        }
        let zone = TimeZone::get(name).ok().and_then(|zone| {
            let place = u16::try_from(self.zones.len()).ok()?;
            self.zones.push(ZoneClock::new(zone));
            Some(Zone(place))
        });
        self.by_name.insert(name.to_owned(), zone);
        zone.ok_or(StartFault::UnknownZone)
    }

    pub fn into_zones(self) -> Vec<TimeZone> {
        self.zones.into_iter().map(|clock| clock.zone).collect()
    }
}

/// One time zone, with the days on which its clock was not changed.
#[derive(Debug, Clone)]
struct ZoneClock {
    zone: TimeZone,
    /// By local day: the offset all day long, `None` where the clock is changed near it.
    steady_offset_s: HashMap<i64, Option<i32>, Hasher>,
}

impl ZoneClock {
    fn new(zone: TimeZone) -> Self {
        Self { zone, steady_offset_s: HashMap::default() }
    }

    fn read(&mut self, text: &str) -> Option<Moment> {
        match written::read(text)? {
            Written::Universal(start_s) => self.at_instant(start_s),
            Written::Local(local_s) => self.at_local(local_s),
        }
    }

    fn at_instant(&self, start_s: i64) -> Option<Moment> {
        let offset_s = self.zone.to_offset(Timestamp::from_second(start_s).ok()?).seconds();
        Some(Moment { start_s, offset_s })
    }

    /// A local time that the clock shows twice means the earlier, one that it skips the later (RFC 5545).
    fn at_local(&mut self, local_s: i64) -> Option<Moment> {
        let day = local_s.div_euclid(DAY_S);
        let zone = &self.zone;
        let steady = *self.steady_offset_s.entry(day).or_insert_with(|| steady_offset_s(zone, day));
        if let Some(offset_s) = steady {
            return Some(Moment { start_s: local_s - i64::from(offset_s), offset_s });
        }
        let local = super::wall_clock(local_s);
        self.at_instant(self.zone.to_timestamp(local).ok()?.as_second())
    }
}

/// The offset of a local day on which, and near which, the clock is not changed.
fn steady_offset_s(zone: &TimeZone, day: i64) -> Option<i32> {
    // No zone is further from UTC than this.
    const FAR_S: i64 = 26 * 3600;
    let before = Timestamp::from_second(day * DAY_S - FAR_S).ok()?;
    let after = Timestamp::from_second((day + 1) * DAY_S + FAR_S).ok()?;
    let is_steady = zone.following(before).next().is_none_or(|change| change.timestamp() > after);
    is_steady.then(|| zone.to_offset(before).seconds())
}

#[cfg(test)]
mod tests {
    use jiff::civil::DateTime;
    use proptest::prelude::*;

    use super::*;

    fn start(started_at: &str, timezone: Option<&str>) -> Result<String, StartFault> {
        let default = TimeZone::get("Asia/Shanghai").unwrap();
        let (moment, _) = Clock::new(&default).start(Some(started_at), timezone)?;
        let local = super::super::wall_clock(moment.start_s + i64::from(moment.offset_s));
        Ok(format!("{local} {}", Timestamp::from_second(moment.start_s).unwrap()))
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
            assert_eq!(start(text, None).unwrap_err(), StartFault::NotUnderstood, "{text}");
        }
        assert_eq!(start(" ", None).unwrap_err(), StartFault::Missing);
        assert_eq!(start("2025-09-04 10:12", Some("Mars/Base")).unwrap_err(), StartFault::UnknownZone);
    }

    #[test]
    fn leap_day_is_a_day() {
        assert_eq!(start("2024-02-29 10:12", None).unwrap(), "2024-02-29T10:12:00 2024-02-29T02:12:00Z");
    }

    /// What the clock shows by the library alone, without short cuts.
    fn by_the_book(local: DateTime, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap();
        let instant = zone.to_timestamp(local).unwrap();
        format!("{} {instant}", zone.to_datetime(instant))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,30}", near in "[0-9]{0,5}[-/年]?[0-9]{0,3}[-/月]?[0-9]{0,3}[T 日]?[0-9:.Z+时分]{0,9}") {
            let _ = (start(&text, None), start(&near, None), written::clock(&text));
        }

        #[test]
        fn the_short_cut_is_the_long_way(
            days in 0..20_000_i64, second in 0..86_400_i64,
            zone in prop::sample::select(vec!["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"]),
            by in prop::sample::select(vec!["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y%m%d%H%M%S"]),
        ) {
            let local = super::super::wall_clock(days * DAY_S + second);
            let text = local.strftime(by).to_string();
            prop_assert_eq!(start(&text, Some(zone)).unwrap(), by_the_book(local, zone));
        }

        #[test]
        fn near_a_change_of_the_clock_too(
            (zone, change) in prop::sample::select(vec![
                ("America/New_York", "2025-03-09T02:00:00"), ("America/New_York", "2025-11-02T02:00:00"),
                ("Europe/London", "2026-03-29T01:00:00"), ("Europe/London", "2026-10-25T02:00:00"),
                ("Asia/Shanghai", "1991-09-15T02:00:00"), ("Pacific/Apia", "2011-12-30T00:00:00"),
            ]),
            second in -3 * 86_400..3 * 86_400_i64,
        ) {
            let change: DateTime = change.parse().unwrap();
            let local = change.saturating_add(jiff::SignedDuration::from_secs(second));
            let text = local.strftime("%Y-%m-%d %H:%M:%S").to_string();
            prop_assert_eq!(start(&text, Some(zone)).unwrap(), by_the_book(local, zone));
        }
    }
}
