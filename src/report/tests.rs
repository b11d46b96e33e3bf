//! Whole runs: what lies in the output directory, and that it is the same whatever the order of the calls.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use bytes::Bytes;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;

use super::*;
use crate::domain::{CallId, CallReport, Severity, Verdict};

/// The calls of every run here; cutting clips is most of the work, so it is done once.
static PAGES: LazyLock<Vec<CallPage>> = LazyLock::new(|| {
    let (report, audio) = (sample::violation(), sample::audio());
    let clips = clips(&audio, &report.findings, &[]).unwrap();
    let with_sound = CallPage { clips, waveforms: waveforms(&audio), ..CallPage::silent(report) };
    let without = [sample::review(), sample::clean(), sample::failed(), sample::evil()];
    std::iter::once(with_sound).chain(without.map(CallPage::silent)).collect()
});

fn run(out: &Path, formats: &[Format], order: &[usize]) -> RunReport {
    let ids: Vec<CallId> = PAGES.iter().map(|page| page.report.call_id.clone()).collect();
    let mut writer = ReportWriter::create(out, formats, &ids).unwrap();
    for &index in order {
        writer.write_call(index, &PAGES[index]).unwrap();
    }
    writer.finish(&RunFacts::default()).unwrap()
}

fn files(directory: &Path, under: &str) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(files(&entry.path(), &format!("{name}/")));
        } else {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    found
}

fn outputs(formats: &[Format], order: &[usize]) -> BTreeMap<String, Vec<u8>> {
    let directory = tempfile::tempdir().unwrap();
    run(directory.path(), formats, order);
    files(directory.path(), "")
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).unwrap()
}

#[test]
fn every_file_is_there_and_the_same_in_any_order() {
    let files = outputs(&Format::ALL, &[0, 1, 2, 3, 4]);
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "calls/D001.html",
            "calls/D002.html",
            "calls/D003.html",
            "calls/D004.html",
            "calls/~2e.~2f..~2fx.html",
            "findings.csv",
            "findings.parquet",
            "index.html",
            "report.jsonl",
            "reports.parquet",
            "run.json"
        ]
    );
    assert!(files == outputs(&Format::ALL, &[4, 2, 0, 1, 3]));
}

#[test]
fn only_what_was_asked_for_is_written() {
    for (format, names) in [
        (Format::Jsonl, &["report.jsonl", "run.json"][..]),
        (Format::Csv, &["findings.csv", "run.json"]),
        (Format::Parquet, &["findings.parquet", "reports.parquet", "run.json"]),
        (Format::Html, &["calls/D003.html", "index.html", "run.json"]),
    ] {
        let files = outputs(&[format], &[2]);
        assert_eq!(files.keys().collect::<Vec<_>>(), names);
    }
}

#[test]
fn an_interrupted_run_keeps_what_is_done_in_order() {
    let lines = text(&outputs(&Format::ALL, &[4, 1]), "report.jsonl");
    let ids: Vec<CallReport> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(ids.iter().map(|report| report.call_id.0.as_str()).collect::<Vec<_>>(), ["D002", "../../x"]);
}

/// The first column of a table.
fn call_ids(file: &[u8]) -> Vec<String> {
    let reader = SerializedFileReader::new(Bytes::copy_from_slice(file)).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
    rows.map(|row| row.get_string(0).unwrap().clone()).collect()
}

#[test]
fn tables_of_an_interrupted_run_hold_what_is_done_in_order() {
    let files = outputs(&[Format::Parquet], &[4, 0]);
    assert_eq!(call_ids(&files["reports.parquet"]), ["D001", "../../x"]);
    assert_eq!(call_ids(&files["findings.parquet"]), ["D001", "D001", "D001", "D001", "../../x"]);
}

#[test]
fn a_table_is_there_when_it_is_whole() {
    let directory = tempfile::tempdir().unwrap();
    run(directory.path(), &[Format::Parquet], &[0]);
    let ids = [PAGES[0].report.call_id.clone()];
    let mut writer = ReportWriter::create(directory.path(), &[Format::Parquet], &ids).unwrap();
    writer.write_call(0, &PAGES[0]).unwrap();
    assert!(!files(directory.path(), "").keys().any(|name| name.ends_with(".parquet")));
    drop(writer);
    run(directory.path(), &[Format::Parquet], &[2]);
    let left = files(directory.path(), "");
    assert_eq!(left.keys().collect::<Vec<_>>(), ["findings.parquet", "reports.parquet", "run.json"]);
    assert_eq!(call_ids(&left["reports.parquet"]), ["D003"]);
    assert_eq!(call_ids(&left["findings.parquet"]), [""; 0]);
}

#[test]
fn lines_lead_back_to_the_reports() {
    let lines = text(&outputs(&[Format::Jsonl], &[0, 1, 2, 3, 4]), "report.jsonl");
    let back: Vec<CallReport> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let printed: Vec<_> = PAGES.iter().map(|page| border::printed(&page.report)).collect();
    assert_eq!(back, printed);
}

#[test]
fn lines_have_the_keys_that_others_rely_on() {
    let lines = text(&outputs(&[Format::Jsonl], &[0, 2, 3]), "report.jsonl");
    let lines: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let keys = |value: &serde_json::Value, wanted: &[&str]| {
        for key in wanted {
            assert!(value.as_object().unwrap().contains_key(*key), "no {key} in {value}");
        }
    };
    let (finding, suppressed) = (&lines[0]["findings"][2], &lines[0]["suppressed"][0]);
    for line in &lines {
        keys(
            line,
            &["schema", "call_id", "recording", "verdict", "score", "error", "findings", "suppressed"],
        );
        keys(line, &["not_judged", "transcript", "provenance"]);
        keys(&line["provenance"], &["tool", "model", "lexicons", "policies", "settings"]);
    }
    keys(&lines[0]["recording"], &["path", "sha256", "duration_s", "channels"]);
    keys(&lines[0]["provenance"]["model"], &["name", "sha256"]);
    for hit in [finding, suppressed] {
        keys(
            hit,
            &["id", "rule", "category", "severity", "tier", "grade", "confidence", "speaker", "start_s"],
        );
        keys(hit, &["end_s", "quote", "meant", "explanation", "basis"]);
    }
    keys(suppressed, &["by", "reason"]);
    assert!(lines[0]["error"].is_null() && lines[1]["recording"].is_null());
    assert_eq!(lines[2]["verdict"], "failed");
    assert_eq!((&finding["start_s"], &finding["tier"]), (&18.41.into(), &"review".into()));
    assert_eq!(lines[0]["recording"]["duration_s"], 61.24);
}

#[test]
fn the_run_comes_back_in_the_order_of_the_input() {
    let directory = tempfile::tempdir().unwrap();
    let report = run(directory.path(), &Format::ALL, &[3, 0]);
    assert_eq!(report.index, Some(directory.path().join("index.html")));
    assert_eq!(
        report.calls.iter().map(|call| call.verdict).collect::<Vec<_>>(),
        [Verdict::Violation, Verdict::Failed]
    );
    assert_eq!(report.calls[0].worst.as_ref().unwrap().severity, Severity::Critical);
}

#[test]
fn a_call_that_was_not_announced_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let mut writer = ReportWriter::create(directory.path(), &Format::ALL, &[]).unwrap();
    let error = writer.write_call(0, &PAGES[2]).unwrap_err();
    assert_eq!(error.to_string(), "call number 0 of an input of 0 calls");
}

#[test]
fn an_earlier_index_does_not_outlive_its_run() {
    let directory = tempfile::tempdir().unwrap();
    run(directory.path(), &Format::ALL, &[0]);
    ReportWriter::create(directory.path(), &Format::ALL, &[]).unwrap();
    assert!(!directory.path().join("index.html").exists() && !directory.path().join("run.json").exists());
}

#[test]
fn no_file_of_an_earlier_run_lies_beside_those_of_this_one() {
    let directory = tempfile::tempdir().unwrap();
    for format in Format::ALL {
        run(directory.path(), &Format::ALL, &[0]);
        run(directory.path(), &[format], &[2]);
        let left = files(directory.path(), "");
        assert_eq!(
            left.into_keys().collect::<Vec<_>>(),
            outputs(&[format], &[2]).into_keys().collect::<Vec<_>>()
        );
    }
}

#[test]
fn earlier_pages_go_and_other_files_stay() {
    let directory = tempfile::tempdir().unwrap();
    run(directory.path(), &Format::ALL, &[0, 1]);
    fs::write(directory.path().join("calls/notes.html"), "mine").unwrap();
    ReportWriter::create(directory.path(), &Format::ALL, &[]).unwrap();
    let left = files(&directory.path().join("calls"), "");
    assert_eq!(left.into_keys().collect::<Vec<_>>(), ["notes.html"]);
}

#[test]
fn the_page_of_a_call_has_all_that_a_reviewer_needs() {
    let page = text(&outputs(&[Format::Html], &[0]), "calls/D001.html");
    for (what, count) in [
        ("<audio ", 3),
        ("data:audio&#x2f;wav;base64,UklGR", 3),
        ("<article ", 4),
        ("class=\"lane ", 2),
        ("class=\"pin ", 3),
        ("<polygon ", 2),
        ("<a class=\"hit critical\"", 1),
        ("<a class=\"hit suppressed\"", 2),
        ("疑似识别幻觉：字幕套话", 1),
        ("疑似原话</span>经侦大队", 1),
        ("读音相近", 1),
        ("较高（78%）", 1),
        ("（推荐性国家标准，据公开报道）", 1),
        ("“不会”", 1),
        ("没有对应的通话记录", 1),
        ("timing: no call record", 0),
        ("约定时段", 0),
        ("2026-03-02 21:58:10+08:00", 1),
    ] {
        assert_eq!(page.matches(what).count(), count, "{what}");
    }
}

#[test]
fn a_failed_call_says_that_nothing_was_judged() {
    let page = text(&outputs(&[Format::Html], &[3]), "calls/D004.html");
    for what in [
        "本通话未能审计",
        "不能视为合规",
        "文件不完整",
        "12 of 44 header bytes",
        "copy the recording again",
        "未能审计 · D004",
    ] {
        assert!(page.contains(what), "{what}");
    }
    assert!(!page.contains("没有发现问题") && !page.contains("/ 100"));
}

#[test]
fn hostile_text_stays_text() {
    let files = outputs(&Format::ALL, &[4]);
    for name in ["calls/~2e.~2f..~2fx.html", "index.html"] {
        let page = text(&files, name);
        assert_eq!(page.matches("<script").count(), 1, "{name}");
        assert!(!page.contains("<img") && !page.contains("\" onmouseover"), "{name}");
        assert!(!page.contains("href=\"javascript"), "{name}");
    }
    assert!(text(&files, "index.html").contains("href=\"calls&#x2f;~2e.~2f..~2fx.html\""));
    assert!(text(&files, "findings.csv").contains(",'=cmd|' /C calc'!A0,"));
}

#[test]
fn pages_load_nothing_and_run_nothing_of_others() {
    let files = outputs(&[Format::Html], &[0, 3]);
    for name in ["calls/D001.html", "calls/D004.html", "index.html"] {
        let page = text(&files, name);
        assert!(page.contains("default-src &#x27;none&#x27;; style-src &#x27;sha256-"), "{name}");
        assert!(
            !page.contains(" style=") && !page.contains(" onclick="),
            "{name}: an inline attribute would be blocked"
        );
        assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("@import"), "{name}");
    }
}
