//! What is counted: tables of edges, and a slow and obvious reference.

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;

use super::tests::{breaking, call, flagged, judge, says_nothing, told, unanswered};
use crate::domain::{CallId, CallRecord, Category, Contact, Severity, Tier};

#[test]
fn the_fourth_effective_call_of_a_day_is_one_too_many() {
    let mut records = vec![
        call("C5", "2025-11-12 19:40"),
        call("C1", "2025-11-12 08:35"),
        call("C2", "2025-11-12 12:10"),
        CallRecord { duration_s: Some(29.9), ..call("C3", "2025-11-12 13:00") },
        CallRecord { contact: Some(Contact::Family), ..call("C4", "2025-11-12 14:00") },
        CallRecord { number: Some("N2".to_owned()), ..call("C6", "2025-11-12 16:50") },
        call("C7", "2025-11-13 08:00"),
        CallRecord { debtor_id: Some("D2".to_owned()), ..call("C8", "2025-11-12 20:00") },
    ];
    let outcomes = judge("mainland", &records);
    let only_first = [true, false, false, false, false, false, false, false];
    assert_eq!(flagged(&outcomes, Category::TooFrequent), only_first);
    let finding = &outcomes[0].findings[0];
    assert_eq!((finding.tier, finding.severity), (Tier::Violation, Severity::Major));
    insta::assert_snapshot!(finding.explanation, @"2025-11-12 对同一债务人的第 4 次有效通话（接通且不少于 30 秒），超过每日 3 次；此前各次：C1、C2、C6。不符合推荐性国家标准。");

    records.reverse();
    let mut reversed = judge("mainland", &records);
    reversed.reverse();
    assert_eq!(reversed, outcomes);
}

#[test]
fn a_row_given_twice_is_one_call_and_an_unknown_contact_a_doubt() {
    let at = ["09:00", "10:00", "11:00"].map(|time| format!("2025-11-12 {time}"));
    let mut records: Vec<_> = at.iter().map(|at| call(at, at)).collect();
    records.push(records[2].clone());
    assert_eq!(flagged(&judge("mainland", &records), Category::TooFrequent), [false; 4]);
    records.push(CallRecord { contact: None, ..call("C4", "2025-11-12 12:00") });
    let outcomes = judge("mainland", &records);
    assert_eq!(told(&outcomes[4]), ["too_frequent review major"]);
    records.push(call("C5", "2025-11-12 13:00"));
    let proven_without_it = judge("mainland", &records);
    assert_eq!(told(&proven_without_it[5]), ["too_frequent violation major"]);
    assert!(!proven_without_it[5].findings[0].explanation.contains("复核"));
}

#[test]
fn a_day_ends_at_the_debtors_midnight() {
    let before = ["21:00", "21:10", "23:59:59"].map(|time| format!("2024-02-29 {time}"));
    let mut records: Vec<_> = before.iter().map(|at| call(at, at)).collect();
    records.push(call("C4", "2024-03-01 00:00:00"));
    assert_eq!(flagged(&judge("house-b", &records), Category::TooFrequent), [false; 4]);
    records.push(call("C5", "2024-02-29 00:00:00"));
    assert_eq!(
        flagged(&judge("house-b", &records), Category::TooFrequent),
        [false, false, true, false, false]
    );
    let new_year = ["2025-12-31 23:59:59", "2026-01-01 00:00:00"].map(|at| call(at, at));
    assert_eq!(flagged(&judge("house-b", &new_year), Category::Holiday), [false, true]);
}

#[test]
fn a_days_calls_are_counted_together_though_another_days_lie_between() {
    let in_new_york = |id: &str, at: &str| CallRecord {
        timezone: Some("America/New_York".to_owned()),
        ..call(id, &format!("{at}+08:00"))
    };
    // In New York the second and the fourth are still the day before.
    let records = [
        call("C1", "2025-11-12 08:00"),
        in_new_york("C2", "2025-11-12 08:30"),
        call("C3", "2025-11-12 09:00"),
        in_new_york("C4", "2025-11-12 09:30"),
        call("C5", "2025-11-12 10:00"),
        call("C6", "2025-11-12 10:30"),
    ];
    let flags = flagged(&judge("mainland", &records), Category::TooFrequent);
    assert_eq!(flags, [false, false, false, false, false, true]);
}

#[test]
fn the_seventh_unanswered_call_to_a_number_is_advised_against() {
    let records: Vec<_> =
        (0..8).map(|hour| unanswered(&format!("C{hour}"), &format!("2026-02-03 1{hour}:00"))).collect();
    let outcomes = judge("mainland", &records);
    let expected = [false, false, false, false, false, false, true, true];
    assert_eq!(flagged(&outcomes, Category::TooFrequent), expected);
    assert_eq!(told(&outcomes[6]), ["too_frequent violation minor"]);
    assert!(outcomes[6].findings[0].explanation.ends_with("不符合行业自律规范（倡导性要求）。"));
}

#[test]
fn a_storm_of_calls_lists_the_first_ten() {
    let records: Vec<_> =
        (0..20).map(|minute| call(&format!("C{minute}"), &format!("2026-02-03 10:{minute:02}"))).collect();
    let outcomes = judge("mainland", &records);
    assert!(outcomes[9].findings[0].explanation.contains("C7、C8。"));
    assert!(outcomes[19].findings[0].explanation.contains("C8、C9 等 19 通。"));
}

#[test]
fn two_hours_apart_is_enough_and_a_second_less_is_not() {
    let after = |at: &str| judge("house-b", &[call("C1", "2025-09-04 23:00"), call("C2", at)]).remove(1);
    assert!(after("2025-09-05 01:00:00").findings.is_empty());
    let close = after("2025-09-05 00:59:59");
    assert_eq!(told(&close), ["short_interval violation major"]);
    insta::assert_snapshot!(close.findings[0].explanation, @"2025-09-05 00:59:59 起呼，距上一次拨打（C1）仅 1 小时 59 分 59 秒，少于机构规范的 120 分钟。不符合机构内部规范。");
}

#[test]
fn a_third_person_only_when_the_debtor_is_out_of_reach() {
    let family = CallRecord { contact: Some(Contact::Family), ..call("F", "2026-03-04 10:00") };
    let after = |earlier: &[CallRecord]| {
        let mut records = vec![family.clone()];
        records.extend_from_slice(earlier);
        judge("mainland", &records).remove(0)
    };
    let failed = ["2026-03-03 09:00", "2026-03-03 10:00", "2026-03-03 11:00"].map(|at| unanswered(at, at));
    assert!(says_nothing(&after(&failed)));
    let same_day = ["2026-03-03 09:00", "2026-03-03 10:00", "2026-03-04 09:00"].map(|at| unanswered(at, at));
    assert_eq!(told(&after(&same_day)), ["third_party_frequency review minor"]);
    let reached = [failed.as_slice(), &[call("C9", "2026-03-03 12:00")]].concat();
    assert_eq!(told(&after(&reached)), ["third_party_frequency review minor"]);
    assert_eq!(
        after(&[unanswered("L", "2026-03-05 09:00")]).not_judged,
        ["timing.mainland.third_party: no earlier call to the debtor in the records"]
    );
}

/// A random record near the edges: few debtors, two days, lengths round the limit.
fn any_record() -> impl Strategy<Value = CallRecord> {
    (0..3_u8, 0..3 * 24 * 12_i64, prop::option::of(any::<bool>()), 0..3_u8, 0..4_u8).prop_map(
        |(debtor, five_minutes, answered, length, contact)| CallRecord {
            debtor_id: Some(format!("D{debtor}")),
            answered,
            duration_s: [None, Some(29.0), Some(30.0)][usize::from(length)],
            contact: [None, Some(Contact::Debtor), Some(Contact::Debtor), Some(Contact::Family)]
                [usize::from(contact)],
            ..call("", &(date(2025, 12, 30).at(0, 0, 0, 0) + (five_minutes * 5).minutes()).to_string())
        },
    )
}

fn any_log() -> impl Strategy<Value = Vec<CallRecord>> {
    prop::collection::vec(any_record(), 0..60).prop_map(|mut log| {
        for (index, record) in log.iter_mut().enumerate() {
            record.call_id = Some(CallId(format!("C{index:02}")));
        }
        log
    })
}

/// The day, the moment and the name of a record, from its text alone.
fn when(record: &CallRecord) -> (&str, &str, &str) {
    let started_at = record.started_at.as_deref().unwrap();
    (&started_at[..10], started_at, &record.call_id.as_ref().unwrap().0)
}

fn is_to_debtor(record: &CallRecord) -> bool {
    record.contact != Some(Contact::Family)
}

fn is_effective(record: &CallRecord) -> bool {
    is_to_debtor(record) && record.answered == Some(true) && record.duration_s == Some(30.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn daily_counts_are_the_obvious_ones(log in any_log()) {
        let expected: Vec<bool> = log.iter().map(|one| {
            let earlier = |other: &&CallRecord| is_effective(other)
                && other.debtor_id == one.debtor_id
                && when(other).0 == when(one).0
                && when(other) < when(one);
            is_effective(one) && log.iter().filter(earlier).count() >= 3
        }).collect();
        prop_assert_eq!(breaking(&judge("mainland", &log), "mainland.daily_answered"), expected);
    }

    #[test]
    fn intervals_are_the_obvious_ones(log in any_log()) {
        let at = |record: &CallRecord| when(record).1.parse::<jiff::civil::DateTime>().unwrap();
        let expected: Vec<bool> = log.iter().map(|one| {
            let close = |other: &CallRecord| is_to_debtor(other)
                && other.debtor_id == one.debtor_id
                && when(other) < when(one)
                && at(one) < at(other) + 2.hours();
            is_to_debtor(one) && log.iter().any(close)
        }).collect();
        prop_assert_eq!(flagged(&judge("house-b", &log), Category::ShortInterval), expected);
    }

    #[test]
    fn the_order_of_the_records_has_no_say((log, shuffled) in any_log().prop_flat_map(|log| {
        let order: Vec<usize> = (0..log.len()).collect();
        (Just(log), Just(order).prop_shuffle())
    })) {
        for policy in ["mainland", "house-b"] {
            let plain = judge(policy, &log);
            let moved: Vec<_> = shuffled.iter().map(|index| log[*index].clone()).collect();
            let expected: Vec<_> = shuffled.iter().map(|index| plain[*index].clone()).collect();
            prop_assert_eq!(judge(policy, &moved), expected);
        }
    }
}
