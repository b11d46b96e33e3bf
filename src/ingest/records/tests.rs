//! Whole files of call records.

use proptest::prelude::*;

use super::*;
use crate::domain::{ConsentWindow, Contact, Direction};

const CHINESE: &str = "\u{feff}通话编号,录音文件,开始时间,时长,坐席,团队,债务人,联系对象,号码,方向,接通,时区,同意时段,放款机构,产品,备注\r\n\
    T1,a.wav,2026-03-01 21:59:00,1分23秒,A07,华东一组,D9,家人,138****0000,呼出,是,Asia/Shanghai,09:00-21:00,示例消金,信用贷,x\r\n";

fn read(content: impl AsRef<[u8]>) -> Result<RecordTable, CallError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("calls");
    std::fs::write(&path, content).unwrap();
    read_records(&path, &ReadOptions::default()).map_err(|error| CallError { path: "calls".into(), ..error })
}

fn full_record() -> CallRecord {
    let text = |text: &str| Some(text.to_owned());
    CallRecord {
        call_id: Some(CallId("T1".into())),
        recording: text("a.wav"),
        started_at: text("2026-03-01 21:59:00"),
        duration_s: Some(83.0),
        agent_id: text("A07"),
        team: text("华东一组"),
        debtor_id: text("D9"),
        contact: Some(Contact::Family),
        number: text("138****0000"),
        direction: Some(Direction::Outbound),
        answered: Some(true),
        timezone: text("Asia/Shanghai"),
        consent_window: Some(ConsentWindow { from: "09:00".into(), until: "21:00".into() }),
        lender: text("示例消金"),
        product: text("信用贷"),
    }
}

#[test]
fn chinese_csv_fills_every_field() {
    let table = read(CHINESE).unwrap();
    assert_eq!(table.records, [full_record()]);
    assert_eq!(table.problems, []);
    assert_eq!(table.ignored_columns, ["备注"]);
}

#[test]
fn tabs_and_semicolons_serve_as_well() {
    for delimiter in ["\t", ";", "|"] {
        let table = read(CHINESE.replace(',', delimiter)).unwrap();
        assert_eq!(table.records, [full_record()], "{delimiter:?}");
    }
}

#[test]
fn jsonl_reads_what_serde_writes_and_chinese_names() {
    let line = serde_json::to_string(&full_record()).unwrap();
    assert_eq!(read(line).unwrap().records, [full_record()]);
    let table = read(r#"{"通话编号": 17, "接通": false, "时长": 3.5, "备注": null}"#).unwrap();
    assert_eq!(table.records[0].call_id, Some(CallId("17".into())));
    assert_eq!((table.records[0].answered, table.records[0].duration_s), (Some(false), Some(3.5)));
    assert_eq!(table.ignored_columns, ["备注"]);
}

#[test]
fn quoted_fields_may_hold_line_ends() {
    let table = read("call_id,lender\n1,\"a\nb\"\n2\n").unwrap();
    assert_eq!(table.records[0].lender.as_deref(), Some("a\nb"));
    assert_eq!(table.problems[0].line, 4);
}

#[test]
fn bad_rows_are_listed() {
    let table = read(
        "call_id,recording,contact,answered\n1,a.wav,表哥,是\n1,b.wav,本人,是\n\n,,本人,1\n2,c.wav\n3,,,maybe\n",
    )
    .unwrap();
    let problems: Vec<String> = table.problems.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"), @r#"
    line 2: contact "表哥" is not self, family, employer, guarantor or other (本人, 家人, 单位, 担保人, 其他); it is left empty
    line 3: call_id 1 was given in line 2; the row is left out
    line 5: has neither call_id nor recording; the row is left out
    line 6: has 2 fields where the header has 4; the row is left out
    line 7: answered "maybe" is not true or false (是, 否); it is left empty
    "#);
    assert_eq!(table.records.len(), 2);
}

#[test]
fn bad_json_lines_are_listed() {
    let table = read("{\"call_id\":\"1\"}\nnot json\n{\"call_id\":[1]}\n{\"call_id\":\"2\"}").unwrap();
    assert_eq!(table.records.len(), 2);
    let lines: Vec<usize> = table.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [2, 3]);
}

#[test]
fn files_that_are_no_call_records() {
    let causes = [
        b"".to_vec(),
        b"agent,number\nA,1\n".to_vec(),
        b"PK\x03\x04".to_vec(),
        b"\xff\xfei\0d\0".to_vec(),
        b"\xcd\xa8\xbb\xb0,x\n".to_vec(),
        b"{\"agent\":\"x\",\"memo\":1}".to_vec(),
    ]
    .map(|content| read(content).unwrap_err().to_string());
    insta::assert_snapshot!(causes.join("\n"), @r"
    calls: is empty
    calls: has no column that names the call
    calls: cannot be read as a workbook: Zip error: invalid Zip archive: Could not find EOCD
    calls: is UTF-16 text, not UTF-8
    calls: has no column that names the call; it has 通话, x
    calls: has no column that names the call; it has memo
    ");
}

#[test]
fn gb18030_reads_as_utf8_does() {
    let text = CHINESE.trim_start_matches('\u{feff}');
    let (bytes, _, _) = encoding_rs::GB18030.encode(text);
    assert_eq!(read(&bytes).unwrap(), read(text).unwrap());
    let only_values =
        encoding_rs::GB18030.encode("call_id,lender,agent\n1,示例消金,A\n2,x,B\n").0.into_owned();
    assert_eq!(read(only_values).unwrap().records[0].lender.as_deref(), Some("示例消金"));
}

#[test]
fn one_damaged_row_loses_no_other() {
    let mut bytes = "call_id,lender\n1,示例消金\n2,".as_bytes().to_vec();
    bytes.extend(b"\xd6\xd0\xff\n3,x\n");
    let table = read(bytes).unwrap();
    assert_eq!(table.records.len(), 2);
    assert_eq!(table.problems[0].to_string(), "line 3: is not UTF-8 text; the row is left out");
}

/// More than a block, so that shares meet and lines are counted across them.
#[test]
fn a_long_file_is_read_as_one() {
    let rows = 200_000;
    let mut text = String::from("call_id,lender\n");
    for row in 0..rows {
        let lender = if row % 1000 == 7 { "\"a\nb\"\n".to_owned() } else { format!("示例消金{row}") };
        text.extend(["C", &row.to_string(), ",", &lender, "\n"]);
    }
    text += "C5,again\n";
    let line = text.lines().count();
    let table = read(&text).unwrap();
    assert_eq!(table.records.len(), rows);
    assert_eq!(table.records[rows - 1].lender.as_deref(), Some("示例消金199999"));
    let repeat = format!("line {line}: call_id C5 was given in line 7; the row is left out");
    assert_eq!(table.problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [repeat]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(bytes);
    }

    #[test]
    fn any_change_to_a_good_file_is_read_or_refused(at in 0..CHINESE.len(), byte in any::<u8>(), jsonl in any::<bool>()) {
        let mut bytes = if jsonl { serde_json::to_vec(&full_record()).unwrap() } else { CHINESE.as_bytes().to_vec() };
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(table) = read(bytes) {
            prop_assert!(table.records.len() + table.problems.len() <= 2 + 14);
        }
    }

    #[test]
    fn every_row_is_taken_or_reported(ids in proptest::collection::vec("[ab]{0,2}", 0..12)) {
        let rows: Vec<String> = ids.iter().map(|id| format!("{id},x")).collect();
        let table = read(format!("call_id,lender\n{}\n", rows.join("\n"))).unwrap();
        prop_assert_eq!(table.records.len() + table.problems.len(), ids.len());
    }
}
