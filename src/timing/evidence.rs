//! The calls that make up a breach together with the one it is found on.
//!
//! A breach keeps none of them: a storm of a thousand calls is a thousand breaches, each with the calls before it. They
//! are found again, when a breach is put into words, in the same order in which they were counted.

use super::check::{Breach, Evidence, belongs};
use super::judge::Judged;
use super::log::{Call, DAY_S, Key, Log, Order};
use super::{Check, Frequency, Period};
use crate::domain::Contact;

/// A finding names at most this many calls; its count is of all.
const NAMED: usize = 100;

/// No two wall clocks are further apart.
const CLOCKS_APART_S: i64 = 26 * 3600;

/// Places of the other calls, by start: the first [`NAMED`] of them.
pub(super) fn others(judged: &Judged, breach: &Breach) -> Vec<u32> {
    let planned = &judged.plan.limits[usize::from(breach.limit.0)];
    match (breach.evidence, &planned.limit.check) {
        (Evidence::Previous { call, .. }, _) => vec![call],
        (Evidence::Counted { .. }, Check::Frequency(rule)) => counted(judged, breach, *rule),
        (Evidence::Unreached { .. }, _) => unreached(judged, breach),
        _ => Vec::new(),
    }
}

/// The calls counted before this one in its period.
fn counted(judged: &Judged, breach: &Breach, rule: Frequency) -> Vec<u32> {
    let (log, planned) = (judged.log, &judged.plan.limits[usize::from(breach.limit.0)]);
    let call = log.call(breach.call);
    let group = Group::of(judged, rule.counting.per.is_by_number(), call);
    let (from_s, until_s) = match rule.period {
        Period::Days(days) => {
            let first_day = i64::from(call.day()) - i64::from(days) + 1;
            (first_day * DAY_S - CLOCKS_APART_S, call.start_s + CLOCKS_APART_S)
        }
        Period::Minutes(minutes) => (call.start_s - i64::from(minutes) * 60, call.start_s),
    };
    let is_within = |other: &Call| match rule.period {
        Period::Days(days) => {
            let age = i64::from(call.day()) - i64::from(other.day());
            (0..i64::from(days)).contains(&age)
        }
        Period::Minutes(_) => other.start_s > from_s,
    };
    // Calls of a later start may have been counted before, where their day is an earlier one.
    let rank = |place: u32, call: &Call| match rule.period {
        Period::Days(_) => (call.day(), call.start_s, log.name(place), place),
        Period::Minutes(_) => (0, call.start_s, log.name(place), place),
    };
    group
        .started(from_s, until_s)
        .filter(|place| {
            let other = log.call(*place);
            is_within(other)
                && rank(*place, other) < rank(breach.call, call)
                && belongs(planned, rule.counting, call, other)
        })
        .take(NAMED)
        .collect()
}

/// The calls to the debtor since the last answered one, that one included.
fn unreached(judged: &Judged, breach: &Breach) -> Vec<u32> {
    let (log, planned) = (judged.log, &judged.plan.limits[usize::from(breach.limit.0)]);
    let call = log.call(breach.call);
    let group = Group::of(judged, false, call);
    let mut places = Vec::new();
    for place in group.before(breach.call) {
        let other = log.call(place);
        let is_counted =
            other.is_outbound() && other.contact == Some(Contact::Debtor) && planned.is_about(other);
        if !is_counted || other.answered.is_none() {
            continue;
        }
        places.push(place);
        if other.answered == Some(true) || places.len() == NAMED {
            break;
        }
    }
    places.reverse();
    places
}

/// The calls of one debtor, or to one number.
struct Group<'a> {
    log: &'a Log,
    /// Places, by start.
    places: &'a [u32],
}

impl<'a> Group<'a> {
    fn of(judged: &'a Judged, by_number: bool, call: &Call) -> Self {
        let order: &Order = if by_number { &judged.outcome.by_number } else { &judged.outcome.by_debtor };
        let key_of = |call: &Call| -> Key { if by_number { call.number } else { call.debtor } };
        let (log, key) = (judged.log, key_of(call));
        let places = order.with_key();
        let start = places.partition_point(|place| key_of(log.call(*place)) < key);
        let length = places[start..].partition_point(|place| key_of(log.call(*place)) == key);
        Self { log, places: &places[start..start + length] }
    }

    /// The calls that started in this span, both ends included.
    fn started(&self, from_s: i64, until_s: i64) -> impl Iterator<Item = u32> + 'a {
        let log = self.log;
        let first = self.places.partition_point(|place| log.call(*place).start_s < from_s);
        self.places[first..].iter().copied().take_while(move |place| log.call(*place).start_s <= until_s)
    }

    /// The calls before this one, the last first.
    fn before(&self, place: u32) -> impl Iterator<Item = u32> + 'a {
        let rank = |place: u32| (self.log.call(place).start_s, self.log.name(place), place);
        let end = self.places.partition_point(|other| rank(*other) < rank(place));
        self.places[..end].iter().rev().copied()
    }
}
