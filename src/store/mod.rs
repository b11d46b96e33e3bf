//! Everything that was audited, in one place: a SQLite file, or a PostgreSQL database for a team.
//!
//! ```text
//!  audited call ─► call ─┬► tables call, finding, suppressed: what lists and counts need
//!                        ├► body: the whole report, compressed
//!                        └► spoken: words and sounds, for search
//!  inbox ─► source: each recording once, by content        run, action: who did what, when
//! ```
//!
//! [`Store`] is one connection. Writers take turns, transaction by transaction; readers never wait. Reports are kept with
//! nothing masked, for rules must be able to judge them again: masking is for whoever shows them.
//!
//! - `database` — one SQL for both servers. `schema` — the tables, version by version.
//! - `call`, `body`, `record`, `debtor` — calls and their reports. `spoken`, `search` — their words.
//! - `source` — files, recordings and transcripts taken in. `run` — runs. `action` — the log that cannot be changed.
//! - `queue`, `review` — findings to look at, and what people make of them; `opinion` — those that several judged.
//!   `export` — both together, page by page, for files. `account` — who they are.
//! - `sample` — calls heard for what is missed. `complaint` — the register of complaints.
//! - `agent_month` — what the calls of one agent came to. `tally` — counts of whole days. `notice` — what is to be told to others.
//! - `lock` — one night run at a time. `retention` — forgetting.

mod account;
mod action;
mod agent_month;
mod body;
mod call;
mod complaint;
mod complaint_link;
mod complaint_terms;
mod database;
mod debtor;
mod error;
mod export;
mod lock;
mod notice;
mod opinion;
mod place;
mod queue;
mod record;
mod retention;
mod review;
mod run;
mod sample;
mod schema;
mod search;
mod source;
mod spoken;
mod tally;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub use self::account::{Account, Role, Session};
pub use self::action::{Broken, LastAction};
pub use self::agent_month::{AgentDays, AgentFinding, MonthCalls, MonthCategory, SetAside, WonAppeal};
pub use self::call::{AuditedCall, Changes, StoredCall};
pub use self::complaint::{Complaint, NewComplaint};
pub use self::complaint_link::{ComplaintLink, DebtorCall};
pub use self::complaint_terms::{ComplaintKind, ComplaintSource, ComplaintState, URGENT_HOURS, USUAL_HOURS};
pub use self::database::Access;
use self::database::{Database, Row, Value};
pub use self::error::StoreError;
pub use self::export::{AppealState, JudgedFinding, LastReview, Selection};
pub use self::lock::{Lock, lock};
pub use self::notice::{NOTICE_ATTEMPTS, NewFindings, Notice};
pub use self::opinion::SecondOpinion;
pub use self::place::Place;
pub use self::queue::{COUNTED, Cursor, Filter, FindingState, Queued};
pub use self::record::{StoredRecord, TimedCall};
pub use self::review::{APPEAL_DAYS, Appeal, Decision, FindingKey, Judgement, Rejection, Review};
pub use self::run::{Run, RunId};
pub use self::sample::{DrawMethod, DrawPlan, Heard, Sample, SampleCount};
pub use self::search::{Hit, Hits, Query, Sense};
pub use self::source::{Intake, Source, SourceState, Stamp};
pub use self::tally::{CallCount, CallsBy, DayCount, FindingCount, FindingsBy, Scope};

/// An open store.
pub struct Store {
    database: Box<dyn Database>,
    place: String,
}

impl Store {
    /// Opens a store; with [`Access::Write`] it is made where there is none, and brought up to date.
    ///
    /// # Errors
    /// When it cannot be reached or read, is of a newer program, or (to read) of an older one.
    pub fn open(place: &Place, access: Access) -> Result<Self, StoreError> {
        let mut database = database::connect(place, access)?;
        let place = place.to_string();
        schema::migrate(database.as_mut(), &place, access)?;
        Ok(Self { database, place })
    }

    /// Does `work` as a whole or not at all; no other writer comes between.
    ///
    /// # Errors
    /// Those of `work`, and when the store cannot be written.
    pub fn transaction<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.database.run_script(schema::begin(self.database.dialect()))?;
        let done = work(self);
        if done.is_ok() {
            self.database.run_script("COMMIT")?;
        } else {
            // What went wrong is told; that it could not be undone, the next statement tells.
            let _ = self.database.run_script("ROLLBACK");
        }
        done
    }

    /// Reads in `work` what was true at one moment, whatever is written meanwhile.
    ///
    /// # Errors
    /// Those of `work`, and when the store cannot be read.
    pub fn snapshot<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.database.run_script(schema::begin_reading(self.database.dialect()))?;
        let done = work(self);
        // Nothing was written: nothing can be lost.
        self.database.run_script("ROLLBACK")?;
        done
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.database.execute(sql, values)
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.database.query(sql, values)
    }

    /// The first row, where there is one.
    fn row(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, values)?.into_iter().next())
    }

    fn damaged(&self, what: &str) -> StoreError {
        StoreError::new(&self.place, format!("the store is damaged: {what}"), "take it from a backup")
    }
}

/// A moment as the tables keep it: RFC 3339, UTC, to the second. Texts compare as the moments do.
#[must_use]
pub fn written(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn now() -> String {
    written(Timestamp::now())
}
