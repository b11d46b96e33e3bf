//! Calls on days that a house policy rules out.

use super::breach::{Doubts, Evidence, Reason, Sink};
use super::counted::doubts;
use super::plan::{Plan, Planned};
use crate::timing::calendar::DayKind;
use crate::timing::log::Call;
use crate::timing::{Holiday, RestDay};

pub(super) fn check(
    plan: &Plan,
    planned: &Planned,
    rule: &Holiday,
    (place, call): (u32, &Call),
    sink: &mut Sink,
) {
    let day = call.day();
    if !planned.is_in_force(place, day, sink) {
        return;
    }
    let Some(day) = plan.calendar.day_number(day) else {
        return sink.gap(place, planned.number, Reason::NoHolidayTable);
    };
    let Some(kind) = rest_day(day.kind) else { return };
    let (forbidden, doubtful) = (rule.days.contains(&kind), rule.review.contains(&kind));
    if forbidden || doubtful {
        let doubts = doubts(call, false).and(Doubts::REST_DAY.when(!forbidden)).and(planned.own_doubt());
        sink.breach(place, planned.number, doubts, Evidence::Start);
    }
}

fn rest_day(kind: DayKind) -> Option<RestDay> {
    match kind {
        DayKind::Statutory => Some(RestDay::Statutory),
        DayKind::DayOff => Some(RestDay::DayOff),
        DayKind::Weekend => Some(RestDay::Weekend),
        DayKind::MakeupWorkday | DayKind::Workday => None,
    }
}
