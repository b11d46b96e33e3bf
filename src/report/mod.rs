//! Reports to files people and programs read.
//!
//! ```text
//!  CallPage ──► border (rounds) ─┬─► report.jsonl   lines, in the order of the input
//!                                │    └─► *.parquet   tables, the same order
//!                                ├─► findings.csv   findings_csv, the same order
//!                                ├─► calls/*.html   html, at once
//!                                └─► CallSummary ──► index.html, run.json, console
//! ```
//!
//! Findings from call records alone go through [`TimingWriter`], without a page a call: they come by the million.
//!
//! [`ReportWriter`] takes the calls as they are done, in any order, and writes the same bytes whatever the order was.
//! [`call_page`], [`findings_table`] and [`report_line`] are its pieces one by one, [`table`] any other CSV file.
//! [`tables`] says what the columns of Parquet files are, for whoever writes the same elsewhere.
//! [`clips`] and [`waveforms`] make the sound that a page needs. [`console`] is what the terminal shows.

mod base64;
mod border;
mod chinese;
mod clip;
pub mod console;
mod decimate;
mod file;
mod findings_csv;
mod format;
mod html;
mod lines;
mod names;
mod order;
mod page;
mod run;
mod single;
mod spreadsheet;
mod summary;
mod table;
pub mod tables;
mod timing;
mod waveform;
pub mod words;
mod writer;

pub use chinese::reason as reason_zh;
pub use clip::{Clip, clips, recording_wav};
pub use file::{write_new, write_whole, write_whole_by};
pub use format::{Format, UnknownFormat};
pub use html::{Html, Served};
pub use names::{file_stem, file_stems};
pub use page::CallPage;
pub use run::RunFacts;
pub use single::{call_page, findings_table, report_line};
pub use spreadsheet::{BYTE_ORDER_MARK, harmless, without_guard};
pub use summary::{CallSummary, Tally, Totals, Worst};
pub use table::table;
pub use timing::{TIMING, TimingFacts, TimingLines, TimingWriter, timing_lines};
pub use waveform::{Waveform, waveforms, waveforms_of};
pub use writer::{ReportWriter, RunReport};

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
