//! The register of complaints: what came in, until when its case has to be opened, and how it ended.

use jiff::{Timestamp, ToSpan};
use serde_json::json;

use super::complaint_terms::{ComplaintKind, ComplaintSource, ComplaintState, URGENT_HOURS, USUAL_HOURS};
use super::database::{Row, Value, values};
use super::{Store, StoreError, now, written};

/// A complaint as it comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewComplaint {
    /// RFC 3339, UTC.
    pub received_at: Timestamp,
    pub source: ComplaintSource,
    pub kind: ComplaintKind,
    pub debtor_id: Option<String>,
    pub agent_id: Option<String>,
    pub statement: String,
}

/// A complaint as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    pub id: i64,
    pub received_at: String,
    pub source: ComplaintSource,
    pub kind: ComplaintKind,
    pub debtor_id: Option<String>,
    pub agent_id: Option<String>,
    pub team: Option<String>,
    pub statement: String,
    /// When the case has to be opened.
    pub due_at: String,
    pub state: ComplaintState,
    pub assigned_to: Option<String>,
    pub opened_at: Option<String>,
    pub closed_at: Option<String>,
    pub conclusion: String,
    pub registered_by: String,
}

const COLUMNS: &str =
    "id, received_at, source, kind, debtor_id, agent_id, team, statement, due_at, state, assigned_to,
    opened_at, closed_at, conclusion, registered_by";

impl Store {
    /// Registers a complaint; its number. The team is that of the agent's last call.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn register_complaint(&mut self, by: &str, complaint: &NewComplaint) -> Result<i64, StoreError> {
        let hours = if complaint.kind.is_urgent() { URGENT_HOURS } else { USUAL_HOURS };
        let due_at = written(complaint.received_at + hours.hours());
        self.transaction(|store| {
            let id = store.returned_id(
                "INSERT INTO complaint (received_at, source, kind, debtor_id, agent_id, team, statement, due_at, state, registered_by)
                 VALUES ($1, $2, $3, $4, $5,
                     (SELECT team FROM call WHERE agent_id = $5 AND team IS NOT NULL ORDER BY day DESC LIMIT 1),
                     $6, $7, 'registered', $8) RETURNING id",
                values![
                    written(complaint.received_at),
                    complaint.source.id(),
                    complaint.kind.id(),
                    complaint.debtor_id.clone(),
                    complaint.agent_id.clone(),
                    &complaint.statement,
                    &due_at,
                    by
                ],
            )?;
            let details = json!({"kind": complaint.kind.id(), "source": complaint.source.id(), "due_at": due_at});
            store.log_complaint(by, "complaint", id, &details)?;
            Ok(id)
        })
    }

    /// Brings a complaint from one state to another, with a conclusion where it is closed. False where it is not in a
    /// state from which that is possible: what is closed stays closed.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn move_complaint(
        &mut self,
        by: &str,
        id: i64,
        to: ComplaintState,
        conclusion: &str,
    ) -> Result<bool, StoreError> {
        let (set, from) = match to {
            ComplaintState::Registered => return Ok(false),
            ComplaintState::Opened => ("opened_at = $3, assigned_to = $5, conclusion = $4", "'registered'"),
            // A case that is closed at once was opened, too.
            _ => (
                "opened_at = coalesce(opened_at, $3), closed_at = $3, conclusion = $4,
                 assigned_to = coalesce(assigned_to, $5)",
                "'registered', 'opened'",
            ),
        };
        let sql = format!("UPDATE complaint SET state = $2, {set} WHERE id = $1 AND state IN ({from})");
        self.transaction(|store| {
            let is_moved = store.execute(&sql, values![id, to.id(), now(), conclusion, by])? > 0;
            if is_moved {
                store.log_complaint(by, to.id(), id, &json!({"conclusion": conclusion}))?;
            }
            Ok(is_moved)
        })
    }

    /// A complaint by its number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn complaint(&mut self, id: i64) -> Result<Option<Complaint>, StoreError> {
        Ok(self.complaints_where("id = $1", values![id], 1)?.pop())
    }

    /// Complaints in a state, those first whose case has to be opened first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn complaints(&mut self, state: ComplaintState, limit: usize) -> Result<Vec<Complaint>, StoreError> {
        self.complaints_where("state = $1", values![state.id()], limit)
    }

    /// All complaints about a debtor.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn complaints_about(&mut self, debtor_id: &str) -> Result<Vec<Complaint>, StoreError> {
        self.complaints_where("debtor_id = $1", values![debtor_id], usize::MAX)
    }

    /// Complaints whose case is not open yet and has to be within `hours`; the first ones.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn complaints_due(&mut self, hours: i64, limit: usize) -> Result<Vec<Complaint>, StoreError> {
        let until = written(Timestamp::now() + hours.hours());
        self.complaints_where("state = 'registered' AND due_at <= $1", values![until], limit)
    }

    /// Complaints received in days `from` to `to`, by agent or by team.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_complaints(
        &mut self,
        is_team: bool,
        from_day: &str,
        to_day: &str,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let key = if is_team { "team" } else { "agent_id" };
        let sql = format!(
            "SELECT coalesce({key}, ''), count(*) FROM complaint
             WHERE received_at >= $1 AND received_at < $2 GROUP BY 1 ORDER BY 1"
        );
        let rows = self.query(&sql, values![from_day, format!("{to_day}U")])?;
        rows.into_iter().map(|mut row| Ok((row.take(0)?, row.take::<i64>(1)? as u64))).collect()
    }

    fn complaints_where(
        &mut self,
        condition: &str,
        values: &[Value],
        limit: usize,
    ) -> Result<Vec<Complaint>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM complaint WHERE {condition} ORDER BY due_at, id LIMIT {}",
            limit.min(1_000_000)
        );
        self.query(&sql, values)?.into_iter().map(|mut row| complaint(&mut row)).collect()
    }

    pub(super) fn log_complaint(
        &mut self,
        by: &str,
        kind: &str,
        id: i64,
        details: &serde_json::Value,
    ) -> Result<(), StoreError> {
        self.log_action(by, kind, &format!("complaint {id}"), &details.to_string())
    }
}

fn complaint(row: &mut Row) -> Result<Complaint, StoreError> {
    let (source, kind, state): (String, String, String) = (row.take(2)?, row.take(3)?, row.take(9)?);
    Ok(Complaint {
        id: row.take(0)?,
        received_at: row.take(1)?,
        source: ComplaintSource::from_id(&source).unwrap_or(ComplaintSource::Other),
        kind: ComplaintKind::from_id(&kind).unwrap_or(ComplaintKind::Other),
        debtor_id: row.take(4)?,
        agent_id: row.take(5)?,
        team: row.take(6)?,
        statement: row.take(7)?,
        due_at: row.take(8)?,
        state: ComplaintState::from_id(&state).unwrap_or(ComplaintState::Registered),
        assigned_to: row.take(10)?,
        opened_at: row.take(11)?,
        closed_at: row.take(12)?,
        conclusion: row.take(13)?,
        registered_by: row.take(14)?,
    })
}
