//! `callaudit eval` as a user types it.

use std::fs;
use std::path::Path;

use crate::support::{Run, callaudit, run};

/// A call with a breach that rules find, one that no rule can find, an innocent turn that no rule flags, and a call
/// label.
const CALLS: &str = r#"{"call_id":"A1","turns":[
{"speaker":"agent","start":0,"end":4,"text":"您好，我是远帆消费金融的工作人员，本次通话会录音。","labels":[]},
{"speaker":"customer","start":5,"end":8,"text":"再打来我就砍死你全家。","labels":[]},
{"speaker":"agent","start":9,"end":13,"text":"再不还钱我就找人砍死你全家。","labels":["threat"]},
{"speaker":"agent","start":20,"end":23,"text":"今天天气不错。","labels":["insult"]}],"call_labels":["missing_amount"]}
{"call_id":"A2","turns":[{"speaker":"agent","start":0,"end":4,"text":"祝您生活愉快，再见。","labels":[]}]}"#;

fn labels(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("labels.jsonl");
    fs::write(&path, CALLS.replace(",\n", ",").replace("[\n", "[")).unwrap();
    path
}

fn eval(folder: &Path, more: &[&str]) -> Run {
    run(callaudit().arg("eval").arg(labels(folder)).args(more))
}

#[test]
fn the_table_tells_found_from_missed() {
    let folder = tempfile::tempdir().unwrap();
    let told = eval(folder.path(), &["--show"]);
    assert_eq!(told.status, 0, "{told:?}");
    let row = |name: &str| {
        let line = told.stdout.lines().find(|line| line.trim_start().starts_with(name)).unwrap_or_default();
        let counts: Vec<&str> = line.split_whitespace().skip(name.split(' ').count()).take(3).collect();
        // False alarms are the packs' business, not this command's.
        format!("{} found, {} missed", counts[0], counts[2])
    };
    for (name, counts) in [
        ("threat", "1 found, 0 missed"),
        ("insult", "0 found, 1 missed"),
        ("all spoken", "1 found, 1 missed"),
        ("all missing", "1 found, 0 missed"),
    ] {
        assert_eq!(row(name), counts, "{name}: {}", told.stdout);
    }
    assert!(told.stdout.contains("clean calls flagged: 0 of 1"), "{}", told.stdout);
    assert!(told.stdout.contains("missed: insult in A1 at 20.0 s"), "{}", told.stdout);
    let quiet = eval(folder.path(), &[]);
    assert!(!quiet.stdout.contains("天气"), "words are shown only when asked for: {}", quiet.stdout);
}

#[test]
fn json_holds_the_same_figures_every_time() {
    let folder = tempfile::tempdir().unwrap();
    let told = eval(folder.path(), &["--json"]);
    let value: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(value["all"]["spoken"]["found"], 1);
    assert_eq!(value["all"]["spoken"]["recall"]["value"], 0.5);
    assert_eq!(value["grades"]["exact"]["found"], 1);
    assert!(value.get("judgements").is_none());
    assert_eq!(eval(folder.path(), &["--json"]).stdout, told.stdout);
}

#[test]
fn a_report_is_measured_as_the_audit_right_here() {
    let folder = tempfile::tempdir().unwrap();
    let transcripts = folder.path().join("calls.jsonl");
    let lines: String = CALLS.replace(",\n", ",").replace("[\n", "[").lines().map(transcript).collect();
    fs::write(&transcripts, lines).unwrap();
    let out = folder.path().join("out");
    run(callaudit().arg("audit").arg(&transcripts).arg("--out").arg(&out));
    let report = out.join("report.jsonl");
    let measured = eval(folder.path(), &["--json", "--report", &report.to_string_lossy()]);
    assert_eq!(measured.stdout, eval(folder.path(), &["--json"]).stdout, "{}", measured.stderr);
}

fn transcript(line: &str) -> String {
    let call: serde_json::Value = serde_json::from_str(line).unwrap();
    let segment = |turn: &serde_json::Value| {
        serde_json::json!({
            "speaker": turn["speaker"], "start_s": turn["start"], "end_s": turn["end"], "text": turn["text"],
        })
    };
    let segments: Vec<_> = call["turns"].as_array().unwrap().iter().map(segment).collect();
    serde_json::json!({"call_id": call["call_id"], "segments": segments}).to_string() + "\n"
}

#[test]
fn mistakes_are_named_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    };
    let (good, other) = (labels(folder.path()).to_string_lossy().into_owned(), write("r.jsonl", ""));
    for (arguments, words) in [
        (vec!["no/such/labels.jsonl".to_owned()], "no/such/labels.jsonl"),
        (vec![write("empty.tsv", "# nothing\n")], "there is no labelled call"),
        (vec![write("bad.tsv", "clean\t好\nmenace\t好\n")], "line 2: unknown label `menace`"),
        (vec![good.clone(), good.clone()], "labelled twice"),
        (vec![good.clone(), "--report".to_owned(), other], "none of the labelled calls"),
        (vec![good.clone(), "--report".to_owned(), good], "not a report of this version"),
    ] {
        let told = run(callaudit().arg("eval").args(&arguments));
        assert_eq!(told.status, 2, "{arguments:?}: {told:?}");
        assert!(
            told.stderr.contains(words) && told.stderr.contains("hint"),
            "{arguments:?}: {}",
            told.stderr
        );
    }
}
