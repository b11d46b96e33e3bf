//! What is done for every call must cost as much in a store of a million calls as in an empty one: no statement of it
//! reads a table from end to end.

use std::sync::{Arc, Mutex, PoisonError};

use super::database::{Database, Dialect, Row, Value};
use super::*;
use crate::domain::{
    CallId, CallRecord, CallReport, Category, Finding, Grade, Provenance, SCHEMA, Segment, Severity, Speaker,
    Tier, Verdict,
};

/// Writes down what the store asks the database.
struct Watched {
    database: Box<dyn Database>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Watched {
    fn note(&self, sql: &str) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(sql.to_owned());
    }
}

impl Database for Watched {
    fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.note(sql);
        self.database.execute(sql, values)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.note(sql);
        self.database.query(sql, values)
    }

    fn run_script(&mut self, sql: &str) -> Result<(), StoreError> {
        self.database.run_script(sql)
    }
}

/// The steps of the statements that `work` asks for which read a table of calls or findings from end to end.
fn whole_tables_read(work: impl FnOnce(&mut Store)) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Sqlite(folder.path().join("qa.sqlite"));
    let Store { database, place } = Store::open(&place, Access::Write).unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let mut store = Store { database: Box::new(Watched { database, asked: asked.clone() }), place };
    work(&mut store);
    let statements = std::mem::take(&mut *asked.lock().unwrap());
    assert!(statements.len() > 3, "{statements:?}");
    let mut found = Vec::new();
    for sql in statements {
        for mut step in store.query(&format!("EXPLAIN QUERY PLAN {sql}"), &[]).unwrap() {
            let step: String = step.take(3).unwrap();
            let is_whole = step.starts_with("SCAN ") && !HARMLESS.iter().any(|scan| step.contains(scan));
            // All findings of a state, to find those of one call.
            let is_wide = step.contains(" finding ") && sql.contains("call = $1") && !step.contains("call=?");
            if is_whole || is_wide {
                found.push(format!("{step}: {sql}"));
            }
        }
    }
    found
}

/// What stays small: one row, stale days, one row of an index, what a limit let through, the last line of the log, runs.
const HARMLESS: [&str; 6] =
    ["CONSTANT ROW", "stale_day", "VIRTUAL TABLE INDEX 0:=", "SCAN counted", "SCAN action", "SCAN run"];

fn finding(rule: &str) -> Finding {
    Finding {
        id: rule.to_owned(),
        rule: rule.to_owned(),
        also: Vec::new(),
        category: Category::Threat,
        severity: Severity::Critical,
        tier: Tier::Violation,
        grade: Grade::Exact,
        confidence: 0.9,
        heard_again: None,
        speaker: Speaker::Agent,
        start_s: Some(1.0),
        end_s: Some(2.0),
        quote: "弄死你".to_owned(),
        meant: String::new(),
        explanation: String::new(),
        basis: Vec::new(),
        spans: Vec::new(),
        calls: Vec::new(),
    }
}

fn report(call_id: &str, findings: Vec<Finding>) -> CallReport {
    CallReport {
        schema: SCHEMA.to_owned(),
        call_id: CallId(call_id.to_owned()),
        recording: None,
        record: Some(CallRecord {
            started_at: Some("2026-03-02T10:00:00+08:00".to_owned()),
            agent_id: Some("A1".to_owned()),
            debtor_id: Some("K1".to_owned()),
            ..CallRecord::default()
        }),
        day: None,
        verdict: Verdict::Violation,
        score: 0,
        score_items: Vec::new(),
        error: None,
        findings,
        suppressed: Vec::new(),
        good_conduct: Vec::new(),
        marks: Vec::new(),
        checklist: Vec::new(),
        script: None,
        not_judged: Vec::new(),
        measures: None,
        transcript: vec![Segment::said(Speaker::Agent, 0.0, 2.0, "再不还钱弄死你")],
        provenance: Provenance {
            tool: "t".to_owned(),
            model: None,
            semantics: None,
            lexicons: "l".to_owned(),
            policies: "p".to_owned(),
            settings: "s".to_owned(),
        },
    }
}

fn put(store: &mut Store, call_id: &str, rules: &[&str]) -> Changes {
    let run = store.begin_run("batch").unwrap();
    let report = report(call_id, rules.iter().map(|rule| finding(rule)).collect());
    let timed = TimedCall { day: "2026-03-02".to_owned(), hour: Some(10), judged: None };
    let call = AuditedCall { report: &report, levels: None, content: Some("c"), timed: Some(&timed) };
    store.put_call(run, call).unwrap()
}

#[test]
fn a_call_is_written_without_reading_all_others() {
    let read = whole_tables_read(|store| {
        put(store, "A", &["threat.a", "threat.b"]);
        let changes = put(store, "A", &["threat.b"]);
        assert_eq!(changes.vanished, ["threat.a"]);
    });
    assert!(read.is_empty(), "{read:#?}");
}

#[test]
fn a_finding_is_judged_without_reading_all_others() {
    let read = whole_tables_read(|store| {
        put(store, "A", &["threat.a"]);
        let key = FindingKey { call: 1, finding_id: "threat.a" };
        assert!(store.judge_finding("wang", key, Judgement::Confirmed, "").unwrap());
        assert!(store.file_appeal("chen", key, "语气").unwrap());
        assert!(store.decide_appeal("zhao", key, true, "维持").unwrap());
        assert!(store.assign_finding("zhao", key, None).unwrap());
        assert_eq!(store.reviews_of(1).unwrap().len(), 1);
        assert_eq!(store.findings_of(1).unwrap().len(), 1);
    });
    assert!(read.is_empty(), "{read:#?}");
}

#[test]
fn a_recording_is_taken_in_without_reading_all_others() {
    let read = whole_tables_read(|store| {
        put(store, "A", &[]);
        let stamp = Stamp { bytes: 1, modified_ns: 2 };
        assert!(!store.knows_file("a.wav", stamp).unwrap());
        store.put_file("a.wav", stamp).unwrap();
        assert!(store.source("c").unwrap().is_none());
        store.records_like("a.wav", "a").unwrap();
        assert!(store.call(&CallId("A".to_owned())).unwrap().is_some());
    });
    assert!(read.is_empty(), "{read:#?}");
}

#[test]
fn pages_of_the_desk_read_what_they_show() {
    let read = whole_tables_read(|store| {
        put(store, "A", &["threat.a"]);
        store.refresh_tallies().unwrap();
        let all = Filter::of(FindingState::Open);
        let filters = [
            all.clone(),
            Filter { category: Some(Category::Threat), ..all.clone() },
            Filter { agent_id: Some("A1".to_owned()), ..all },
        ];
        for filter in filters {
            assert_eq!(store.queue(&filter, None, 10).unwrap().len(), 1);
            assert_eq!(store.count_queue(&filter).unwrap(), 1);
            assert_eq!(store.doubtful(&filter, 10).unwrap().len(), 1);
        }
        let (from_day, to_day) = ("2026-03-01".to_owned(), "2026-03-31".to_owned());
        let month = Scope { from_day, to_day, ..Scope::default() };
        let agents = Scope { agent_id: Some("A1".to_owned()), ..month.clone() };
        for scope in [month, agents] {
            assert_eq!(store.count_calls(CallsBy::Agent, &scope).unwrap()[0].flagged, 1);
            assert_eq!(store.count_findings(FindingsBy::Rule, &scope).unwrap()[0].findings, 1);
        }
        assert_eq!(store.records_of_debtor("K1", 10).unwrap().len(), 1);
    });
    assert!(read.is_empty(), "{read:#?}");
}
