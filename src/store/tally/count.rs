//! What the counts say: calls and findings by this and that.

use super::super::database::{Row, Value, values};
use super::super::{Store, StoreError};
use super::make::Level;
use crate::domain::Category;

/// Days and whose calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    /// Days `YYYY-MM-DD`, both included.
    pub from_day: String,
    pub to_day: String,
    pub team: Option<String>,
    pub agent_id: Option<String>,
}

/// What calls are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallsBy {
    Agent,
    Team,
    /// Of the debtor's day; "-1" where it is not known.
    Hour,
    Day,
}

/// What findings are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingsBy {
    Agent,
    Team,
    Category,
    Rule,
}

/// Calls of an agent, a team, an hour or a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallCount {
    pub key: String,
    pub calls: u64,
    /// Those heard or read.
    pub heard: u64,
    /// Those with a finding that stands: by itself and not rejected, or confirmed.
    pub flagged: u64,
}

/// Findings of an agent, a team, a category or a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingCount {
    pub key: String,
    /// Of the category that most of them have.
    pub category: Option<Category>,
    pub findings: u64,
    /// Those that stand by themselves.
    pub violations: u64,
    pub critical: u64,
    /// Confirmed by people, those appealed against too.
    pub confirmed: u64,
    /// Rejected by people, or overturned.
    pub rejected: u64,
}

/// Calls of a subject on one day, for control charts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCount {
    pub key: String,
    pub day: String,
    pub calls: u64,
    pub flagged: u64,
}

impl Store {
    /// Calls by agent, team, hour or day, in order of the key.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_calls(&mut self, by: CallsBy, scope: &Scope) -> Result<Vec<CallCount>, StoreError> {
        let (key, table, least) = match by {
            CallsBy::Agent => ("agent_id", "tally_call", Level::Agent),
            CallsBy::Team => ("team", "tally_call", Level::Team),
            CallsBy::Hour => ("hour", "tally_hour", Level::Whole),
            CallsBy::Day => ("day", "tally_call", Level::Whole),
        };
        let (condition, values) = condition(scope, least);
        let sql = format!(
            "SELECT CAST({key} AS TEXT), {} FROM {table} WHERE {condition} GROUP BY {key} ORDER BY {table}.{key}",
            totals(&["calls", "heard", "flagged"])
        );
        let count = |mut row: Row| {
            Ok(CallCount {
                key: row.take(0)?,
                calls: number(&mut row, 1)?,
                heard: number(&mut row, 2)?,
                flagged: number(&mut row, 3)?,
            })
        };
        self.query(&sql, &values)?.into_iter().map(count).collect()
    }

    /// Findings by agent, team, category or rule, in order of the key.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_findings(&mut self, by: FindingsBy, scope: &Scope) -> Result<Vec<FindingCount>, StoreError> {
        let (key, category, table, least) = match by {
            FindingsBy::Agent => ("agent_id", "''", "tally_finding", Level::Agent),
            FindingsBy::Team => ("team", "''", "tally_finding", Level::Team),
            FindingsBy::Category => ("category", "category", "tally_rule", Level::Whole),
            FindingsBy::Rule => ("rule", "max(category)", "tally_rule", Level::Whole),
        };
        let (condition, values) = condition(scope, least);
        let sql = format!(
            "SELECT {key}, {category}, {} FROM {table} WHERE {condition} GROUP BY {key} ORDER BY {key}",
            totals(&["findings", "violations", "critical", "confirmed", "rejected"])
        );
        let count = |mut row: Row| {
            let (key, category): (String, String) = (row.take(0)?, row.take(1)?);
            Ok(FindingCount {
                key,
                category: Category::from_id(&category),
                findings: number(&mut row, 2)?,
                violations: number(&mut row, 3)?,
                critical: number(&mut row, 4)?,
                confirmed: number(&mut row, 5)?,
                rejected: number(&mut row, 6)?,
            })
        };
        self.query(&sql, &values)?.into_iter().map(count).collect()
    }

    /// Calls and flagged calls of every agent or team, day by day.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn flagged_by_day(&mut self, is_team: bool, scope: &Scope) -> Result<Vec<DayCount>, StoreError> {
        let (key, least) = if is_team { ("team", Level::Team) } else { ("agent_id", Level::Agent) };
        let (condition, values) = condition(scope, least);
        let sql = format!(
            "SELECT {key}, day, {} FROM tally_call WHERE {condition} AND {key} <> '' GROUP BY {key}, day ORDER BY {key}, day",
            totals(&["calls", "flagged"])
        );
        self.days(&sql, &values)
    }

    /// Calls in which a rule found something, day by day; `calls` is 0, for every call was looked at by every rule.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn rules_by_day(&mut self, scope: &Scope) -> Result<Vec<DayCount>, StoreError> {
        let (condition, values) = condition(scope, Level::Whole);
        let sql = format!(
            "SELECT rule, day, 0, {} FROM tally_rule WHERE {condition} GROUP BY rule, day ORDER BY rule, day",
            totals(&["calls"])
        );
        self.days(&sql, &values)
    }

    fn days(&mut self, sql: &str, values: &[Value]) -> Result<Vec<DayCount>, StoreError> {
        let count = |mut row: Row| {
            Ok(DayCount {
                key: row.take(0)?,
                day: row.take(1)?,
                calls: number(&mut row, 2)?,
                flagged: number(&mut row, 3)?,
            })
        };
        self.query(sql, values)?.into_iter().map(count).collect()
    }
}

/// Both servers add up in types of their own.
fn totals(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("CAST(sum({column}) AS BIGINT)")).collect::<Vec<_>>().join(", ")
}

fn number(row: &mut Row, column: usize) -> Result<u64, StoreError> {
    row.take::<i64>(column).map(|number| number.max(0) as u64)
}

/// The rows of the highest level that tells apart what is asked for: `least` by the key, more by the scope.
fn condition(scope: &Scope, least: Level) -> (String, Vec<Value>) {
    let level = match scope {
        Scope { agent_id: Some(_), .. } => Level::Agent,
        Scope { team: Some(_), .. } if least == Level::Whole => Level::Team,
        _ => least,
    };
    // The days of one agent are found by the agent, not among those of all agents.
    let of_level = if scope.agent_id.is_some() { "level + 0" } else { "level" };
    let mut text = format!("{of_level} = $1 AND day >= $2 AND day <= $3");
    let mut values = values![level.number(), &scope.from_day, &scope.to_day].to_vec();
    for (column, value) in [("team", &scope.team), ("agent_id", &scope.agent_id)] {
        if let Some(value) = value {
            values.push(value.into());
            text = format!("{text} AND {column} = ${}", values.len());
        }
    }
    (text, values)
}
