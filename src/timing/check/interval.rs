//! Calls too close together.

use super::breach::{Evidence, Sink};
use super::counted::{Counted, Group, count};
use super::plan::Planned;
use crate::timing::Interval;

/// Two counted calls that start less than `min_minutes` apart: a finding on the later one.
pub(super) fn check(
    group: &Group,
    planned: &Planned,
    rule: &Interval,
    counted: &mut Vec<Counted>,
    sink: &mut Sink,
) {
    count(group, planned, rule.counting(), counted, sink);
    for pair in counted.windows(2) {
        let (previous, call) = (&pair[0], &pair[1]);
        let gap_s = call.start_s - previous.start_s;
        if previous.part == call.part && gap_s < i64::from(rule.min_minutes) * 60 {
            let doubts = previous.doubts.and(call.doubts).and(planned.own_doubt());
            let evidence = Evidence::Previous { call: previous.place, gap_s: gap_s as u32 };
            sink.breach(call.place, planned.number, doubts, evidence);
        }
    }
}
