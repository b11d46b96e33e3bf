//! Calls outside the permitted hours, and calls that run past their end.

use jiff::Timestamp;

use super::breach::{Doubts, Evidence, Reason, Sink};
use super::counted::doubts;
use super::plan::{ConsentHours, Plan, Planned};
use crate::timing::Hours;
use crate::timing::log::{Call, DAY_S, Log, time_of_day_s};

pub(super) fn check(
    log: &Log,
    plan: &Plan,
    planned: &Planned,
    rule: Hours,
    (place, call): (u32, &Call),
    sink: &mut Sink,
) {
    if !planned.is_in_force(place, call.day(), sink) {
        return;
    }
    let consent = plan.consent(call);
    let permitted = Permitted {
        open_s: time_of_day_s(rule.open),
        close_s: time_of_day_s(rule.close),
        consent: consent.and_then(Result::ok),
    };
    if !permitted.holds(second_of_day(call.local_s())) {
        let unreadable = Doubts::CONSENT.when(consent == Some(Err(())));
        let doubts = doubts(call, false).and(unreadable).and(planned.own_doubt());
        sink.breach(place, planned.number, doubts, Evidence::Start);
        return;
    }
    // A call may end at the closing second but not run past it.
    if call.answered == Some(false) {
        return;
    }
    match end(log, call) {
        None => sink.gap(place, planned.number, Reason::NoEnd),
        Some((end_local_s, last_local_s))
            if call.duration_ms > 0 && !permitted.holds(second_of_day(last_local_s)) =>
        {
            sink.breach(place, planned.number, Doubts::NONE, Evidence::Overrun { end_local_s });
        }
        Some(_) => {}
    }
}

/// On the debtor's wall clock, which may be changed during the call: the second in which the call ends, and that of its
/// last millisecond.
fn end(log: &Log, call: &Call) -> Option<(i64, i64)> {
    let duration_ms = i64::from(call.duration_ms()?);
    let after_ms = call.start_s * 1000 + duration_ms;
    let offset_of = |instant: Timestamp| i64::from(log.zone(call.zone).to_offset(instant).seconds());
    let offset_s = offset_of(Timestamp::from_millisecond(after_ms).ok()?);
    Some((after_ms.div_euclid(1000) + offset_s, (after_ms - 1).div_euclid(1000) + offset_s))
}

fn second_of_day(local_s: i64) -> u32 {
    local_s.rem_euclid(DAY_S) as u32
}

/// The hours in which one debtor may be called.
struct Permitted {
    open_s: u32,
    close_s: u32,
    consent: Option<ConsentHours>,
}

impl Permitted {
    fn holds(&self, second: u32) -> bool {
        (self.open_s..self.close_s).contains(&second) || self.consent.is_some_and(|hours| hours.holds(second))
    }
}
