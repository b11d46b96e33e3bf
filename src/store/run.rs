//! Runs over the store.

use super::database::values;
use super::{Store, StoreError, now};

/// The store's number of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunId(pub i64);

/// One run of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: RunId,
    /// `batch` or `reaudit`.
    pub kind: String,
    /// RFC 3339, UTC.
    pub started_at: String,
    /// Absent while it runs, and for ever where it was killed.
    pub ended_at: Option<String>,
    /// Counts and settings, as JSON.
    pub summary: String,
}

impl Store {
    /// Notes that a run begins.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn begin_run(&mut self, kind: &str) -> Result<RunId, StoreError> {
        let sql = "INSERT INTO run (kind, started_at, summary) VALUES ($1, $2, '{}') RETURNING id";
        self.returned_id(sql, values![kind, now()]).map(RunId)
    }

    /// Notes how a run ended.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn end_run(&mut self, run: RunId, summary: &str) -> Result<(), StoreError> {
        self.execute(
            "UPDATE run SET ended_at = $2, summary = $3 WHERE id = $1",
            values![run.0, now(), summary],
        )
        .map(|_| ())
    }

    /// The last runs, the latest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn runs(&mut self, limit: usize) -> Result<Vec<Run>, StoreError> {
        let sql = "SELECT id, kind, started_at, ended_at, summary FROM run ORDER BY id DESC LIMIT $1";
        let rows = self.query(sql, values![limit])?;
        let run = |mut row: super::Row| {
            Ok(Run {
                id: RunId(row.take(0)?),
                kind: row.take(1)?,
                started_at: row.take(2)?,
                ended_at: row.take(3)?,
                summary: row.take(4)?,
            })
        };
        rows.into_iter().map(run).collect()
    }
}
