//! Limits across days, lenders, agents and people: tables of edges, and slow and obvious references.

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;

use super::policy::parse;
use super::tests::{call, flagged, judge, judge_by, says_nothing, shanghai, told, unanswered};
use super::{Calendar, Law, Policy, Refusals, check};
use crate::domain::{CallId, CallRecord, Category, Contact, Direction};

/// A house policy of one limit.
fn policy(scope: &str, limit: &str) -> Policy {
    let text = format!(
        "[policy]\nid = \"house\"\ntitle = \"机构规范\"\n{scope}\n[[limit]]\nid = \"limit\"\ntitle = \"限制\"\n\
         check = {{ {limit} }}\nexplain = \"{{start}}\"\n[[limit.basis]]\nverb = \"不得\"\n\
         instrument = \"《机构规范》\"\nforce = \"house_policy\"\nverified = \"text\"\n"
    );
    parse("house.toml", &text).unwrap()
}

fn over(limit: &str, records: &[CallRecord]) -> Vec<bool> {
    flagged(&judge_by(&[policy("", limit)], records), Category::TooFrequent)
}

/// A call from New York about one debt.
fn in_new_york(id: &str, at: &str) -> CallRecord {
    CallRecord {
        timezone: Some("America/New_York".to_owned()),
        lender: Some("L1".to_owned()),
        product: Some("P1".to_owned()),
        ..unanswered(id, at)
    }
}

#[test]
fn the_eighth_call_in_seven_days_is_presumed_too_many() {
    // The clock is changed on 2025-11-02: a day of 25 hours is one day.
    let days = ["10-29", "10-30", "10-31", "11-01", "11-02", "11-03", "11-04"];
    let mut records: Vec<_> = days.iter().map(|day| in_new_york(day, &format!("2025-{day} 20:30"))).collect();
    assert_eq!(flagged(&judge("us", &records), Category::TooFrequent), [false; 7]);
    records.push(in_new_york("eighth", "2025-11-04 20:45"));
    let outcome = judge("us", &records).remove(7);
    assert_eq!(told(&outcome), ["too_frequent violation major"]);
    let finding = &outcome.findings[0];
    assert!(
        finding.explanation.ends_with("涉嫌违反部门规章（推定，可举证推翻）。"),
        "{}",
        finding.explanation
    );
    assert_eq!(finding.calls.len(), 8);
    records[7] = in_new_york("next day", "2025-11-05 08:00");
    assert_eq!(flagged(&judge("us", &records), Category::TooFrequent), [false; 8]);
}

#[test]
fn another_debt_is_counted_for_itself_and_an_unknown_one_not_judged() {
    let mut records: Vec<_> =
        (1..=8).map(|day| in_new_york(&format!("C{day}"), "2025-11-05 10:00")).collect();
    records[3].product = Some("P2".to_owned());
    assert_eq!(flagged(&judge("us", &records), Category::TooFrequent), [false; 8]);
    records[3].product = None;
    let outcome = judge("us", &records).remove(3);
    assert_eq!(
        outcome.not_judged,
        ["timing.us.seven_in_seven: no product", "timing.us.after_conversation: no product"]
    );
}

#[test]
fn seven_days_of_rest_after_a_conversation() {
    let talk = CallRecord {
        duration_s: Some(30.0),
        answered: Some(true),
        ..in_new_york("talk", "2025-11-01 10:00")
    };
    let after = |talk: &CallRecord, at: &str| {
        let outcomes = judge("us", &[talk.clone(), in_new_york("C2", at)]);
        flagged(&outcomes, Category::TooFrequent)[1]
    };
    assert!(after(&talk, "2025-11-01 18:00"));
    assert!(after(&talk, "2025-11-07 20:59"));
    assert!(!after(&talk, "2025-11-08 08:00"));
    let inbound = CallRecord { direction: Some(Direction::Inbound), ..talk.clone() };
    assert!(after(&inbound, "2025-11-02 10:00"));
    let short = CallRecord { duration_s: Some(29.0), ..talk.clone() };
    assert!(!after(&short, "2025-11-02 10:00"));
    let to_family = CallRecord { contact: Some(Contact::Family), ..talk };
    assert!(!after(&to_family, "2025-11-02 10:00"));
}

#[test]
fn a_storm_is_told_by_minutes_half_open() {
    let limit = "frequency = { max = 2, minutes = 10, per = 'number', counts = 'attempts' }";
    let at = |times: [(&str, &str); 3]| {
        let records = times.map(|(id, time)| CallRecord {
            contact: Some(Contact::Guarantor),
            ..call(id, &format!("2025-11-12 {time}"))
        });
        over(limit, &records)
    };
    assert_eq!(at([("A", "10:00:00"), ("B", "10:05:00"), ("C", "10:09:59")]), [false, false, true]);
    assert_eq!(at([("A", "10:00:00"), ("B", "10:05:00"), ("C", "10:10:00")]), [false, false, false]);
    assert_eq!(at([("A", "23:55:00"), ("B", "23:59:59"), ("C", "23:59:59")]), [false, false, true]);
}

#[test]
fn what_is_counted_together() {
    let of = |id: &str, lender: &str, agent: &str, number: &str, contact: Contact| CallRecord {
        lender: Some(lender.to_owned()),
        agent_id: Some(agent.to_owned()),
        number: Some(number.to_owned()),
        contact: Some(contact),
        ..call(id, &format!("2025-11-12 1{id}:00"))
    };
    let records = [
        of("0", "L1", "A1", "N1", Contact::Debtor),
        of("1", "L2", "A1", "N2", Contact::Debtor),
        of("2", "L1", "A2", "N1", Contact::Debtor),
        of("3", "L2", "A2", "N2", Contact::Debtor),
        of("4", "L1", "A1", "N3", Contact::Family),
        of("5", "L1", "A1", "N3", Contact::Family),
    ];
    for (per, expected) in [
        ("debtor", [false, true, true, true, false, false]),
        ("lender", [false, false, true, true, false, false]),
        ("agent", [false, true, false, true, false, false]),
        ("number", [false, false, true, true, false, true]),
        ("third_person", [false, false, false, false, false, true]),
    ] {
        let limit = format!("frequency = {{ max = 1, per = '{per}', counts = 'attempts' }}");
        assert_eq!(over(&limit, &records), expected, "{per}");
    }
}

#[test]
fn a_policy_is_about_its_products_lenders_and_days() {
    let night =
        |product: Option<&str>, at: &str| CallRecord { product: product.map(str::to_owned), ..call("C", at) };
    let hours = "hours = { open = '08:00', close = '22:00' }";
    let scope = "scope = { products = ['信用卡'], from = '2025-11-01', until = '2025-11-30' }";
    let found = |record: CallRecord| !says_nothing(&judge_by(&[policy(scope, hours)], &[record])[0]);
    assert!(found(night(Some("信用卡"), "2025-11-01 23:00")));
    assert!(!found(night(Some("消费贷"), "2025-11-01 23:00")));
    assert!(!found(night(None, "2025-11-01 23:00")));
    assert!(!found(night(Some("信用卡"), "2025-10-31 23:00")));
    assert!(!found(night(Some("信用卡"), "2025-12-01 23:00")));
}

#[test]
fn a_third_person_who_refused_is_not_called_again() {
    let family = |id: &str, at: &str| CallRecord {
        contact: Some(Contact::Family),
        number: Some("N9".to_owned()),
        ..call(id, at)
    };
    let records = [
        family("before", "2026-03-01 10:00"),
        family("refused", "2026-03-02 10:00"),
        family("after", "2026-03-09 10:00"),
        CallRecord { contact: Some(Contact::Debtor), ..family("debtor", "2026-03-09 11:00") },
        CallRecord { number: Some("N8".to_owned()), ..family("other", "2026-03-09 12:00") },
        CallRecord { direction: Some(Direction::Inbound), ..family("inbound", "2026-03-09 13:00") },
    ];
    let mainland = super::load_policies(&[]).unwrap().select(&[]).unwrap();
    let calendar = Calendar::built_in();
    let judge = |refusals: Refusals| {
        let law = Law { policies: mainland.policies(), calendar: &calendar, refusals: &refusals };
        check(&records, law, &shanghai())
    };
    let outcomes = judge(Refusals::of(["refused".to_owned()]));
    let flags = flagged(&outcomes, Category::ContactAfterRefusal);
    assert_eq!(flags, [false, false, true, false, false, false]);
    let finding =
        outcomes[2].findings.iter().find(|finding| finding.category == Category::ContactAfterRefusal);
    let finding = finding.unwrap();
    assert_eq!(finding.calls, ["refused", "after"].map(|id| CallId(id.to_owned())));
    assert!(!finding.explanation.contains("违法"));
    let unknown = "timing.mainland.refusal: no audited calls to find refusals in".to_owned();
    assert!(judge(Refusals::unknown())[2].not_judged.contains(&unknown));
}

#[test]
fn a_text_without_numbers_is_never_a_finding() {
    let outcome = judge("uk", &[call("C1", "2026-03-02 03:00")]).remove(0);
    assert!(outcome.findings.is_empty());
    assert_eq!(outcome.not_judged[0], "timing.uk.reasonable_times: records cannot tell, read the text");
}

/// A random record near the edges: a week and a half, few debtors, two lenders.
fn any_record() -> impl Strategy<Value = CallRecord> {
    let minutes = 0..11 * 24 * 4_i64;
    (0..2_u8, 0..2_u8, minutes, prop::option::of(any::<bool>()), 0..3_u8, any::<bool>(), 0..4_u8).prop_map(
        |(debtor, lender, quarters, answered, length, inbound, contact)| CallRecord {
            debtor_id: Some(format!("D{debtor}")),
            number: Some(format!("N{debtor}{}", contact / 3)),
            lender: Some(format!("L{lender}")),
            product: Some("P".to_owned()),
            answered,
            duration_s: [None, Some(29.0), Some(30.0)][usize::from(length)],
            direction: Some(if inbound { Direction::Inbound } else { Direction::Outbound }),
            contact: [None, Some(Contact::Debtor), Some(Contact::Debtor), Some(Contact::Family)]
                [usize::from(contact)],
            ..call("", &(date(2024, 2, 24).at(0, 0, 0, 0) + (quarters * 15).minutes()).to_string())
        },
    )
}

fn any_log() -> impl Strategy<Value = Vec<CallRecord>> {
    prop::collection::vec(any_record(), 0..70).prop_map(|mut log| {
        for (index, record) in log.iter_mut().enumerate() {
            record.call_id = Some(CallId(format!("C{index:02}")));
        }
        log
    })
}

fn start(record: &CallRecord) -> jiff::civil::DateTime {
    record.started_at.as_deref().unwrap().parse().unwrap()
}

/// What decides which of two calls comes first.
fn rank(record: &CallRecord) -> (jiff::civil::DateTime, &str) {
    (start(record), &record.call_id.as_ref().unwrap().0)
}

fn days_apart(earlier: &CallRecord, later: &CallRecord) -> i32 {
    start(earlier).date().until(start(later).date()).unwrap().get_days()
}

fn is_attempt(record: &CallRecord) -> bool {
    record.direction == Some(Direction::Outbound) && record.contact != Some(Contact::Family)
}

fn same_debt(a: &CallRecord, b: &CallRecord) -> bool {
    a.debtor_id == b.debtor_id && a.lender == b.lender
}

/// For each call whether at least `max` others, earlier or at the same time, count with it.
fn obvious(
    log: &[CallRecord],
    max: usize,
    counts: impl Fn(&CallRecord) -> bool,
    together: impl Fn(&CallRecord, &CallRecord) -> bool,
) -> Vec<bool> {
    log.iter()
        .map(|one| {
            let earlier =
                log.iter().filter(|other| counts(other) && rank(other) < rank(one) && together(other, one));
            counts(one) && earlier.count() >= max
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn windows_of_days_are_the_obvious_ones(log in any_log(), days in 1..9_i32, max in 1..6_usize) {
        let limit = format!("frequency = {{ max = {max}, days = {days}, per = 'debt', counts = 'attempts' }}");
        let expected = obvious(&log, max, is_attempt, |other, one| same_debt(other, one) && days_apart(other, one) < days);
        prop_assert_eq!(over(&limit, &log), expected);
    }

    #[test]
    fn windows_of_minutes_are_the_obvious_ones(log in any_log(), minutes in 1..400_i64, max in 1..4_usize) {
        let limit = format!("frequency = {{ max = {max}, minutes = {minutes}, per = 'number', counts = 'attempts' }}");
        let outbound = |record: &CallRecord| record.direction == Some(Direction::Outbound);
        let expected = obvious(&log, max, outbound, |other, one| {
            other.number == one.number && start(other) + minutes.minutes() > start(one)
        });
        prop_assert_eq!(over(&limit, &log), expected);
    }

    #[test]
    fn rest_after_a_conversation_is_the_obvious_one(log in any_log(), days in 1..9_i32) {
        let limit = format!("after_conversation = {{ days = {days}, per = 'debt' }}");
        let is_talk = |record: &CallRecord| record.contact != Some(Contact::Family)
            && record.answered == Some(true) && record.duration_s == Some(30.0);
        let expected: Vec<bool> = log.iter().map(|one| is_attempt(one) && log.iter().any(|other| {
            is_talk(other) && same_debt(other, one) && rank(other) < rank(one) && days_apart(other, one) < days
        })).collect();
        prop_assert_eq!(over(&limit, &log), expected);
    }

    #[test]
    fn a_finding_names_the_calls_it_counts(log in any_log()) {
        let limit = "frequency = { max = 2, days = 3, per = 'debt', counts = 'attempts' }";
        for (outcome, one) in judge_by(&[policy("", limit)], &log).iter().zip(&log) {
            for finding in &outcome.findings {
                let mut together: Vec<_> = log.iter().filter(|other| is_attempt(other) && same_debt(other, one)
                    && rank(other) <= rank(one) && days_apart(other, one) < 3).collect();
                together.sort_by_key(|record| rank(record));
                let names: Vec<_> = together.into_iter().map(|record| record.call_id.clone().unwrap()).collect();
                prop_assert_eq!(&finding.calls, &names);
            }
        }
    }
}
