//! Findings with everything that was said of them, page by page, for files.

use std::fmt::Write as _;

use super::database::{Row, Value, values};
use super::queue::severity;
use super::{FindingState, Judgement, Store, StoreError};
use crate::domain::{CallReport, Category, Severity, Tier, Verdict};
use crate::text::mask_report;

/// Which findings go into a file; what is absent asks nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Any of these; empty for all.
    pub states: Vec<FindingState>,
    pub category: Option<Category>,
    pub severity: Option<Severity>,
    pub agent_id: Option<String>,
    /// Account that they are assigned to.
    pub assigned_to: Option<String>,
    /// Days `YYYY-MM-DD`, both included.
    pub from_day: Option<String>,
    pub to_day: Option<String>,
}

/// A finding with what people made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedFinding {
    /// The store's own number of the call.
    pub call: i64,
    pub call_id: String,
    pub finding_id: String,
    /// `YYYY-MM-DD`; empty where the record gives none.
    pub day: String,
    pub agent_id: Option<String>,
    pub team: Option<String>,
    pub rule: String,
    /// The id: a newer program may know more of them.
    pub category: String,
    pub severity: Severity,
    pub tier: Tier,
    /// Probability in 0..=1 that a listener would agree.
    pub confidence: f64,
    /// Seconds from the start of the recording; absent for findings that have no moment.
    pub start_s: Option<f64>,
    /// Masked.
    pub quote: String,
    /// What the audit says of the call as a whole.
    pub verdict: Option<Verdict>,
    pub state: FindingState,
    /// What was said of the finding last.
    pub last: Option<LastReview>,
    pub appeal: Option<AppealState>,
    pub assigned_to: Option<String>,
}

/// The last word of a reviewer on a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastReview {
    /// The store's number of it: greater than those of all before.
    pub id: i64,
    pub reviewer: String,
    pub judgement: Judgement,
    pub comment: String,
    /// RFC 3339, UTC.
    pub at: String,
}

/// How far the last appeal against a finding has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppealState {
    Pending,
    /// The finding stands.
    Upheld,
    /// The finding does not stand.
    Overturned,
}

const COLUMNS: &str = "finding.call, call.call_id, finding.finding_id, finding.day, finding.agent_id, finding.team,
    finding.rule, finding.category, finding.severity, finding.tier, finding.confidence, finding.start_s, finding.quote,
    call.verdict, finding.state, finding.assigned_to, review.id, review.reviewer, review.judgement, review.reason,
    review.comment, review.at, appeal.id, appeal.decision";

/// The last review and the last appeal, each found by its index.
const TABLES: &str = "finding JOIN call ON call.id = finding.call
    LEFT JOIN review ON review.id = (SELECT max(id) FROM review AS said
        WHERE said.call = finding.call AND said.finding_id = finding.finding_id)
    LEFT JOIN appeal ON appeal.id = (SELECT max(id) FROM appeal AS filed
        WHERE filed.call = finding.call AND filed.finding_id = finding.finding_id)";

impl Store {
    /// The findings of the last audits after the one named (the store's number of its call, and its id), in order of
    /// call and id, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn judged_findings(
        &mut self,
        selection: &Selection,
        after: Option<(i64, &str)>,
        limit: usize,
    ) -> Result<Vec<JudgedFinding>, StoreError> {
        let (call, finding_id) = after.unwrap_or((0, ""));
        let mut values = values![call, finding_id].to_vec();
        let condition = condition(selection, &mut values);
        values.push(limit.into());
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE (finding.call, finding.finding_id) > ($1, $2) AND {condition}
             ORDER BY finding.call, finding.finding_id LIMIT ${}",
            values.len()
        );
        self.query(&sql, &values)?.iter_mut().map(judged).collect()
    }

    /// A finding by the name of its call and its id, even where the last audit no longer makes it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn judged_finding(
        &mut self,
        call_id: &str,
        finding_id: &str,
    ) -> Result<Option<JudgedFinding>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE call.call_id = $1 AND finding.finding_id = $2 ORDER BY finding.call"
        );
        self.row(&sql, values![call_id, finding_id])?.as_mut().map(judged).transpose()
    }

    /// The report of a call as it may be shown; none for a call whose record alone is known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn masked_report(&mut self, call: i64) -> Result<Option<CallReport>, StoreError> {
        let mut report = self.body(call)?;
        if let Some(report) = &mut report {
            mask_report(report);
        }
        Ok(report)
    }
}

/// The conditions in a form that no index serves: one that served would have the server sort all findings anew for every
/// page, where the order of the primary key needs no sorting.
fn condition(selection: &Selection, values: &mut Vec<Value>) -> String {
    let mut text = "finding.present + 0 = 1".to_owned();
    let mut number = |value: Value| {
        values.push(value);
        values.len()
    };
    if !selection.states.is_empty() {
        let states: Vec<_> =
            selection.states.iter().map(|state| format!("${}", number(state.id().into()))).collect();
        let _ = write!(text, " AND finding.state || '' IN ({})", states.join(", "));
    }
    if let Some(severity) = selection.severity {
        let severity = number(super::call::severity_number(severity).into());
        let _ = write!(text, " AND finding.severity + 0 = ${severity}");
    }
    let texts = [
        ("category", "=", selection.category.map(|category| category.id().to_owned())),
        ("agent_id", "=", selection.agent_id.clone()),
        ("assigned_to", "=", selection.assigned_to.clone()),
        ("day", ">=", selection.from_day.clone()),
        ("day", "<=", selection.to_day.clone()),
    ];
    for (column, relation, value) in texts {
        if let Some(value) = value {
            let _ = write!(text, " AND finding.{column} || '' {relation} ${}", number(Value::Text(value)));
        }
    }
    text
}

fn judged(row: &mut Row) -> Result<JudgedFinding, StoreError> {
    let (verdict, state): (Option<String>, String) = (row.take(13)?, row.take(14)?);
    Ok(JudgedFinding {
        call: row.take(0)?,
        call_id: row.take(1)?,
        finding_id: row.take(2)?,
        day: row.take(3)?,
        agent_id: row.take(4)?,
        team: row.take(5)?,
        rule: row.take(6)?,
        category: row.take(7)?,
        severity: severity(row.take(8)?),
        tier: if row.take(9)? { Tier::Violation } else { Tier::Review },
        confidence: row.take(10)?,
        start_s: row.take(11)?,
        quote: row.take(12)?,
        verdict: verdict.as_deref().and_then(Verdict::from_id),
        state: FindingState::from_id(&state).unwrap_or(FindingState::Open),
        assigned_to: row.take(15)?,
        last: last_review(row)?,
        appeal: appeal(row)?,
    })
}

fn last_review(row: &mut Row) -> Result<Option<LastReview>, StoreError> {
    let Some(id) = row.take(16)? else { return Ok(None) };
    let (judgement, reason): (String, Option<String>) = (row.take(18)?, row.take(19)?);
    Ok(Some(LastReview {
        id,
        reviewer: row.take(17)?,
        judgement: Judgement::of_ids(&judgement, reason.as_deref()),
        comment: row.take(20)?,
        at: row.take(21)?,
    }))
}

fn appeal(row: &mut Row) -> Result<Option<AppealState>, StoreError> {
    let (id, decision): (Option<i64>, Option<String>) = (row.take(22)?, row.take(23)?);
    Ok(id.map(|_| match decision {
        None => AppealState::Pending,
        Some(decision) if decision == FindingState::Upheld.id() => AppealState::Upheld,
        Some(_) => AppealState::Overturned,
    }))
}
