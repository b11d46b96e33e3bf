//! What the calls of one agent came to, read call by call: few enough for that, and so never out of date as counts of
//! whole days may be.

use super::database::{Row, Value, values};
use super::queue::severity;
use super::tally::STANDS;
use super::{FindingState, Store, StoreError};
use crate::domain::{Category, Severity};

/// The calls of an agent on some days, `YYYY-MM-DD`, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentDays {
    pub agent_id: String,
    pub from_day: String,
    pub to_day: String,
}

/// The calls of a month, in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthCalls {
    /// `YYYY-MM`
    pub month: String,
    pub calls: u64,
    /// Those heard or read.
    pub heard: u64,
    /// Those with a finding that stands.
    pub flagged: u64,
    /// Heard calls that could be audited, and the sum of their scores.
    pub scored: u64,
    pub score_total: u64,
}

/// Findings of a category that stand, in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthCategory {
    /// `YYYY-MM`
    pub month: String,
    pub category: Category,
    pub findings: u64,
}

/// A finding of an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentFinding {
    /// The store's own number of the call.
    pub call: i64,
    pub call_id: String,
    /// Number that was called, with nothing masked.
    pub number: Option<String>,
    pub finding_id: String,
    pub rule: String,
    pub category: Category,
    pub severity: Severity,
    pub confidence: f64,
    pub start_s: Option<f64>,
    /// Masked as the whole call asks for.
    pub quote: String,
    pub day: String,
    pub state: FindingState,
}

/// Findings that do not count against the agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SetAside {
    /// Those that ask for a human ear, which has not heard them yet.
    pub pending: u64,
    /// Those that people rejected.
    pub rejected: u64,
    /// Those that were taken back upon an appeal.
    pub overturned: u64,
}

/// A finding that was taken back upon the agent's appeal.
#[derive(Debug, Clone, PartialEq)]
pub struct WonAppeal {
    pub finding: AgentFinding,
    /// RFC 3339, UTC; absent where the store does not say.
    pub decided_at: Option<String>,
    /// What was said to it.
    pub grounds: Option<String>,
}

const COLUMNS: &str =
    "finding.call, call.call_id, call.number, finding.finding_id, rule, category, severity, confidence,
    start_s, quote, finding.day, finding.state";
/// Number of [`COLUMNS`].
const WIDTH: usize = 12;

/// What `$1` to `$3` ask of calls.
const OF_AGENT: &str = "call.agent_id = $1 AND call.day >= $2 AND call.day <= $3";

impl Store {
    /// The months in which the agent has calls that were judged, the earliest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn months_of_agent(&mut self, days: &AgentDays) -> Result<Vec<MonthCalls>, StoreError> {
        let sql = format!(
            "SELECT substr(day, 1, 7), count(*), count(content),
                 CAST(sum(CASE WHEN EXISTS (SELECT 1 FROM finding WHERE finding.call = call.id AND present = 1 AND {STANDS})
                     THEN 1 ELSE 0 END) AS BIGINT),
                 CAST(sum(CASE WHEN content IS NOT NULL AND verdict <> 'failed' THEN 1 ELSE 0 END) AS BIGINT),
                 CAST(sum(CASE WHEN content IS NOT NULL AND verdict <> 'failed' THEN coalesce(score, 0) ELSE 0 END) AS BIGINT)
             FROM call WHERE verdict IS NOT NULL AND {OF_AGENT} GROUP BY 1 ORDER BY 1"
        );
        let month = |mut row: Row| {
            Ok(MonthCalls {
                month: row.take(0)?,
                calls: count(&mut row, 1)?,
                heard: count(&mut row, 2)?,
                flagged: count(&mut row, 3)?,
                scored: count(&mut row, 4)?,
                score_total: count(&mut row, 5)?,
            })
        };
        self.query(&sql, &days.values())?.into_iter().map(month).collect()
    }

    /// Findings that stand by month and category. A category of a newer program is left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn categories_of_agent(&mut self, days: &AgentDays) -> Result<Vec<MonthCategory>, StoreError> {
        let sql = format!(
            "SELECT substr(call.day, 1, 7), category, count(*) FROM call JOIN finding ON finding.call = call.id
             WHERE present = 1 AND {STANDS} AND {OF_AGENT} GROUP BY 1, 2 ORDER BY 1, 2"
        );
        let mut counts = Vec::new();
        for mut row in self.query(&sql, &days.values())? {
            let category: String = row.take(1)?;
            if let Some(category) = Category::from_id(&category) {
                counts.push(MonthCategory { month: row.take(0)?, category, findings: count(&mut row, 2)? });
            }
        }
        Ok(counts)
    }

    /// The findings that stand, the latest first, of one day the surest first. Those of a category of a newer program
    /// are left out.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn standing_findings(&mut self, days: &AgentDays) -> Result<Vec<AgentFinding>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM call JOIN finding ON finding.call = call.id
             WHERE present = 1 AND {STANDS} AND {OF_AGENT}
             ORDER BY finding.day DESC, confidence DESC, finding.call DESC, finding.finding_id"
        );
        let rows = self.query(&sql, &days.values())?;
        rows.into_iter().filter_map(|mut row| agent_finding(&mut row).transpose()).collect()
    }

    /// How many findings were made and do not count.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn findings_set_aside(&mut self, days: &AgentDays) -> Result<SetAside, StoreError> {
        let sql = format!(
            "SELECT state, count(*) FROM call JOIN finding ON finding.call = call.id
             WHERE present = 1 AND NOT {STANDS} AND {OF_AGENT} GROUP BY state"
        );
        let mut aside = SetAside::default();
        for mut row in self.query(&sql, &days.values())? {
            let (state, count): (String, u64) = (row.take(0)?, count(&mut row, 1)?);
            match FindingState::from_id(&state) {
                Some(FindingState::Rejected) => aside.rejected += count,
                Some(FindingState::Overturned) => aside.overturned += count,
                _ => aside.pending += count,
            }
        }
        Ok(aside)
    }

    /// Findings in these calls that were taken back upon an appeal, of calls from `since_day` on or decided in `month`
    /// (`YYYY-MM`), the latest call first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn won_appeals(
        &mut self,
        days: &AgentDays,
        since_day: &str,
        month: &str,
    ) -> Result<Vec<WonAppeal>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, decided_at, grounds_of_decision FROM call JOIN finding ON finding.call = call.id
                 LEFT JOIN appeal ON appeal.id = (SELECT max(id) FROM appeal AS filed
                     WHERE filed.call = finding.call AND filed.finding_id = finding.finding_id)
             WHERE state = 'overturned' AND {OF_AGENT} AND (call.day >= $4 OR substr(decided_at, 1, 7) = $5)
             ORDER BY finding.day DESC, finding.call DESC, finding.finding_id"
        );
        let mut values = days.values();
        values.extend_from_slice(values![since_day, month]);
        let mut won = Vec::new();
        for mut row in self.query(&sql, &values)? {
            if let Some(finding) = agent_finding(&mut row)? {
                won.push(WonAppeal { finding, decided_at: row.take(WIDTH)?, grounds: row.take(WIDTH + 1)? });
            }
        }
        Ok(won)
    }

    /// The store's numbers of the latest calls that were heard or read, the last one first, at most `limit`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn heard_calls(&mut self, days: &AgentDays, limit: usize) -> Result<Vec<i64>, StoreError> {
        let sql = format!(
            "SELECT id FROM call WHERE content IS NOT NULL AND verdict <> 'failed' AND {OF_AGENT}
             ORDER BY day DESC, id DESC LIMIT $4"
        );
        let mut values = days.values();
        values.push(limit.into());
        self.query(&sql, &values)?.iter_mut().map(|row| row.take(0)).collect()
    }

    /// The team of the agent's last call that names one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn team_of_agent(&mut self, days: &AgentDays) -> Result<Option<String>, StoreError> {
        let sql = format!(
            "SELECT team FROM call WHERE team IS NOT NULL AND {OF_AGENT} ORDER BY day DESC, id DESC LIMIT 1"
        );
        self.row(&sql, &days.values())?.as_mut().map_or(Ok(None), |row| row.take(0))
    }

    /// All agents with calls on these days that were judged, both days included, in order of their ids.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn agents_on(&mut self, from_day: &str, to_day: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT agent_id FROM call
             WHERE day >= $1 AND day <= $2 AND agent_id IS NOT NULL AND verdict IS NOT NULL ORDER BY agent_id";
        self.query(sql, values![from_day, to_day])?.iter_mut().map(|row| row.take(0)).collect()
    }

    /// The last day of a judged call, of one agent or of all; none where no such call has a day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_day(&mut self, agent_id: Option<&str>) -> Result<Option<String>, StoreError> {
        let row = match agent_id {
            Some(agent_id) => {
                let sql =
                    "SELECT max(day) FROM call WHERE agent_id = $1 AND day <> '' AND verdict IS NOT NULL";
                self.row(sql, values![agent_id])?
            }
            None => self.row("SELECT max(day) FROM call WHERE day <> '' AND verdict IS NOT NULL", &[])?,
        };
        row.map_or(Ok(None), |mut row| row.take(0))
    }

    /// True where some call names the agent.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn knows_agent(&mut self, agent_id: &str) -> Result<bool, StoreError> {
        Ok(self.row("SELECT id FROM call WHERE agent_id = $1 LIMIT 1", values![agent_id])?.is_some())
    }
}

impl AgentDays {
    fn values(&self) -> Vec<Value> {
        values![&self.agent_id, &self.from_day, &self.to_day].to_vec()
    }
}

fn agent_finding(row: &mut Row) -> Result<Option<AgentFinding>, StoreError> {
    let (category, state): (String, String) = (row.take(5)?, row.take(11)?);
    let Some(category) = Category::from_id(&category) else { return Ok(None) };
    Ok(Some(AgentFinding {
        call: row.take(0)?,
        call_id: row.take(1)?,
        number: row.take(2)?,
        finding_id: row.take(3)?,
        rule: row.take(4)?,
        category,
        severity: severity(row.take(6)?),
        confidence: row.take(7)?,
        start_s: row.take(8)?,
        quote: row.take(9)?,
        day: row.take(10)?,
        state: FindingState::from_id(&state).unwrap_or(FindingState::Open),
    }))
}

fn count(row: &mut Row, column: usize) -> Result<u64, StoreError> {
    // A count is never negative.
    row.take::<i64>(column).map(|count| u64::try_from(count).unwrap_or_default())
}
