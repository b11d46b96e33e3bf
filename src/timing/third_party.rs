//! Calls to people who owe nothing before the debtor was found out of reach.

use jiff::civil::Date;

use super::ThirdParty;
use super::call::Call;
use super::verdict::{Breach, Judge, names};
use crate::domain::{Contact, Tier};

/// A third person may be called from the day after `failed_min` unanswered calls to the debtor.
///
/// Always a review: a number found invalid also permits it, and the records do not show that.
pub(super) fn check(calls: &[Call], rule: ThirdParty, judge: &mut Judge) {
    let mut ordered = Vec::new();
    for call in calls {
        match (call.record.contact, call.debtor) {
            (None, _) => judge.not_judged(call, "no contact"),
            (Some(Contact::Guarantor), _) | (Some(Contact::Debtor), None) => {}
            (Some(_), None) => judge.not_judged(call, "no debtor_id"),
            (Some(_), Some(debtor)) => ordered.push((debtor, call)),
        }
    }
    // Stable: the order of time stays.
    ordered.sort_by_key(|(debtor, _)| *debtor);
    for of_debtor in ordered.chunk_by(|(a, _), (b, _)| a == b) {
        let mut history = History::default();
        for (_, call) in of_debtor {
            if call.record.contact == Some(Contact::Debtor) {
                history.add(call);
            } else if judge.is_in_force(call) {
                check_call(call, &history, rule, judge);
            }
        }
    }
}

fn check_call(call: &Call, history: &History, rule: ThirdParty, judge: &mut Judge) {
    if history.len() == 0 {
        return judge.not_judged(call, "no earlier call to the debtor in the records");
    }
    let failed = history.failed_before(call.start.local.date());
    if failed >= rule.failed_min as usize {
        return;
    }
    let facts = [
        ("count", failed.to_string()),
        ("failed_min", rule.failed_min.to_string()),
        ("others", names(history.calls(), history.len())),
    ];
    let remarks = ["号码失效等情形记录中无从得知，需人工复核。".to_owned()];
    judge.breach(call, &Breach { tier: Tier::Review, facts: &facts, remarks: &remarks });
}

/// Calls to the debtor up to now: the last answered one and the unanswered ones since.
#[derive(Default)]
struct History<'a> {
    answered: Option<&'a Call<'a>>,
    /// In order of time.
    failed: Vec<&'a Call<'a>>,
}

impl<'a> History<'a> {
    fn add(&mut self, call: &'a Call<'a>) {
        match call.record.answered {
            Some(true) => *self = Self { answered: Some(call), failed: Vec::new() },
            Some(false) => self.failed.push(call),
            None => {}
        }
    }

    fn len(&self) -> usize {
        usize::from(self.answered.is_some()) + self.failed.len()
    }

    fn failed_before(&self, day: Date) -> usize {
        self.failed.partition_point(|call| call.start.local.date() < day)
    }

    fn calls(&self) -> impl Iterator<Item = &'a Call<'a>> {
        self.answered.into_iter().chain(self.failed.iter().copied())
    }
}
