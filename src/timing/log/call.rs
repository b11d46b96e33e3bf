//! One call as the limits see it.

use super::DAY_S;
use crate::domain::{Contact, Direction};

/// Number of a text within its field; equal for equal texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub u32);

impl Key {
    /// The record does not say.
    pub const NONE: Self = Self(u32::MAX);

    pub fn is_known(self) -> bool {
        self != Self::NONE
    }
}

/// Place in the log's list of time zones. The first is the default one, for records that name none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zone(pub u16);

impl Zone {
    pub const UNSTATED: Self = Self(0);
}

/// Whether a row takes part in judging.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Timed,
    /// The start is absent, not understood, or in an unknown time zone.
    Untimed,
    /// The call id was given before.
    Repeated,
}

/// A row of the records: 56 bytes, no text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Call {
    /// Start in seconds since 1970-01-01T00:00:00Z; 0 unless timed.
    pub start_s: i64,
    /// What the debtor's wall clock is ahead of UTC at the start.
    pub offset_s: i32,
    /// [`Self::NO_DURATION`] where unknown.
    pub duration_ms: u32,
    pub debtor: Key,
    pub number: Key,
    pub agent: Key,
    pub team: Key,
    pub lender: Key,
    pub product: Key,
    pub consent: Key,
    pub zone: Zone,
    pub contact: Option<Contact>,
    pub direction: Option<Direction>,
    pub answered: Option<bool>,
    pub standing: Standing,
}

impl Call {
    pub const NO_DURATION: u32 = u32::MAX;

    /// Seconds since 1970-01-01 00:00 on the debtor's wall clock.
    pub fn local_s(&self) -> i64 {
        self.start_s + i64::from(self.offset_s)
    }

    /// Days since 1970-01-01 in the debtor's calendar.
    pub fn day(&self) -> i32 {
        i32::try_from(self.local_s().div_euclid(DAY_S)).unwrap_or(i32::MAX)
    }

    pub fn duration_ms(&self) -> Option<u32> {
        (self.duration_ms != Self::NO_DURATION).then_some(self.duration_ms)
    }

    /// Inbound calls are neither judged nor counted; a direction not told counts as outbound.
    pub fn is_outbound(&self) -> bool {
        self.direction != Some(Direction::Inbound)
    }

    pub fn is_to_debtor(&self) -> bool {
        matches!(self.contact, None | Some(Contact::Debtor))
    }

    /// Answered, and at least this long; `None` where the record does not tell.
    pub fn is_conversation(&self, effective_min_ms: u32) -> Option<bool> {
        if self.answered? { Some(self.duration_ms()? >= effective_min_ms) } else { Some(false) }
    }

    pub(super) fn in_zone(mut self, zones: &[Zone]) -> Self {
        self.zone = zones[usize::from(self.zone.0)];
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_small() {
        assert_eq!(size_of::<Call>(), 56);
    }
}
