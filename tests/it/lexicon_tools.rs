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
