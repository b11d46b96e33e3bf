//! Call records in: CSV with a header or JSONL, names and values in English or Chinese.

mod columns;
mod rows;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::fault::Fault;
use crate::domain::{CallError, CallId, CallRecord};
use columns::Column;
use rows::{Row, Rows};

/// All records of one file, and all that could not be taken from it.
#[derive(Debug, Default, PartialEq)]
pub struct RecordTable {
    /// In the order of the file; each has a call id or a recording, and no two have one call id.
    pub records: Vec<CallRecord>,
    pub problems: Vec<RowProblem>,
    /// Columns that mean nothing here, or repeat another, in the order of their first appearance.
    pub ignored_columns: Vec<String>,
}

/// A row that was left out, or a value in it that was left empty; the cause says which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Counted from 1, as an editor shows it.
    pub line: usize,
    pub cause: String,
}

impl fmt::Display for RowProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.cause)
    }
}

/// Reads call records.
///
/// A value that is not understood leaves its field empty and is reported: the rest of the row still counts. A row that names
/// no call, has too many or too few fields, or repeats a call id is left out and reported.
///
/// # Errors
/// A [`CallError`] for a file that cannot be read, is not UTF-8 text, or has no column that names the call.
pub fn read_records(path: &Path) -> Result<RecordTable, CallError> {
    rows::open(path).and_then(read_table).map_err(|fault| fault.at(path))
}

fn read_table(mut rows: Rows) -> Result<RecordTable, Fault> {
    let mut reader = TableReader::default();
    while let Some((line, row)) = rows.next_row()? {
        reader.take(line, row);
    }
    reader.table.ignored_columns = rows.ignored_columns();
    if rows.names_calls() { Ok(reader.table) } else { Err(nameless(&reader.table.ignored_columns)) }
}

#[derive(Default)]
struct TableReader {
    table: RecordTable,
    /// The line that first had each call id.
    lines: BTreeMap<CallId, usize>,
}

impl TableReader {
    fn take(&mut self, line: usize, row: Result<Row, String>) {
        match row.and_then(|row| self.read(line, row)) {
            Ok(record) => self.table.records.push(record),
            Err(cause) => self.problem(line, format!("{cause}; the row is left out")),
        }
    }

    fn read(&mut self, line: usize, row: Row) -> Result<CallRecord, String> {
        let mut record = CallRecord::default();
        for (column, value) in row {
            if let Err(expected) = column.fill(&mut record, &value) {
                let name = column.name();
                self.problem(line, format!("{name} {value:?} is not {expected}; it is left empty"));
            }
        }
        if record.call_id.is_none() && record.recording.is_none() {
            return Err("has neither call_id nor recording".to_owned());
        }
        self.claim(line, record.call_id.as_ref())?;
        Ok(record)
    }

    fn claim(&mut self, line: usize, id: Option<&CallId>) -> Result<(), String> {
        let Some(id) = id else { return Ok(()) };
        if let Some(first) = self.lines.get(id) {
            return Err(format!("call_id {id} was given in line {first}"));
        }
        self.lines.insert(id.clone(), line);
        Ok(())
    }

    fn problem(&mut self, line: usize, cause: String) {
        self.table.problems.push(RowProblem { line, cause });
    }
}

fn nameless(ignored: &[String]) -> Fault {
    let seen = if ignored.is_empty() { String::new() } else { format!("; it has {}", ignored.join(", ")) };
    Fault::new(
        format!("has no column that names the call{seen}"),
        format!("name a column {} or {}", Column::CallId.names(), Column::Recording.names()),
    )
}
