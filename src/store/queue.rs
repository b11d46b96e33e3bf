//! Findings in the order in which they should be looked at.

use std::fmt::Write as _;

use super::database::{Row, Value, values};
use super::{Store, StoreError};
use crate::domain::{Category, Severity, Tier};

/// How far people have come with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingState {
    /// Nobody has said anything yet.
    Open,
    Confirmed,
    Rejected,
    /// Confirmed, and the agent objects.
    Appealed,
    /// The appeal was decided, and the finding stands.
    Upheld,
    /// The appeal was decided, and the finding does not stand.
    Overturned,
}

impl FindingState {
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Appealed, Self::Confirmed, Self::Rejected, Self::Upheld, Self::Overturned];

    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Rejected => "rejected",
            Self::Appealed => "appealed",
            Self::Upheld => "upheld",
            Self::Overturned => "overturned",
        }
    }

    /// The state of that id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.id() == id)
    }

    /// The Chinese name that people read.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Open => "未复核",
            Self::Confirmed => "已确认",
            Self::Rejected => "已驳回",
            Self::Appealed => "申诉中",
            Self::Upheld => "申诉后维持",
            Self::Overturned => "申诉后撤销",
        }
    }
}

/// Which findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub state: FindingState,
    pub category: Option<Category>,
    pub agent_id: Option<String>,
    pub severity: Option<Severity>,
    pub assigned_to: Option<String>,
    /// Days `YYYY-MM-DD`, both included.
    pub from_day: Option<String>,
    pub to_day: Option<String>,
}

impl Filter {
    /// All findings in a state.
    #[must_use]
    pub fn of(state: FindingState) -> Self {
        Self {
            state,
            category: None,
            agent_id: None,
            severity: None,
            assigned_to: None,
            from_day: None,
            to_day: None,
        }
    }
}

/// Where a page of the queue ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub tier: i64,
    pub severity: i64,
    pub day: String,
    pub call: i64,
    pub finding_id: String,
}

/// A line of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Queued {
    pub call: i64,
    pub call_id: String,
    pub finding_id: String,
    pub rule: String,
    /// Absent for a category of a newer program.
    pub category: Option<Category>,
    pub severity: Severity,
    pub tier: Tier,
    pub confidence: f64,
    pub start_s: Option<f64>,
    /// Masked.
    pub quote: String,
    pub day: String,
    pub agent_id: Option<String>,
    pub state: FindingState,
    pub assigned_to: Option<String>,
}

impl Queued {
    /// Where a page ends that ends with this line.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            tier: super::call::tier_number(self.tier),
            severity: super::call::severity_number(self.severity),
            day: self.day.clone(),
            call: self.call,
            finding_id: self.finding_id.clone(),
        }
    }
}

const COLUMNS: &str =
    "finding.call, call.call_id, finding_id, rule, category, severity, tier, confidence, start_s, quote,
    finding.day, finding.agent_id, state, assigned_to";

/// Counting goes no further: a queue of more is long enough to say so.
pub const COUNTED: u64 = 10_000;

impl Store {
    /// A page of the queue after `cursor`: what stands by itself first, the gravest, the latest.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn queue(
        &mut self,
        filter: &Filter,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<Queued>, StoreError> {
        let (mut condition, mut values) = condition(filter);
        if let Some(Cursor { tier, severity, day, call, finding_id }) = cursor {
            let first = values.len();
            // The order of the index, written out: rows compare alike in both servers only where all columns go one way.
            let _ = write!(
                condition,
                " AND (tier < ${0} OR (tier = ${0} AND (severity < ${1} OR (severity = ${1} AND (finding.day < ${2}
                     OR (finding.day = ${2} AND (finding.call < ${3} OR (finding.call = ${3} AND finding_id > ${4}))))))))",
                first + 1, first + 2, first + 3, first + 4, first + 5
            );
            values.extend_from_slice(values![*tier, *severity, day, *call, finding_id]);
        }
        values.push(limit.into());
        let sql = format!(
            "SELECT {COLUMNS} FROM finding JOIN call ON call.id = finding.call WHERE {condition}
             ORDER BY tier DESC, severity DESC, finding.day DESC, finding.call DESC, finding_id LIMIT ${}",
            values.len()
        );
        self.query(&sql, &values)?.into_iter().map(|mut row| queued(&mut row)).collect()
    }

    /// The findings of which the machine is least sure: where a human ear teaches most.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn doubtful(&mut self, filter: &Filter, limit: usize) -> Result<Vec<Queued>, StoreError> {
        let (condition, mut values) = condition(filter);
        values.push(limit.into());
        let sql = format!(
            "SELECT {COLUMNS} FROM finding JOIN call ON call.id = finding.call WHERE {condition}
             ORDER BY confidence, finding.call, finding_id LIMIT ${}",
            values.len()
        );
        self.query(&sql, &values)?.into_iter().map(|mut row| queued(&mut row)).collect()
    }

    /// Number of findings, counted up to [`COUNTED`].
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_queue(&mut self, filter: &Filter) -> Result<u64, StoreError> {
        let (condition, mut values) = condition(filter);
        values.push(COUNTED.into());
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM finding WHERE {condition} LIMIT ${}) AS counted",
            values.len()
        );
        let mut row = self.row(&sql, &values)?;
        Ok(row.as_mut().map_or(Ok(0), |row| row.take::<i64>(0))? as u64)
    }

    /// The findings of a call with what people made of them, those no longer found too.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn findings_of(&mut self, call: i64) -> Result<Vec<Queued>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM finding JOIN call ON call.id = finding.call WHERE finding.call = $1 ORDER BY finding_id"
        );
        self.query(&sql, values![call])?.into_iter().map(|mut row| queued(&mut row)).collect()
    }
}

fn condition(filter: &Filter) -> (String, Vec<Value>) {
    let mut text = "present = 1 AND state = $1".to_owned();
    let mut values = values![filter.state.id()].to_vec();
    let mut and = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            values.push(value);
            let _ = write!(text, " AND {condition} ${}", values.len());
        }
    };
    and("category =", filter.category.map(|category| category.id().into()));
    and("finding.agent_id =", filter.agent_id.as_ref().map(Value::from));
    and("severity =", filter.severity.map(|severity| super::call::severity_number(severity).into()));
    and("assigned_to =", filter.assigned_to.as_ref().map(Value::from));
    and("finding.day >=", filter.from_day.as_ref().map(Value::from));
    and("finding.day <=", filter.to_day.as_ref().map(Value::from));
    (text, values)
}

fn queued(row: &mut Row) -> Result<Queued, StoreError> {
    let (category, state): (String, String) = (row.take(4)?, row.take(12)?);
    Ok(Queued {
        call: row.take(0)?,
        call_id: row.take(1)?,
        finding_id: row.take(2)?,
        rule: row.take(3)?,
        category: Category::from_id(&category),
        severity: severity(row.take(5)?),
        tier: if row.take(6)? { Tier::Violation } else { Tier::Review },
        confidence: row.take(7)?,
        start_s: row.take(8)?,
        quote: row.take(9)?,
        day: row.take(10)?,
        agent_id: row.take(11)?,
        state: FindingState::from_id(&state).unwrap_or(FindingState::Open),
        assigned_to: row.take(13)?,
    })
}

/// The severity that the tables keep as this number.
pub(super) fn severity(number: i64) -> Severity {
    match number {
        0 => Severity::Info,
        1 => Severity::Minor,
        2 => Severity::Major,
        _ => Severity::Critical,
    }
}
