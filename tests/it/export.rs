//! Findings as files, judgements back out of them, and what rules learn from both.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Write as _};
use std::path::{Path, PathBuf};

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use callaudit::export::{self, Format, Rows};
use callaudit::store::{
    Access, Account, FindingKey, FindingState, JudgedFinding, Judgement, Place, Rejection, Role, Selection,
    Store,
};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;

use crate::postgres_server::Server;
use crate::support::{Run, callaudit, run};

const THREAT: &str = "再不还钱我就找人砍死你全家";
const PLANTS: &str = "小心我剪光你家盆景";

const HOUSE: &str = r#"
[[rule]]
id = "house.plants"
title = "以盆景相威胁"
category = "threat"
severity = "minor"
terms = ["剪光你家盆景"]
UNLESS
why = "以毁坏盆景相威胁"
hit = ["剪光你家盆景"HIT]
miss = ["您家盆景真好看"MISS]
"#;

/// What a night run makes of a few transcripts.
struct Night {
    folder: tempfile::TempDir,
    store: String,
}

impl Night {
    fn new(calls: &[(&str, &str)], place: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = place.unwrap_or_else(|| folder.path().join("qa.sqlite").display().to_string());
        let lines = calls.iter().map(|(id, said)| {
            serde_json::json!({"call_id": id, "segments": [
                {"speaker": "agent", "start_s": 1.5, "end_s": 4.0, "text": said}]})
            .to_string()
        });
        fs::write(folder.path().join("t.jsonl"), lines.collect::<Vec<_>>().join("\n")).unwrap();
        let records = calls.iter().map(|(id, _)| format!("{id},2026-03-04 10:00:00,K1,self,A-1,一组\n"));
        let header = "call_id,started_at,debtor_id,contact,agent_id,team\n".to_owned();
        fs::write(folder.path().join("calls.csv"), header + &records.collect::<String>()).unwrap();
        fs::create_dir(folder.path().join("house")).unwrap();
        let house = HOUSE.replace("UNLESS\n", "").replace("HIT", "").replace("MISS", "");
        fs::write(folder.path().join("house/house.toml"), house).unwrap();
        let night = Self { folder, store };
        let batch = run(callaudit()
            .args(["batch", "--settle", "0", "--store", &night.store])
            .arg(night.path("t.jsonl"))
            .args(["--calls", &night.text("calls.csv"), "--lexicons", &night.text("house")]));
        assert!(batch.status < 2, "{}", batch.stderr);
        night
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    fn open(&self) -> Store {
        Store::open(&self.store.parse::<Place>().unwrap(), Access::Write).unwrap()
    }

    fn with_accounts(self) -> Self {
        for (name, role, is_active) in [
            ("wang", Role::Qa, true),
            ("li", Role::Qa, true),
            ("gone", Role::Qa, false),
            ("eye", Role::Viewer, true),
        ] {
            let account = Account { name: name.into(), role, password: String::new(), is_active };
            self.open().put_account(&account).unwrap();
        }
        self
    }

    fn findings(&self) -> Vec<JudgedFinding> {
        Rows::new(&mut self.open(), Selection::default()).map(Result::unwrap).collect()
    }

    /// The finding of a rule in a call.
    fn finding(&self, call_id: &str, rule: &str) -> JudgedFinding {
        let of_it = |finding: &JudgedFinding| finding.call_id == call_id && finding.rule.starts_with(rule);
        self.findings().into_iter().find(of_it).unwrap_or_else(|| panic!("{:#?}", self.findings()))
    }

    fn judge(&self, by: &str, finding: &JudgedFinding, judgement: Judgement, comment: &str) {
        let key = FindingKey { call: finding.call, finding_id: &finding.finding_id };
        assert!(self.open().judge_finding(by, key, judgement, comment).unwrap());
    }

    fn export(&self, name: &str, more: &[&str]) -> Run {
        let told = run(callaudit()
            .args(["review", "export", "--store", &self.store, "--out", &self.text(name)])
            .args(more));
        assert_eq!(told.status, 0, "{told:?}");
        told
    }

    fn import(&self, name: &str, by: &str) -> Run {
        run(callaudit().args(["review", "import", &self.text(name), "--store", &self.store, "--as", by]))
    }
}

/// A file's rows by the names of its columns, empty cells left out.
type Table = Vec<BTreeMap<String, String>>;

fn named(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> Table {
    let row =
        |cells: Vec<String>| header.iter().cloned().zip(cells).filter(|(_, cell)| !cell.is_empty()).collect();
    rows.map(row).collect()
}

fn read_csv(path: &Path) -> Table {
    let bytes = fs::read(path).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let text = text.strip_prefix('\u{feff}').unwrap();
    assert!(text.lines().count() == text.matches("\r\n").count());
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
    let header = rows.next().unwrap();
    named(&header, rows)
}

fn read_xlsx(path: &Path) -> Table {
    let mut workbook: Xlsx<BufReader<File>> = open_workbook(path).unwrap();
    let sheet = workbook.worksheet_range("发现").unwrap();
    let mut rows = sheet.rows().map(|row| row.iter().map(Data::to_string).collect::<Vec<_>>());
    let header = rows.next().unwrap();
    named(&header, rows)
}

fn read_json(path: &Path) -> Table {
    let shown = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let line = |line: &str| {
        let mut line: BTreeMap<String, Value> = serde_json::from_str(line).unwrap();
        assert_eq!(line.remove("schema").unwrap(), "callaudit.findings/1");
        line.iter()
            .map(|(key, value)| (key.clone(), shown(value)))
            .filter(|(_, text)| !text.is_empty())
            .collect()
    };
    fs::read_to_string(path).unwrap().lines().map(line).collect()
}

fn read_parquet(path: &Path) -> Table {
    let shown = |field: &Field| match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Double(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let file = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let rows = file.get_row_iter(None).unwrap().map(Result::unwrap);
    let row = |row: parquet::record::Row| {
        let cells = row.get_column_iter().map(|(key, field)| (key.clone(), shown(field)));
        cells.filter(|(_, text)| !text.is_empty()).collect()
    };
    rows.map(row).collect()
}

/// A store in which something of every kind was said.
fn judged_night(place: Option<String>) -> Night {
    let night = Night::new(
        &[("A", THREAT), ("B", PLANTS), ("C", "您的手机号是13812345678，再不还就砍死你全家")],
        place,
    );
    let night = night.with_accounts();
    night.judge("wang", &night.finding("A", "threat."), Judgement::Confirmed, "=1+1\u{1}是");
    night.judge(
        "li",
        &night.finding("B", "house."),
        Judgement::Rejected(Rejection::NotMeant),
        "玩笑，打13812345678",
    );
    night
}

#[test]
fn every_format_holds_the_same_rows() {
    let server = Server::start();
    for place in [None, Some(server.url())] {
        let night = judged_night(place);
        for format in Format::ALL {
            night.export(&format!("f.{}", format.id()), &[]);
        }
        let json = read_json(&night.path("f.json"));
        assert_eq!(json.len(), night.findings().len());
        assert_eq!(read_parquet(&night.path("f.parquet")), json);
        let xlsx = read_xlsx(&night.path("f.xlsx"));
        let mut csv = read_csv(&night.path("f.csv"));
        let comment =
            csv.iter_mut().find_map(|row| row.get_mut("备注").filter(|text| text.contains('='))).unwrap();
        assert_eq!(comment, "'=1+1 是", "guarded, and nothing that breaks a workbook");
        *comment = "=1+1 是".into();
        assert_eq!(csv, xlsx);
        // What people read and what programs read is the same finding.
        assert_eq!(json.len(), xlsx.len());
        for (program, person) in json.iter().zip(&xlsx) {
            for (key, name) in [
                ("call_id", "通话编号"),
                ("finding_id", "发现编号"),
                ("quote", "原话"),
                ("confidence", "置信度"),
                ("start_s", "开始秒"),
                ("reviewer", "复核人"),
                ("review_id", "复核编号"),
                ("day", "日期"),
                ("team", "团队"),
            ] {
                assert_eq!(program.get(key), person.get(name), "{key}");
            }
        }
        let of_a =
            json.iter().find(|row| row["call_id"] == "A" && row["rule"].starts_with("threat.")).unwrap();
        let cells = ["day", "agent_id", "team", "category", "severity", "state", "judgement", "reviewer"];
        let expected = ["2026-03-04", "A-1", "一组", "threat", "critical", "confirmed", "confirmed", "wang"];
        assert_eq!(cells.map(|key| of_a[key].as_str()), expected);
        let all = ["f.csv", "f.json"].map(|name| fs::read_to_string(night.path(name)).unwrap()).concat();
        assert!(!all.contains("13812345678"), "{all}");
    }
}

#[test]
fn the_same_findings_give_the_same_bytes() {
    let night = judged_night(None);
    for format in Format::ALL {
        let bytes = || {
            let mut bytes = Vec::new();
            export::write(Rows::new(&mut night.open(), Selection::default()), format, &mut bytes).unwrap();
            bytes
        };
        let first = bytes();
        std::thread::sleep(std::time::Duration::from_millis(2_100));
        assert!(first == bytes(), "{format:?}");
    }
}

#[test]
fn only_what_is_asked_for_is_written() {
    let night = judged_night(None);
    let all = night.findings().len();
    for (more, count) in [
        (&[][..], all),
        (&["--state", "confirmed"], 1),
        (&["--state", "confirmed", "--state", "rejected"], 2),
        (&["--state", "open", "--state", "confirmed", "--state", "rejected"], all),
        (&["--agent", "A-1"], all),
        (&["--agent", "' OR 1=1 --"], 0),
        (&["--from", "2026-03-04", "--to", "2026-03-04"], all),
        (&["--to", "2026-03-03"], 0),
        (&["--from", "2026-03-05"], 0),
        (&["--state", "rejected", "--category", "threat", "--severity", "minor"], 1),
        (&["--state", "rejected", "--severity", "critical"], 0),
    ] {
        let told = night.export("f.json", more);
        assert!(told.stdout.starts_with(&format!("{count} findings in ")), "{more:?}: {}", told.stdout);
        assert_eq!(read_json(&night.path("f.json")).len(), count, "{more:?}");
    }
    for (arguments, words) in [
        (&["--out", "f.txt"][..], "the ending tells no format"),
        (&["--out", "f.csv", "--state", "new"], "open, appealed"),
        (&["--out", "f.csv", "--from", "2026-02-30"], "write a day as"),
        (&["--out", "/nowhere/f.csv"], "/nowhere/f.csv"),
    ] {
        let told = run(callaudit().args(["review", "export", "--store", &night.store]).args(arguments));
        assert!(told.status == 2 && told.stderr.contains(words), "{told:?}");
    }
    // A file that cannot be finished leaves the earlier one.
    let error = export::write(std::iter::empty(), Format::Csv, &mut Full).unwrap_err();
    assert!(!error.hint().is_empty());
}

/// Where nothing fits any more.
struct Full;

impl std::io::Write for Full {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_cell_runs_as_a_formula() {
    let starts = ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", " =1"];
    let night = Night::new(&[("A", THREAT)], None).with_accounts();
    let template = night.finding("A", "threat.");
    for start in starts {
        let text = format!("{start}|cmd");
        let finding = JudgedFinding {
            call_id: text.clone(),
            agent_id: Some(text.clone()),
            team: Some(text.clone()),
            rule: text.clone(),
            quote: text.clone(),
            assigned_to: Some(text.clone()),
            ..template.clone()
        };
        let mut bytes = Vec::new();
        export::write(std::iter::once(Ok(finding.clone())), Format::Csv, &mut bytes).unwrap();
        let path = night.path("guard.csv");
        fs::write(&path, bytes).unwrap();
        for name in ["通话编号", "坐席工号", "团队", "规则", "原话", "分派给"] {
            let cell = &read_csv(&path)[0][name];
            assert!(cell.starts_with('\''), "{name}: {cell:?} of {text:?}");
        }
        let mut bytes = Vec::new();
        export::write(std::iter::once(Ok(finding)), Format::Xlsx, &mut bytes).unwrap();
        fs::write(night.path("guard.xlsx"), bytes).unwrap();
        let mut workbook: Xlsx<BufReader<File>> = open_workbook(night.path("guard.xlsx")).unwrap();
        assert_eq!(workbook.worksheet_formula("发现").unwrap().cells().count(), 0);
    }
}

/// Fills in a file: the cells of the row of a call, by name.
fn fill(from: &Path, to: &Path, cells: &[(&str, &str, &str)]) {
    let bytes = fs::read(from).unwrap();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[3..]);
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    let place = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
    let places: Vec<usize> = cells.iter().map(|(_, name, _)| place(name)).collect();
    let call = place("通话编号");
    for ((call_id, _, text), place) in cells.iter().zip(places) {
        let row = rows.iter_mut().find(|row| row[call] == *call_id).unwrap();
        row[place] = String::from(*text);
    }
    if to.extension().unwrap() == "xlsx" {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        for (at, row) in (0..).zip(&rows) {
            for (column, cell) in (0..).zip(row) {
                sheet.write_string(at, column, cell).unwrap();
            }
        }
        workbook.save(to).unwrap();
    } else {
        let mut writer = csv::Writer::from_path(to).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        writer.flush().unwrap();
    }
}

/// Calls with one finding each.
fn threats(ids: &[&str]) -> Night {
    let calls: Vec<(&str, &str)> = ids.iter().map(|id| (*id, PLANTS)).collect();
    Night::new(&calls, None).with_accounts()
}

#[test]
fn what_was_filled_in_is_judged_once() {
    for name in ["filled.csv", "filled.gbk.csv", "filled.xlsx"] {
        let night = threats(&["A", "B", "C"]);
        night.export("f.csv", &["--category", "threat"]);
        let path = night.path(name);
        fill(
            &night.path("f.csv"),
            &path,
            &[
                ("A", "复核结论", "确认"),
                ("A", "备注", "=听过，属实"),
                ("B", "复核结论", "驳回"),
                ("B", "驳回原因", "此情形允许"),
            ],
        );
        if name.contains("gbk") {
            let text = fs::read_to_string(&path).unwrap();
            fs::write(&path, encoding_rs::GB18030.encode(&text).0).unwrap();
        }
        let told = night.import(name, "wang");
        assert_eq!(told.status, 0, "{told:?}");
        assert_eq!(told.stdout, "1 confirmed, 1 rejected, 0 as before, 1 left blank, 0 refused\n");
        let (a, b, c) =
            (night.finding("A", "house."), night.finding("B", "house."), night.finding("C", "house."));
        assert_eq!(
            [a.state, b.state, c.state],
            [FindingState::Confirmed, FindingState::Rejected, FindingState::Open]
        );
        let (first, second) = (a.last.unwrap(), b.last.unwrap());
        assert_eq!((first.reviewer.as_str(), first.comment.as_str()), ("wang", "=听过，属实"));
        assert_eq!(second.judgement, Judgement::Rejected(Rejection::Allowed));
        let lines = night.open().verify_actions().unwrap().unwrap();
        // Again, and what an export of now gives back unchanged: nothing happens.
        night.export("now.csv", &[]);
        night.export("now.xlsx", &[]);
        for again in [name, "now.csv", "now.xlsx"] {
            let told = night.import(again, "li");
            assert_eq!(
                told.stdout, "0 confirmed, 0 rejected, 2 as before, 1 left blank, 0 refused\n",
                "{again}"
            );
        }
        assert_eq!(night.open().verify_actions().unwrap().unwrap(), lines);
    }
}

#[test]
fn rows_that_cannot_be_taken_are_told_and_the_others_are_taken() {
    let night = threats(&["A", "B", "C", "D", "E", "F", "G", "H", "I"]);
    let of = |id: &str| night.finding(id, "house.");
    night.judge("li", &of("F"), Judgement::Confirmed, "");
    night.judge("li", &of("G"), Judgement::Confirmed, "");
    night.export("f.csv", &["--category", "threat"]);
    let key = |finding: &JudgedFinding| (finding.call, finding.finding_id.clone());
    let (call, id) = key(&of("F"));
    assert!(night.open().file_appeal("li", FindingKey { call, finding_id: &id }, "不服").unwrap());
    let (call, id) = key(&of("G"));
    assert!(night.open().file_appeal("li", FindingKey { call, finding_id: &id }, "不服").unwrap());
    assert!(night.open().decide_appeal("li", FindingKey { call, finding_id: &id }, true, "属实").unwrap());
    night.judge("li", &of("H"), Judgement::Confirmed, "");
    fill(
        &night.path("f.csv"),
        &night.path("filled.csv"),
        &[
            ("A", "复核结论", "确认"),
            ("B", "复核结论", "也许"),
            ("C", "复核结论", "驳回"),
            ("D", "复核结论", "驳回"),
            ("D", "驳回原因", "心情不好"),
            ("E", "驳回原因", "其他"),
            ("F", "复核结论", "驳回"),
            ("F", "驳回原因", "其他"),
            ("G", "复核结论", "驳回"),
            ("G", "驳回原因", "其他"),
            ("H", "复核结论", "驳回"),
            ("H", "驳回原因", "other"),
            ("I", "发现编号", "1.23E+11"),
            ("I", "复核结论", "confirmed"),
        ],
    );
    let told = night.import("filled.csv", "wang");
    assert_eq!(told.status, 2, "{told:?}");
    assert_eq!(told.stdout, "1 confirmed, 0 rejected, 0 as before, 0 left blank, 8 refused\n");
    for words in [
        "line 3: unknown judgement 也许\n  hint: write 确认 or 驳回",
        "line 4: is rejected without a reason\n  hint: choose one: 识别有误，没有这样说;",
        "line 5: unknown reason 心情不好\n  hint: choose one",
        "line 6: has a reason and no judgement\n  hint: ",
        "line 7: an appeal against the finding is open\n  hint: ",
        "line 8: an appeal against the finding was decided\n  hint: ",
        "line 9: li said 确认 after the file was made\n  hint: export again",
        "line 10: there is no finding 1.23E+11 of call I\n  hint: ",
    ] {
        assert!(told.stderr.contains(words), "{words}: {}", told.stderr);
    }
    assert_eq!(of("A").state, FindingState::Confirmed);
    for (by, words) in [("nobody", "no account nobody"), ("gone", "is locked"), ("eye", "may not judge")] {
        let told = night.import("filled.csv", by);
        assert!(told.status == 2 && told.stderr.contains(words) && told.stderr.contains("hint"), "{told:?}");
    }
}

#[test]
fn files_that_are_no_exports_are_refused() {
    let night = threats(&["A"]);
    night.export("whole.xlsx", &[]);
    let whole = fs::read(night.path("whole.xlsx")).unwrap();
    let mut damaged = File::create(night.path("cut.xlsx")).unwrap();
    damaged.write_all(&whole[..whole.len() / 2]).unwrap();
    fs::write(night.path("empty.csv"), "").unwrap();
    fs::write(night.path("other.csv"), "名字,电话\n张三,1\n").unwrap();
    fs::write(night.path("bytes.csv"), b"\xff\xfe\x00\x01").unwrap();
    fs::write(night.path("broken.xlsx"), b"PK\x03\x04 nothing").unwrap();
    for name in ["cut.xlsx", "empty.csv", "other.csv", "bytes.csv", "broken.xlsx", "missing.csv"] {
        let told = night.import(name, "wang");
        assert!(told.status == 2 && told.stderr.contains("hint") && told.stderr.contains(name), "{told:?}");
    }
}

#[test]
fn judgements_become_examples_that_a_pack_can_hold() {
    let jest = "小心我剪光你家盆景，开玩笑的，电话13812345678";
    let night = Night::new(
        &[
            ("A", PLANTS),
            ("B", jest),
            ("C", PLANTS),
            ("D", "剪光你家盆景，這是真話"),
            ("E", THREAT),
            ("F", jest),
        ],
        None,
    )
    .with_accounts();
    let of = |id: &str| night.finding(id, "house.");
    for (id, judgement) in [
        ("A", Judgement::Confirmed),
        ("B", Judgement::Rejected(Rejection::NotMeant)),
        ("C", Judgement::Confirmed),
        ("D", Judgement::Rejected(Rejection::NotSaid)),
        ("F", Judgement::Rejected(Rejection::Allowed)),
    ] {
        night.judge("wang", &of(id), judgement, "");
    }
    let candidates = || {
        let told = run(callaudit()
            .args(["review", "candidates", "--store", &night.store, "--out"])
            .arg(night.path("candidates")));
        assert_eq!(told.status, 0, "{told:?}");
        let read = |name: &str| fs::read_to_string(night.path("candidates").join(name)).unwrap();
        (told.stderr, ["threat.toml", "training.jsonl", "not_said.jsonl"].map(read))
    };
    let (told, files) = candidates();
    assert!(
        told.starts_with("5 judged findings: 1 hit and 1 miss candidates, 2 labelled utterances, 1 misheard"),
        "{told}"
    );
    assert_eq!(candidates().1, files);
    let [pack, training, misheard] = &files;
    assert!(!files.concat().contains("13812345678"), "{files:?}");
    let pack: toml::Table = toml::from_str(pack).unwrap();
    let rules = pack["rule"].as_array().unwrap();
    assert_eq!((rules.len(), rules[0]["id"].as_str()), (1, Some("house.plants")));
    let (hit, miss) = (&rules[0]["hit"].as_array().unwrap()[0], &rules[0]["miss"].as_array().unwrap()[0]);
    assert_eq!((hit["text"].as_str(), hit["contact"].as_str()), (Some(PLANTS), Some("self")));
    let labels: Vec<Value> = training.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let label = |line: &Value| (line["text"] == PLANTS, line["labels"].as_array().unwrap().len());
    assert_eq!(labels.iter().map(label).collect::<Vec<_>>(), [(true, 1), (false, 0)]);
    assert!(misheard.contains("这是真话") && misheard.contains("\"call_id\":\"D\""), "{misheard}");
    let measured = run(callaudit().arg("eval").arg(night.path("candidates/training.jsonl")));
    assert!(measured.status < 2, "{measured:?}");

    // Pasted into the pack, the examples show what the rule gets wrong, until it is mended.
    let list = |example: &toml::Value| format!(", {example}");
    for (unless, status) in [("", 1), ("unless = { terms = [\"开玩笑\"] }\n", 0)] {
        let text = HOUSE.replace("UNLESS\n", unless);
        let text = text.replace("HIT", &list(hit)).replace("MISS", &list(miss));
        fs::write(night.path("house/house.toml"), text).unwrap();
        let tested = run(callaudit().args(["lexicon", "test", "--lexicons", &night.text("house")]));
        assert_eq!(tested.status, status, "{tested:?}");
        assert_eq!(tested.stdout.contains("noisy    house.plants"), status == 1, "{}", tested.stdout);
    }
}
