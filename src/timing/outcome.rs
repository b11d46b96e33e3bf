//! What comes out for one record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Policy;
use super::log::{Call, Standing, date_of};
use crate::domain::Finding;

/// What the records say about one call.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
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
    /// Shares of one call's outcome put together, in the order in which all limits at once would have told them.
    #[must_use]
    pub fn joined(shares: impl IntoIterator<Item = Self>, policies: &[Policy]) -> Self {
        let mut joined = Self::default();
        for share in shares {
            joined.findings.extend(share.findings);
            joined.not_judged.extend(share.not_judged);
            joined.local_date = joined.local_date.or(share.local_date);
            joined.local_hour = joined.local_hour.or(share.local_hour);
        }
        let places = places(policies);
        let place = |rule: &str| places.get(rule).copied().unwrap_or(usize::MAX);
        joined.findings.sort_by_key(|finding| place(&finding.rule));
        joined.not_judged.sort_by_key(|line| {
            let rule = line.strip_prefix("timing.").and_then(|line| line.split(": ").next());
            place(rule.unwrap_or_default())
        });
        joined
    }

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

/// Where limits, and policies as a whole, stand among all limits.
fn places(policies: &[Policy]) -> BTreeMap<String, usize> {
    let mut places = BTreeMap::new();
    for policy in policies {
        places.insert(policy.id.clone(), places.len());
        for limit in &policy.limits {
            places.insert(format!("{}.{}", policy.id, limit.id), places.len());
        }
    }
    places
}
