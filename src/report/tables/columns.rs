//! What the columns are: the one place that says so.

use serde::Serialize;
use serde_json::{Value, json};

use super::kind::{Cell, Kind};
use super::parquet::Field;

/// A column of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// Keys into the report line, with `/` between them, `*` for every element of a list; empty for the whole line as text.
    pub path: &'static str,
}

/// Where a column of findings is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    /// The report line.
    Call,
    /// One of its `findings`.
    Finding,
}

/// A column of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct FindingColumn {
    pub of: Of,
    #[serde(flatten)]
    pub column: Column,
}

/// One row a call, in order.
pub const CALLS: [Column; 29] = [
    column("call_id", Kind::Text, "call_id"),
    column("day", Kind::Day, "day"),
    column("verdict", Kind::Text, "verdict"),
    column("score", Kind::Whole, "score"),
    column("error", Kind::Text, "error/cause"),
    column("error_hint", Kind::Text, "error/hint"),
    column("recording", Kind::Text, "recording/path"),
    column("recording_sha256", Kind::Text, "recording/sha256"),
    column("duration_s", Kind::Real, "recording/duration_s"),
    column("channels", Kind::Whole, "recording/channels"),
    column("started_at", Kind::Text, "record/started_at"),
    column("agent_id", Kind::Text, "record/agent_id"),
    column("team", Kind::Text, "record/team"),
    column("debtor_id", Kind::Text, "record/debtor_id"),
    column("contact", Kind::Text, "record/contact"),
    column("number", Kind::Text, "record/number"),
    column("direction", Kind::Text, "record/direction"),
    column("answered", Kind::Truth, "record/answered"),
    column("lender", Kind::Text, "record/lender"),
    column("product", Kind::Text, "record/product"),
    column("tool", Kind::Text, "provenance/tool"),
    column("model", Kind::Text, "provenance/model/name"),
    column("lexicons", Kind::Text, "provenance/lexicons"),
    column("policies", Kind::Text, "provenance/policies"),
    column("settings", Kind::Text, "provenance/settings"),
    column("not_judged", Kind::Texts, "not_judged"),
    column("marks", Kind::Texts, "marks/*/rule"),
    column("findings", Kind::Json, "findings"),
    column("report", Kind::Text, ""),
];

/// One row a finding, in order.
pub const FINDINGS: [FindingColumn; 23] = [
    of(Of::Call, "call_id", Kind::Text, "call_id"),
    of(Of::Call, "day", Kind::Day, "day"),
    of(Of::Call, "agent_id", Kind::Text, "record/agent_id"),
    of(Of::Call, "team", Kind::Text, "record/team"),
    of(Of::Call, "debtor_id", Kind::Text, "record/debtor_id"),
    of(Of::Call, "lender", Kind::Text, "record/lender"),
    of(Of::Call, "product", Kind::Text, "record/product"),
    of(Of::Finding, "finding_id", Kind::Text, "id"),
    of(Of::Finding, "rule", Kind::Text, "rule"),
    of(Of::Finding, "category", Kind::Text, "category"),
    of(Of::Finding, "severity", Kind::Text, "severity"),
    of(Of::Finding, "tier", Kind::Text, "tier"),
    of(Of::Finding, "grade", Kind::Text, "grade"),
    of(Of::Finding, "confidence", Kind::Real, "confidence"),
    of(Of::Finding, "speaker", Kind::Text, "speaker"),
    of(Of::Finding, "start_s", Kind::Real, "start_s"),
    of(Of::Finding, "end_s", Kind::Real, "end_s"),
    of(Of::Finding, "quote", Kind::Text, "quote"),
    of(Of::Finding, "meant", Kind::Text, "meant"),
    of(Of::Finding, "explanation", Kind::Text, "explanation"),
    of(Of::Finding, "basis", Kind::Texts, "basis"),
    of(Of::Finding, "calls", Kind::Texts, "calls"),
    of(Of::Finding, "heard_again", Kind::Truth, "heard_again"),
];

const fn column(name: &'static str, kind: Kind, path: &'static str) -> Column {
    Column { name, kind, path }
}

const fn of(of: Of, name: &'static str, kind: Kind, path: &'static str) -> FindingColumn {
    FindingColumn { of, column: column(name, kind, path) }
}

impl Column {
    /// As a file states it.
    #[must_use]
    pub fn field(&self) -> Field {
        Field { name: self.name, kind: self.kind, is_long: self.is_line() }
    }

    fn is_line(&self) -> bool {
        self.path.is_empty()
    }

    /// The cell of this column: `line` is the text that `value` was read from.
    #[must_use]
    pub fn cell(&self, line: &str, value: &Value) -> Cell {
        if self.is_line() {
            return Cell::Text(line.to_owned());
        }
        if let Some((list, key)) = self.path.split_once("/*/") {
            return each(value.get(list), key);
        }
        let found = self.path.split('/').try_fold(value, |value, key| value.get(key));
        found.map_or(Cell::Nothing, |found| self.kind.cell(found))
    }
}

/// A text out of every element of a list.
fn each(list: Option<&Value>, key: &str) -> Cell {
    let elements = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let texts = elements.iter().filter_map(|element| element.get(key)?.as_str());
    Cell::Texts(texts.map(str::to_owned).collect())
}

/// The columns of calls as a file states them.
#[must_use]
pub fn call_fields() -> [Field; CALLS.len()] {
    CALLS.map(|column| column.field())
}

/// The columns of findings as a file states them.
#[must_use]
pub fn finding_fields() -> [Field; FINDINGS.len()] {
    FINDINGS.map(|finding| finding.column.field())
}

/// The definition for other programs that have report lines and want the same tables:
/// `{"calls": [{name, kind, path}, …], "findings": [{name, kind, of, path}, …]}`.
#[must_use]
pub fn columns_json() -> Value {
    json!({"calls": CALLS.as_slice(), "findings": FINDINGS.as_slice()})
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own_and_one_is_the_line() {
        for fields in [&call_fields()[..], &finding_fields()] {
            let names: BTreeSet<_> = fields.iter().map(|field| field.name).collect();
            assert_eq!(names.len(), fields.len());
        }
        let long = |fields: &[Field]| fields.iter().filter(|field| field.is_long).count();
        assert_eq!((long(&call_fields()), long(&finding_fields())), (1, 0));
    }

    #[test]
    fn other_programs_are_told_name_kind_and_path() {
        let told = columns_json();
        let of = |table: &str| told[table].as_array().unwrap().clone();
        assert_eq!((of("calls").len(), of("findings").len()), (CALLS.len(), FINDINGS.len()));
        assert_eq!(of("calls")[1], json!({"name": "day", "kind": "day", "path": "day"}));
        assert_eq!(of("calls")[4], json!({"name": "error", "kind": "text", "path": "error/cause"}));
        assert_eq!(
            of("findings")[2],
            json!({"name": "agent_id", "kind": "text", "of": "call", "path": "record/agent_id"})
        );
        assert_eq!(
            of("findings")[7],
            json!({"name": "finding_id", "kind": "text", "of": "finding", "path": "id"})
        );
        let kinds: BTreeSet<_> = of("calls").iter().map(|column| column["kind"].to_string()).collect();
        assert_eq!(kinds.len(), 7, "{kinds:?}");
    }
}
