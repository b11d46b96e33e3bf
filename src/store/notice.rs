//! What is to be told to others, kept until it has been.

use super::call::severity_number;
use super::database::{Row, values};
use super::{RunId, Store, StoreError, now};
use crate::domain::Severity;

/// Attempts after which a notice is given up.
pub const NOTICE_ATTEMPTS: u32 = 10;

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub id: i64,
    pub subject: String,
    /// JSON, without personal data.
    pub content: String,
    pub made_at: String,
    pub attempts: u32,
}

/// Serious findings that a run made first, by category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFindings {
    pub category: String,
    pub findings: u64,
    pub calls: u64,
}

impl Store {
    /// Puts a notice down to be told; nothing where there is one of that subject, told or not.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_notice(&mut self, subject: &str, content: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO notice (subject, content, made_at) VALUES ($1, $2, $3) ON CONFLICT (subject) DO NOTHING";
        self.execute(sql, values![subject, content, now()]).map(|_| ())
    }

    /// What has not been told yet and was not given up, in order of time.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn untold_notices(&mut self) -> Result<Vec<Notice>, StoreError> {
        let sql = "SELECT id, subject, content, made_at, attempts FROM notice
             WHERE sent_at IS NULL AND attempts < $1 ORDER BY id LIMIT 100";
        let notice = |mut row: Row| {
            Ok(Notice {
                id: row.take(0)?,
                subject: row.take(1)?,
                content: row.take(2)?,
                made_at: row.take(3)?,
                attempts: row.take::<i64>(4)?.clamp(0, 1_000) as u32,
            })
        };
        self.query(sql, values![NOTICE_ATTEMPTS])?.into_iter().map(notice).collect()
    }

    /// Notes that a notice was told, or why not.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn told_notice(&mut self, id: i64, failure: Option<&str>) -> Result<(), StoreError> {
        let sent_at = failure.is_none().then(now);
        self.execute(
            "UPDATE notice SET attempts = attempts + 1, sent_at = $2, cause = $3 WHERE id = $1",
            values![id, sent_at, failure],
        )
        .map(|_| ())
    }

    /// Findings that stand by themselves, at least that severe, which a run made first, or an earlier one that was killed
    /// before it could tell of them.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new_findings(&mut self, run: RunId, severity: Severity) -> Result<Vec<NewFindings>, StoreError> {
        let sql = "SELECT category, count(*), count(DISTINCT call) FROM finding
             WHERE first_run <= $1 AND present = 1 AND tier = 1 AND severity >= $2 AND first_run > coalesce(
                 (SELECT max(id) FROM run WHERE ended_at IS NOT NULL AND id < $1), 0)
             GROUP BY category ORDER BY category";
        let findings = |mut row: Row| {
            Ok(NewFindings {
                category: row.take(0)?,
                findings: row.take::<i64>(1)? as u64,
                calls: row.take::<i64>(2)? as u64,
            })
        };
        self.query(sql, values![run.0, severity_number(severity)])?.into_iter().map(findings).collect()
    }
}
