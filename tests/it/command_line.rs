//! The commands as a user types them: exit codes, errors with hints, the same bytes for every number of jobs.

use std::fs;
use std::path::Path;

use crate::support::{callaudit, reports, run, weights_or_skip};

fn transcript(id: &str, lines: &[(&str, &str)]) -> String {
    let segments: Vec<_> = lines
        .iter()
        .enumerate()
        .map(|(index, (speaker, text))| {
            let start = index as f64 * 5.0;
            serde_json::json!({"speaker": speaker, "start_s": start, "end_s": start + 4.0, "text": text})
        })
        .collect();
    serde_json::json!({"call_id": id, "segments": segments}).to_string() + "\n"
}

const OPENING: (&str, &str) =
    ("agent", "您好，我是远帆消费金融的工作人员，本次通话会录音，您欠款三千元已经逾期十天。");

fn audit(folder: &Path, jobs: &str) -> crate::support::Run {
    let out = folder.join(format!("out-{jobs}"));
    let input = folder.join("calls.jsonl");
    run(callaudit().arg("audit").arg(&input).arg("--out").arg(&out).args(["--jobs", jobs]))
}

#[test]
fn exit_status_tells_clean_from_found_from_failed() {
    let rows: [(&str, &str, i32); 3] = [
        ("clean", &transcript("C1", &[OPENING, ("customer", "好的，我明天还。")]), 0),
        ("found", &transcript("C1", &[OPENING, ("agent", "再不还钱我就找人砍死你全家。")]), 1),
        ("failed", &(transcript("C1", &[OPENING]) + "{broken\n"), 2),
    ];
    for (name, text, status) in rows {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("calls.jsonl"), text).unwrap();
        let run = audit(folder.path(), "1");
        assert_eq!(run.status, status, "{name}: {run:?}");
    }
}

#[test]
fn the_same_bytes_for_every_number_of_jobs() {
    let folder = tempfile::tempdir().unwrap();
    let lines = ["您好。", "再不还钱我就找人砍死你全家。", "你就是个老赖，不要脸。", "我们不会上门。"];
    let text: String = (0..200)
        .map(|number| {
            transcript(&format!("C{number:03}"), &[OPENING, ("agent", lines[number % lines.len()])])
        })
        .collect();
    fs::write(folder.path().join("calls.jsonl"), text).unwrap();
    for jobs in ["1", "2", "7"] {
        assert_eq!(audit(folder.path(), jobs).status, 1);
    }
    for file in ["report.jsonl", "findings.csv", "index.html", "calls/C001.html"] {
        let bytes = |jobs: &str| fs::read(folder.path().join(format!("out-{jobs}")).join(file)).unwrap();
        assert!(bytes("1") == bytes("2") && bytes("1") == bytes("7"), "{file} differs");
    }
}

#[test]
fn a_bad_file_is_reported_and_the_others_are_done() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a-noise.wav"), b"this is not a recording").unwrap();
    fs::write(folder.path().join("b-empty.mp3"), b"").unwrap();
    fs::write(folder.path().join("c.jsonl"), transcript("C1", &[OPENING])).unwrap();
    let out = folder.path().join("out");
    if !crate::support::weights_or_skip("a_bad_file_is_reported_and_the_others_are_done") {
        return;
    }
    let inputs = ["a-noise.wav", "b-empty.mp3", "c.jsonl"].map(|name| folder.path().join(name));
    let run = run(callaudit().arg("audit").args(&inputs).arg("--out").arg(&out));
    assert_eq!(run.status, 2, "{run:?}");
    let reports = reports(&out);
    let verdicts: Vec<_> =
        reports.values().map(|report| serde_json::to_string(&report.verdict).unwrap()).collect();
    assert_eq!(verdicts, [r#""clean""#, r#""failed""#, r#""failed""#], "{reports:#?}");
    assert!(run.stderr.contains("a-noise.wav") && run.stderr.contains("hint:"), "{}", run.stderr);
}

#[test]
fn what_is_missing_is_named_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, words) in [
        (vec!["audit", "no/such/folder"], "no/such/folder"),
        (vec!["audit", "Cargo.toml", "--policy", "nowhere"], "nowhere"),
        (vec!["explain", "abc"], "hint: audit first"),
        (vec!["audit", "x.wav", "--model", "no/such/model.bin"], "x.wav"),
    ] {
        let out = folder.path().join("out");
        let run = run(callaudit().args(&arguments).arg("--out").arg(&out));
        assert_eq!(run.status, 2, "{arguments:?}: {run:?}");
        assert!(run.stderr.contains(words) && run.stderr.contains("hint"), "{arguments:?}: {}", run.stderr);
        assert!(
            !out.exists(),
            "{arguments:?}: nothing was audited, so no report is written over an earlier one"
        );
    }
}

#[test]
fn a_finding_can_be_explained_by_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        transcript("C1", &[OPENING, ("agent", "再不还钱我就找人砍死你全家。"), ("customer", "别这样。")]);
    fs::write(folder.path().join("calls.jsonl"), text).unwrap();
    let audited = audit(folder.path(), "1");
    assert!(
        audited.stdout.contains("威胁恐吓") && audited.stdout.contains("砍死你全家"),
        "{}",
        audited.stdout
    );
    let out = folder.path().join("out-1");
    let finding = reports(&out)["C1"].findings[0].clone();
    let told = run(callaudit().args(["explain", &finding.id[..8], "--out"]).arg(&out));
    assert_eq!(told.status, 0, "{told:?}");
    assert!(
        told.stdout.contains(&finding.rule) && told.stdout.contains(&finding.explanation),
        "{}",
        told.stdout
    );
}

#[test]
fn personal_numbers_are_masked_unless_revealed() {
    let folder = tempfile::tempdir().unwrap();
    let text = transcript("C1", &[OPENING, ("agent", "您的手机号是13812345678对吗")]);
    fs::write(folder.path().join("calls.jsonl"), text).unwrap();
    for (flag, shown) in [(None, false), (Some("--reveal"), true)] {
        let out = folder.path().join("out");
        run(callaudit()
            .arg("audit")
            .arg(folder.path().join("calls.jsonl"))
            .arg("--out")
            .arg(&out)
            .args(flag));
        for file in ["report.jsonl", "calls/C1.html"] {
            let text = fs::read_to_string(out.join(file)).unwrap();
            assert_eq!(text.contains("13812345678"), shown, "{file} with {flag:?}");
        }
    }
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let run = run(callaudit()
        .arg("doctor")
        .args(["--model", "missing.bin", "--policy", "nowhere", "--store", "missing.sqlite"])
        .current_dir(&folder));
    assert_eq!(run.status, 1, "{run:?}");
    for line in [
        "WRONG    model        missing.bin: does not exist or is no file",
        "hint: check the path, or name a known model: callaudit model list",
        "WRONG    speed        not measured",
        "ok       rule packs",
        "WRONG    policies     --policy: there is no policy `nowhere`",
        "ok       transcripts  none are saved, every audit listens",
        "WRONG    store        missing.sqlite: ",
    ] {
        assert!(run.stdout.contains(line), "{line}: {}", run.stdout);
    }
}

#[test]
fn the_doctor_tells_whether_the_log_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("qa.sqlite");
    let place = callaudit::store::Place::Sqlite(path.clone());
    let mut store = callaudit::store::Store::open(&place, callaudit::store::Access::Write).unwrap();
    for subject in ["call 1", "call 2"] {
        store.transaction(|store| store.log_action("wang", "review", subject, "{}")).unwrap();
    }
    let told = || run(callaudit().arg("doctor").arg("--store").arg(&path)).stdout;
    assert!(told().contains("0 calls; 2 actions in the log, none changed"), "{}", told());
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch(
            "DROP TRIGGER action_is_never_changed; UPDATE action SET subject = 'call 9' WHERE seq = 2",
        )
        .unwrap();
    assert!(
        told().contains("WRONG    store") && told().contains("the log of actions was changed at line 2"),
        "{}",
        told()
    );
}

#[test]
fn the_doctor_finds_nothing_wrong_where_all_is_there() {
    if !weights_or_skip("the_doctor_finds_nothing_wrong_where_all_is_there") {
        return;
    }
    let run = run(callaudit().arg("doctor"));
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.contains("ok       speed        an hour of calls takes about"), "{}", run.stdout);
}
