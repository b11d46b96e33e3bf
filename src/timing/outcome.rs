//! What comes out for one record.

use super::log::{Call, Standing, date_of};
use crate::domain::Finding;

/// What the records say about one call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TimingOutcome {
    /// In the order of the policies and their limits; `id` is left empty.
    pub findings: Vec<Finding>,
    /// `what: why`, one line each.
    pub not_judged: Vec<String>,
    /// `YYYY-MM-DD` of the start in the debtor's time zone: the day whose law the call is judged by.
    pub local_date: Option<String>,
}

impl TimingOutcome {
    pub(super) fn of_start(call: &Call) -> Self {
        let local_date = (call.standing != Standing::Untimed).then(|| date_of(call.day()).to_string());
        Self { local_date, ..Self::default() }
    }
}
