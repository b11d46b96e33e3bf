//! The calls and findings that complaints are about.

use serde::Serialize;
use serde_json::json;

use super::database::{Row, values};
use super::{Store, StoreError};

/// A call, or a finding in it, that a complaint is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ComplaintLink {
    pub call: i64,
    pub call_id: String,
    pub day: String,
    /// Empty for the call as a whole.
    pub finding_id: String,
    /// Masked; absent for the call as a whole.
    pub quote: Option<String>,
}

/// A call of a debtor, to be linked with a complaint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DebtorCall {
    pub call: i64,
    pub call_id: String,
    pub day: String,
    pub agent_id: Option<String>,
    /// Ids and masked words.
    pub findings: Vec<(String, String)>,
}

impl Store {
    /// Links a complaint with a call, or with a finding of it. False where one of them does not exist.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn link_complaint(
        &mut self,
        by: &str,
        id: i64,
        call: i64,
        finding_id: &str,
    ) -> Result<bool, StoreError> {
        self.transaction(|store| {
            let linked = store.execute(
                "INSERT INTO complaint_link (complaint, call, finding_id)
                 SELECT complaint.id, call.id, $3 FROM complaint, call WHERE complaint.id = $1 AND call.id = $2
                     AND ($3 = '' OR EXISTS (SELECT 1 FROM finding WHERE finding.call = $2 AND finding.finding_id = $3))
                 ON CONFLICT DO NOTHING",
                values![id, call, finding_id],
            )?;
            if linked > 0 {
                store.log_complaint(by, "link", id, &json!({"call": call, "finding": finding_id}))?;
            }
            Ok(linked > 0)
        })
    }

    /// What a complaint is linked with.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn links_of_complaint(&mut self, id: i64) -> Result<Vec<ComplaintLink>, StoreError> {
        let sql = "SELECT link.call, call.call_id, call.day, link.finding_id, finding.quote
             FROM complaint_link AS link JOIN call ON call.id = link.call
             LEFT JOIN finding ON finding.call = link.call AND finding.finding_id = link.finding_id
             WHERE link.complaint = $1 ORDER BY call.day, link.call, link.finding_id";
        let link = |mut row: Row| {
            Ok(ComplaintLink {
                call: row.take(0)?,
                call_id: row.take(1)?,
                day: row.take(2)?,
                finding_id: row.take(3)?,
                quote: row.take(4)?,
            })
        };
        self.query(sql, values![id])?.into_iter().map(link).collect()
    }

    /// The calls to a debtor with their findings, the latest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn calls_about(&mut self, debtor_id: &str, limit: usize) -> Result<Vec<DebtorCall>, StoreError> {
        let sql = "SELECT id, call_id, day, agent_id FROM call WHERE debtor_id = $1 ORDER BY day DESC, id DESC LIMIT $2";
        let mut calls = Vec::new();
        for mut row in self.query(sql, values![debtor_id, limit])? {
            let call = row.take(0)?;
            let findings = self.findings_of(call)?.into_iter();
            calls.push(DebtorCall {
                call,
                call_id: row.take(1)?,
                day: row.take(2)?,
                agent_id: row.take(3)?,
                findings: findings.map(|finding| (finding.finding_id, finding.quote)).collect(),
            });
        }
        Ok(calls)
    }
}
