//! What was taken in: files as they were last seen, recordings and transcripts once by content.

use super::database::{Row, values};
use super::{Store, StoreError, now};
use crate::domain::{CallError, CallId};

/// How a file looks from outside: as long as this stays, it is not read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub bytes: u64,
    /// Nanoseconds since 1970.
    pub modified_ns: i64,
}

/// How far a recording or transcript has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceState {
    /// Taken in, not begun.
    Waiting,
    /// Begun. After the end of the run that began it: the run was killed.
    Working,
    Done,
    /// Could not be audited; the next run tries again.
    Failed,
    /// Failed as often as is allowed, and left alone.
    Quarantined,
}

/// A recording or transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// SHA-256
    pub content: String,
    pub path: String,
    /// Line of a file of transcripts, counted from 1.
    pub line: Option<i64>,
    pub call_id: CallId,
    pub state: SourceState,
    pub attempts: u32,
    /// Why the last attempt failed.
    pub error: Option<CallError>,
}

/// What taking in came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intake {
    New,
    /// The content was taken in before, as this call.
    Known(Source),
    /// The name belongs to another recording's call.
    Taken,
}

impl SourceState {
    const ALL: [Self; 5] = [Self::Waiting, Self::Working, Self::Done, Self::Failed, Self::Quarantined];

    fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Working => "working",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Quarantined => "quarantined",
        }
    }
}

const COLUMNS: &str = "content, path, line, call_id, state, attempts, cause, hint";

impl Store {
    /// True where the file was taken in looking like this.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn knows_file(&mut self, path: &str, stamp: Stamp) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM file WHERE path = $1 AND bytes = $2 AND modified_ns = $3";
        Ok(self.row(sql, values![path, stamp.bytes, stamp.modified_ns])?.is_some())
    }

    /// Notes that everything in the file was taken in.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_file(&mut self, path: &str, stamp: Stamp) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO file (path, bytes, modified_ns) VALUES ($1, $2, $3)
             ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes, modified_ns = excluded.modified_ns",
            values![path, stamp.bytes, stamp.modified_ns],
        )
        .map(|_| ())
    }

    /// Takes in a recording or transcript under the name of its call.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn take_in(
        &mut self,
        content: &str,
        path: &str,
        line: Option<usize>,
        call_id: &CallId,
    ) -> Result<Intake, StoreError> {
        if let Some(known) = self.source(content)? {
            return Ok(Intake::Known(known));
        }
        // What the file held before will not come again, nor will what failed under the call's name.
        self.execute(
            "DELETE FROM source WHERE state <> 'done' AND ((path = $1 AND line IS NOT DISTINCT FROM $2)
                 OR (call_id = $3 AND state IN ('failed', 'quarantined')))",
            values![path, line, &call_id.0],
        )?;
        let written = self.execute(
            "INSERT INTO source (content, path, line, call_id, state, changed_at)
             VALUES ($1, $2, $3, $4, 'waiting', $5) ON CONFLICT (call_id) DO NOTHING",
            values![content, path, line, &call_id.0, now()],
        )?;
        Ok(if written == 0 { Intake::Taken } else { Intake::New })
    }

    /// A recording or transcript by its content.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn source(&mut self, content: &str) -> Result<Option<Source>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM source WHERE content = $1");
        self.row(&sql, values![content])?.as_mut().map(source_of).transpose()
    }

    /// What still has to be audited, in order of path and line: waiting, interrupted, and failed ones to try again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn unfinished(&mut self) -> Result<Vec<Source>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM source WHERE state IN ('waiting', 'working', 'failed') ORDER BY path, line, content"
        );
        self.query(&sql, &[])?.iter_mut().map(source_of).collect()
    }

    /// What is left alone after failing too often, in order of path and line.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn quarantined(&mut self) -> Result<Vec<Source>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM source WHERE state = 'quarantined' ORDER BY path, line, content");
        self.query(&sql, &[])?.iter_mut().map(source_of).collect()
    }

    /// Lets what is quarantined be tried again; how many there are.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn release_quarantined(&mut self) -> Result<u64, StoreError> {
        self.execute(
            "UPDATE source SET state = 'waiting', attempts = 0, changed_at = $1 WHERE state = 'quarantined'",
            values![now()],
        )
    }

    /// Notes that the audit begins: whatever ends it, the attempt is counted.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn begin_source(&mut self, content: &str) -> Result<(), StoreError> {
        self.execute(
            "UPDATE source SET state = 'working', attempts = attempts + 1, changed_at = $2 WHERE content = $1",
            values![content, now()],
        )
        .map(|_| ())
    }

    /// Notes where the recording or transcript lies now.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn move_source(&mut self, content: &str, path: &str, line: Option<usize>) -> Result<(), StoreError> {
        self.execute(
            "UPDATE source SET path = $2, line = $3 WHERE content = $1",
            values![content, path, line],
        )
        .map(|_| ())
    }

    /// Notes how the audit ended.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn end_source(
        &mut self,
        content: &str,
        state: SourceState,
        error: Option<&CallError>,
    ) -> Result<(), StoreError> {
        self.execute(
            "UPDATE source SET state = $2, cause = $3, hint = $4, changed_at = $5 WHERE content = $1",
            values![
                content,
                state.id(),
                error.map(|error| &error.cause),
                error.map(|error| &error.hint),
                now()
            ],
        )
        .map(|_| ())
    }
}

fn source_of(row: &mut Row) -> Result<Source, StoreError> {
    let path: String = row.take(1)?;
    let state: String = row.take(4)?;
    let attempts: i64 = row.take(5)?;
    let (cause, hint): (Option<String>, Option<String>) = (row.take(6)?, row.take(7)?);
    Ok(Source {
        content: row.take(0)?,
        line: row.take(2)?,
        call_id: CallId(row.take(3)?),
        state: SourceState::ALL.into_iter().find(|known| known.id() == state).unwrap_or(SourceState::Waiting),
        attempts: attempts as u32,
        error: cause.map(|cause| CallError::new(&path, cause, hint.unwrap_or_default())),
        path,
    })
}
