//! The limits of a run, made ready for a log: days as numbers, texts as keys.

use std::ops::RangeInclusive;

use super::breach::{Reason, Sink};
use crate::timing::log::{Call, Field, Key, Log, Zone, clock, day_number, time_of_day_s};
use crate::timing::{Calendar, Limit, Policy};

/// Place of a limit among all limits of the run, in the order of the policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LimitNumber(pub u16);

/// What a run judges by.
#[derive(Debug)]
pub struct Plan<'a> {
    pub limits: Vec<Planned<'a>>,
    pub calendar: &'a Calendar,
    /// By consent key; `None` for a text that is no pair of times.
    consents: Vec<Option<ConsentHours>>,
}

/// One limit.
#[derive(Debug)]
pub struct Planned<'a> {
    pub number: LimitNumber,
    pub policy: &'a Policy,
    pub limit: &'a Limit,
    /// First of its policy: it speaks for the whole policy.
    is_first: bool,
    in_force: Vec<RangeInclusive<i32>>,
    /// Last day on which any of its texts is in force.
    last_day: i32,
    scope: Scope,
}

/// The calls a policy is about, in the keys of the log. A product that no record names has no key.
#[derive(Debug)]
struct Scope {
    products: Option<Vec<Key>>,
    lenders: Option<Vec<Key>>,
    days: RangeInclusive<i32>,
}

/// Hours agreed with a debtor, in seconds of the day, half-open; a later `from` than `until` means past midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentHours {
    pub from_s: u32,
    pub until_s: u32,
}

impl<'a> Plan<'a> {
    pub fn new(log: &Log, policies: &'a [Policy], calendar: &'a Calendar) -> Self {
        let of_policies = policies.iter().flat_map(|policy| {
            policy.limits.iter().enumerate().map(move |(place, limit)| (policy, limit, place == 0))
        });
        let limits = (0..).zip(of_policies).map(|(number, (policy, limit, is_first))| Planned {
            number: LimitNumber(number),
            policy,
            limit,
            is_first,
            last_day: in_force(limit).iter().map(|days| *days.end()).max().unwrap_or(i32::MAX),
            in_force: in_force(limit),
            scope: Scope::of(policy, log),
        });
        let consents = log.texts(Field::Consent).map(consent).collect();
        Self { limits: limits.collect(), calendar, consents }
    }

    /// The agreed hours of a call: `None` without any, an error where they cannot be read.
    pub fn consent(&self, call: &Call) -> Option<Result<ConsentHours, ()>> {
        let key = call.consent.is_known().then_some(call.consent.0 as usize)?;
        Some(self.consents.get(key).copied().flatten().ok_or(()))
    }
}

impl Planned<'_> {
    /// Whether the policy is about a call; says so where that hangs on a time zone the record does not give.
    pub fn notes_zone(&self, place: u32, call: &Call, sink: &mut Sink) -> bool {
        let is_about = self.is_about(call);
        if self.is_first
            && self.policy.require_timezone
            && call.zone == Zone::UNSTATED
            && self.scope.holds(call)
        {
            sink.gap(place, self.number, Reason::NoTimezone);
        }
        is_about
    }

    /// Whether the call is judged and counted at all. A limit whose texts were all repealed is gone.
    pub fn is_about(&self, call: &Call) -> bool {
        !(self.policy.require_timezone && call.zone == Zone::UNSTATED)
            && self.scope.holds(call)
            && call.day() <= self.last_day
    }

    /// Whether any text was in force on the day of the call; notes it when not.
    pub fn is_in_force(&self, place: u32, day: i32, sink: &mut Sink) -> bool {
        let in_force = self.in_force.iter().any(|days| days.contains(&day));
        if !in_force {
            sink.gap(place, self.number, Reason::NotInForce);
        }
        in_force
    }
}

impl Scope {
    fn of(policy: &Policy, log: &Log) -> Self {
        let keys = |field, texts: &[String]| -> Option<Vec<Key>> {
            (!texts.is_empty()).then(|| texts.iter().filter_map(|text| log.key(field, text.trim())).collect())
        };
        let scope = &policy.scope;
        Self {
            products: keys(Field::Product, &scope.products),
            lenders: keys(Field::Lender, &scope.lenders),
            days: scope.from.map_or(i32::MIN, day_number)..=scope.until.map_or(i32::MAX, day_number),
        }
    }

    fn holds(&self, call: &Call) -> bool {
        let among = |keys: &Option<Vec<Key>>, key| keys.as_ref().is_none_or(|keys| keys.contains(&key));
        among(&self.products, call.product)
            && among(&self.lenders, call.lender)
            && self.days.contains(&call.day())
    }
}

fn in_force(limit: &Limit) -> Vec<RangeInclusive<i32>> {
    let days = limit
        .basis
        .iter()
        .map(|source| source.from.map_or(i32::MIN, day_number)..=source.until.map_or(i32::MAX, day_number));
    days.collect()
}

/// `HH:MM-HH:MM`; midnight at the end may be `24:00`.
fn consent(text: &str) -> Option<ConsentHours> {
    let (from, until) = text.split_once('-')?;
    let seconds = |text: &str| match text.trim() {
        "24:00" => Some(86_400),
        text => clock(text).map(time_of_day_s),
    };
    Some(ConsentHours { from_s: seconds(from)?, until_s: seconds(until)? })
}

impl ConsentHours {
    pub fn holds(self, second: u32) -> bool {
        if self.from_s <= self.until_s {
            (self.from_s..self.until_s).contains(&second)
        } else {
            second >= self.from_s || second < self.until_s
        }
    }
}
