//! `callaudit lexicon` as a rule writer types it.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use crate::support::{Run, callaudit, run};

const PACK: &str = r#"
# The house's own rules.
[groups]
pet = ["小狗", "猫咪"] # and others

[[rule]]
id = "house.pets"
title = "以宠物相威胁"
category = "threat"
severity = "minor"
terms = ["毒死你家狗", "毒死你家猫"]
patterns = ["把<pet>.{0,3}(?:炖了|宰了)"]
near = [{ all = ["@pet", ["毒死", "弄死"]], within = 9 }]
unless = { terms = ["兽医"] }
why = "以宠物安危相威胁"
hit = ["毒死你家狗"]
miss = ["您家小狗真乖", { text = "客户：我家猫咪病了", contact = "family" }]
"#;

fn house(folder: &Path, pack: &str) -> String {
    fs::write(folder.join("house.toml"), pack).unwrap();
    folder.to_string_lossy().into_owned()
}

fn lexicon(arguments: &[&str]) -> Run {
    run(callaudit().arg("lexicon").args(arguments))
}

#[test]
fn a_rule_is_explained_as_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let told = lexicon(&["explain", "house.pets", "--lexicons", &house(folder.path(), PACK)]);
    let text = told.stdout.replace(&*folder.path().to_string_lossy(), "DIR");
    assert_snapshot!(text, @r#"
    house.pets — 以宠物相威胁 (DIR/house.toml:6)
      category   threat 威胁恐吓
      severity   minor
      tier       violation
      speaker    agent
      why        以宠物安危相威胁
      silence    negation, refusal, quotation, reported, hypothetical
      terms      毒死你家狗 毒死你家猫
      patterns   把<pet>.{0,3}(?:炖了|宰了)
      near       { all = ["@pet", ["毒死", "弄死"]], within = 9 }
      unless     { terms = ["兽医"] }
      @pet       小狗 猫咪
      hit        毒死你家狗
      miss       您家小狗真乖
      miss       客户：我家猫咪病了
    "#);
    let unknown = lexicon(&["explain", "house.nothing"]);
    assert_eq!(unknown.status, 2);
    assert_snapshot!(unknown.stderr, @r"
    error: no rule `house.nothing`
      hint: `callaudit lexicon list` prints all ids
    ");
}

#[test]
fn rules_are_listed_by_what_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let house = house(folder.path(), PACK);
    let ids = |more: &[&str]| {
        let told = lexicon(&[&["list", "--json", "--lexicons", &house], more].concat());
        let rows: Vec<serde_json::Value> = serde_json::from_str(&told.stdout).unwrap();
        rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["--pack", "house"]), ["house.pets"]);
    assert_eq!(ids(&["--pack", "house", "--severity", "critical"]), [""; 0]);
    assert!(ids(&["--category", "threat"]).len() > 5);
    assert!(ids(&["--category", "threat"]).contains(&"house.pets".to_owned()));
    let table = lexicon(&["list", "--pack", "house", "--lexicons", &house]).stdout;
    let row: Vec<&str> = table.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(row, ["house.pets", "threat", "minor", "violation", "以宠物相威胁"]);
    let unknown = lexicon(&["list", "--category", "menace"]);
    assert!(unknown.status == 2 && unknown.stderr.contains("false_legal_claim"), "{unknown:?}");
}

fn transcripts(folder: &Path) -> String {
    let line = |id: &str, words: &str| {
        serde_json::json!({"call_id": id, "segments": [
            {"speaker": "agent", "start_s": 0.0, "end_s": 3.0, "text": "您好，我是银行的工作人员，通话有录音，您欠款三千元。"},
            {"speaker": "agent", "start_s": 9.0, "end_s": 12.0, "text": words},
        ]})
        .to_string()
    };
    let path = folder.join("calls.jsonl");
    fs::write(&path, [line("A1", "小心我毒死你家狗。"), line("A2", "祝您生活愉快。")].join("\n")).unwrap();
    path.to_string_lossy().into_owned()
}

#[test]
fn two_sets_of_rules_are_told_apart_by_what_they_find() {
    let folder = tempfile::tempdir().unwrap();
    let (house, calls) = (house(folder.path(), PACK), transcripts(folder.path()));
    let told = lexicon(&["diff", "built-in", &house, "--over", &calls]);
    assert_eq!(told.status, 1, "{told:?}");
    assert_snapshot!(told.stdout, @r"
    + A1 10 s violation house.pets 「小心我毒死你家狗。」
    2 calls: 0 findings gone, 1 new
    ");
    let back = lexicon(&["diff", &house, "built-in", "--over", &calls]);
    assert!(back.status == 1 && back.stdout.starts_with("- A1 10 s"), "{back:?}");
    let same = lexicon(&["diff", &house, &house, "--over", &calls]);
    assert_eq!((same.status, same.stdout.as_str()), (0, "2 calls: 0 findings gone, 0 new\n"));
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples");
    let recording = lexicon(&["diff", &house, &house, "--over", samples]);
    assert!(recording.status == 2 && recording.stderr.contains("hint"), "{recording:?}");
}

#[test]
fn every_rule_has_its_time_and_its_findings() {
    let folder = tempfile::tempdir().unwrap();
    let (house, calls) = (house(folder.path(), PACK), transcripts(folder.path()));
    let told = lexicon(&["profile", "--lexicons", &house, "--over", &calls]);
    let rows: Vec<Vec<&str>> = told.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    let pets = rows.iter().find(|row| row.last() == Some(&"house.pets")).unwrap();
    assert_eq!(pets[1..3], ["1", "0"], "{}", told.stdout);
    let times: Vec<f64> = rows[1..rows.len() - 1].iter().map(|row| row[0].parse().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{}", told.stdout);
    assert!(rows.last().unwrap().ends_with(&["without", "any", "rule"]), "{}", told.stdout);
}

#[test]
fn packs_are_laid_out_once() {
    let folder = tempfile::tempdir().unwrap();
    let house = house(folder.path(), PACK);
    let count = |run: &Run| run.stdout.lines().last().unwrap().to_owned();
    let check = lexicon(&["fmt", "--check", &house]);
    assert_eq!((check.status, count(&check).as_str()), (1, "1 of 1 packs not in canonical form"));
    assert_eq!(fs::read_to_string(folder.path().join("house.toml")).unwrap(), PACK);
    let written = lexicon(&["fmt", &house]);
    assert_eq!((written.status, count(&written).as_str()), (0, "1 of 1 packs changed"));
    assert_eq!(lexicon(&["fmt", "--check", &house]).status, 0);
    let text = fs::read_to_string(folder.path().join("house.toml")).unwrap();
    assert!(text.starts_with("# The house's own rules.\n[groups]\n"), "{text}");
    let broken = lexicon(&["fmt", &self::house(folder.path(), "[pack\n")]);
    assert!(broken.status == 2 && broken.stderr.contains("house.toml:1"), "{broken:?}");
}

#[test]
fn checks_give_advice_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let odd = PACK.replace("\"毒死你家猫\"", "\"毒死你家狗崽\"");
    let told = lexicon(&["check", "--lexicons", &house(folder.path(), &odd)]);
    assert_eq!(told.status, 0, "{told:?}");
    assert!(told.stdout.contains("warning[shadowed-word]"), "{}", told.stdout);
    assert!(told.stdout.contains("house.toml:11:"), "{}", told.stdout);
}
