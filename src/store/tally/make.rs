//! The counts of whole days, made anew for the days on which something changed: a year is read in a moment.
//!
//! Every day is counted at three levels, so that no question reads more rows than its answer has days times lines.

use super::super::database::values;
use super::super::{Store, StoreError};

/// The tables, each with what is added up beside the columns of level, day, team and agent.
const TABLES: [&str; 4] = ["tally_call", "tally_hour", "tally_rule", "tally_finding"];

/// Whose calls a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Whole,
    Team,
    Agent,
}

impl Level {
    const ALL: [Self; 3] = [Self::Whole, Self::Team, Self::Agent];

    /// As the tables keep it.
    pub(super) fn number(self) -> i64 {
        self as i64
    }

    /// Team and agent as SQL, and what is grouped by beside the day.
    fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Whole => ("'', ''", ""),
            Self::Team => ("team, ''", ", team"),
            Self::Agent => ("team, agent_id", ", team, agent_id"),
        }
    }
}

/// A finding that stands: by itself and nobody rejected it, or somebody confirmed it.
pub(in super::super) const STANDS: &str = "(tier = 1 AND state NOT IN ('rejected', 'overturned')
     OR state IN ('confirmed', 'appealed', 'upheld'))";

impl Store {
    /// Notes that the counts of a call's day are not true any more.
    pub(in super::super) fn mark_stale(&mut self, call: i64) -> Result<(), StoreError> {
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
        self.transaction(|store| {
            for table in TABLES {
                store.execute(&format!("DELETE FROM {table} WHERE {STALE}"), &[])?;
            }
            store.count_days_of_calls()?;
            store.count_days_of_findings()?;
            store.execute("DELETE FROM stale_day", &[])
        })
    }

    /// By agent and hour first; the rest adds those up.
    fn count_days_of_calls(&mut self) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO tally_hour (level, day, hour, team, agent_id, calls, heard, flagged)
             SELECT {}, day, coalesce(hour, -1), coalesce(team, ''), coalesce(agent_id, ''), count(*), count(content), {}
             FROM call WHERE verdict IS NOT NULL AND day IN (SELECT day FROM stale_day) GROUP BY 2, 3, 4, 5",
            Level::Agent.number(),
            count_of(&format!(
                "EXISTS (SELECT 1 FROM finding WHERE finding.call = call.id AND present = 1 AND {STANDS})"
            )),
        );
        self.execute(&sql, &[])?;
        let columns = ["calls", "heard", "flagged"];
        for level in [Level::Whole, Level::Team] {
            self.add_up("tally_hour", "tally_hour", level, &["hour"], &columns)?;
        }
        Level::ALL
            .into_iter()
            .try_for_each(|level| self.add_up("tally_hour", "tally_call", level, &[], &columns))
    }

    /// By agent and rule first; the rest adds those up.
    fn count_days_of_findings(&mut self) -> Result<(), StoreError> {
        let sql = format!(
            "INSERT INTO tally_rule (level, day, team, agent_id, rule, category, findings, violations, critical, confirmed,
                 rejected, calls)
             SELECT {}, day, coalesce(team, ''), coalesce(agent_id, ''), rule, category, count(*), {}, {}, {}, {},
                 count(DISTINCT call)
             FROM finding WHERE present = 1 AND day IN (SELECT day FROM stale_day) GROUP BY 2, 3, 4, 5, 6",
            Level::Agent.number(),
            count_of("tier = 1"),
            count_of("severity = 3"),
            count_of("state IN ('confirmed', 'appealed', 'upheld')"),
            count_of("state IN ('rejected', 'overturned')"),
        );
        self.execute(&sql, &[])?;
        let columns = ["findings", "violations", "critical", "confirmed", "rejected"];
        // A call is of one agent, but of several rules: calls cannot be added up over those.
        let with_calls = ["findings", "violations", "critical", "confirmed", "rejected", "calls"];
        for level in [Level::Whole, Level::Team] {
            self.add_up("tally_rule", "tally_rule", level, &["rule", "category"], &with_calls)?;
        }
        Level::ALL
            .into_iter()
            .try_for_each(|level| self.add_up("tally_rule", "tally_finding", level, &[], &columns))
    }

    /// Adds the rows of the agents up to those of a level, told apart by `keys`.
    fn add_up(
        &mut self,
        from: &str,
        into: &str,
        level: Level,
        keys: &[&str],
        columns: &[&str],
    ) -> Result<(), StoreError> {
        let keys = [&[""], keys].concat().join(", ");
        let (told_apart, grouped) = level.columns();
        let sums: Vec<_> = columns.iter().map(|column| format!("CAST(sum({column}) AS BIGINT)")).collect();
        let sql = format!(
            "INSERT INTO {into} (level, day, team, agent_id{keys}, {}) SELECT {}, day, {}{keys}, {} FROM {from}
             WHERE level = {} AND day IN (SELECT day FROM stale_day) GROUP BY day{grouped}{keys}",
            columns.join(", "),
            level.number(),
            told_apart,
            sums.join(", "),
            Level::Agent.number(),
        );
        self.execute(&sql, &[]).map(|_| ())
    }
}

/// Rows of the days that are not true any more, at any level.
const STALE: &str = "level IN (0, 1, 2) AND day IN (SELECT day FROM stale_day)";

fn count_of(condition: &str) -> String {
    format!("sum(CASE WHEN {condition} THEN 1 ELSE 0 END)")
}
