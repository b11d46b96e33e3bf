//! Calls to people who owe nothing before the debtor was found out of reach.

use super::breach::{Doubts, Evidence, Reason, Sink};
use super::counted::Group;
use super::plan::Planned;
use crate::domain::Contact;
use crate::timing::ThirdParty;

/// A third person may be called from the day after `failed_min` unanswered calls to the debtor.
///
/// Always a review: a number found invalid also permits it, and the records do not show that.
pub(super) fn check(group: &Group, planned: &Planned, rule: ThirdParty, sink: &mut Sink) {
    let mut history = History::default();
    for (place, call) in group.calls(planned).filter(|(_, call)| call.is_outbound()) {
        match call.contact {
            None => sink.gap(place, planned.number, Reason::NoContact),
            Some(Contact::Guarantor) => {}
            Some(Contact::Debtor) => history.add(call.answered, call.day()),
            Some(_) if !call.debtor.is_known() => sink.gap(place, planned.number, Reason::NoDebtor),
            Some(_) => {
                let day = call.day();
                if !planned.is_in_force(place, day, sink) {
                    continue;
                }
                if history.is_empty() {
                    sink.gap(place, planned.number, Reason::NoEarlierCall);
                    continue;
                }
                let failed = history.failed_before(day);
                if failed < rule.failed_min {
                    let doubts = Doubts::OUT_OF_REACH.and(planned.own_doubt());
                    sink.breach(place, planned.number, doubts, Evidence::Unreached { failed });
                }
            }
        }
    }
}

/// Calls to the debtor up to now: whether one was answered, and the days of the unanswered ones since.
#[derive(Default)]
struct History {
    was_answered: bool,
    failed_days: Vec<i32>,
}

impl History {
    fn add(&mut self, answered: Option<bool>, day: i32) {
        match answered {
            Some(true) => *self = Self { was_answered: true, failed_days: Vec::new() },
            Some(false) => self.failed_days.push(day),
            None => {}
        }
    }

    fn is_empty(&self) -> bool {
        !self.was_answered && self.failed_days.is_empty()
    }

    fn failed_before(&self, day: i32) -> u32 {
        self.failed_days.partition_point(|failed| *failed < day) as u32
    }
}
