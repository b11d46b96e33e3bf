//! Call records, those of calls nobody recorded too.

use super::database::{Row, Value, values};
use super::{Store, StoreError};
use crate::domain::{CallId, CallRecord, ConsentWindow, Contact, Direction};

/// When a call was made, and what its record came to, as judged last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimedCall {
    /// `YYYY-MM-DD` of the start on the debtor's clock; empty where the record gives none.
    pub day: String,
    /// Hour of that day, 0..=23.
    pub hour: Option<i64>,
    /// Digest of record and outcome: as long as it stays, the report of the call does.
    pub judged: Option<String>,
}

/// A call record as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRecord {
    /// The store's own number of the call.
    pub id: i64,
    pub record: CallRecord,
    pub timed: TimedCall,
    /// True where the store holds a report of the call.
    pub is_audited: bool,
}

const COLUMNS: &str =
    "recording, started_at, duration_s, agent_id, team, debtor_id, contact, number, direction,
    answered, timezone, consent_window, lender, product";

impl Store {
    /// Writes a call's record, in place of an earlier one; the call's number.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_record(&mut self, call_id: &CallId, record: &CallRecord) -> Result<i64, StoreError> {
        let sql = format!(
            "INSERT INTO call (call_id, has_record, recording_name, {COLUMNS})
             VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
             ON CONFLICT (call_id) DO UPDATE SET has_record = 1, recording_name = excluded.recording_name, {}
             RETURNING id",
            COLUMNS
                .split(',')
                .map(|column| format!("{0} = excluded.{0}", column.trim()))
                .collect::<Vec<_>>()
                .join(", ")
        );
        let name = record.recording.as_deref().map(recording_name);
        let mut values = values![&call_id.0, name].to_vec();
        values.extend(record_values(record));
        self.returned_id(&sql, &values)
    }

    /// Records of calls after the call numbered `after`, at most `limit`, in order of their numbers.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn records_after(&mut self, after: i64, limit: usize) -> Result<Vec<StoredRecord>, StoreError> {
        let sql = format!("{} WHERE id > $1 AND has_record = 1 ORDER BY id LIMIT $2", select_records());
        let rows = self.query(&sql, values![after, limit])?;
        rows.into_iter().map(|mut row| stored_record(&mut row)).collect()
    }

    /// Records that may be of the recording `path`, or of a call named `id_stem`: those of calls not heard yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn records_like(&mut self, path: &str, id_stem: &str) -> Result<Vec<CallRecord>, StoreError> {
        let sql = format!(
            "SELECT call_id, {COLUMNS} FROM call
             WHERE has_record = 1 AND content IS NULL AND (recording_name IN ($1, $2) OR call_id IN ($2, $3))"
        );
        let values = values![recording_name(path), id_stem.to_lowercase(), id_stem];
        let rows = self.query(&sql, values)?;
        let stored =
            |mut row: Row| Ok(CallRecord { call_id: Some(CallId(row.take(0)?)), ..record_of(&mut row, 1)? });
        rows.into_iter().map(stored).collect()
    }

    /// The calls that were heard and that no record speaks of.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn calls_without_record(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT call_id FROM call WHERE has_record = 0 ORDER BY call_id";
        self.query(sql, &[])?.iter_mut().map(|row| row.take(0)).collect()
    }

    /// The calls in which a third person asked not to be called again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn refused_calls(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT call_id FROM call WHERE refused = 1 ORDER BY call_id";
        self.query(sql, &[])?.iter_mut().map(|row| row.take(0)).collect()
    }

    /// Notes what the record of a call without a report came to: nothing was found.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_timed(&mut self, id: i64, timed: &TimedCall) -> Result<(), StoreError> {
        self.mark_stale(id)?;
        self.execute(
            "UPDATE call SET day = $2, hour = $3, judged = $4, verdict = coalesce(verdict, 'clean'),
                 score = coalesce(score, 100) WHERE id = $1",
            values![id, &timed.day, timed.hour, timed.judged.clone()],
        )?;
        self.mark_stale(id)
    }
}

/// The beginning of a query whose rows [`stored_record`] reads.
pub(super) fn select_records() -> String {
    format!(
        "SELECT id, call_id, day, hour, judged, CASE WHEN audited_at IS NULL THEN 0 ELSE 1 END, {COLUMNS} FROM call"
    )
}

pub(super) fn stored_record(row: &mut Row) -> Result<StoredRecord, StoreError> {
    Ok(StoredRecord {
        id: row.take(0)?,
        record: CallRecord { call_id: Some(CallId(row.take(1)?)), ..record_of(row, 6)? },
        timed: TimedCall { day: row.take(2)?, hour: row.take(3)?, judged: row.take(4)? },
        is_audited: row.take(5)?,
    })
}

/// The last part of a path, written on whatever system, in lower case.
fn recording_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_lowercase()
}

fn record_values(record: &CallRecord) -> [Value; 14] {
    [
        record.recording.clone().into(),
        record.started_at.clone().into(),
        record.duration_s.into(),
        record.agent_id.clone().into(),
        record.team.clone().into(),
        record.debtor_id.clone().into(),
        record.contact.map(Contact::id).into(),
        record.number.clone().into(),
        record.direction.map(Direction::id).into(),
        record.answered.into(),
        record.timezone.clone().into(),
        record.consent_window.as_ref().map(ConsentWindow::text).into(),
        record.lender.clone().into(),
        record.product.clone().into(),
    ]
}

/// The record in a row's columns from `first` on, without its call id.
fn record_of(row: &mut Row, first: usize) -> Result<CallRecord, StoreError> {
    let contact: Option<String> = row.take(first + 6)?;
    let direction: Option<String> = row.take(first + 8)?;
    let window: Option<String> = row.take(first + 11)?;
    Ok(CallRecord {
        call_id: None,
        recording: row.take(first)?,
        started_at: row.take(first + 1)?,
        duration_s: row.take(first + 2)?,
        agent_id: row.take(first + 3)?,
        team: row.take(first + 4)?,
        debtor_id: row.take(first + 5)?,
        contact: contact.as_deref().and_then(Contact::from_id),
        number: row.take(first + 7)?,
        direction: direction.as_deref().and_then(Direction::from_id),
        answered: row.take(first + 9)?,
        timezone: row.take(first + 10)?,
        consent_window: window.as_deref().map(ConsentWindow::of_text),
        lender: row.take(first + 12)?,
        product: row.take(first + 13)?,
    })
}
