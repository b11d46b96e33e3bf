//! Calls to a number whose owner had asked not to be called.

use super::breach::{Doubts, Evidence, Reason, Sink};
use super::counted::doubts;
use super::plan::{Plan, Planned};
use crate::domain::Contact;
use crate::timing::log::{Log, Order, Standing};
use crate::timing::{Check, Refusals};

pub(super) fn check(log: &Log, plan: &Plan, by_number: &Order, refusals: &Refusals, sink: &mut Sink) {
    for planned in plan.limits.iter().filter(|planned| matches!(planned.limit.check, Check::Refusal(_))) {
        if !refusals.were_looked_for() {
            note_unknown(log, planned, sink);
        }
        for refused in first_by_number(log, refusals) {
            check_number(log, planned, by_number, refused, sink);
        }
    }
}

/// Nothing is known of what was said: every call to a third person stays unjudged.
fn note_unknown(log: &Log, planned: &Planned, sink: &mut Sink) {
    for (place, call) in (0..).zip(log.calls()) {
        let is_of_third = call.contact.is_some_and(Contact::is_third_party);
        if call.standing == Standing::Timed && call.is_outbound() && is_of_third && planned.is_about(call) {
            sink.gap(place, planned.number, Reason::NoRefusals);
        }
    }
}

/// Of each number the first call in which its owner refused.
fn first_by_number(log: &Log, refusals: &Refusals) -> Vec<u32> {
    let mut calls: Vec<u32> = (0..log.len() as u32)
        .filter(|place| {
            let call = log.call(*place);
            call.standing == Standing::Timed
                && call.number.is_known()
                && log.name(*place).is_some_and(|name| refusals.contains(name))
        })
        .collect();
    calls.sort_by_key(|place| (log.call(*place).number, log.call(*place).start_s, *place));
    calls.dedup_by_key(|place| log.call(*place).number);
    calls
}

fn check_number(log: &Log, planned: &Planned, by_number: &Order, refused: u32, sink: &mut Sink) {
    let refusal = log.call(refused);
    let at = |place: &u32| (log.call(*place).number, log.call(*place).start_s);
    let places = by_number.with_key();
    let after = places.partition_point(|place| at(place) <= (refusal.number, refusal.start_s));
    let later = places[after..].iter().take_while(|place| log.call(**place).number == refusal.number);
    for place in later {
        let call = log.call(*place);
        let to_debtor = call.contact == Some(Contact::Debtor) || call.contact == Some(Contact::Guarantor);
        let is_judged = call.is_outbound() && !to_debtor && planned.is_about(call);
        if is_judged && planned.is_in_force(*place, call.day(), sink) {
            let gap_s = u32::try_from(call.start_s - refusal.start_s).unwrap_or(u32::MAX);
            let doubts = doubts(call, false)
                .and(Doubts::CONTACT.when(call.contact.is_none()))
                .and(planned.own_doubt());
            sink.breach(*place, planned.number, doubts, Evidence::Previous { call: refused, gap_s });
        }
    }
}
