//! Calls on days that a house policy rules out.

use super::calendar::{self, Day};
use super::call::Call;
use super::verdict::{Breach, Judge};
use super::{Holiday, RestDay, words};
use crate::domain::Tier;

pub(super) fn check(calls: &[Call], rule: &Holiday, judge: &mut Judge) {
    for call in calls {
        if !judge.is_in_force(call) {
            continue;
        }
        let date = call.start.local.date();
        match calendar::day(date) {
            Some(day) => check_call(call, day, rule, judge),
            None => judge.not_judged(call, &format!("no holiday table for {date}")),
        }
    }
}

fn check_call(call: &Call, day: Day, rule: &Holiday, judge: &mut Judge) {
    let Some(kind) = rest_day(day) else { return };
    let (forbidden, doubtful) = (rule.days.contains(&kind), rule.review.contains(&kind));
    if !forbidden && !doubtful {
        return;
    }
    let mut remarks = words::doubts(call, false);
    if !forbidden {
        remarks.push("该日是否在规范所称节假日之内，需人工复核。".to_owned());
    }
    let tier = if remarks.is_empty() { Tier::Violation } else { Tier::Review };
    let facts = [("date", call.start.local.date().to_string()), ("day", words::day(day))];
    judge.breach(call, &Breach { tier, facts: &facts, remarks: &remarks });
}

fn rest_day(day: Day) -> Option<RestDay> {
    match day {
        Day::Statutory(_) => Some(RestDay::Statutory),
        Day::DayOff(_) => Some(RestDay::DayOff),
        Day::Weekend => Some(RestDay::Weekend),
        Day::MakeupWorkday(_) | Day::Workday => None,
    }
}
