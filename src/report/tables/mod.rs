//! Calls and findings as tables of typed columns, in Parquet.
//!
//! ```text
//!  report line ─► JSON ─► rows (by columns) ─► in order ─► reports.parquet, findings.parquet
//!  timing line ─► JSON ─► row  (by columns) ─────────────► timing/findings.parquet
//! ```
//!
//! - `columns` — the one definition of all columns; [`columns_json`] tells it to other programs.
//! - `kind` — what a column holds, and how that is read out of JSON. `row` — lines to rows.
//! - `parquet` — any table into any place: row groups, schema, compression. `buffer` — a column until it is written.
//! - `file` — a table on disk, whole or not at all. `written` — the two tables of a run.

mod buffer;
mod columns;
mod file;
mod kind;
mod parquet;
mod row;
mod written;

pub use self::parquet::{Field, ParquetTable};
pub use columns::{CALLS, Column, FINDINGS, FindingColumn, Of, call_fields, columns_json, finding_fields};
pub(super) use file::TableFile;
pub use kind::{Cell, Kind};
pub use row::{ReportRows, Row, call_json, report_rows, timing_json, timing_row};
pub(super) use written::{ReportTables, findings_table, remove_findings_table};
