//! Too many calls in a day, in some days, in some minutes.

use super::breach::{Doubts, Evidence, Sink};
use super::counted::{Counted, Group, count};
use super::plan::Planned;
use crate::timing::{Frequency, Period};

/// More than `max` counted calls in one period: a finding on each call beyond the limit.
pub(super) fn check(
    group: &Group,
    planned: &Planned,
    rule: &Frequency,
    counted: &mut Vec<Counted>,
    sink: &mut Sink,
) {
    count(group, planned, rule.counting, counted, sink);
    if counted.len() <= rule.max as usize {
        return;
    }
    if let Period::Days(_) = rule.period {
        // Debtors travel: by the clock of another zone a later call may be of an earlier day. Stable as before.
        counted.sort_by_key(|counted| (counted.part, counted.day));
    }
    for calls in counted.chunk_by(|a, b| a.part == b.part) {
        check_part(calls, planned, rule, sink);
    }
}

fn check_part(calls: &[Counted], planned: &Planned, rule: &Frequency, sink: &mut Sink) {
    let mut window = Window::default();
    let mut first = 0;
    for (at, call) in calls.iter().enumerate() {
        while is_over(rule.period, &calls[first], call) {
            window.remove(&calls[first]);
            first += 1;
        }
        window.add(call);
        let count = (at + 1 - first) as u32;
        if count > rule.max {
            let is_proven = call.doubts.is_empty() && window.certain > rule.max;
            let doubts = if is_proven { Doubts::NONE } else { window.doubts() };
            sink.breach(
                call.place,
                planned.number,
                doubts.and(planned.own_doubt()),
                Evidence::Counted { count },
            );
        }
    }
}

/// Whether the period that ends with `now` does not reach back to `earlier`.
fn is_over(period: Period, earlier: &Counted, now: &Counted) -> bool {
    match period {
        Period::Days(days) => i64::from(earlier.day) <= i64::from(now.day) - i64::from(days),
        Period::Minutes(minutes) => earlier.start_s <= now.start_s - i64::from(minutes) * 60,
    }
}

/// The calls of a period, as far as it matters which they are.
#[derive(Default)]
struct Window {
    /// Calls without a doubt.
    certain: u32,
    no_direction: u32,
    no_contact: u32,
}

impl Window {
    fn add(&mut self, call: &Counted) {
        self.certain += u32::from(call.doubts.is_empty());
        self.no_direction += u32::from(call.doubts.has(Doubts::DIRECTION));
        self.no_contact += u32::from(call.doubts.has(Doubts::CONTACT));
    }

    fn remove(&mut self, call: &Counted) {
        self.certain -= u32::from(call.doubts.is_empty());
        self.no_direction -= u32::from(call.doubts.has(Doubts::DIRECTION));
        self.no_contact -= u32::from(call.doubts.has(Doubts::CONTACT));
    }

    fn doubts(&self) -> Doubts {
        Doubts::DIRECTION.when(self.no_direction > 0).and(Doubts::CONTACT.when(self.no_contact > 0))
    }
}
