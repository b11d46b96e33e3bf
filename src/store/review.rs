//! What people make of findings: judgements, appeals, assignment. Each is one transaction with its line in the log.

use jiff::{Timestamp, ToSpan};
use serde_json::json;

use super::database::values;
use super::{FindingState, Store, StoreError, now, written};

/// Days within which an appeal should be decided.
pub const APPEAL_DAYS: i64 = 5;

/// Why a finding was rejected: what its rule can learn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rejection {
    /// The recogniser misheard.
    NotSaid,
    /// Said, and meant otherwise.
    NotMeant,
    /// Somebody else said it.
    WrongSpeaker,
    /// Said, meant, and allowed here.
    Allowed,
    Other,
}

impl Rejection {
    pub const ALL: [Self; 5] =
        [Self::NotSaid, Self::NotMeant, Self::WrongSpeaker, Self::Allowed, Self::Other];

    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::NotSaid => "not_said",
            Self::NotMeant => "not_meant",
            Self::WrongSpeaker => "wrong_speaker",
            Self::Allowed => "allowed",
            Self::Other => "other",
        }
    }

    /// The reason of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.id() == id)
    }

    /// The Chinese name that people read.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::NotSaid => "识别有误，没有这样说",
            Self::NotMeant => "说了，但不是这个意思",
            Self::WrongSpeaker => "不是坐席说的",
            Self::Allowed => "此情形允许",
            Self::Other => "其他",
        }
    }
}

/// A reviewer's word on a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    Confirmed,
    Rejected(Rejection),
}

impl Judgement {
    /// What the tables keep; a reason of a newer program is another one.
    pub(super) fn of_ids(judgement: &str, reason: Option<&str>) -> Self {
        if judgement == FindingState::Confirmed.id() {
            Self::Confirmed
        } else {
            Self::Rejected(reason.and_then(Rejection::from_id).unwrap_or(Rejection::Other))
        }
    }
}

/// A finding of a call, as the store numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingKey<'a> {
    pub call: i64,
    pub finding_id: &'a str,
}

/// Something said of a finding, in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub finding_id: String,
    pub reviewer: String,
    pub judgement: Judgement,
    pub comment: String,
    /// RFC 3339, UTC.
    pub at: String,
}

/// An appeal against a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    pub finding_id: String,
    pub filed_by: String,
    pub grounds: String,
    pub filed_at: String,
    pub due_at: String,
    /// Absent until decided.
    pub decision: Option<Decision>,
}

/// How an appeal ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// True where the finding stands.
    pub is_upheld: bool,
    pub by: String,
    pub at: String,
    pub grounds: String,
}

impl Store {
    /// Notes what `reviewer` says of a finding. False where there is no such finding, or an appeal against it is open.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn judge_finding(
        &mut self,
        reviewer: &str,
        key: FindingKey,
        judgement: Judgement,
        comment: &str,
    ) -> Result<bool, StoreError> {
        let (state, reason) = match judgement {
            Judgement::Confirmed => (FindingState::Confirmed, None),
            Judgement::Rejected(reason) => (FindingState::Rejected, Some(reason.id())),
        };
        self.transaction(|store| {
            let open = [FindingState::Open, FindingState::Confirmed, FindingState::Rejected];
            if !store.move_finding(key, &open, state)? {
                return Ok(false);
            }
            store.execute(
                "INSERT INTO review (call, finding_id, reviewer, judgement, reason, comment, at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                values![key.call, key.finding_id, reviewer, state.id(), reason, comment, now()],
            )?;
            store.execute(
                "UPDATE finding SET reviewers = (SELECT count(DISTINCT reviewer) FROM review
                     WHERE review.call = $1 AND review.finding_id = $2) WHERE call = $1 AND finding_id = $2",
                values![key.call, key.finding_id],
            )?;
            let details = json!({"judgement": state.id(), "reason": reason, "comment": comment});
            store.log_finding(reviewer, "review", key, &details)?;
            Ok(true)
        })
    }

    /// Files the agent's appeal. False where the finding is not confirmed.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn file_appeal(&mut self, by: &str, key: FindingKey, grounds: &str) -> Result<bool, StoreError> {
        let due_at = written(Timestamp::now() + (APPEAL_DAYS * 24).hours());
        self.transaction(|store| {
            if !store.move_finding(key, &[FindingState::Confirmed], FindingState::Appealed)? {
                return Ok(false);
            }
            store.execute(
                "INSERT INTO appeal (call, finding_id, filed_by, grounds, filed_at, due_at) VALUES ($1, $2, $3, $4, $5, $6)",
                values![key.call, key.finding_id, by, grounds, now(), &due_at],
            )?;
            store.log_finding(by, "appeal", key, &json!({"grounds": grounds, "due_at": due_at}))?;
            Ok(true)
        })
    }

    /// Decides the open appeal. False where there is none.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn decide_appeal(
        &mut self,
        by: &str,
        key: FindingKey,
        is_upheld: bool,
        grounds: &str,
    ) -> Result<bool, StoreError> {
        let state = if is_upheld { FindingState::Upheld } else { FindingState::Overturned };
        self.transaction(|store| {
            if !store.move_finding(key, &[FindingState::Appealed], state)? {
                return Ok(false);
            }
            store.execute(
                "UPDATE appeal SET decision = $3, decided_by = $4, decided_at = $5, grounds_of_decision = $6
                 WHERE call = $1 AND finding_id = $2 AND decision IS NULL",
                values![key.call, key.finding_id, state.id(), by, now(), grounds],
            )?;
            store.log_finding(by, "decision", key, &json!({"decision": state.id(), "grounds": grounds}))?;
            Ok(true)
        })
    }

    /// Gives a finding to a reviewer, or to nobody. False where there is no such finding.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn assign_finding(
        &mut self,
        by: &str,
        key: FindingKey,
        to: Option<&str>,
    ) -> Result<bool, StoreError> {
        self.transaction(|store| {
            let changed = store.execute(
                "UPDATE finding SET assigned_to = $3 WHERE call = $1 AND finding_id = $2",
                values![key.call, key.finding_id, to],
            )?;
            if changed > 0 {
                store.log_finding(by, "assign", key, &json!({"to": to}))?;
            }
            Ok(changed > 0)
        })
    }

    /// Everything reviewers said of a call's findings, in order of time.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn reviews_of(&mut self, call: i64) -> Result<Vec<Review>, StoreError> {
        let sql = "SELECT finding_id, reviewer, judgement, reason, comment, at FROM review WHERE call = $1 ORDER BY id";
        let rows = self.query(sql, values![call])?;
        let review = |mut row: super::Row| {
            let (judgement, reason): (String, Option<String>) = (row.take(2)?, row.take(3)?);
            Ok(Review {
                finding_id: row.take(0)?,
                reviewer: row.take(1)?,
                judgement: Judgement::of_ids(&judgement, reason.as_deref()),
                comment: row.take(4)?,
                at: row.take(5)?,
            })
        };
        rows.into_iter().map(review).collect()
    }

    /// The appeals against a call's findings, in order of time.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn appeals_of(&mut self, call: i64) -> Result<Vec<Appeal>, StoreError> {
        let sql = "SELECT finding_id, filed_by, grounds, filed_at, due_at, decision, decided_by, decided_at, grounds_of_decision
                   FROM appeal WHERE call = $1 ORDER BY id";
        let rows = self.query(sql, values![call])?;
        let appeal = |mut row: super::Row| {
            let decision: Option<String> = row.take(5)?;
            Ok(Appeal {
                finding_id: row.take(0)?,
                filed_by: row.take(1)?,
                grounds: row.take(2)?,
                filed_at: row.take(3)?,
                due_at: row.take(4)?,
                decision: match decision {
                    None => None,
                    Some(decision) => Some(Decision {
                        is_upheld: decision == FindingState::Upheld.id(),
                        by: row.take(6)?,
                        at: row.take(7)?,
                        grounds: row.take(8)?,
                    }),
                },
            })
        };
        rows.into_iter().map(appeal).collect()
    }

    /// Brings a finding from one of some states to another; false where it is in none of them.
    fn move_finding(
        &mut self,
        key: FindingKey,
        from: &[FindingState],
        to: FindingState,
    ) -> Result<bool, StoreError> {
        // Ids of states: nothing of anybody's making.
        let from: Vec<_> = from.iter().map(|state| format!("'{}'", state.id())).collect();
        let sql = format!(
            "UPDATE finding SET state = $3 WHERE call = $1 AND finding_id = $2 AND state IN ({})",
            from.join(", ")
        );
        let is_moved = self.execute(&sql, values![key.call, key.finding_id, to.id()])? > 0;
        if is_moved {
            self.mark_stale(key.call)?;
        }
        Ok(is_moved)
    }

    fn log_finding(
        &mut self,
        by: &str,
        kind: &str,
        key: FindingKey,
        details: &serde_json::Value,
    ) -> Result<(), StoreError> {
        self.log_action(by, kind, &format!("finding {}/{}", key.call, key.finding_id), &details.to_string())
    }
}
