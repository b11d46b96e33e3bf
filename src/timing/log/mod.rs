//! Call records by the million in little memory: 56 bytes a call and its name, everything else once.
//!
//! ```text
//!  rows ─► LogPart (one thread's share) ─► absorb, in order of the input ─► Log ─► close ─► order (by debtor, by number)
//!             └ clock: text to second and the debtor's wall clock
//!             └ keys: equal texts, equal number
//! ```

mod call;
mod clock;
mod days;
mod keys;
mod names;
mod order;
mod part;
mod repeat;
mod written;

pub(super) use call::{Call, Key, Standing, Zone};
pub use clock::timezone;
pub(super) use days::{DAY_S, date_of, day_number, time_of_day_s, wall_clock};
pub(super) use keys::Field;
pub(super) use order::Order;
pub use part::{LogPart, StartFault};
pub use repeat::Repeat;
pub(super) use written::clock;

use crate::domain::{CallRecord, CallRow};
use clock::ZoneTable;
use jiff::tz::TimeZone;
use keys::KeyTables;
use names::Names;

/// All calls of a run.
#[derive(Debug, Clone)]
pub struct Log {
    calls: Vec<Call>,
    names: Names,
    keys: KeyTables,
    zones: ZoneTable,
}

/// More rows than a log can number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than {} call records", u32::MAX - 1)]
pub struct TooManyCalls;

impl Log {
    /// An empty log; records that name no time zone are read in `default_timezone`.
    #[must_use]
    pub fn new(default_timezone: &TimeZone) -> Self {
        Self {
            calls: Vec::new(),
            names: Names::default(),
            keys: KeyTables::default(),
            zones: ZoneTable::new(default_timezone),
        }
    }

    /// The closed log of records at hand, and of each record why its start is not known.
    ///
    /// # Errors
    /// When there are more than a log can number.
    pub fn of(
        records: &[CallRecord],
        default_timezone: &TimeZone,
    ) -> Result<(Self, Vec<Option<String>>), TooManyCalls> {
        let mut log = Self::new(default_timezone);
        let mut part = log.part();
        let mut push = |record| {
            let row = CallRow::from(record);
            part.push(&row).err().map(|fault| fault.reason(&row))
        };
        let faults = records.iter().map(&mut push).collect();
        log.absorb(part)?;
        log.close();
        Ok((log, faults))
    }

    /// An empty share of this log, to be filled elsewhere and [absorbed](Self::absorb).
    #[must_use]
    pub fn part(&self) -> LogPart {
        LogPart::new(self.zones.default_zone())
    }

    /// Appends the rows of a share.
    ///
    /// # Errors
    /// When the log is full; it is then left as it was.
    pub fn absorb(&mut self, part: LogPart) -> Result<(), TooManyCalls> {
        let LogPart { calls, names, keys, clock } = part;
        if self.calls.len() + calls.len() >= u32::MAX as usize {
            return Err(TooManyCalls);
        }
        let zones = self.zones.absorb(clock.into_zones());
        let keys = self.keys.absorb(&keys);
        self.names.absorb(names);
        self.calls.extend(calls.into_iter().map(|call| keys.renumbered(call.in_zone(&zones))));
        Ok(())
    }

    /// Takes out what is given twice: a second row of the same call id is neither judged nor counted. Call it once,
    /// when all is read. The repeats, by place of the row.
    pub fn close(&mut self) -> Vec<Repeat> {
        let repeats = repeat::find(&self.names, self.calls.len());
        for repeat in &repeats {
            self.calls[repeat.again as usize].standing = Standing::Repeated;
        }
        repeats
    }

    /// Number of rows, those that cannot be judged included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    pub(super) fn calls(&self) -> &[Call] {
        &self.calls
    }

    pub(super) fn call(&self, index: u32) -> &Call {
        &self.calls[index as usize]
    }

    /// What the call is named by; `None` for a row without call id and recording.
    pub(super) fn name(&self, index: u32) -> Option<&str> {
        self.names.get(index)
    }

    pub(super) fn zone(&self, zone: Zone) -> &TimeZone {
        self.zones.get(zone)
    }

    /// The text of a key; `None` where the record does not say.
    pub(super) fn text(&self, field: Field, key: Key) -> Option<&str> {
        self.keys.text(field, key)
    }

    /// All texts of a field, in the order of their keys.
    pub(super) fn texts(&self, field: Field) -> impl Iterator<Item = &str> {
        self.keys.texts(field)
    }

    /// The key that a text of this field has in this log.
    pub(super) fn key(&self, field: Field, text: &str) -> Option<Key> {
        self.keys.find(field, text)
    }
}
