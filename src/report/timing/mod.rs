//! What call records showed, to files: findings as lines and rows, counts as tables, one page.
//!
//! ```text
//!  findings ─► lines (any thread) ─► timing.jsonl, findings.csv, findings.parquet
//!  summary  ─► agents.csv, teams.csv, lenders.csv, hours.csv, days.csv, index.html, run.json
//!  problems ─► problems.csv
//! ```
//!
//! Problems and `run.json` are written always, the others as their formats are asked for.

/// Folder of these files beside the reports of audited calls.
pub const TIMING: &str = "timing";

mod tables;
mod writer;

pub use tables::{TimingLines, timing_lines};
pub use writer::{TimingFacts, TimingWriter};
