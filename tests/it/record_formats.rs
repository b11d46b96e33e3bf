//! The same calls in every form that call records come in: the same findings.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use callaudit::domain::CallRow;
use callaudit::ingest::{ReadOptions, Rows, read_shares};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::postgres_server::Server;
use crate::support::{callaudit, run};

/// Call id, start, seconds, debtor, answered.
const CALLS: [(&str, &str, u32, &str, bool); 5] = [
    ("通话-1", "2026-03-04 07:59:59", 60, "K1", true),
    ("通话-2", "2026-03-04 10:00:00", 31, "K1", true),
    ("通话-3", "2026-03-04 12:00:00", 31, "K1", true),
    ("通话-4", "2026-03-04 14:00:00", 31, "K1", true),
    ("通话-5", "2026-03-04 22:00:00", 0, "K2", false),
];

fn csv() -> String {
    let rows = CALLS.iter().map(|(id, start, seconds, debtor, answered)| {
        format!("{id},{start},{seconds},{debtor},self,outbound,{answered}\n")
    });
    "call_id,started_at,duration_s,debtor_id,contact,direction,answered\n".to_owned()
        + &rows.collect::<String>()
}

/// The findings of what `--calls` names, and the exit status.
fn findings(calls: &str, more: &[&str]) -> (i32, String) {
    let out = tempfile::tempdir().unwrap();
    let run =
        run(callaudit().args(["timing", "--quiet", "--calls", calls, "--out"]).arg(out.path()).args(more));
    assert!(run.stderr.is_empty(), "{}", run.stderr);
    (run.status, fs::read_to_string(out.path().join("timing.jsonl")).unwrap())
}

fn write_xlsx(path: &Path) {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write(0, 0, "说明").unwrap();
    let sheet = workbook.add_worksheet();
    for (column, name) in (0..).zip(["通话编号", "开始时间", "时长", "债务人", "联系对象", "方向", "接通"])
    {
        sheet.write(0, column, name).unwrap();
    }
    let date = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (row, (id, start, seconds, debtor, answered)) in (1..).zip(CALLS) {
        let start = ExcelDateTime::parse_from_str(start).unwrap();
        sheet.write(row, 0, id).unwrap();
        sheet.write_datetime_with_format(row, 1, &start, &date).unwrap();
        sheet.write(row, 2, seconds).unwrap();
        sheet.write(row, 3, debtor).unwrap();
        sheet.write(row, 4, "本人").unwrap();
        sheet.write(row, 5, "呼出").unwrap();
        sheet.write(row, 6, if answered { "是" } else { "否" }).unwrap();
    }
    workbook.save(path).unwrap();
}

fn write_parquet(path: &Path) {
    let schema = "message calls {
        optional binary call_id (UTF8);
        required int64 started_at (TIMESTAMP(MICROS, true));
        required int64 duration_s;
        optional binary debtor_id (UTF8);
        required binary contact (UTF8);
        required binary direction (UTF8);
        required binary answered (UTF8);
    }";
    let schema = Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder()
        .set_compression(parquet::basic::Compression::ZSTD(parquet::basic::ZstdLevel::default()))
        .build();
    let mut writer =
        SerializedFileWriter::new(fs::File::create(path).unwrap(), schema, Arc::new(properties)).unwrap();
    // Two groups of rows.
    for calls in CALLS.chunks(3) {
        let mut group = writer.next_row_group().unwrap();
        let bytes = |texts: Vec<&str>| texts.into_iter().map(ByteArray::from).collect::<Vec<_>>();
        let starts: Vec<i64> = calls.iter().map(|call| instant(call.1).as_microsecond()).collect();
        let columns: [Result<Vec<ByteArray>, Vec<i64>>; 7] = [
            Ok(bytes(calls.iter().map(|call| call.0).collect())),
            Err(starts),
            Err(calls.iter().map(|call| i64::from(call.2)).collect()),
            Ok(bytes(calls.iter().map(|call| call.3).collect())),
            Ok(bytes(calls.iter().map(|_| "self").collect())),
            Ok(bytes(calls.iter().map(|_| "outbound").collect())),
            Ok(bytes(calls.iter().map(|call| if call.4 { "true" } else { "false" }).collect())),
        ];
        for values in columns {
            let mut column = group.next_column().unwrap().unwrap();
            let levels = vec![1; calls.len()];
            match values {
                Ok(texts) => {
                    column.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None).unwrap()
                }
                Err(numbers) => column.typed::<Int64Type>().write_batch(&numbers, None, None).unwrap(),
            };
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
}

fn instant(start: &str) -> jiff::Timestamp {
    let local: jiff::civil::DateTime = start.parse().unwrap();
    local.to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap()).unwrap().timestamp()
}

fn write_sqlite(path: &Path) {
    let database = rusqlite::Connection::open(path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE notes(text TEXT);
             CREATE TABLE calls(call_id TEXT, started_at TEXT, duration_s INTEGER, debtor_id TEXT, contact TEXT, direction TEXT, answered INTEGER);",
        )
        .unwrap();
    for (id, start, seconds, debtor, answered) in CALLS {
        let values = rusqlite::params![id, start, seconds, debtor, answered];
        database.execute("INSERT INTO calls VALUES (?, ?, ?, ?, 'self', 'outbound', ?)", values).unwrap();
    }
}

#[test]
fn every_form_of_file_gives_the_same_findings() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("calls.csv"), csv()).unwrap();
    let place = |name: &str| at(name).to_str().unwrap().to_owned();
    let expected = findings(&place("calls.csv"), &[]);
    assert_eq!((expected.0, expected.1.lines().count()), (1, 3), "{}", expected.1);

    fs::write(at("calls.gbk"), encoding_rs::GB18030.encode(&csv()).0).unwrap();
    write_xlsx(&at("calls.xlsx"));
    write_parquet(&at("calls.parquet"));
    write_sqlite(&at("calls.db"));
    for (name, more) in [
        ("calls.gbk", &[][..]),
        ("calls.xlsx", &[]),
        ("calls.xlsx", &["--table", "Sheet2"]),
        ("calls.parquet", &[]),
        ("calls.db", &[]),
        ("calls.db", &["--table", "calls"]),
        ("calls.db", &["--query", "SELECT * FROM calls WHERE debtor_id IN ('K1', 'K2')"]),
    ] {
        assert_eq!(findings(&place(name), more), expected, "{name} {more:?}");
    }
    assert_eq!(findings(&format!("sqlite:{}", place("calls.db")), &[]), expected);
}

#[test]
fn a_server_gives_the_same_findings() {
    let server = Server::start();
    let mut client = server.connect();
    client
        .batch_execute(
            "CREATE SCHEMA audit;
             CREATE TABLE audit.calls(call_id text, started_at timestamptz, duration_s numeric, debtor_id text, contact text, direction text, answered boolean);",
        )
        .unwrap();
    for (id, start, seconds, debtor, answered) in CALLS {
        let row = format!(
            "INSERT INTO audit.calls VALUES ('{id}', '{start}+08', {seconds}, '{debtor}', 'self', 'outbound', {answered})"
        );
        client.batch_execute(&row).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls.csv");
    fs::write(&file, csv()).unwrap();
    let expected = findings(file.to_str().unwrap(), &[]);
    assert_eq!(findings(&server.url(), &["--table", "audit.calls"]), expected);
    assert_eq!(
        findings(&server.url(), &["--query", "SELECT * FROM audit.calls ORDER BY call_id"]).1,
        expected.1
    );

    for (more, cause) in [
        (&[][..], "is a database of many tables"),
        (&["--table", "audit.gone"], "refuses the query: relation \"audit.gone\" does not exist"),
        (&["--query", "DELETE FROM audit.calls RETURNING *"], "refuses the query"),
    ] {
        let run = run(callaudit()
            .args(["timing", "--calls", &server.url(), "--out"])
            .arg(folder.path().join("out"))
            .args(more));
        assert_eq!(run.status, 2);
        assert!(run.stderr.contains(cause), "{}", run.stderr);
    }
    let left: i64 = client.query_one("SELECT count(*) FROM audit.calls", &[]).unwrap().get(0);
    assert_eq!(left, 5);
}

/// What a reader makes of bytes: rows taken, rows lost, or an error.
fn read(bytes: &[u8]) -> Result<(usize, usize), callaudit::domain::CallError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("calls");
    fs::write(&file, bytes).unwrap();
    let (mut taken, mut lost) = (0, 0);
    read_shares(&file, &ReadOptions::default(), &Taken::default, &mut |share| {
        assert!((0..share.rows.0).all(|row| share.lines.of(row).is_some()));
        taken += share.rows.0 as usize;
        lost += share.problems.iter().filter(|problem| problem.is_lost).count();
        Ok(())
    })?;
    Ok((taken, lost))
}

/// Counts rows.
#[derive(Default)]
struct Taken(u32);

impl Rows for Taken {
    fn take(&mut self, _: &CallRow) -> Result<(), String> {
        self.0 += 1;
        Ok(())
    }
}

/// A row of a CSV file with three columns, and whether it is taken; blank ones are neither taken nor lost.
fn any_row() -> impl Strategy<Value = (String, Option<bool>)> {
    let id = "[A-C]{1,2}";
    prop_oneof![
        id.prop_map(|id| (format!("{id},2026-03-02 10:00,60"), Some(true))),
        id.prop_map(|id| (format!("\"{id}\",\"2026-03-02\n10:00\",\"6\"\"0\""), Some(true))),
        id.prop_map(|id| (format!("{id},不详,很久"), Some(true))),
        id.prop_map(|id| (format!("{id},2026-03-02 10:00"), Some(false))),
        id.prop_map(|id| (format!("{id},2026-03-02 10:00,60,多"), Some(false))),
        Just((",2026-03-02 10:00,60".to_owned(), Some(false))),
        Just((" , ,".to_owned(), None)),
        Just((String::new(), None)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_row_of_a_text_is_taken_or_lost(rows in prop::collection::vec(any_row(), 0..40), crlf in any::<bool>(), gb18030 in any::<bool>()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let lines: String = rows.iter().map(|(row, _)| row.clone() + end).collect();
        let text = format!("通话编号,开始时间,时长{end}{lines}");
        let bytes = if gb18030 { encoding_rs::GB18030.encode(&text).0.into_owned() } else { text.into_bytes() };
        let count = |taken: bool| rows.iter().filter(|(_, is_taken)| *is_taken == Some(taken)).count();
        prop_assert_eq!(read(&bytes).unwrap(), (count(true), count(false)));
    }

    #[test]
    fn damaged_tables_are_read_or_refused(format in 0..3_usize, places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("calls");
        [write_xlsx, write_parquet, write_sqlite][format](&file);
        let mut bytes = fs::read(&file).unwrap();
        for (place, byte) in places {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        // Nothing to expect but that it comes back, and that no call is made up.
        if let Ok((taken, lost)) = read(&bytes) {
            prop_assert!(taken + lost <= 1000);
        }
    }
}

#[test]
fn broken_tables_are_errors_with_a_hint() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    write_xlsx(&at("calls.xlsx"));
    write_parquet(&at("calls.parquet"));
    write_sqlite(&at("calls.db"));
    for name in ["calls.xlsx", "calls.parquet", "calls.db"] {
        let whole = fs::read(at(name)).unwrap();
        for length in [16, 64, whole.len() / 2, whole.len() - 1] {
            fs::write(at("cut"), &whole[..length]).unwrap();
            let out = folder.path().join("out");
            let run = run(callaudit().args(["timing", "--calls"]).arg(at("cut")).arg("--out").arg(&out));
            assert!(run.status == 2 || (name == "calls.db" && run.status == 1), "{name} {length}: {run:?}");
            assert!(!run.stderr.contains("panicked"), "{name} {length}: {run:?}");
        }
    }
}
