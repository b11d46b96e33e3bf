//! Call records in: delimited text, JSONL, workbooks, Parquet, SQLite, PostgreSQL; names and values in English or Chinese.
//!
//! ```text
//!  text | table | source (PostgreSQL) ─► cells, by column ─► CallRow ─► Rows, a share a thread
//! ```

mod cells;
mod columns;
mod share;
mod source;
mod table;
mod text;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

use super::fault::Fault;
use crate::domain::{CallError, CallId, CallRecord, CallRow};
use columns::{Column, Names};

pub use columns::Mapping;
pub use share::{Lines, RowProblem, Rows, Share};
pub use source::shown as shown_place;

/// All records of one file, and all that could not be taken from it.
#[derive(Debug, Default, PartialEq)]
pub struct RecordTable {
    /// In the order of the file; each has a call id or a recording, and no two have one call id.
    pub records: Vec<CallRecord>,
    pub problems: Vec<RowProblem>,
    /// Columns that mean nothing here, or repeat another, in the order of their first appearance.
    pub ignored_columns: Vec<String>,
}

/// How call records are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Names of columns beyond those known.
    pub mapping: Mapping,
    /// Table of a database, sheet of a workbook.
    pub table: Option<String>,
    /// Query to a database, in place of a table.
    pub query: Option<String>,
}

/// Reads call records and keeps them.
///
/// A value that is not understood leaves its field empty and is reported: the rest of the row still counts. A row that names
/// no call, has too many or too few fields, or repeats a call id is left out and reported.
///
/// # Errors
/// A [`CallError`] for a file that cannot be read, is no text, or has no column that names the call.
pub fn read_records(place: &Path, options: &ReadOptions) -> Result<RecordTable, CallError> {
    let mut table = Table::default();
    let ignored_columns = read_shares(place, options, &Vec::new, &mut |share| {
        table.take(share);
        Ok(())
    })?;
    Ok(RecordTable { records: table.records, problems: table.problems, ignored_columns })
}

/// Reads the call records that `place` names (a file, `sqlite:FILE`, `postgres://…`) and hands them on in shares, in order; the names of the columns that mean nothing.
///
/// Rows are parsed on all cores, each share by one `new()`. A row that names no call or has too many or too few fields is
/// left out; a call id may come again.
///
/// # Errors
/// As [`read_records`], and whatever `take` refuses.
pub fn read_shares<R: Rows>(
    place: &Path,
    options: &ReadOptions,
    new: &(impl Fn() -> R + Sync),
    take: &mut (impl FnMut(Share<R>) -> Result<(), CallError> + Send),
) -> Result<Vec<String>, CallError> {
    let told = source::shown(place);
    let names = source::read(place, options, new, take).map_err(|fault| fault.at(&told))??;
    if names.name_calls() { Ok(names.ignored) } else { Err(nameless(&names).at(&told)) }
}

/// As [`read_shares`], from lines that are a part of something larger: there need not be any, and none need name a call.
///
/// # Errors
/// When the lines cannot be read, and whatever `take` refuses.
pub fn read_part<R: Rows>(
    mut lines: impl BufRead,
    options: &ReadOptions,
    new: &(impl Fn() -> R + Sync),
    take: &mut (impl FnMut(Share<R>) -> Result<(), CallError> + Send),
) -> Result<(), CallError> {
    let at = |fault: Fault| fault.at(Path::new("-"));
    if lines.fill_buf().map_err(|error| at(Fault::unreadable(&error)))?.is_empty() {
        return Ok(());
    }
    text::read(lines, &options.mapping, new, take).map_err(at)?.map(drop)
}

/// Puts shares together and leaves out what repeats.
#[derive(Default)]
struct Table {
    records: Vec<CallRecord>,
    problems: Vec<RowProblem>,
    /// The line that first had each call id.
    lines: BTreeMap<CallId, usize>,
}

impl Rows for Vec<CallRecord> {
    fn take(&mut self, row: &CallRow) -> Result<(), String> {
        self.push(CallRecord::from(row));
        Ok(())
    }
}

impl Table {
    fn take(&mut self, share: Share<Vec<CallRecord>>) {
        let earlier = self.problems.len();
        self.problems.extend(share.problems);
        for (row, record) in (0..).zip(share.rows) {
            let line = share.lines.of(row).unwrap_or_default();
            let Some(id) = &record.call_id else {
                self.records.push(record);
                continue;
            };
            if let Some(first) = self.lines.get(id) {
                let cause = format!("call_id {id} was given in line {first}; the row is left out");
                self.problems.push(RowProblem { line, cause, is_lost: false });
            } else {
                self.lines.insert(id.clone(), line);
                self.records.push(record);
            }
        }
        self.problems[earlier..].sort_by_key(|problem| problem.line);
    }
}

fn nameless(names: &Names) -> Fault {
    let ignored = &names.ignored;
    let seen = if ignored.is_empty() { String::new() } else { format!("; it has {}", ignored.join(", ")) };
    Fault::new(
        format!("has no column that names the call{seen}"),
        format!("name a column {} or {}", Column::CallId.names(), Column::Recording.names()),
    )
}
