//! Calls with their reports.

use std::collections::BTreeMap;

use super::database::{Value, values};
use super::{RunId, Store, StoreError, TimedCall, now};
use crate::domain::{CallId, CallReport, Finding, Levels, Mark, Severity, Tier};
use crate::text::mask_report;

/// A call as an audit leaves it.
#[derive(Debug, Clone, Copy)]
pub struct AuditedCall<'a> {
    /// With nothing masked.
    pub report: &'a CallReport,
    /// Loudness over time; absent without a recording, or where the store has it already.
    pub levels: Option<&'a Levels>,
    /// SHA-256 of what was heard or read; absent for a call known by its record alone.
    pub content: Option<&'a str>,
    /// What its record shows; absent where it was not judged.
    pub timed: Option<&'a TimedCall>,
}

/// A call as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredCall {
    /// The store's own number of the call.
    pub id: i64,
    pub call_id: CallId,
    /// With nothing masked.
    pub report: CallReport,
    pub levels: Option<Levels>,
    /// SHA-256 of what was heard or read; absent for a call known by its record alone.
    pub content: Option<String>,
}

/// What another audit changed, by finding id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub appeared: Vec<String>,
    /// No longer found. They stay in the store with what people said of them.
    pub vanished: Vec<String>,
    /// Found still, in another tier or severity.
    pub regraded: Vec<String>,
}

impl Changes {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.appeared.is_empty() && self.vanished.is_empty() && self.regraded.is_empty()
    }
}

impl Store {
    /// Writes a call with everything found in it, in place of what an earlier audit wrote. Findings keep their ids; those
    /// that are found no longer stay, marked.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn put_call(&mut self, run: RunId, call: AuditedCall) -> Result<Changes, StoreError> {
        let report = call.report;
        let id = match &report.record {
            Some(record) => self.put_record(&report.call_id, record)?,
            None => self.claim_call(&report.call_id)?,
        };
        let timed = call.timed.cloned().unwrap_or_default();
        self.mark_stale(id)?;
        self.execute(
            "UPDATE call SET content = coalesce($2, content), verdict = $3, score = $4, day = $5, hour = $6, judged = $7,
                 audited_at = $8, run = $9, refused = $10 WHERE id = $1",
            values![
                id,
                call.content,
                report.verdict.id(),
                i64::from(report.score),
                timed.day,
                timed.hour,
                timed.judged,
                now(),
                run.0,
                report.marks.iter().any(|mark| mark.rule == Mark::REFUSED)
            ],
        )?;
        let mut shown = report.clone();
        mask_report(&mut shown);
        self.put_body(id, report, call.levels)?;
        self.put_spoken(id, &shown.transcript)?;
        self.put_suppressed(id, &shown)?;
        let changes = self.put_findings(run, id, &shown.findings)?;
        self.execute(
            "UPDATE finding SET day = call.day, agent_id = call.agent_id, team = call.team FROM call
             WHERE call.id = finding.call AND finding.call = $1",
            values![id],
        )?;
        self.mark_stale(id)?;
        Ok(changes)
    }

    /// A call by its name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn call(&mut self, call_id: &CallId) -> Result<Option<StoredCall>, StoreError> {
        let found = self.row("SELECT id FROM call WHERE call_id = $1", values![&call_id.0])?;
        let Some(mut row) = found else { return Ok(None) };
        let id = row.take(0)?;
        self.stored_call(id)
    }

    /// Calls with a report after the call numbered `after`, at most `limit`, in order of their numbers.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn calls_after(&mut self, after: i64, limit: usize) -> Result<Vec<StoredCall>, StoreError> {
        let sql = "SELECT call FROM body WHERE call > $1 ORDER BY call LIMIT $2";
        let mut calls = Vec::new();
        for mut row in self.query(sql, values![after, limit])? {
            let id = row.take(0)?;
            calls.extend(self.stored_call(id)?);
        }
        Ok(calls)
    }

    /// Number of calls with a report.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_reports(&mut self) -> Result<u64, StoreError> {
        let mut row = self.row("SELECT count(*) FROM body", &[])?;
        Ok(row.as_mut().map_or(Ok(0), |row| row.take::<i64>(0))? as u64)
    }

    /// A call by the store's number.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn stored_call(&mut self, id: i64) -> Result<Option<StoredCall>, StoreError> {
        let Some(report) = self.body(id)? else { return Ok(None) };
        let mut row = self.row("SELECT content FROM call WHERE id = $1", values![id])?;
        let content = row.as_mut().map_or(Ok(None), |row| row.take(0))?;
        let levels = self.sound(id)?;
        Ok(Some(StoredCall { id, call_id: report.call_id.clone(), report, levels, content }))
    }

    /// The number of a call that no record speaks of.
    fn claim_call(&mut self, call_id: &CallId) -> Result<i64, StoreError> {
        // An update that changes nothing makes both servers return the number.
        let sql = "INSERT INTO call (call_id, has_record) VALUES ($1, 0)
                   ON CONFLICT (call_id) DO UPDATE SET call_id = excluded.call_id RETURNING id";
        self.returned_id(sql, values![&call_id.0])
    }

    pub(super) fn returned_id(&mut self, sql: &str, values: &[Value]) -> Result<i64, StoreError> {
        let row = self.row(sql, values)?;
        row.ok_or_else(|| self.damaged("a row was not written"))?.take(0)
    }

    fn put_findings(&mut self, run: RunId, call: i64, findings: &[Finding]) -> Result<Changes, StoreError> {
        let before = self.graded(call)?;
        self.execute("UPDATE finding SET present = 0 WHERE call = $1 AND present = 1", values![call])?;
        let mut changes = Changes::default();
        let mut rest = before.clone();
        for finding in findings {
            self.put_finding(run, call, finding)?;
            let grades = (severity_number(finding.severity), tier_number(finding.tier));
            rest.remove(&finding.id);
            match before.get(&finding.id) {
                None => changes.appeared.push(finding.id.clone()),
                Some(earlier) if *earlier != grades => changes.regraded.push(finding.id.clone()),
                Some(_) => {}
            }
        }
        changes.vanished = rest.into_keys().collect();
        Ok(changes)
    }

    /// Severity and tier of the findings of the last audit, by id.
    fn graded(&mut self, call: i64) -> Result<BTreeMap<String, (i64, i64)>, StoreError> {
        let sql = "SELECT finding_id, severity, tier FROM finding WHERE call = $1 AND present = 1";
        let rows = self.query(sql, values![call])?;
        rows.into_iter().map(|mut row| Ok((row.take(0)?, (row.take(1)?, row.take(2)?)))).collect()
    }

    fn put_finding(&mut self, run: RunId, call: i64, finding: &Finding) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO finding (call, finding_id, rule, category, severity, tier, grade, confidence, start_s, quote,
                 present, first_run, last_run) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)
             ON CONFLICT (call, finding_id) DO UPDATE SET severity = excluded.severity, tier = excluded.tier,
                 grade = excluded.grade, confidence = excluded.confidence, quote = excluded.quote, present = 1,
                 last_run = excluded.last_run",
            values![
                call,
                &finding.id,
                &finding.rule,
                finding.category.id(),
                severity_number(finding.severity),
                tier_number(finding.tier),
                finding.grade.id(),
                finding.confidence,
                finding.start_s,
                &finding.quote,
                run.0
            ],
        )
        .map(|_| ())
    }

    fn put_suppressed(&mut self, call: i64, report: &CallReport) -> Result<(), StoreError> {
        self.execute("DELETE FROM suppressed WHERE call = $1", values![call])?;
        for hit in &report.suppressed {
            self.execute(
                "INSERT INTO suppressed (call, finding_id, rule, category, suppressor) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (call, finding_id, suppressor) DO NOTHING",
                values![call, &hit.finding.id, &hit.finding.rule, hit.finding.category.id(), hit.by.id()],
            )?;
        }
        Ok(())
    }
}

pub(super) fn severity_number(severity: Severity) -> i64 {
    match severity {
        Severity::Info => 0,
        Severity::Minor => 1,
        Severity::Major => 2,
        Severity::Critical => 3,
    }
}

pub(super) fn tier_number(tier: Tier) -> i64 {
    match tier {
        Tier::Review => 0,
        Tier::Violation => 1,
    }
}
