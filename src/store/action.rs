//! The log of what people and runs did: append-only, each line bound to the one before it by its hash.

use sha2::{Digest, Sha256};

use super::database::{Row, values};
use super::{Store, StoreError, now};
use crate::domain::hex;

/// What the first line is bound to.
const BEGINNING: &str = "callaudit";
/// Lines read at once.
const ROUND: i64 = 10_000;

/// Where the chain is broken: the first line whose hash is not that of its content and its forerunner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    pub seq: i64,
}

/// How far the log has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastAction {
    pub seq: i64,
    /// SHA-256 of the last line, by which all lines before are bound.
    pub hash: String,
}

/// A line as its hash covers it.
struct Line {
    seq: i64,
    at: String,
    actor: String,
    kind: String,
    subject: String,
    details: String,
    previous: String,
}

impl Line {
    /// Lengths before texts: no two lines have the same bytes.
    fn hash(&self) -> String {
        let texts = [&self.previous, &self.at, &self.actor, &self.kind, &self.subject, &self.details];
        let mut hasher = Sha256::new();
        hasher.update(self.seq.to_le_bytes());
        for text in texts {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        }
        hex(&hasher.finalize())
    }
}

impl Store {
    /// Appends a line: who did what to what, with details as JSON. To be called within a transaction, together with what
    /// it tells of.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn log_action(
        &mut self,
        actor: &str,
        kind: &str,
        subject: &str,
        details: &str,
    ) -> Result<(), StoreError> {
        let (seq, previous) = match self.last_action()? {
            Some(last) => (last.seq + 1, last.hash),
            None => (1, BEGINNING.to_owned()),
        };
        let text = str::to_owned;
        let line = Line {
            seq,
            at: now(),
            actor: text(actor),
            kind: text(kind),
            subject: text(subject),
            details: text(details),
            previous,
        };
        let hash = line.hash();
        self.execute(
            "INSERT INTO action (seq, at, actor, kind, subject, details, previous, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![seq, line.at, actor, kind, subject, details, line.previous, hash],
        )
        .map(|_| ())
    }

    /// The last line of the log; absent while it is empty.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_action(&mut self) -> Result<Option<LastAction>, StoreError> {
        let last = self.row("SELECT seq, hash FROM action ORDER BY seq DESC LIMIT 1", &[])?;
        last.map(|mut row| Ok(LastAction { seq: row.take(0)?, hash: row.take(1)? })).transpose()
    }

    /// Walks the log from its first line; the number of lines, or where it is broken.
    ///
    /// A log that was cut off at its end looks whole: keep the last hash elsewhere to tell.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn verify_actions(&mut self) -> Result<Result<i64, Broken>, StoreError> {
        let sql = "SELECT seq, at, actor, kind, subject, details, previous, hash FROM action
                   WHERE seq > $1 ORDER BY seq LIMIT $2";
        let (mut seq, mut hash) = (0, BEGINNING.to_owned());
        loop {
            let rows = self.query(sql, values![seq, ROUND])?;
            if rows.is_empty() {
                return Ok(Ok(seq));
            }
            for mut row in rows {
                let (line, own) = line_of(&mut row)?;
                if line.seq != seq + 1 || line.previous != hash || line.hash() != own {
                    return Ok(Err(Broken { seq: seq + 1 }));
                }
                (seq, hash) = (line.seq, own);
            }
        }
    }
}

fn line_of(row: &mut Row) -> Result<(Line, String), StoreError> {
    let line = Line {
        seq: row.take(0)?,
        at: row.take(1)?,
        actor: row.take(2)?,
        kind: row.take(3)?,
        subject: row.take(4)?,
        details: row.take(5)?,
        previous: row.take(6)?,
    };
    Ok((line, row.take(7)?))
}
