//! What comes out for one record.

use serde::{Deserialize, Serialize};

use super::log::{Call, Standing, date_of};
use crate::domain::Finding;

/// What the records say about one call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TimingOutcome {
    /// In the order of the policies and their limits; `id` is left empty.
    pub findings: Vec<Finding>,
    /// `what: why`, one line each.
    pub not_judged: Vec<String>,
    /// `YYYY-MM-DD` of the start in the debtor's time zone: the day whose law the call is judged by.
    pub local_date: Option<String>,
    /// Hour of that day, 0..=23.
    pub local_hour: Option<u8>,
}

impl TimingOutcome {
    pub(super) fn of_start(call: &Call) -> Self {
        let hour = || call.local_s().div_euclid(3600).rem_euclid(24) as u8;
        let local_date = local_date(call);
        Self { local_hour: local_date.is_some().then(hour), local_date, ..Self::default() }
    }
}

/// `YYYY-MM-DD` of a call's start in the debtor's time zone; absent where the start is not known.
pub(super) fn local_date(call: &Call) -> Option<String> {
    (call.standing != Standing::Untimed).then(|| date_of(call.day()).to_string())
}
