//! Counts of whole days, made anew for the days on which something changed: a year is read in a moment.

use super::database::{Row, Value, values};
use super::{Store, StoreError};
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

/// A finding that stands: by itself and nobody rejected it, or somebody confirmed it.
pub(super) const STANDS: &str = "(tier = 1 AND state NOT IN ('rejected', 'overturned')
     OR state IN ('confirmed', 'appealed', 'upheld'))";

impl Store {
    /// Notes that the counts of a call's day are not true any more.
    pub(super) fn mark_stale(&mut self, call: i64) -> Result<(), StoreError> {
        let sql = "INSERT INTO stale_day (day) SELECT day FROM call WHERE id = $1 ON CONFLICT DO NOTHING";
        self.execute(sql, values![call]).map(|_| ())
    }

    /// True where something changed since the days were counted.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_stale(&mut self) -> Result<bool, StoreError> {
        Ok(self.row("SELECT day FROM stale_day LIMIT 1", &[])?.is_some())
    }

    /// Counts the days anew on which something changed; how many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn refresh_tallies(&mut self) -> Result<u64, StoreError> {
        if !self.is_stale()? {
            return Ok(0);
        }
        let stale = "SELECT day FROM stale_day";
        let calls = format!(
            "INSERT INTO tally_call (day, hour, team, agent_id, calls, heard, flagged)
             SELECT day, coalesce(hour, -1), coalesce(team, ''), coalesce(agent_id, ''), count(*), count(content),
                 sum(CASE WHEN EXISTS (SELECT 1 FROM finding WHERE finding.call = call.id AND present = 1 AND {STANDS})
                     THEN 1 ELSE 0 END)
             FROM call WHERE verdict IS NOT NULL AND day IN ({stale}) GROUP BY 1, 2, 3, 4"
        );
        let findings = format!(
            "INSERT INTO tally_finding (day, team, agent_id, rule, category, severity, tier, state, findings, calls)
             SELECT day, coalesce(team, ''), coalesce(agent_id, ''), rule, category, severity, tier, state, count(*),
                 count(DISTINCT call)
             FROM finding WHERE present = 1 AND day IN ({stale}) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
        );
        self.transaction(|store| {
            for table in ["tally_call", "tally_finding"] {
                store.execute(&format!("DELETE FROM {table} WHERE day IN ({stale})"), &[])?;
            }
            store.execute(&calls, &[])?;
            store.execute(&findings, &[])?;
            store.execute("DELETE FROM stale_day", &[])
        })
    }

    /// The last day of which a call is known; none in an empty store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_day(&mut self) -> Result<Option<String>, StoreError> {
        let mut row = self.row("SELECT max(day) FROM tally_call WHERE day <> ''", &[])?;
        row.as_mut().map_or(Ok(None), |row| row.take(0))
    }

    /// Calls by agent, team, hour or day, in order of the key.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_calls(&mut self, by: CallsBy, scope: &Scope) -> Result<Vec<CallCount>, StoreError> {
        let key = match by {
            CallsBy::Agent => "agent_id",
            CallsBy::Team => "team",
            CallsBy::Hour => "hour",
            CallsBy::Day => "day",
        };
        let (condition, values) = condition(scope);
        let sql = format!(
            "SELECT CAST({key} AS TEXT), {}, {}, {} FROM tally_call WHERE {condition} GROUP BY {key} ORDER BY {key}",
            total("calls"),
            total("heard"),
            total("flagged")
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
        let key = match by {
            FindingsBy::Agent => "agent_id",
            FindingsBy::Team => "team",
            FindingsBy::Category => "category",
            FindingsBy::Rule => "rule",
        };
        let (condition, values) = condition(scope);
        let sql = format!(
            "SELECT {key}, max(category), {}, {}, {}, {}, {} FROM tally_finding WHERE {condition}
             GROUP BY {key} ORDER BY {key}",
            total("findings"),
            total("CASE WHEN tier = 1 THEN findings ELSE 0 END"),
            total("CASE WHEN severity = 3 THEN findings ELSE 0 END"),
            total("CASE WHEN state IN ('confirmed', 'appealed', 'upheld') THEN findings ELSE 0 END"),
            total("CASE WHEN state IN ('rejected', 'overturned') THEN findings ELSE 0 END"),
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
        let key = if is_team { "team" } else { "agent_id" };
        let (condition, values) = condition(scope);
        let sql = format!(
            "SELECT {key}, day, {}, {} FROM tally_call WHERE {condition} AND {key} <> '' GROUP BY {key}, day ORDER BY {key}, day",
            total("calls"),
            total("flagged")
        );
        self.days(&sql, &values)
    }

    /// Calls in which a rule found something, day by day; `calls` is 0, for every call was looked at by every rule.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn rules_by_day(&mut self, scope: &Scope) -> Result<Vec<DayCount>, StoreError> {
        let (condition, values) = condition(scope);
        let sql = format!(
            "SELECT rule, day, 0, {} FROM tally_finding WHERE {condition} GROUP BY rule, day ORDER BY rule, day",
            total("calls")
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

    /// All teams and agents with calls in these days.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn teams_and_agents(&mut self, scope: &Scope) -> Result<Vec<(String, String)>, StoreError> {
        let (condition, values) = condition(scope);
        let sql = format!(
            "SELECT DISTINCT team, agent_id FROM tally_call WHERE {condition} ORDER BY team, agent_id"
        );
        self.query(&sql, &values)?.into_iter().map(|mut row| Ok((row.take(0)?, row.take(1)?))).collect()
    }
}

/// Both servers add up in types of their own.
fn total(what: &str) -> String {
    format!("CAST(sum({what}) AS BIGINT)")
}

fn number(row: &mut Row, column: usize) -> Result<u64, StoreError> {
    row.take::<i64>(column).map(|number| number.max(0) as u64)
}

fn condition(scope: &Scope) -> (String, Vec<Value>) {
    let mut text = "day >= $1 AND day <= $2".to_owned();
    let mut values = values![&scope.from_day, &scope.to_day].to_vec();
    for (column, value) in [("team", &scope.team), ("agent_id", &scope.agent_id)] {
        if let Some(value) = value {
            values.push(value.into());
            text = format!("{text} AND {column} = ${}", values.len());
        }
    }
    (text, values)
}
