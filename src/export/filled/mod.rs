//! The cells that a reviewer filled in, out of a workbook or text.

mod csv;
mod header;
mod xlsx;

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use self::header::Header;
use crate::domain::CallError;
use crate::report::without_guard;

/// A row as somebody gives it back: texts as written, without white space around them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilledRow {
    /// As an editor or a spreadsheet counts, from 1.
    pub line: usize,
    pub call_id: String,
    pub finding_id: String,
    pub judgement: String,
    pub reason: String,
    pub comment: String,
    /// The number of the review that the row shows; empty for none, absent where the file has no such column.
    pub review_id: Option<String>,
}

/// What is wrong with a file as a whole: the cause, and what to do.
type Fault = (String, &'static str);

const SAVE_AGAIN: &str = "save it as .xlsx or as CSV again";

/// Reads the rows of a filled-in export: a workbook, or CSV in UTF-8 or GB18030. Rows without any text are left out.
///
/// # Errors
/// A file that cannot be read, is neither, or lacks a column that is needed.
pub fn read_filled(path: &Path) -> Result<Vec<FilledRow>, CallError> {
    let mut start = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(4).read_to_end(&mut start));
    let read = || match opened {
        Err(error) => Err((format!("cannot be read: {error}"), "check the path")),
        Ok(_) if start.starts_with(b"PK") => guarded(|| xlsx::read(path)),
        Ok(_) => csv::read(path),
    };
    read().map_err(|(cause, hint)| CallError::new(path, cause, hint))
}

/// The reader of workbooks is other people's code on foreign bytes: a panic in it is a damaged file, not the end.
fn guarded(read: impl FnOnce() -> Result<Vec<FilledRow>, Fault>) -> Result<Vec<FilledRow>, Fault> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(("is damaged".to_owned(), SAVE_AGAIN)))
}

impl Header {
    /// The row's cells by what they mean; none for a row without any text.
    fn row(&self, line: usize, cells: &[impl AsRef<str>]) -> Option<FilledRow> {
        let cell = |place: usize| cells.get(place).map_or("", |cell| cell.as_ref().trim());
        let text = |place: Option<usize>| without_guard(place.map_or("", cell)).trim().to_owned();
        if cells.iter().all(|cell| cell.as_ref().trim().is_empty()) {
            return None;
        }
        Some(FilledRow {
            line,
            call_id: text(Some(self.call_id)),
            finding_id: text(Some(self.finding_id)),
            judgement: text(Some(self.judgement)),
            reason: text(self.reason),
            comment: text(self.comment),
            review_id: self.review_id.map(|place| text(Some(place))),
        })
    }
}
