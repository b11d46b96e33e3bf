//! Whole calls and thousands of lines under the built-in packs: what changes shows as a difference to a file in git.
//!
//! When a change is meant, `UPDATE_GOLDEN=1 cargo test --test it golden` writes the files anew; read the difference.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use callaudit::domain::{CallReport, Speaker, Suppressed};
use serde::Deserialize;

use crate::support::{callaudit, reports, root, run};

/// Seconds that a character takes, silence between turns.
const CHAR_S: f64 = 0.22;
const PAUSE_S: f64 = 0.5;

/// A long call in which the agent does nothing wrong.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    about: String,
    contact: String,
    /// A line a turn, `坐席：…` or `客户：…`.
    talk: String,
}

/// Files of a folder with an extension, by stem, sorted.
fn files(folder: &Path, extension: &str) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|other| other == extension))
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), path))
        .collect();
    found.sort();
    found
}

/// Compares with a file in git, line by line.
fn assert_golden(path: &Path, actual: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(path, actual).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    let lacks = |text: &str, line: &&str| !text.lines().any(|other| other == *line);
    let gone = expected.lines().filter(|line| lacks(actual, line)).map(|line| format!("- {line}\n"));
    let new = actual.lines().filter(|line| lacks(&expected, line)).map(|line| format!("+ {line}\n"));
    let difference: String = gone.chain(new).collect();
    assert!(
        expected == actual,
        "{} has changed:\n{difference}if that is meant: UPDATE_GOLDEN=1 cargo test --test it golden",
        path.display()
    );
}

#[test]
fn innocent_calls() {
    let folder = root().join("tests/innocent");
    let calls: Vec<(String, Call)> = files(&folder, "toml")
        .into_iter()
        .map(|(id, path)| (id, toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap()))
        .collect();
    assert!(calls.len() >= 12, "only {} innocent calls", calls.len());
    let scratch = tempfile::tempdir().unwrap();
    let (transcripts, records) = (scratch.path().join("calls.jsonl"), scratch.path().join("calls.csv"));
    fs::write(&transcripts, calls.iter().map(|(id, call)| transcript(id, call)).collect::<String>()).unwrap();
    let rows: Vec<String> = calls.iter().map(|(id, call)| format!("{id},{}", call.contact)).collect();
    fs::write(&records, format!("call_id,contact\n{}\n", rows.join("\n"))).unwrap();
    let out = scratch.path().join("out");
    let audited =
        run(callaudit().arg("audit").arg(&transcripts).arg("--calls").arg(&records).arg("--out").arg(&out));
    let reports = reports(&out);
    assert_eq!(reports.len(), calls.len(), "{audited:?}");
    let told: String = calls.iter().map(|(id, call)| told(call, &reports[id])).collect();
    assert_golden(&folder.join("findings.txt"), &told);
}

fn transcript(id: &str, call: &Call) -> String {
    let mut start_s = 0.0;
    let mut segments = Vec::new();
    for line in call.talk.lines().filter(|line| !line.is_empty()) {
        let (speaker, text) = line.split_once('：').unwrap();
        let speaker = match speaker {
            "坐席" => Speaker::Agent,
            "客户" => Speaker::Customer,
            other => panic!("{id}: a turn by {other}"),
        };
        let end_s = start_s + CHAR_S * text.chars().count() as f64;
        segments
            .push(serde_json::json!({"speaker": speaker, "start_s": start_s, "end_s": end_s, "text": text}));
        start_s = end_s + PAUSE_S;
    }
    assert!((25..=45).contains(&segments.len()), "{id} has {} turns", segments.len());
    serde_json::json!({"call_id": id, "segments": segments}).to_string() + "\n"
}

/// Everything that rules made of a call, but for figures that shift with every calibration.
fn told(call: &Call, report: &CallReport) -> String {
    let mut text = format!("{}: {}\n", report.call_id, call.about);
    for finding in &report.findings {
        let tier = format!("{:?}", finding.tier).to_lowercase();
        writeln!(text, "  FOUND {tier} {} 「{}」", finding.rule, finding.quote).unwrap();
    }
    for Suppressed { finding, by, reason } in &report.suppressed {
        let by = format!("{by:?}").to_lowercase();
        writeln!(text, "  {by} {} 「{}」 {reason}", finding.rule, finding.quote).unwrap();
    }
    text + "\n"
}

#[test]
fn labelled_utterances() {
    let folder = root().join("tests/corpus");
    let tables = files(&folder, "tsv");
    assert!(!tables.is_empty(), "no *.tsv in {}", folder.display());
    let told = run(callaudit().args(["eval", "--json"]).args(tables.iter().map(|(_, path)| path)));
    let evaluation: serde_json::Value =
        serde_json::from_str(&told.stdout).unwrap_or_else(|error| panic!("{error}: {}", told.stderr));
    let mut text =
        format!("{:<24}{:>7}{:>7}{:>7}{:>11}{:>8}\n", "", "found", "false", "missed", "precision", "recall");
    for tier in ["all", "violation"] {
        writeln!(text, "tier {tier}").unwrap();
        let section = &evaluation[tier];
        for (category, figures) in section["categories"].as_object().unwrap() {
            text += &row(category, figures);
        }
        text += &row("all spoken", &section["spoken"]);
        writeln!(text, "  clean flagged {} of {}", section["clean_calls_flagged"], section["clean_calls"])
            .unwrap();
    }
    assert_golden(&folder.join("figures.txt"), &text);
}

fn row(name: &str, figures: &serde_json::Value) -> String {
    let rate =
        |name: &str| figures[name]["value"].as_f64().map_or("-".to_owned(), |rate| format!("{rate:.3}"));
    let [found, wrong, missed] = ["found", "false_alarms", "missed"].map(|count| figures[count].to_string());
    format!("  {name:<22}{found:>7}{wrong:>7}{missed:>7}{:>11}{:>8}\n", rate("precision"), rate("recall"))
}
