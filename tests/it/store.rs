//! The store by itself, on both servers: what goes in comes out, and what was done cannot be undone unseen.

use callaudit::domain::{CallId, CallRecord, CallReport, Segment, Speaker};
use callaudit::store::{
    Access, AuditedCall, Broken, Filter, FindingState, Intake, Place, Query, Sense, SourceState, Store,
    TimedCall,
};

use super::postgres_server::Server;
use super::support::root;

/// A report with a transcript and a finding on its first segment.
pub fn report(call_id: &str, texts: &[&str]) -> CallReport {
    let segments: Vec<_> = (0..)
        .zip(texts)
        .map(|(at, text)| Segment::said(Speaker::Agent, f64::from(at), f64::from(at) + 1.0, *text))
        .collect();
    let json = serde_json::json!({
        "schema": "callaudit.report/1", "call_id": call_id, "recording": null, "verdict": "violation", "score": 60,
        "error": null, "suppressed": [], "not_judged": [], "transcript": segments,
        "findings": [{"id": "", "rule": "threat.kill", "category": "threat", "severity": "critical", "tier": "violation",
            "grade": "exact", "confidence": 0.9, "speaker": "agent", "start_s": 0.0, "end_s": 1.0, "quote": texts[0],
            "meant": "", "explanation": "", "basis": [], "spans": [[0, 0, texts[0].len()]]}],
        "provenance": {"tool": "t", "model": null, "lexicons": "l", "policies": "p", "settings": "s"},
    });
    let mut report: CallReport = serde_json::from_value(json).unwrap();
    report.findings =
        report.findings.into_iter().map(|finding| finding.identified(&CallId(call_id.into()))).collect();
    report
}

fn put(store: &mut Store, report: &CallReport) -> callaudit::store::Changes {
    let run = store.begin_run("batch").unwrap();
    let call = AuditedCall { report, levels: None, content: Some("c"), timed: None };
    store.transaction(|store| store.put_call(run, call)).unwrap()
}

/// Runs a test on a new file and on a new server's database.
pub fn on_both(test: impl Fn(&mut Store, &Place)) {
    let (folder, server) = (tempfile::tempdir().unwrap(), Server::start());
    for place in [Place::Sqlite(folder.path().join("s.sqlite")), server.url().parse().unwrap()] {
        test(&mut Store::open(&place, Access::Write).unwrap(), &place);
    }
}

/// Runs SQL as somebody would who means harm.
fn tamper(place: &Place, sql: &str) -> Result<(), String> {
    match place {
        Place::Sqlite(path) => {
            rusqlite::Connection::open(path).unwrap().execute_batch(sql).map_err(|error| error.to_string())
        }
        Place::Postgres(url) => postgres::Client::connect(url, postgres::NoTls)
            .unwrap()
            .batch_execute(&format!("SET search_path = callaudit; {sql}"))
            .map_err(|error| format!("{error:?}")),
    }
}

#[test]
fn a_call_comes_back_as_it_went_in() {
    on_both(|store, place| {
        let first = report("A", &["我要杀了你", "您的手机号是13812345678"]);
        assert_eq!(put(store, &first).appeared.len(), 1);
        let stored = Store::open(place, Access::Read).unwrap().call(&CallId("A".into())).unwrap().unwrap();
        assert_eq!((stored.report, stored.content.as_deref()), (first.clone(), Some("c")));
        // Again: the same; without its finding: gone, and back.
        assert!(put(store, &first).is_empty());
        let without = CallReport { findings: Vec::new(), ..first.clone() };
        assert_eq!(put(store, &without).vanished, [first.findings[0].id.clone()]);
        assert_eq!(put(store, &first).appeared, [first.findings[0].id.clone()]);
        assert!(store.call(&CallId("B".into())).unwrap().is_none());
    });
}

#[test]
fn words_are_found_by_character_and_by_sound_and_numbers_are_not() {
    use Sense::{Sound, Words};
    on_both(|store, _| {
        put(store, &report("A", &["我們會爆你通訊錄", "三天内还清"]));
        put(store, &report("B", &["法院已经立案", "您的手机号是13812345678", "通讯", "录"]));
        let mut found = |text: &str, sense| {
            let hits =
                store.search(&Query { text: text.into(), sense, limit: 10, before: None }).unwrap().hits;
            let shown = |hit: &callaudit::store::Hit| {
                format!("{} {}", hit.call_id, &hit.segment.text[hit.range.clone()])
            };
            hits.iter().map(shown).collect::<Vec<_>>().join("; ")
        };
        for (text, sense, expected) in [
            ("通讯录", Words, "A 通訊錄"),
            ("报你通讯", Sound, "A 爆你通訊"),
            ("报你通讯", Words, ""),
            ("3天", Words, "A 三天"),
            ("法院 立案", Words, "B 法院"),
            ("立案 通讯录", Words, ""),
            ("13812345678", Words, ""),
            ("录", Words, "B 录; A 錄"),
            ("", Words, ""),
            ("，。", Sound, ""),
        ] {
            assert_eq!(found(text, sense), expected, "{text} {sense:?}");
        }
        // Page by page, the same.
        let page = |store: &mut Store, before| {
            store.search(&Query { text: "录".into(), sense: Words, limit: 1, before }).unwrap()
        };
        let first = page(store, None);
        let second = page(store, first.next);
        let calls = [&first, &second].map(|page| page.hits[0].call_id.0.clone());
        assert_eq!(calls, ["B", "A"]);
        assert_eq!((first.calls, first.next.is_some(), second.next.is_some()), (1, true, false));
    });
}

#[test]
fn records_and_their_times_are_kept() {
    on_both(|store, _| {
        let record = CallRecord {
            recording: Some("D:\\录音\\Rec-1.WAV".into()),
            started_at: Some("2026-03-02 10:00".into()),
            duration_s: Some(61.5),
            answered: Some(false),
            contact: Some(callaudit::domain::Contact::Family),
            direction: Some(callaudit::domain::Direction::Outbound),
            consent_window: Some(callaudit::domain::ConsentWindow::of_text("20:00-21:00")),
            ..CallRecord::default()
        };
        let id = store.put_record(&CallId("A".into()), &record).unwrap();
        assert_eq!(store.put_record(&CallId("A".into()), &record).unwrap(), id);
        let named = CallRecord { call_id: Some(CallId("A".into())), ..record };
        assert_eq!(store.records_like("/srv/rec-1.wav", "rec-1").unwrap(), std::slice::from_ref(&named));
        let timed = TimedCall { day: "2026-03-02".into(), hour: Some(10), judged: Some("x".into()) };
        store.put_timed(id, &timed).unwrap();
        let kept = store.records_after(0, 10).unwrap().remove(0);
        assert_eq!((kept.record, kept.timed, kept.is_audited), (named, timed, false));
    });
}

#[test]
fn sources_go_from_waiting_to_done() {
    on_both(|store, _| {
        let id = |name: &str| CallId(name.into());
        assert_eq!(store.take_in("c1", "a.wav", None, &id("A")).unwrap(), Intake::New);
        assert!(
            matches!(store.take_in("c1", "b.wav", None, &id("B")).unwrap(), Intake::Known(known) if known.path == "a.wav")
        );
        assert_eq!(store.take_in("c2", "d.wav", None, &id("A")).unwrap(), Intake::Taken);
        store.begin_source("c1").unwrap();
        let begun = store.unfinished().unwrap().remove(0);
        assert_eq!((begun.state, begun.attempts), (SourceState::Working, 1));
        store.end_source("c1", SourceState::Done, None).unwrap();
        assert!(store.unfinished().unwrap().is_empty());
    });
}

#[test]
fn the_log_tells_what_was_done_to_it() {
    for (harm, broken) in [
        ("UPDATE action SET details = '{}' WHERE seq = 2", Some(2)),
        ("UPDATE action SET actor = 'nobody' WHERE seq = 3", Some(3)),
        ("DELETE FROM action WHERE seq = 1", Some(1)),
        ("DELETE FROM action WHERE seq = 2", Some(2)),
        ("UPDATE action SET seq = 9 WHERE seq = 3", Some(3)),
        (
            "INSERT INTO action SELECT 4, at, actor, kind, subject, details, hash, hash FROM action WHERE seq = 3",
            Some(4),
        ),
        ("SELECT 1", None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Sqlite(folder.path().join("s.sqlite"));
        let mut store = Store::open(&place, Access::Write).unwrap();
        for number in 1..=3 {
            store
                .transaction(|store| store.log_action("qa", "confirm", &format!("F{number}"), "{\"n\":1}"))
                .unwrap();
        }
        let free = "DROP TRIGGER action_is_never_changed; DROP TRIGGER action_is_never_removed;";
        tamper(&place, &format!("{free}{harm}")).unwrap();
        let expected = broken.map_or(Ok(3), |seq| Err(Broken { seq }));
        assert_eq!(store.verify_actions().unwrap(), expected, "{harm}");
    }
}

#[test]
fn the_log_refuses_to_be_changed() {
    on_both(|store, place| {
        store.transaction(|store| store.log_action("qa", "confirm", "F1", "{}")).unwrap();
        for harm in ["UPDATE action SET actor = 'nobody'", "DELETE FROM action"] {
            let refused = tamper(place, harm).unwrap_err();
            assert!(refused.contains("append-only"), "{refused}");
        }
        assert_eq!(store.verify_actions().unwrap(), Ok(1));
    });
}

#[test]
fn what_goes_wrong_is_undone() {
    on_both(|store, _| {
        let failed: Result<(), callaudit::store::StoreError> = store.transaction(|store| {
            store.log_action("qa", "confirm", "F1", "{}")?;
            store.log_action("qa", "confirm", "F2", "{}")?;
            store.call(&CallId("A".into()))?;
            Err(Store::open(&Place::Sqlite("/nowhere/s.sqlite".into()), Access::Read).err().unwrap())
        });
        assert!(failed.unwrap_err().cause.contains("cannot be opened"));
        assert_eq!(store.verify_actions().unwrap(), Ok(0));
    });
}

#[test]
fn stores_of_other_programs_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| Place::Sqlite(folder.path().join(name));
    std::fs::write(
        folder.path().join("text"),
        "this is no database, whatever its name may be; long enough for a header".repeat(9),
    )
    .unwrap();
    drop(Store::open(&place("new"), Access::Write).unwrap());
    tamper(&place("new"), "INSERT INTO migration VALUES (99, '2099-01-01T00:00:00Z')").unwrap();
    rusqlite::Connection::open(folder.path().join("empty"))
        .unwrap()
        .execute_batch("CREATE TABLE x (y)")
        .unwrap();
    for (name, access, cause) in [
        ("text", Access::Write, "is no store"),
        ("new", Access::Write, "the store is of version 3, this program knows 2"),
        ("empty", Access::Read, "the store is of version 0"),
        ("missing", Access::Read, "cannot be opened"),
    ] {
        let error = Store::open(&place(name), access).err().unwrap();
        assert!(error.cause.contains(cause) && !error.hint.is_empty(), "{name}: {error}");
    }
}

#[test]
fn readers_go_on_while_one_writes() {
    on_both(|store, place| {
        put(store, &report("A", &["您好"]));
        let seen = store.transaction(|store| {
            store.log_action("qa", "x", "y", "{}")?;
            Store::open(place, Access::Read)?.count_reports()
        });
        assert_eq!(seen.unwrap(), 1);
    });
}

#[test]
fn a_store_of_version_1_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.sqlite");
    let packed = std::fs::File::open(root().join("tests/store/version-1.sqlite.zst")).unwrap();
    zstd::stream::copy_decode(packed, std::fs::File::create(&path).unwrap()).unwrap();
    let place = Place::Sqlite(path);
    let refused = Store::open(&place, Access::Read).err().unwrap();
    assert!(refused.cause.contains("of version 1"), "{refused}");
    let mut store = Store::open(&place, Access::Write).unwrap();
    assert_eq!(store.count_reports().unwrap(), 4);
    let queue = store.queue(&Filter::of(FindingState::Open), None, 100).unwrap();
    assert_eq!(queue.len(), 8);
    assert!(queue.iter().any(|line| line.day == "2026-03-03" && line.agent_id.as_deref() == Some("A102")));
    assert_eq!(store.verify_actions().unwrap(), Ok(1));
}

#[test]
fn the_queue_goes_on_where_a_page_ended() {
    on_both(|store, _| {
        for number in 0..23 {
            put(store, &report(&format!("C{number}"), &[&format!("我要杀了你{number}")]));
        }
        let filter = Filter::of(FindingState::Open);
        let (mut seen, mut cursor) = (Vec::new(), None);
        loop {
            let page = store.queue(&filter, cursor.as_ref(), 5).unwrap();
            let Some(last) = page.last() else { break };
            cursor = Some(last.cursor());
            seen.extend(page.into_iter().map(|line| line.finding_id));
        }
        let whole: Vec<_> =
            store.queue(&filter, None, 100).unwrap().into_iter().map(|line| line.finding_id).collect();
        assert_eq!((seen.len(), &seen), (23, &whole));
        assert_eq!(store.count_queue(&filter).unwrap(), 23);
        assert_eq!(store.count_queue(&Filter { agent_id: Some("nobody".into()), ..filter }).unwrap(), 0);
    });
}
