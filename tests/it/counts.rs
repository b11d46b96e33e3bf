//! What many calls come to, on both servers: counts, second opinions, samples, complaints, notices.

use std::collections::BTreeMap;

use callaudit::domain::{CallRecord, Category, Severity, Tier};
use callaudit::store::{
    AuditedCall, CallCount, CallsBy, ComplaintKind, ComplaintSource, ComplaintState, DrawMethod, DrawPlan,
    FindingKey, FindingsBy, Judgement, NOTICE_ATTEMPTS, NewComplaint, Rejection, Scope, Store, TimedCall,
};
use jiff::{Timestamp, ToSpan};

use super::store::{on_both, report};

/// A call to be counted.
struct Made {
    agent: &'static str,
    team: &'static str,
    day: &'static str,
    hour: i64,
    /// With a finding, of that tier; then how it was judged.
    finding: Option<Tier>,
    judged: Option<bool>,
}

impl Made {
    /// Whether a finding stands, as people would say.
    fn is_flagged(&self) -> bool {
        match (self.finding, self.judged) {
            (None, _) | (_, Some(false)) | (Some(Tier::Review), None) => false,
            (Some(Tier::Violation), None) | (Some(_), Some(true)) => true,
        }
    }
}

/// Two teams, three agents, three days, every kind of finding and judgement.
fn calls() -> Vec<Made> {
    let people = [("A1", "T1"), ("A2", "T1"), ("A3", "T2")];
    let days = ["2026-03-01", "2026-03-02", "2026-03-09"];
    let kinds = [
        (None, None),
        (Some(Tier::Violation), None),
        (Some(Tier::Violation), Some(false)),
        (Some(Tier::Review), None),
        (Some(Tier::Review), Some(true)),
    ];
    let call = |number: usize| {
        let ((agent, team), day) = (people[number % 3], days[number / 3 % 3]);
        let (finding, judged) = kinds[(number * number + number / 7) % 5];
        Made { agent, team, day, hour: [8, 9, 10, 11][number % 4], finding, judged }
    };
    (0..60).map(call).collect()
}

fn put(store: &mut Store, number: usize, made: &Made) {
    let run = store.begin_run("batch").unwrap();
    let mut report = report(&format!("call-{number}"), &["弄死你"]);
    match made.finding {
        Some(tier) => report.findings[0].tier = tier,
        None => report.findings.clear(),
    }
    report.record = Some(CallRecord {
        agent_id: Some(made.agent.into()),
        team: Some(made.team.into()),
        debtor_id: Some("K".into()),
        ..CallRecord::default()
    });
    let timed = TimedCall { day: made.day.into(), hour: Some(made.hour), judged: None };
    let call = AuditedCall { report: &report, levels: None, content: Some("c"), timed: Some(&timed) };
    store.transaction(|store| store.put_call(run, call)).unwrap();
    let id = store.call(&report.call_id).unwrap().unwrap().id;
    if let (Some(is_confirmed), Some(finding)) = (made.judged, report.findings.first()) {
        judge(store, "wang", id, &finding.id, is_confirmed);
    }
}

fn judge(store: &mut Store, by: &str, call: i64, finding_id: &str, is_confirmed: bool) {
    let judgement =
        if is_confirmed { Judgement::Confirmed } else { Judgement::Rejected(Rejection::NotMeant) };
    assert!(store.judge_finding(by, FindingKey { call, finding_id }, judgement, "").unwrap());
}

fn scope(team: Option<&str>, agent: Option<&str>) -> Scope {
    Scope {
        from_day: "2026-03-01".into(),
        to_day: "2026-03-08".into(),
        team: team.map(Into::into),
        agent_id: agent.map(Into::into),
    }
}

/// The counts that the store should give, call by call.
fn counted(calls: &[Made], by: CallsBy, scope: &Scope) -> Vec<CallCount> {
    let mut counts = BTreeMap::new();
    for call in calls {
        let is_within = (scope.from_day.as_str()..=scope.to_day.as_str()).contains(&call.day)
            && scope.team.as_deref().is_none_or(|team| team == call.team)
            && scope.agent_id.as_deref().is_none_or(|agent| agent == call.agent);
        if !is_within {
            continue;
        }
        let (order, key) = match by {
            CallsBy::Agent => (0, call.agent.to_owned()),
            CallsBy::Team => (0, call.team.to_owned()),
            CallsBy::Day => (0, call.day.to_owned()),
            CallsBy::Hour => (call.hour, call.hour.to_string()),
        };
        let count =
            counts.entry((order, key.clone())).or_insert(CallCount { key, calls: 0, heard: 0, flagged: 0 });
        count.calls += 1;
        count.heard += 1;
        count.flagged += u64::from(call.is_flagged());
    }
    counts.into_values().collect()
}

#[test]
fn counts_are_what_one_would_count_call_by_call() {
    on_both(|store, _| {
        let calls = calls();
        for (number, made) in calls.iter().enumerate() {
            put(store, number, made);
        }
        assert_eq!(
            store.refresh_tallies().unwrap(),
            4,
            "three days, and that of calls whose day is not known yet"
        );
        for scope in [
            scope(None, None),
            scope(Some("T1"), None),
            scope(None, Some("A2")),
            scope(Some("T2"), Some("A2")),
        ] {
            for by in [CallsBy::Agent, CallsBy::Team, CallsBy::Day, CallsBy::Hour] {
                assert_eq!(
                    store.count_calls(by, &scope).unwrap(),
                    counted(&calls, by, &scope),
                    "{by:?} {scope:?}"
                );
            }
            for by in [FindingsBy::Agent, FindingsBy::Team, FindingsBy::Category, FindingsBy::Rule] {
                let counts = store.count_findings(by, &scope).unwrap();
                let sum = |of: fn(&callaudit::store::FindingCount) -> u64| counts.iter().map(of).sum::<u64>();
                let is_within =
                    |call: &&Made| !counted(std::slice::from_ref(*call), CallsBy::Day, &scope).is_empty();
                let count = |is: fn(&Made) -> bool| {
                    calls.iter().filter(is_within).filter(|call| is(call)).count() as u64
                };
                assert_eq!(
                    sum(|count| count.findings),
                    count(|call| call.finding.is_some()),
                    "{by:?} {scope:?}"
                );
                assert_eq!(
                    sum(|count| count.violations),
                    count(|call| call.finding == Some(Tier::Violation))
                );
                assert_eq!(sum(|count| count.confirmed), count(|call| call.judged == Some(true)));
                assert_eq!(sum(|count| count.rejected), count(|call| call.judged == Some(false)));
            }
        }
        // Judging makes one day anew.
        let is_untouched = |call: &Made| call.finding == Some(Tier::Violation) && call.judged.is_none();
        let (call, _) = (1..).zip(&calls).find(|(_, call)| is_untouched(call)).unwrap();
        let finding_id = store.findings_of(call).unwrap().remove(0).finding_id;
        judge(store, "li", call, &finding_id, false);
        assert!(store.is_stale().unwrap());
        assert_eq!(store.refresh_tallies().unwrap(), 1);
        let whole = Scope { to_day: "2026-12-31".into(), ..scope(None, None) };
        let flagged: u64 =
            store.count_calls(CallsBy::Day, &whole).unwrap().iter().map(|day| day.flagged).sum();
        assert_eq!(flagged as usize, calls.iter().filter(|call| call.is_flagged()).count() - 1);
    });
}

#[test]
fn second_opinions_are_the_last_words_of_two() {
    on_both(|store, _| {
        let made = |_| Made {
            agent: "A1",
            team: "T1",
            day: "2026-03-02",
            hour: 9,
            finding: Some(Tier::Violation),
            judged: None,
        };
        for (number, made) in (0..3).map(made).enumerate() {
            put(store, number, &made);
        }
        let finding = |store: &mut Store, call| store.findings_of(call).unwrap().remove(0).finding_id;
        for (by, call, is_confirmed) in [
            ("li", 1, true),
            ("wang", 1, true),
            ("li", 2, true),
            ("wang", 2, true),
            ("wang", 2, false),
            ("li", 3, true),
            ("li", 3, false),
        ] {
            let finding_id = finding(store, call);
            judge(store, by, call, &finding_id, is_confirmed);
        }
        let opinions = store.second_opinions("2026-03-01", "2026-03-31").unwrap();
        let told: Vec<_> = opinions.iter().map(|opinion| (opinion.call, opinion.is_confirmed)).collect();
        assert_eq!(told, [(1, true), (1, true), (2, true), (2, false)]);
        assert!(store.second_opinions("2026-04-01", "2026-04-30").unwrap().is_empty());
    });
}

#[test]
fn a_call_is_drawn_once_and_heard_once() {
    on_both(|store, _| {
        for (number, made) in calls().iter().enumerate() {
            put(store, number, made);
        }
        let clean = calls().iter().filter(|call| call.finding.is_none()).count();
        let (from_day, to_day) = ("2026-01-01".to_owned(), "2026-12-31".to_owned());
        let plan = DrawPlan { method: DrawMethod::Random, from_day, to_day, calls: clean - 2, seed: 5 };
        let drawn = [0, 1, 2].map(|_| store.draw_calls("zhao", &plan).unwrap());
        assert_eq!(drawn, [clean - 2, 2, 0], "none twice, none with a finding");
        let sample = store.samples(false, 10).unwrap().remove(0);
        let key = (sample.draw, sample.call);
        assert!(store.judge_sample("li", key, Some(Category::Insult), "第 40 秒").unwrap());
        assert!(!store.judge_sample("wang", key, None, "").unwrap(), "heard already");
        let heard = store.samples_of(sample.call).unwrap().remove(0).heard.unwrap();
        assert_eq!((heard.by.as_str(), heard.missed), ("li", Some(Category::Insult)));
        let count = store.count_samples("2026-01-01", "2026-12-31").unwrap();
        assert_eq!((count.heard, count.missed), (1, 1));
        assert!(store.verify_actions().unwrap().is_ok());
    });
}

#[test]
fn complaints_have_a_deadline_and_end_once() {
    on_both(|store, _| {
        let violation = Made {
            agent: "A1",
            team: "T1",
            day: "2026-03-02",
            hour: 9,
            finding: Some(Tier::Violation),
            judged: None,
        };
        put(store, 0, &violation);
        let received_at: Timestamp = "2026-03-03T08:00:00Z".parse().unwrap();
        let complaint = |kind, received_at| NewComplaint {
            received_at,
            source: ComplaintSource::Regulator,
            kind,
            debtor_id: Some("K".into()),
            agent_id: Some("A1".into()),
            statement: "威胁".into(),
        };
        for (kind, due_at) in [
            (ComplaintKind::Violence, "2026-03-05T08:00:00Z"),
            (ComplaintKind::Leak, "2026-03-05T08:00:00Z"),
            (ComplaintKind::Harassment, "2026-03-18T08:00:00Z"),
        ] {
            let id = store.register_complaint("zhao", &complaint(kind, received_at)).unwrap();
            let kept = store.complaint(id).unwrap().unwrap();
            assert_eq!((kept.due_at.as_str(), kept.team.as_deref()), (due_at, Some("T1")));
        }
        assert_eq!(store.complaints_about("K").unwrap().len(), 3);
        let soon = store
            .register_complaint("zhao", &complaint(ComplaintKind::Leak, Timestamp::now() - 40.hours()))
            .unwrap();
        let due: Vec<_> =
            store.complaints_due(12, 10).unwrap().iter().map(|complaint| complaint.id).collect();
        assert_eq!(due, [1, 2, 3, soon], "late ones first");
        assert!(!store.complaints_due(4, 10).unwrap().iter().any(|complaint| complaint.id == soon));
        let finding_id = store.findings_of(1).unwrap().remove(0).finding_id;
        assert!(store.link_complaint("zhao", 1, 1, &finding_id).unwrap());
        assert!(!store.link_complaint("zhao", 1, 1, &finding_id).unwrap(), "linked already");
        assert!(!store.link_complaint("zhao", 1, 1, "no such").unwrap());
        assert!(!store.link_complaint("zhao", 1, 99, "").unwrap());
        assert_eq!(store.links_of_complaint(1).unwrap()[0].quote.as_deref(), Some("弄死你"));
        for (to, is_moved) in [
            (ComplaintState::Opened, true),
            (ComplaintState::Opened, false),
            (ComplaintState::Founded, true),
            (ComplaintState::Unfounded, false),
            (ComplaintState::Registered, false),
        ] {
            assert_eq!(store.move_complaint("zhao", 1, to, "属实").unwrap(), is_moved, "{to:?}");
        }
        assert_eq!(
            store.count_complaints(false, "2026-03-03", "2026-03-03").unwrap(),
            [("A1".to_owned(), 3)]
        );
        assert_eq!(store.count_complaints(true, "2026-03-04", "2026-03-09").unwrap(), []);
        assert!(store.verify_actions().unwrap().is_ok());
    });
}

#[test]
fn a_notice_is_told_once_and_given_up_at_last() {
    on_both(|store, _| {
        for content in ["{}", "{\"again\": 1}"] {
            store.put_notice("qa/run 1", content).unwrap();
        }
        store.put_notice("qa/run 2", "{}").unwrap();
        let untold = store.untold_notices().unwrap();
        assert_eq!(untold.iter().map(|notice| notice.content.as_str()).collect::<Vec<_>>(), ["{}", "{}"]);
        store.told_notice(untold[0].id, None).unwrap();
        for attempt in 0..NOTICE_ATTEMPTS {
            let untold = store.untold_notices().unwrap();
            assert_eq!((untold.len(), untold[0].attempts), (1, attempt));
            store.told_notice(untold[0].id, Some("no route")).unwrap();
        }
        assert!(store.untold_notices().unwrap().is_empty());
    });
}

#[test]
fn what_a_killed_run_found_is_told_by_the_next() {
    on_both(|store, _| {
        let violation = || Made {
            agent: "A1",
            team: "T1",
            day: "2026-03-02",
            hour: 9,
            finding: Some(Tier::Violation),
            judged: None,
        };
        put(store, 0, &violation());
        let killed = store.begin_run("batch").unwrap();
        assert_eq!(store.new_findings(killed, Severity::Critical).unwrap()[0].findings, 1);
        let next = store.begin_run("batch").unwrap();
        assert_eq!(store.new_findings(next, Severity::Critical).unwrap()[0].findings, 1);
        store.end_run(next, "{}").unwrap();
        let last = store.begin_run("batch").unwrap();
        assert!(store.new_findings(last, Severity::Critical).unwrap().is_empty());
    });
}
