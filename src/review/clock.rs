//! Moments as people of one time zone write and read them; the store keeps them in UTC.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The clock of those who work on the desk.
#[derive(Debug, Clone)]
pub(super) struct Clock(pub TimeZone);

impl Clock {
    /// The name of its zone, e.g. `Asia/Shanghai`.
    pub(super) fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// A moment of the store, to the minute: `2026-03-03 16:00`. What is no moment stays as it is.
    pub(super) fn minute(&self, at: &str) -> String {
        at.parse::<Timestamp>().map_or_else(
            |_| at.to_owned(),
            |at| at.to_zoned(self.0.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        )
    }

    /// Now, as forms of HTML write it: `2026-03-03T16:00`.
    pub(super) fn now(&self) -> String {
        Timestamp::now().to_zoned(self.0.clone()).strftime("%Y-%m-%dT%H:%M").to_string()
    }

    /// The moment that a form says.
    pub(super) fn moment(&self, written: &str) -> Option<Timestamp> {
        written.parse::<DateTime>().ok()?.to_zoned(self.0.clone()).ok().map(|zoned| zoned.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_written_in_the_zone() {
        let clock = Clock(TimeZone::get("Asia/Shanghai").unwrap());
        assert_eq!(clock.minute("2026-03-03T16:30:59Z"), "2026-03-04 00:30");
        assert_eq!(clock.minute(""), "");
        let moment = clock.moment("2026-03-04T00:30").unwrap();
        assert_eq!(moment.to_string(), "2026-03-03T16:30:00Z");
        for wrong in ["never", "", "2026-02-30T00:00", "9999-99-99T00:00"] {
            assert!(clock.moment(wrong).is_none(), "{wrong}");
        }
        assert_eq!(clock.name(), "Asia/Shanghai");
    }
}
