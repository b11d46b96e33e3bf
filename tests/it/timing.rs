//! `callaudit timing` from end to end: made-up records with known breaches in, files out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::records;
use crate::support::{callaudit as program, run};

fn callaudit(threads: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callaudit"));
    command.arg("timing").env("RAYON_NUM_THREADS", threads.to_string());
    command
}

/// Made-up records in a folder: `records.csv`, `planted.csv`.
fn make(folder: &Path, count: u64) -> PathBuf {
    let (mut rows, mut planted) = (Vec::new(), Vec::new());
    records::write(&records::make(count, 11), &mut rows, &mut planted).unwrap();
    fs::write(folder.join("planted.csv"), planted).unwrap();
    let file = folder.join("records.csv");
    fs::write(&file, rows).unwrap();
    file
}

fn judge(records: &Path, out: &Path, threads: usize) -> Output {
    let policies = records::POLICIES.iter().flat_map(|policy| ["--policy", policy]);
    let formats = ["--format", "jsonl,csv,html,parquet"];
    callaudit(threads)
        .arg("--calls")
        .arg(records)
        .arg("--out")
        .arg(out)
        .args(policies)
        .args(formats)
        .output()
        .unwrap()
}

/// How often each call breaks each rule.
fn found(out: &Path) -> BTreeMap<(String, String), usize> {
    let mut found = BTreeMap::new();
    for line in fs::read_to_string(out.join("timing.jsonl")).unwrap().lines() {
        let finding: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| finding[key].as_str().unwrap().to_owned();
        *found.entry((text("call_id"), text("rule"))).or_default() += 1;
    }
    found
}

#[test]
fn every_planted_breach_is_found_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = judge(&make(folder.path(), 60_000), &out, 2);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let planted = fs::read_to_string(folder.path().join("planted.csv")).unwrap();
    let planted = planted.lines().skip(1).map(|line| line.split_once(',').unwrap());
    let planted: BTreeMap<_, _> =
        planted.map(|(call, rule)| ((call.to_owned(), rule.to_owned()), 1)).collect();
    let rules: std::collections::BTreeSet<_> = planted.keys().map(|(_, rule)| rule.as_str()).collect();
    assert_eq!(rules.len(), records::RULES.len(), "a rule without a case");
    assert_eq!(found(&out), planted);
}

#[test]
fn the_files_are_the_same_for_every_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    // More than one block of text.
    let records = make(folder.path(), 120_000);
    let read = |threads: usize| {
        let out = folder.path().join(threads.to_string());
        judge(&records, &out, threads);
        let mut files: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let files = files.into_iter().filter(|file| !file.ends_with("run.json"));
        files.map(|file| (file.file_name().unwrap().to_owned(), fs::read(file).unwrap())).collect::<Vec<_>>()
    };
    let (one, four) = (read(1), read(4));
    assert_eq!(one.len(), 10);
    assert!(one == four, "the files differ");
}

#[test]
fn every_bad_row_is_listed_with_line_and_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first.csv"), folder.path().join("second.jsonl"));
    fs::write(
        &first,
        "通话编号,开始时间,时长,债务人,方向,接通\n\
         A1,2026-03-04 23:00,60,K1,呼出,是\n\
         A2,昨天,60,K1,呼出,是\n\
         A3,2026-03-04 10:00,60,K1,呼出\n\
         ,2026-03-04 10:00,60,K1,呼出,是\n\
         A4,2026-03-04 10:00,很久,K1,呼出,是\n",
    )
    .unwrap();
    fs::write(&second, "{\"call_id\":\"A1\",\"started_at\":\"2026-03-04 22:30\"}\nnot json\n").unwrap();
    let out = folder.path().join("out");
    let output = callaudit(2)
        .args(["--calls"])
        .arg(&first)
        .arg("--calls")
        .arg(&second)
        .arg("--out")
        .arg(&out)
        .output();
    assert_eq!(output.unwrap().status.code(), Some(2));
    let problems = fs::read_to_string(out.join("problems.csv")).unwrap();
    let problems = problems.replace(&format!("{}/", folder.path().display()), "").replace('\r', "");
    insta::assert_snapshot!(problems.trim_start_matches('\u{feff}'), @r#"
    文件,行,原因
    first.csv,3,started_at `昨天` is not understood; the call is not judged
    first.csv,4,has 5 fields where the header has 6; the row is left out
    first.csv,5,has neither call_id nor recording; the row is left out
    first.csv,6,"duration_s ""很久"" is not a duration in seconds or as h:mm:ss; it is left empty"
    second.jsonl,2,"is no JSON object: expected ident, column 2; the row is left out"
    second.jsonl,1,call_id was given in line 2 of first.csv; the row is left out
    "#);
    assert_eq!(found(&out).len(), 1);
}

#[test]
fn a_file_that_cannot_be_read_loses_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.csv");
    fs::write(&good, "call_id,started_at,answered\nA1,2026-03-04 23:00,false\n").unwrap();
    let out = folder.path().join("out");
    let missing = folder.path().join("missing.csv");
    let output = callaudit(2)
        .arg("--calls")
        .arg(&missing)
        .arg("--calls")
        .arg(&good)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("missing.csv: cannot be read"), "{told}");
    assert_eq!(found(&out).len(), 1);
    let page = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(page.contains("missing.csv"), "the page must not look whole");
}

#[test]
fn a_refusal_heard_in_the_audit_is_kept_to_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let rows = "call_id,started_at,answered,duration_s,debtor_id,number,contact,direction\n\
                A1,2026-03-02 10:00,true,60,K1,N9,family,outbound\n\
                A2,2026-03-03 10:00,false,0,K1,N9,family,outbound\n";
    fs::write(at("calls.csv"), rows).unwrap();
    let said = [("customer", "我不认识这个人，别再打给我了"), ("agent", "好的，不再联系您了，抱歉打扰")];
    let segments: Vec<_> = (0..).zip(said).map(|(nth, (speaker, text))| {
        serde_json::json!({"speaker": speaker, "start_s": nth * 5, "end_s": nth * 5 + 4, "text": text})
    }).collect();
    fs::write(at("talk.jsonl"), serde_json::json!({"call_id": "A1", "segments": segments}).to_string())
        .unwrap();
    let audited = run(program()
        .arg("audit")
        .arg(at("talk.jsonl"))
        .arg("--calls")
        .arg(at("calls.csv"))
        .arg("--out")
        .arg(at("audit")));
    assert!(audited.status < 2, "{audited:?}");

    let expected = ("A2".to_owned(), "mainland.refusal".to_owned());
    assert!(found(&at("audit/timing")).contains_key(&expected), "the audit's own look at all records");
    assert!(fs::read_to_string(at("audit/index.html")).unwrap().contains("timing&#x2f;index.html"));
    let timed = run(program()
        .args(["timing", "--calls"])
        .arg(at("calls.csv"))
        .arg("--reports")
        .arg(at("audit/report.jsonl"))
        .arg("--out")
        .arg(at("timing")));
    assert!(timed.status < 2, "{timed:?}");
    assert!(found(&at("timing")).contains_key(&expected));
}

#[test]
fn calls_and_findings_are_counted_by_agent_team_lender_hour_and_day() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.csv");
    let rows = "通话编号,开始时间,时长,坐席,团队,委托机构,债务人,联系对象,方向,接通\n\
                A1,2026-03-02 21:59:00,120,王五,一组,甲银行,K1,本人,呼出,是\n\
                A2,2026-03-02 22:00:00,0,王五,一组,甲银行,K1,本人,呼出,否\n\
                A3,2026-03-03 10:00:00,600,=cmd,二组,乙消金,K2,本人,呼入,是\n\
                A4,2026-03-03 10:30:00,600,,二组,乙消金,K2,本人,呼出,是\n";
    fs::write(&file, rows).unwrap();
    let out = folder.path().join("out");
    let output = callaudit(2).arg("--calls").arg(&file).arg("--out").arg(&out).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    // The first limit's column is enough.
    let table = |name: &str| {
        let text = fs::read_to_string(out.join(name)).unwrap();
        let cut = |line: &str| line.split(',').take(10).collect::<Vec<_>>().join(",");
        let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().map(cut).collect();
        format!("{name}\n{}\n", lines.join("\n"))
    };
    let hours =
        table("hours.csv").lines().filter(|line| !line.contains(",0,0,0,")).collect::<Vec<_>>().join("\n");
    let tables = ["agents.csv", "teams.csv", "lenders.csv", "days.csv"].map(table).concat() + &hours;
    insta::assert_snapshot!(tables, @r"
    agents.csv
    坐席,通话数,外呼数,接通数,通话时长（分钟）,有发现的通话,占外呼比例（%）,违规,待复核,每日 22:00 至次日 08:00 不催收，经债务人同意除外（mainland.hours）
    （未注明）,1,1,1,10,0,0.00,0,0,0
    '=cmd,1,0,1,10,0,0.00,0,0,0
    王五,2,2,1,2,2,100.00,1,1,2
    teams.csv
    团队,通话数,外呼数,接通数,通话时长（分钟）,有发现的通话,占外呼比例（%）,违规,待复核,每日 22:00 至次日 08:00 不催收，经债务人同意除外（mainland.hours）
    一组,2,2,1,2,2,100.00,1,1,2
    二组,2,1,2,20,0,0.00,0,0,0
    lenders.csv
    委托机构,通话数,外呼数,接通数,通话时长（分钟）,有发现的通话,占外呼比例（%）,违规,待复核,每日 22:00 至次日 08:00 不催收，经债务人同意除外（mainland.hours）
    乙消金,2,1,2,20,0,0.00,0,0,0
    甲银行,2,2,1,2,2,100.00,1,1,2
    days.csv
    日期,通话数,外呼数,接通数,通话时长（分钟）,有发现的通话,占外呼比例（%）,违规,待复核,每日 22:00 至次日 08:00 不催收，经债务人同意除外（mainland.hours）
    2026-03-02,2,2,1,2,2,100.00,1,1,2
    2026-03-03,2,1,2,20,0,0.00,0,0,0
    hours.csv
    时,通话数,外呼数,接通数,通话时长（分钟）,有发现的通话,占外呼比例（%）,违规,待复核,每日 22:00 至次日 08:00 不催收，经债务人同意除外（mainland.hours）
    10:00,2,1,2,20,0,0.00,0,0,0
    21:00,1,1,1,2,1,100.00,0,1,1
    22:00,1,1,0,0,1,100.00,1,0,1
    ");
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.starts_with("4 通记录，外呼 3 通；违规 1 项，待复核 1 项，涉及 2 通"), "{told}");
}
