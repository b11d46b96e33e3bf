//! Tables in Parquet: what DuckDB, Polars, pandas and Spark read is what the lines of JSON say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use callaudit::report::tables::columns_json;
use serde_json::{Value, json};

use crate::support::{Run, callaudit, root, run};

const ENGINES: [&str; 4] = ["duckdb", "polars", "pandas", "spark"];

/// What is said in each call; for the last there is no record.
const SAID: [(&str, &str); 3] = [
    ("C1", "再不还钱我就找人砍死你全家，“你等着”"),
    ("C2", "您好，我们不会上门。"),
    ("C3", "你就是个老赖，不要脸。"),
];

/// The second call is on the day before in New York; the fourth to K9 is one too many.
const RECORDS: &str = "call_id,started_at,timezone,duration_s,agent_id,team,debtor_id,contact,number,answered,direction,lender,product
C1,2026-03-04 22:30:00,Asia/Shanghai,61.5,王五,一组,K1,self,138****5678,true,outbound,甲银行,消费贷
C2,2026-03-05T10:00:00+08:00,America/New_York,30,A2,,K2,family,,true,outbound,,
R1,2026-03-04 09:00:00,,60,A3,,K9,self,,true,outbound,,
R2,2026-03-04 11:30:00,,60,A3,,K9,self,,true,outbound,,
R3,2026-03-04 14:00:00,,60,A3,,K9,self,,true,outbound,,
R4,2026-03-04 16:30:00,,60,A3,,K9,self,,true,outbound,,
";

struct Folder(tempfile::TempDir);

impl Folder {
    /// With the calls of `said` as transcripts, and the records.
    fn new<'a>(said: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        let lines = said.into_iter().map(|(id, text)| {
            let segments = json!([{"speaker": "agent", "start_s": 1.5, "end_s": 4.0, "text": text}]);
            json!({"call_id": id, "segments": segments}).to_string()
        });
        fs::write(folder.path("t.jsonl"), lines.collect::<Vec<_>>().join("\n")).unwrap();
        fs::write(folder.path("calls.csv"), RECORDS).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn audit(&self, out: &str, more: &[&str]) -> Run {
        let mut command = callaudit();
        command.arg("audit").arg(self.path("t.jsonl")).arg("--calls").arg(self.path("calls.csv"));
        run(command.arg("--out").arg(self.path(out)).args(more))
    }
}

/// The lines of a file of JSON, as they stand and as values.
fn lines(path: &Path) -> Vec<(String, Value)> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| (line.to_owned(), serde_json::from_str(line).unwrap())).collect()
}

/// What an engine must see of a table whose rows are read from these values: line, call, finding.
fn expected(table: &str, rows: &[(&str, &Value, &Value)]) -> Value {
    let definition = columns_json();
    let columns = definition[table].as_array().unwrap();
    let cell = |column: &Value, (line, call, finding): (&str, &Value, &Value)| {
        let path = column["path"].as_str().unwrap();
        let value = if column["of"] == "finding" { finding } else { call };
        let at = |path: &str| value.pointer(&format!("/{path}")).cloned().unwrap_or_default();
        match path.split_once("/*/") {
            _ if path.is_empty() => json!(line),
            Some((list, name)) => {
                at(list).as_array().into_iter().flatten().map(|one| one[name].clone()).collect()
            }
            None => at(path),
        }
    };
    let row =
        |row: &(&str, &Value, &Value)| columns.iter().map(|column| cell(column, *row)).collect::<Value>();
    // JSON within a table is a text to others.
    let kind = |column: &Value| if column["kind"] == "json" { json!("text") } else { column["kind"].clone() };
    let columns_told: Value = columns.iter().map(|column| json!([column["name"], kind(column)])).collect();
    json!({"columns": columns_told, "rows": rows.iter().map(row).collect::<Value>()})
}

fn expected_reports(out: &Path) -> [Value; 2] {
    let reports = lines(&out.join("report.jsonl"));
    let calls: Vec<_> = reports.iter().map(|(line, report)| (line.as_str(), report, report)).collect();
    let found = |(_, report): &'_ (String, Value)| report["findings"].as_array().unwrap().len();
    assert!(reports.iter().map(found).sum::<usize>() >= 3);
    let findings: Vec<_> = calls
        .iter()
        .flat_map(|(line, report, _)| {
            report["findings"].as_array().unwrap().iter().map(|found| (*line, *report, found))
        })
        .collect();
    [expected("calls", &calls), expected("findings", &findings)]
}

/// Findings from call records say of the call at their top what reports say under `record`.
fn expected_timing(path: &Path) -> Value {
    let found = lines(path);
    let calls: Vec<Value> = found
        .iter()
        .map(|(_, line)| json!({"call_id": line["call_id"], "day": line["day"], "record": {
            "agent_id": line["agent_id"], "team": line["team"], "debtor_id": line["debtor_id"], "lender": line["lender"]}}))
        .collect();
    let rows: Vec<_> =
        found.iter().zip(&calls).map(|((line, found), call)| (line.as_str(), call, found)).collect();
    expected("findings", &rows)
}

/// Starts an engine on files. What it needs is put there by `make test-tools`; without it the test fails.
fn start(engine: &str, scratch: &Path, files: &[PathBuf]) -> Child {
    let python = root().join("target/python");
    assert!(python.join("pyspark").is_dir(), "{} has no pyspark: make test-tools", python.display());
    let mut command = Command::new("python3");
    command.arg(root().join("tests/tables/read.py")).arg(engine).args(files).current_dir(scratch);
    command.env("PYTHONPATH", &python).env("SPARK_HOME", python.join("pyspark"));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// With the findings that an engine saw as a text of JSON read.
fn read_json(mut table: Value) -> Value {
    let columns = table["columns"].as_array().unwrap().clone();
    for row in table["rows"].as_array_mut().unwrap() {
        for (cell, _) in
            row.as_array_mut().unwrap().iter_mut().zip(&columns).filter(|(_, column)| column[0] == "findings")
        {
            *cell = serde_json::from_str(cell.as_str().unwrap()).unwrap();
        }
    }
    table
}

#[test]
fn four_engines_read_what_the_lines_say() {
    let folder = Folder::new(SAID);
    let audited = folder.audit("out", &["--format", "jsonl,parquet"]);
    assert_eq!(audited.status, 1, "{audited:?}");
    let out = folder.path("out");
    let files = ["reports.parquet", "findings.parquet", "timing/findings.parquet"].map(|name| out.join(name));
    let [reports, findings] = expected_reports(&out);
    let expected = [reports, findings, expected_timing(&out.join("timing/timing.jsonl"))];
    for what in ["\"2026-03-04\"", "王五", "“你等着”", "[\"R1\",\"R2\",\"R3\",\"R4\"]", ",null,", ",true,"]
    {
        assert!(expected.iter().any(|table| table.to_string().contains(what)), "no {what} in {expected:#?}");
    }
    let engines = ENGINES.map(|engine| (engine, start(engine, folder.0.path(), &files)));
    for (engine, child) in engines {
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{engine}: {}", String::from_utf8_lossy(&output.stderr));
        let tables: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for ((seen, expected), file) in tables.iter().zip(&expected).zip(&files) {
            assert_eq!(&read_json(seen.clone()), expected, "{engine}: {}", file.display());
        }
        assert_eq!(tables.len(), files.len(), "{engine}");
    }
}

#[test]
fn the_day_is_that_of_the_debtor() {
    let folder = Folder::new(SAID);
    folder.audit("out", &["--format", "jsonl"]);
    let days = |path: &str| -> Vec<Value> {
        let days = lines(&folder.path(path)).into_iter().map(|(_, line)| line["day"].clone());
        days.collect()
    };
    assert_eq!(days("out/report.jsonl"), [json!("2026-03-04"), json!("2026-03-04"), Value::Null]);
    assert!(days("out/timing/timing.jsonl").iter().all(|day| day == "2026-03-04"));
}

#[test]
fn the_same_bytes_for_every_number_of_jobs() {
    let ids: Vec<String> = (0..120).map(|number| format!("C{number:03}")).collect();
    let folder = Folder::new(ids.iter().zip(SAID.iter().cycle()).map(|(id, (_, text))| (id.as_str(), *text)));
    for jobs in ["1", "7"] {
        assert_eq!(folder.audit(jobs, &["--format", "parquet", "--jobs", jobs]).status, 1);
    }
    for file in ["reports.parquet", "findings.parquet", "timing/findings.parquet"] {
        let bytes = |jobs: &str| fs::read(folder.path(jobs).join(file)).unwrap();
        assert!(bytes("1") == bytes("7"), "{file} differs");
    }
}

#[test]
fn timing_writes_the_formats_that_are_asked_for() {
    let folder = Folder::new(SAID);
    folder.audit("audit", &["--format", "parquet"]);
    let always = ["problems.csv", "run.json"];
    for (format, more) in [
        ("parquet", &["findings.parquet"][..]),
        ("html", &["index.html"]),
        ("jsonl", &["timing.jsonl"]),
        ("csv", &["agents.csv", "days.csv", "findings.csv", "hours.csv", "lenders.csv", "teams.csv"]),
    ] {
        // One folder for all: what an earlier run wrote is gone.
        let mut command = callaudit();
        command.args(["timing", "--format", format, "--calls"]).arg(folder.path("calls.csv"));
        let judged = run(command.arg("--out").arg(folder.path("timing")));
        assert_eq!(judged.status, 1, "{judged:?}");
        let there = fs::read_dir(folder.path("timing")).unwrap();
        let mut there: Vec<_> =
            there.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        let mut expected = [more, &always].concat();
        there.sort();
        expected.sort_unstable();
        assert_eq!(there, expected);
        if format == "parquet" {
            let bytes = |folder_of: &str| fs::read(folder.path(folder_of).join("findings.parquet")).unwrap();
            assert!(bytes("timing") == bytes("audit/timing"), "the audit's own look at all records");
        }
    }
}
