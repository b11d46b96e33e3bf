//! Too many calls in a day, and calls too close together.

use jiff::civil::Date;

use super::call::Call;
use super::verdict::{Breach, Judge, names};
use super::{Counting, Counts, Daily, Interval, Per, words};
use crate::domain::{Contact, Tier};

/// A call that a limit counts.
struct Counted<'a> {
    call: &'a Call<'a>,
    /// Whose calls are counted together: debtor or number.
    key: u32,
}

impl Counted<'_> {
    fn date(&self) -> Date {
        self.call.start.local.date()
    }

    /// Two rows of one call: the same id at the same moment.
    fn is_same_call(&self, other: &Self) -> bool {
        let (one, two) = (self.call, other.call);
        one.record.call_id.is_some()
            && one.record.call_id == two.record.call_id
            && one.start.instant == two.start.instant
    }
}

/// More than `max` counted calls of one key on one local date: a finding on each call beyond the limit.
pub(super) fn check_daily(calls: &[Call], rule: &Daily, judge: &mut Judge) {
    let mut counted = counted(calls, rule.counting(), judge);
    // Stable: within a day the order of time stays.
    counted.sort_by_key(|counted| (counted.key, counted.date()));
    for day in counted.chunk_by(|a, b| a.key == b.key && a.date() == b.date()) {
        if day.len() > rule.max as usize {
            check_day(day, rule, judge);
        }
    }
}

fn check_day(day: &[Counted], rule: &Daily, judge: &mut Judge) {
    // One entry a call: its rows.
    let calls: Vec<&[Counted]> = day.chunk_by(Counted::is_same_call).collect();
    let max = rule.max as usize;
    let (mut certain, mut doubts) = (0, Vec::new());
    for (position, rows) in calls.iter().enumerate() {
        let own = doubts_of(rows, rule.per);
        certain += usize::from(own.is_empty());
        let is_proven = own.is_empty() && certain > max;
        merge(&mut doubts, own);
        if position >= max {
            let remarks = if is_proven { &[] } else { doubts.as_slice() };
            let facts = day_facts(&calls[..position], rows, rule);
            find(rows, &facts, remarks, judge);
        }
    }
}

fn day_facts(earlier: &[&[Counted]], rows: &[Counted], rule: &Daily) -> [(&'static str, String); 5] {
    let others = earlier.iter().filter_map(|rows| rows.first()).map(|row| row.call);
    [
        ("date", rows[0].date().to_string()),
        ("count", (earlier.len() + 1).to_string()),
        ("max", rule.max.to_string()),
        ("others", names(others, earlier.len())),
        ("effective_min_s", rule.effective_min_s.to_string()),
    ]
}

/// Two counted calls of one key that start less than `min_minutes` apart: a finding on the later one.
pub(super) fn check_interval(calls: &[Call], rule: &Interval, judge: &mut Judge) {
    let mut counted = counted(calls, rule.counting(), judge);
    counted.sort_by_key(|counted| counted.key);
    for one_key in counted.chunk_by(|a, b| a.key == b.key) {
        let calls: Vec<&[Counted]> = one_key.chunk_by(Counted::is_same_call).collect();
        for pair in calls.windows(2) {
            check_pair(&pair[0][0], pair[1], rule, judge);
        }
    }
}

fn check_pair(previous: &Counted, rows: &[Counted], rule: &Interval, judge: &mut Judge) {
    let gap_s = previous.call.start.instant.duration_until(rows[0].call.start.instant).as_secs();
    if gap_s >= i64::from(rule.min_minutes) * 60 {
        return;
    }
    let facts = [
        ("gap", words::duration(gap_s)),
        ("min_minutes", rule.min_minutes.to_string()),
        ("previous", previous.call.name().to_owned()),
    ];
    let mut doubts = words::doubts(previous.call, rule.per == Per::Debtor);
    merge(&mut doubts, doubts_of(rows, rule.per));
    find(rows, &facts, &doubts, judge);
}

/// The same finding on every row of a call; a doubt makes it a review.
fn find(rows: &[Counted], facts: &[(&'static str, String)], doubts: &[String], judge: &mut Judge) {
    let tier = if doubts.is_empty() { Tier::Violation } else { Tier::Review };
    for row in rows {
        judge.breach(row.call, &Breach { tier, facts, remarks: doubts });
    }
}

fn doubts_of(rows: &[Counted], per: Per) -> Vec<String> {
    let mut doubts = Vec::new();
    for row in rows {
        merge(&mut doubts, words::doubts(row.call, per == Per::Debtor));
    }
    doubts
}

fn merge(doubts: &mut Vec<String>, more: Vec<String>) {
    for doubt in more {
        if !doubts.contains(&doubt) {
            doubts.push(doubt);
        }
    }
}

/// The calls a limit counts, in order of time; what could not be told is noted on the call.
fn counted<'a>(calls: &'a [Call<'a>], counting: Counting, judge: &mut Judge) -> Vec<Counted<'a>> {
    let mut counted = Vec::new();
    for call in calls {
        match standing(call, counting) {
            Ok(Some(key)) if judge.is_in_force(call) => counted.push(Counted { call, key }),
            Ok(_) => {}
            Err(reason) => judge.not_judged(call, reason),
        }
    }
    counted
}

/// The key under which the call counts; `None` when it does not count, an error when the record does not tell.
fn standing(call: &Call, counting: Counting) -> Result<Option<u32>, &'static str> {
    let record = call.record;
    let is_to_debtor = matches!(record.contact, None | Some(Contact::Debtor));
    if counting.per == Per::Debtor && !is_to_debtor {
        return Ok(None);
    }
    let counts = match (counting.counts, record.answered) {
        (Counts::Attempts, _) => true,
        (_, None) => return Err("no answered"),
        (Counts::Unanswered, Some(answered)) => !answered,
        (Counts::Effective, Some(false)) => false,
        (Counts::Effective, Some(true)) => {
            call.duration_s().ok_or("no duration_s")? >= counting.effective_min_s
        }
    };
    let key = match counting.per {
        Per::Debtor => call.debtor.ok_or("no debtor_id"),
        Per::Number => call.number.ok_or("no number"),
    };
    if counts { key.map(Some) } else { Ok(None) }
}
