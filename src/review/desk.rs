//! What all requests share.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use jiff::tz::TimeZone;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::clock::Clock;
use super::fault::Fault;
use super::overviews::Overviews;
use super::patience::Patience;
use crate::case::{self, Case, CaseError};
use crate::coaching::{self, Month, Sheet};
use crate::domain::Coaching;
use crate::report::Html;
use crate::store::{Access, Place, Store};

/// Readers of the store at once: more than there are cores only wait for each other.
const READERS: usize = 8;
/// Recordings kept ready to be played, some megabytes each.
const RECORDINGS: usize = 6;

const TEMPLATES: [(&str, &str); 16] = [
    case::TEMPLATE,
    ("bars.html", include_str!("templates/bars.html")),
    ("choices.html", include_str!("templates/choices.html")),
    ("complaint.html", include_str!("templates/complaint.html")),
    ("complaints.html", include_str!("templates/complaints.html")),
    ("dashboard.html", include_str!("templates/dashboard.html")),
    ("desk.html", include_str!("templates/desk.html")),
    ("desk_case.html", include_str!("templates/desk_case.html")),
    ("desk_call.html", include_str!("templates/desk_call.html")),
    ("desk_finding.html", include_str!("templates/desk_finding.html")),
    ("desk_nav.html", include_str!("templates/desk_nav.html")),
    ("desk_sample.html", include_str!("templates/desk_sample.html")),
    ("queue.html", include_str!("templates/queue.html")),
    ("samples.html", include_str!("templates/samples.html")),
    ("search.html", include_str!("templates/search.html")),
    ("sign_in.html", include_str!("templates/sign_in.html")),
];

/// A sound to play, by call and whether numbers are covered.
type Recording = ((i64, bool), Bytes);

/// Shared by all requests; cheap to clone.
#[derive(Clone)]
pub(super) struct Desk(Arc<Inner>);

struct Inner {
    place: Place,
    readers: Mutex<Vec<Store>>,
    reading: Semaphore,
    writer: Mutex<Store>,
    html: Html,
    patience: Patience,
    overviews: Overviews,
    recordings: Mutex<VecDeque<Recording>>,
    knowledge: Knowledge,
}

/// Gathers what is known of a debtor, judged by the rules that the server was started with.
pub type Gather = Box<dyn Fn(&mut Store, &str) -> Result<Case, CaseError> + Send + Sync>;

/// What the server knows beside the store: it is started with it.
pub struct Knowledge {
    pub gather: Gather,
    /// What agents are to say instead.
    pub coaching: Coaching,
    /// By whose clock people read and write moments.
    pub zone: TimeZone,
}

impl Desk {
    pub(super) fn open(place: Place, knowledge: Knowledge) -> anyhow::Result<Self> {
        let writer = Store::open(&place, Access::Write)?;
        let clock = Clock(knowledge.zone.clone());
        Ok(Self(Arc::new(Inner {
            place,
            readers: Mutex::default(),
            reading: Semaphore::new(READERS),
            writer: Mutex::new(writer),
            html: Html::new()?.with(&TEMPLATES)?.with_moments(move |at| clock.minute(at)),
            patience: Patience::default(),
            overviews: Overviews::default(),
            recordings: Mutex::default(),
            knowledge,
        })))
    }

    pub(super) fn html(&self) -> &Html {
        &self.0.html
    }

    pub(super) fn clock(&self) -> Clock {
        Clock(self.0.knowledge.zone.clone())
    }

    pub(super) fn overviews(&self) -> &Overviews {
        &self.0.overviews
    }

    pub(super) fn patience(&self) -> &Patience {
        &self.0.patience
    }

    /// All that is known of a debtor, as of one moment.
    pub(super) async fn case(&self, debtor: String) -> Result<Case, Fault> {
        let desk = self.clone();
        self.read(move |store| Ok(store.snapshot(|store| (desk.0.knowledge.gather)(store, &debtor))?)).await
    }

    /// An agent's month, as of one moment.
    pub(super) async fn sheet(&self, agent_id: String, month: Month) -> Result<Sheet, Fault> {
        let desk = self.clone();
        let gather = move |store: &mut Store| {
            store.snapshot(|store| coaching::gather(store, &agent_id, month, &desk.0.knowledge.coaching))
        };
        self.read(move |store| Ok(gather(store)?)).await
    }

    /// Reads from the store, on a thread of its own.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let _turn = self.0.reading.acquire().await.map_err(Fault::internal)?;
        let desk = self.clone();
        let done = spawn_blocking(move || {
            let idle = desk.0.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut store = idle.map_or_else(|| Store::open(&desk.0.place, Access::Read), Ok)?;
            let done = work(&mut store);
            desk.0.readers.lock().unwrap_or_else(PoisonError::into_inner).push(store);
            done
        });
        done.await.map_err(Fault::internal)?
    }

    /// Writes to the store, one request after the other.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let desk = self.clone();
        let done =
            spawn_blocking(move || work(&mut desk.0.writer.lock().unwrap_or_else(PoisonError::into_inner)));
        done.await.map_err(Fault::internal)?
    }

    /// A recording made ready before.
    pub(super) fn recording(&self, key: (i64, bool)) -> Option<Bytes> {
        let recordings = self.0.recordings.lock().unwrap_or_else(PoisonError::into_inner);
        recordings.iter().find(|(own, _)| *own == key).map(|(_, bytes)| bytes.clone())
    }

    pub(super) fn keep_recording(&self, key: (i64, bool), bytes: Bytes) {
        let mut recordings = self.0.recordings.lock().unwrap_or_else(PoisonError::into_inner);
        recordings.push_front((key, bytes));
        recordings.truncate(RECORDINGS);
    }
}
