//! Calls outside the permitted hours, and calls that run past their end.

use jiff::civil::Time;

use super::call::Call;
use super::verdict::{Breach, Judge};
use super::{Hours, moment, words};
use crate::domain::Tier;

pub(super) fn check(calls: &[Call], rule: Hours, judge: &mut Judge) {
    for call in calls {
        if judge.is_in_force(call) {
            check_call(call, rule, judge);
        }
    }
}

fn check_call(call: &Call, rule: Hours, judge: &mut Judge) {
    let permitted = Permitted::of(call, rule);
    if permitted.holds(call.start.local.time()) {
        check_end(call, &permitted, judge);
    } else {
        let facts = [("open", words::clock(rule.open)), ("close", words::clock(rule.close))];
        let mut remarks = words::doubts(call, false);
        if permitted.consent == Consent::Unreadable {
            remarks.push("记录中的同意时段无法读取。".to_owned());
        }
        let tier = if remarks.is_empty() { Tier::Violation } else { Tier::Review };
        judge.breach(call, &Breach { tier, facts: &facts, remarks: &remarks });
    }
}

/// A call may end at the closing second but not run past it.
fn check_end(call: &Call, permitted: &Permitted, judge: &mut Judge) {
    if call.record.answered == Some(false) {
        return;
    }
    let Some(end) = call.duration_s().and_then(|seconds| call.start.local_after(seconds)) else {
        return judge.not_judged(call, "no duration_s, so the end of the call is not known");
    };
    let last_nanosecond = end.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap_or(end);
    if end > call.start.local && !permitted.holds(last_nanosecond.time()) {
        judge.warning(call, &words::overrun(call, end));
    }
}

/// The hours in which one debtor may be called.
struct Permitted {
    rule: Hours,
    consent: Consent,
}

#[derive(PartialEq, Eq)]
enum Consent {
    None,
    /// The record has a consent window that is no pair of times.
    Unreadable,
    /// Half-open; `from` later than `until` means past midnight.
    Window(Time, Time),
}

impl Permitted {
    fn of(call: &Call, rule: Hours) -> Self {
        let consent = call.record.consent_window.as_ref().map_or(Consent::None, |window| {
            match (moment::clock(window.from.trim()), moment::clock(window.until.trim())) {
                (Some(from), Some(until)) => Consent::Window(from, until),
                _ => Consent::Unreadable,
            }
        });
        Self { rule, consent }
    }

    fn holds(&self, time: Time) -> bool {
        let agreed = match self.consent {
            Consent::Window(from, until) if from <= until => (from..until).contains(&time),
            Consent::Window(from, until) => time >= from || time < until,
            Consent::None | Consent::Unreadable => false,
        };
        agreed || (self.rule.open..self.rule.close).contains(&time)
    }
}
