//! The night run: what is new in the inboxes goes into the store, audited.
//!
//! ```text
//!  call records ─► records ─┐
//!  inboxes ─► scan ─────────┼─► store ─► times ─► work (audit) ─► store ─► times again ─► summary, metrics
//!                           └─ each step leaves the store whole: whatever ends a run, the next one goes on
//! ```
//!
//! - `scan` — files that are new or changed, taken in once by content and named.
//! - `times` — when calls were made, judged over all records in the store.
//! - `work` — what is waiting, audited; what fails is tried again by later runs, a few times.
//! - [`reaudit`] — all stored calls once more by the rules of today, without listening.
//! - `summary`, `metrics` — what a run came to, for people and for Prometheus.

mod metrics;
mod reaudit;
mod records;
mod scan;
mod summary;
mod times;
mod work;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::audit::{Auditor, Interrupt};
use crate::domain::{CallError, CallReport};
use crate::ingest::ReadOptions;
use crate::store::{RunId, Store, StoreError};
use crate::timing::{Calendar, Policy, TooManyCalls};

pub use metrics::metrics;
pub use reaudit::{Reaudit, reaudit};
pub use scan::Settled;
pub use summary::{FailedCall, Summary};
pub use times::Clock;

/// Why a run could not go on; what was done is kept.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("cannot start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    #[error("the store holds {0}")]
    TooMany(#[from] TooManyCalls),
}

impl BatchError {
    /// What to do about it, where the error knows.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Store(error) => Some(&error.hint),
            Self::TooMany(_) => Some("forget old calls: --retain DAYS"),
            Self::Threads(_) => None,
        }
    }
}

/// What a run is to do.
pub struct Plan<'a> {
    /// Files and folders to look into.
    pub inboxes: &'a [PathBuf],
    /// Call records to read first.
    pub records: &'a [PathBuf],
    pub reading: &'a ReadOptions,
    /// A file changed less than this ago may still be growing: it is left for the next run.
    pub settle: Duration,
    /// How often a recording may fail before it is left alone.
    pub attempts: u32,
    pub workers: usize,
}

/// What times are judged by.
#[derive(Clone, Copy)]
pub struct Law<'a> {
    pub policies: &'a [Policy],
    /// SHA-256 over them: others judge again.
    pub policies_sha256: &'a str,
    pub calendar: &'a Calendar,
    /// Time zone of records that name none.
    pub zone: &'a TimeZone,
}

/// What a run tells while it goes on.
pub enum Event<'a> {
    /// So many calls will be audited.
    Begins { calls: usize },
    /// One of them is done.
    Audited { report: &'a CallReport },
    /// Files of records that could not be read, inputs that are no calls.
    Problem(&'a str),
}

/// The store, shared by the threads of a run: one writes at a time.
pub struct Shared(Mutex<Store>);

impl Shared {
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self(Mutex::new(store))
    }

    /// The store, when it is this thread's turn. A thread that panicked in its turn left a whole transaction or none.
    pub fn get(&self) -> MutexGuard<'_, Store> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run at work.
pub struct Night<'a> {
    pub store: &'a Shared,
    pub run: RunId,
    pub plan: &'a Plan<'a>,
    pub interrupt: &'a Interrupt,
    pub summary: Summary,
    /// Hears of everything that happens.
    pub tell: &'a mut dyn FnMut(&Event),
}

impl Night<'_> {
    /// Reads the records and takes in what is new. Afterwards the store knows everything that has to be done.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn take_in(&mut self) -> Result<(), BatchError> {
        records::read(self)?;
        scan::scan(self)
    }

    /// Audits what the store knows of and is not done.
    ///
    /// # Errors
    /// When the store cannot be written; calls done before that are kept.
    pub fn work_off(&mut self, auditor: &Auditor, law: Law) -> Result<(), BatchError> {
        let mut clock = Clock::judge(&mut self.store.get(), law)?;
        work::work(self, auditor, &clock)?;
        if self.summary.interrupted {
            return Ok(());
        }
        if self.summary.refusals > 0 {
            clock = Clock::judge(&mut self.store.get(), law)?;
        }
        self.summary.retimed = clock.settle(&mut self.store.get(), self.run, auditor)?;
        Ok(())
    }

    /// Notes an input that is no call, or a file that could not be read.
    fn reject(&mut self, error: CallError) {
        (self.tell)(&Event::Problem(&format!("{error} ({})", error.hint)));
        self.summary.input_errors.push(error);
    }
}
