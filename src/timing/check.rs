//! The way through: every record against every limit of every policy.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::call::Call;
use super::moment::{Clockmaker, Moment};
use super::outcome::TimingOutcome;
use super::verdict::Judge;
use super::{Check, Policy, TimingError, frequency, holiday, hours, third_party};
use crate::domain::{CallRecord, Direction};

/// The time zone of records that name none.
pub fn timezone(name: &str) -> Result<TimeZone, TimingError> {
    TimeZone::get(name).map_err(|_| TimingError {
        place: "--timezone".to_owned(),
        cause: format!("unknown time zone `{name}`"),
        hint: "give an IANA name such as Asia/Shanghai".to_owned(),
    })
}

/// Judges every record by every policy: one outcome a record, in the same order.
///
/// The order of the records has no influence on what is found. Inbound calls are never judged and never counted.
/// Times are judged in the debtor's time zone: the record's own, else `default_timezone`. A log can prove a breach,
/// never compliance: what is not in the records is not counted.
#[must_use]
pub fn check(records: &[CallRecord], policies: &[Policy], default_timezone: &TimeZone) -> Vec<TimingOutcome> {
    let mut clockmaker = Clockmaker::new(default_timezone);
    let starts: Vec<_> = records.iter().map(|record| clockmaker.start(record)).collect();
    let calls = in_time(records, &starts);
    let mut outcomes: Vec<_> = starts.iter().map(TimingOutcome::of_start).collect();
    for policy in policies {
        note_unknown_starts(policy, records, &starts, &mut outcomes);
        check_policy(policy, &calls, &mut outcomes);
    }
    outcomes
}

fn is_inbound(record: &CallRecord) -> bool {
    record.direction == Some(Direction::Inbound)
}

/// The calls to judge, by time, then by name: the order of the input decides only between rows that tell the same.
fn in_time<'a>(records: &'a [CallRecord], starts: &'a [Result<Moment, String>]) -> Vec<Call<'a>> {
    let (mut debtors, mut numbers) = (Keys::default(), Keys::default());
    let mut calls: Vec<Call> = Vec::with_capacity(records.len());
    for (index, (record, start)) in records.iter().zip(starts).enumerate() {
        if let (Ok(start), false) = (start, is_inbound(record)) {
            let (debtor, number) =
                (debtors.key(record.debtor_id.as_deref()), numbers.key(record.number.as_deref()));
            calls.push(Call { index, record, start, debtor, number });
        }
    }
    calls.sort_unstable_by(|a, b| {
        (a.start.instant, a.name(), a.index).cmp(&(b.start.instant, b.name(), b.index))
    });
    calls
}

/// Small numbers for texts: sorting millions of calls by debtor then compares no text.
#[derive(Default)]
struct Keys<'a>(HashMap<&'a str, u32>);

impl<'a> Keys<'a> {
    /// The key of a text; `None` for a blank one.
    fn key(&mut self, text: Option<&'a str>) -> Option<u32> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let next = u32::try_from(self.0.len()).ok()?;
        Some(*self.0.entry(text).or_insert(next))
    }
}

fn note_unknown_starts(
    policy: &Policy,
    records: &[CallRecord],
    starts: &[Result<Moment, String>],
    outcomes: &mut [TimingOutcome],
) {
    for ((record, start), outcome) in records.iter().zip(starts).zip(outcomes) {
        if let (Err(reason), false) = (start, is_inbound(record)) {
            outcome.not_judged.push(format!("timing.{}: {reason}", policy.id));
        }
    }
}

/// `calls` in order of time.
fn check_policy(policy: &Policy, calls: &[Call], outcomes: &mut [TimingOutcome]) {
    let calls = with_timezone(policy, calls, outcomes);
    for limit in &policy.limits {
        let mut judge = Judge::new(policy, limit, outcomes);
        match &limit.check {
            Check::Hours(rule) => hours::check(&calls, *rule, &mut judge),
            Check::Daily(rule) => frequency::check_daily(&calls, rule, &mut judge),
            Check::Interval(rule) => frequency::check_interval(&calls, rule, &mut judge),
            Check::Holiday(rule) => holiday::check(&calls, rule, &mut judge),
            Check::ThirdParty(rule) => third_party::check(&calls, *rule, &mut judge),
        }
    }
}

/// All calls, or those that carry a time zone of their own where the policy asks for it.
fn with_timezone<'c, 'a>(
    policy: &Policy,
    calls: &'c [Call<'a>],
    outcomes: &mut [TimingOutcome],
) -> Cow<'c, [Call<'a>]> {
    if !policy.require_timezone {
        return Cow::Borrowed(calls);
    }
    let has_zone = |call: &Call| call.record.timezone.as_ref().is_some_and(|zone| !zone.trim().is_empty());
    let (judged, unknown): (Vec<Call>, Vec<Call>) = calls.iter().partition(|call| has_zone(call));
    for call in unknown {
        outcomes[call.index].not_judged.push(format!("timing.{}: no timezone", policy.id));
    }
    Cow::Owned(judged)
}
