//! Lines of JSON to rows.

use std::{fmt, io};

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::columns::{CALLS, FINDINGS, Of};
use super::kind::Cell;

/// Cells in the order of the columns.
pub type Row = Vec<Cell>;

/// What a report line comes to in both tables.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportRows {
    /// In the order of [`CALLS`].
    pub call: Row,
    /// In the order of the line, each in the order of [`FINDINGS`].
    pub findings: Vec<Row>,
}

/// The rows of a line of `report.jsonl`, given with its end or without.
///
/// # Errors
/// When the line is not JSON.
pub fn report_rows(line: &str) -> io::Result<ReportRows> {
    let line = line.trim_end_matches(['\n', '\r']);
    let Needed(report) = serde_json::from_str(line)?;
    let call = CALLS.iter().map(|column| column.cell(line, &report)).collect();
    let findings = report["findings"].as_array().map_or(&[][..], Vec::as_slice);
    Ok(ReportRows {
        call,
        findings: findings.iter().map(|found| finding_row(line, &report, found)).collect(),
    })
}

/// The row of a line of `timing.jsonl`, in the order of [`FINDINGS`].
///
/// # Errors
/// When the line is not JSON.
pub fn timing_row(line: &str) -> io::Result<Row> {
    let found: Value = serde_json::from_str(line)?;
    Ok(finding_row(line, &call_of(&found), &found))
}

/// The row of a report line in the table of calls as a line of JSON, but for the line itself: for engines that have both.
///
/// # Errors
/// When the line is not JSON.
pub fn call_json(line: &str) -> io::Result<String> {
    let Needed(report) = serde_json::from_str(line)?;
    let columns = CALLS.iter().filter(|column| !column.path.is_empty());
    let cells = columns.map(|column| (column.name.to_owned(), column.cell(line, &report).into_value()));
    Ok(Value::Object(cells.filter(|(_, value)| !value.is_null()).collect()).to_string())
}

/// The row of a timing line in the table of findings as a line of JSON.
///
/// # Errors
/// When the line is not JSON.
pub fn timing_json(line: &str) -> io::Result<String> {
    let names = FINDINGS.iter().map(|column| column.column.name.to_owned());
    let cells = names.zip(timing_row(line)?.into_iter().map(Cell::into_value));
    Ok(Value::Object(cells.filter(|(_, value)| !value.is_null()).collect()).to_string())
}

/// A report as far as columns need it: the rest, which is most of it, is passed over.
struct Needed(Value);

impl<'de> Deserialize<'de> for Needed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NeededVisitor)
    }
}

struct NeededVisitor;

impl<'de> Visitor<'de> for NeededVisitor {
    type Value = Needed;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a report")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Needed, A::Error> {
        let is_needed = |key: &str| CALLS.iter().any(|column| column.path.split('/').next() == Some(key));
        let mut needed = serde_json::Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if is_needed(&key) {
                needed.insert(key, map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Needed(Value::Object(needed)))
    }
}

/// A finding from call records as a report's would be: what it says of the call stands beside it, not under `record`.
fn call_of(found: &Value) -> Value {
    json!({"call_id": found["call_id"], "day": found["day"], "record": found})
}

fn finding_row(line: &str, call: &Value, finding: &Value) -> Row {
    let cells = FINDINGS.iter().map(|column| match column.of {
        Of::Call => column.column.cell(line, call),
        Of::Finding => column.column.cell(line, finding),
    });
    cells.collect()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::super::{report_line, sample};
    use super::super::kind::Kind;
    use super::*;

    fn report_text(report: &crate::domain::CallReport) -> String {
        String::from_utf8(report_line(report).unwrap()).unwrap()
    }

    /// A line a column, but for the whole line.
    fn told<'a>(names: impl Iterator<Item = &'a str>, row: &[Cell]) -> String {
        let mut text = String::new();
        for (name, cell) in names.zip(row).filter(|(name, _)| !["report", "findings"].contains(name)) {
            writeln!(text, "{name}: {cell:?}").unwrap();
        }
        text
    }

    #[test]
    fn a_report_is_a_row_of_calls_and_rows_of_findings() {
        let line = report_text(&sample::violation());
        let rows = report_rows(&line).unwrap();
        assert_eq!(rows.call.last(), Some(&Cell::Text(line.trim_end().to_owned())));
        assert_eq!(rows.findings.len(), 4);
        insta::assert_snapshot!(told(CALLS.iter().map(|column| column.name), &rows.call), @r#"
        call_id: Text("D001")
        day: Day(20514)
        verdict: Text("violation")
        score: Whole(42)
        error: Nothing
        error_hint: Nothing
        recording: Text("calls/D001.wav")
        recording_sha256: Text("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
        duration_s: Real(61.24)
        channels: Whole(2)
        started_at: Text("2026-03-02T21:58:10+08:00")
        agent_id: Text("A017")
        team: Nothing
        debtor_id: Text("K-20391")
        contact: Text("self")
        number: Text("138****5678")
        direction: Text("outbound")
        answered: Truth(true)
        lender: Nothing
        product: Text("消费贷")
        tool: Text("callaudit 0.1.0")
        model: Text("base-q8_0")
        lexicons: Text("a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2a1b2")
        policies: Text("c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4c3d4")
        settings: Text("e5f6e5f6e5f6e5f6e5f6e5f6e5f6e5f6e5f6e5f6e5f6e5f6e5f6e5f6e5f6e5f6")
        not_judged: Texts(["timing: no call record"])
        marks: Texts([])
        "#);
        insta::assert_snapshot!(told(FINDINGS.iter().map(|column| column.column.name), &rows.findings[3]), @r#"
        call_id: Text("D001")
        day: Day(20514)
        agent_id: Text("A017")
        team: Nothing
        debtor_id: Text("K-20391")
        lender: Nothing
        product: Text("消费贷")
        finding_id: Text("b925303089e7")
        rule: Text("impersonation.police")
        category: Text("false_legal_claim")
        severity: Text("major")
        tier: Text("review")
        grade: Text("phonetic")
        confidence: Real(0.78)
        speaker: Text("agent")
        start_s: Real(29.1)
        end_s: Real(33.4)
        quote: Text("金正大队明天就去抓你坐牢")
        meant: Text("经侦大队")
        explanation: Text("民事欠款与经侦无关，催收人无权宣称抓捕。")
        basis: Texts(["《中华人民共和国刑法》 第二百七十九条（法律，已核对原文）", "GB/T 45251-2025《互联网金融 个人网络消费信贷 贷后催收风控指引》（推荐性国家标准，据公开报道）"])
        calls: Nothing
        heard_again: Truth(false)
        "#);
    }

    #[test]
    fn a_finding_from_call_records_fills_the_same_columns() {
        let line = r#"{"call_id":"C1","day":"2026-03-04","debtor_id":"K1","agent_id":"A1","team":"一组","lender":"甲","id":"f",
            "rule":"mainland.hours","quote":"2026-03-04 23:00","basis":["《规范》"],"calls":["C1"],"start_s":null}"#;
        let row = timing_row(line).unwrap();
        insta::assert_snapshot!(told(FINDINGS.iter().map(|column| column.column.name), &row), @r#"
        call_id: Text("C1")
        day: Day(20516)
        agent_id: Text("A1")
        team: Text("一组")
        debtor_id: Text("K1")
        lender: Text("甲")
        product: Nothing
        finding_id: Text("f")
        rule: Text("mainland.hours")
        category: Nothing
        severity: Nothing
        tier: Nothing
        grade: Nothing
        confidence: Nothing
        speaker: Nothing
        start_s: Nothing
        end_s: Nothing
        quote: Text("2026-03-04 23:00")
        meant: Nothing
        explanation: Nothing
        basis: Texts(["《规范》"])
        calls: Texts(["C1"])
        heard_again: Nothing
        "#);
    }

    #[test]
    fn every_path_leads_somewhere() {
        let mut heard = sample::violation();
        if let Some(record) = &mut heard.record {
            (record.team, record.lender) = (Some("一组".into()), Some("甲银行".into()));
        }
        let mut row = vec![Cell::Nothing; CALLS.len()];
        for report in [heard, sample::failed()] {
            let rows = report_rows(&report_text(&report)).unwrap();
            let known = row.iter_mut().zip(rows.call).filter(|(_, cell)| *cell != Cell::Nothing);
            known.for_each(|(known, cell)| *known = cell);
        }
        let empty: Vec<_> = CALLS.iter().zip(row).filter(|(_, cell)| *cell == Cell::Nothing).collect();
        assert_eq!(empty.iter().map(|(column, _)| column.name).collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn a_row_as_json_holds_the_same_cells() {
        let line = report_text(&sample::violation());
        let row: Value = serde_json::from_str(&call_json(&line).unwrap()).unwrap();
        let rows = report_rows(&line).unwrap();
        for (column, cell) in CALLS.iter().zip(rows.call).filter(|(column, _)| column.name != "report") {
            let kind = if column.kind == Kind::Json { Kind::Text } else { column.kind };
            assert_eq!(kind.cell(&row[column.name]), cell, "{}", column.name);
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        assert!(report_rows("not json").is_err() && timing_row("").is_err());
    }
}
