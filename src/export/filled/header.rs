//! Which column holds what, by the names that an export gives them, in either language.

use super::Fault;
use crate::export::columns::{CALL_ID, COLUMNS, COMMENT, FINDING_ID, JUDGEMENT, REASON, REVIEW_ID};

/// Places of the columns that matter, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub call_id: usize,
    pub finding_id: usize,
    pub judgement: usize,
    pub reason: Option<usize>,
    pub comment: Option<usize>,
    pub review_id: Option<usize>,
}

impl Header {
    /// Reads a header row.
    pub(super) fn new(cells: &[impl AsRef<str>]) -> Result<Self, Fault> {
        let place = |key: &str| {
            let column = COLUMNS.iter().find(|column| column.key == key)?;
            cells.iter().position(|cell| [column.key, column.name_zh].contains(&cell.as_ref().trim()))
        };
        let needed = |key: &str| {
            let name = COLUMNS.iter().find(|column| column.key == key).map_or(key, |column| column.name_zh);
            place(key).ok_or_else(|| {
                (
                    format!("has no column {name}"),
                    "fill in a file that callaudit review export made, and keep its first row",
                )
            })
        };
        Ok(Self {
            call_id: needed(CALL_ID)?,
            finding_id: needed(FINDING_ID)?,
            judgement: needed(JUDGEMENT)?,
            reason: place(REASON),
            comment: place(COMMENT),
            review_id: place(REVIEW_ID),
        })
    }
}
