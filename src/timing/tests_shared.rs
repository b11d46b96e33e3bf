//! A log parted by debtor and by number, its parts judged apart, tells of every call what the whole log tells.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::tests::{call, shanghai};
use super::{
    Calendar, Law, Log, Policy, Refusals, TimingOutcome, Together, load_policies, outcomes, share_outcomes,
};
use crate::domain::{CallId, CallRecord, Contact, Direction};

/// Few debtors, numbers and minutes, so that they meet; every field may be missing.
fn any_record() -> impl Strategy<Value = CallRecord> {
    let people = (prop::option::of(0..3_u8), prop::option::of(0..4_u8), prop::option::of(0..2_u8));
    let contact = prop::option::of(prop::sample::select(vec![Contact::Debtor, Contact::Family]));
    let direction = prop::option::of(prop::sample::select(vec![Direction::Outbound, Direction::Inbound]));
    let facts = (contact, direction, prop::option::of(any::<bool>()), prop::option::of(20..40_u8));
    let moment = prop::option::of((1..6_u8, 6..24_u8, 0..60_u8));
    (people, facts, moment, any::<bool>()).prop_map(|(people, facts, moment, has_zone)| {
        let text = |letter: char, number: Option<u8>| number.map(|number| format!("{letter}{number}"));
        let (debtor, number, lender) = people;
        let (contact, direction, answered, duration_s) = facts;
        CallRecord {
            call_id: None,
            started_at: moment.map(|(day, hour, minute)| format!("2026-05-0{day} {hour:02}:{minute:02}")),
            duration_s: duration_s.map(f64::from),
            debtor_id: text('D', debtor),
            number: text('N', number),
            lender: text('L', lender),
            product: text('P', lender),
            agent_id: text('A', lender),
            contact,
            direction,
            answered,
            timezone: has_zone.then(|| "Asia/Shanghai".to_owned()),
            ..call("", "")
        }
    })
}

fn law<'a>(policies: &'a [Policy], calendar: &'a Calendar, refusals: &'a Refusals) -> Law<'a> {
    Law { policies, calendar, refusals }
}

fn share(records: &[CallRecord], law: Law, together: Together) -> Vec<(CallId, TimingOutcome)> {
    let (log, faults) = Log::of(records, &shanghai()).unwrap();
    let outcomes = share_outcomes(&log, &faults, law, together);
    let ids = records.iter().map(|record| record.call_id.clone().unwrap());
    ids.zip(outcomes).collect()
}

/// The records by what `together` puts side by side; those without it each alone.
fn parted(records: &[CallRecord], together: Together) -> Vec<Vec<CallRecord>> {
    let mut parts: BTreeMap<String, Vec<CallRecord>> = BTreeMap::new();
    for record in records {
        let key = match together {
            Together::Nobody => None,
            Together::Debtor => record.debtor_id.clone(),
            Together::Number => record.number.clone(),
        };
        let id = record.call_id.as_ref().unwrap();
        parts.entry(key.unwrap_or_else(|| format!("alone {id}"))).or_default().push(record.clone());
    }
    parts.into_values().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn shares_add_up(mut records in prop::collection::vec(any_record(), 1..40), refused in prop::option::of(0..40_usize)) {
        for (place, record) in records.iter_mut().enumerate() {
            record.call_id = Some(CallId(format!("C{place}")));
        }
        let policies = load_policies(&[]).unwrap();
        let calendar = Calendar::built_in();
        let refusals = refused.map_or_else(Refusals::unknown, |place| Refusals::of([format!("C{place}")]));
        let law = law(policies.policies(), &calendar, &refusals);
        let mut shares: BTreeMap<CallId, Vec<TimingOutcome>> = BTreeMap::new();
        for together in Together::ALL {
            for part in parted(&records, together) {
                for (id, outcome) in share(&part, law, together) {
                    shares.entry(id).or_default().push(outcome);
                }
            }
        }
        let (log, faults) = Log::of(&records, &shanghai()).unwrap();
        for (record, whole) in records.iter().zip(outcomes(&log, &faults, law)) {
            let own = shares.remove(record.call_id.as_ref().unwrap()).unwrap();
            prop_assert_eq!(TimingOutcome::joined(own, law.policies), whole);
        }
    }
}
