//! Findings out of the store into files that people and programs read, and people's judgements back out of those.
//!
//! ```text
//!  store ─► rows ─► columns ─┬─► csv, xlsx      for people: Chinese names, cells to fill in ─► filled ─► judge ─► store
//!                            └─► json, parquet  for programs: ids
//! ```
//!
//! - `rows` — findings page by page, so that a million need no more memory than a thousand.
//! - `columns` — what a row holds, once for all formats. `words` — what cells say where it is more than a name.
//! - `csv`, `xlsx`, `json`, `parquet` — a format each. `format` — which one a file is.
//! - `filled` — the cells that a reviewer filled in. `judge` — judgements from them, each once.

mod columns;
mod csv;
mod error;
mod filled;
mod format;
mod json;
mod judge;
mod parquet;
mod rows;
mod words;
mod write;
mod xlsx;

pub use error::ExportError;
pub use filled::{FilledRow, read_filled};
pub use format::Format;
pub use judge::{Refused, Taken, judge_rows};
pub use rows::Rows;
pub use write::write;
