//! Inboxes into the store: files that are new or changed, once by content, each under the name of its call.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use super::{BatchError, Night, Summary};
use crate::domain::{CallError, CallId, CallRecord, Transcript, hex};
use crate::ingest::{self, CallInput, Found, Joined, Source};
use crate::store::{Intake, SourceState, Stamp, Store, StoreError};

/// Whether a file may be taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Yes(Stamp),
    /// Changed a moment ago: it may still be growing.
    NotYet,
}

impl Settled {
    fn of(metadata: &Metadata, settle: Duration, now: SystemTime) -> Self {
        let modified = metadata.modified().unwrap_or(UNIX_EPOCH);
        // A time in the future says nothing about growing.
        if now.duration_since(modified).is_ok_and(|age| age < settle) {
            return Self::NotYet;
        }
        let modified_ns = modified.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        Self::Yes(Stamp {
            bytes: metadata.len(),
            modified_ns: i64::try_from(modified_ns).unwrap_or(i64::MAX),
        })
    }
}

/// A new file with the calls in it.
struct NewFile {
    stamp: Stamp,
    path: String,
}

/// Looks into every inbox.
pub(super) fn scan(night: &mut Night) -> Result<(), BatchError> {
    let listing = ingest::list(night.plan.inboxes);
    listing.errors.into_iter().for_each(|error| night.reject(error));
    let now = SystemTime::now();
    let (mut files, mut found) = (Vec::new(), Vec::new());
    for path in listing.files {
        night.summary.files_seen += 1;
        let stamp = match path.metadata().map(|metadata| Settled::of(&metadata, night.plan.settle, now)) {
            Ok(Settled::Yes(stamp)) => stamp,
            Ok(Settled::NotYet) => {
                night.summary.unsettled += 1;
                continue;
            }
            // Gone since it was listed.
            Err(_) => continue,
        };
        let shown = path.display().to_string();
        if night.store.get().knows_file(&shown, stamp)? {
            continue;
        }
        let calls = ingest::read_calls(&path);
        // A file with bad lines is read again, and complained of again, until somebody mends it.
        files.extend(calls.errors.is_empty().then_some(NewFile { stamp, path: shown }));
        calls.errors.into_iter().for_each(|error| night.reject(error));
        found.extend(calls.found);
    }
    take_in(night, files, found)
}

/// Names the calls and takes them in.
fn take_in(night: &mut Night, mut files: Vec<NewFile>, found: Vec<Found>) -> Result<(), BatchError> {
    let records = records_of(&mut night.store.get(), &found)?;
    let Joined { calls, doubled, .. } = ingest::join(found, records);
    let doubled = doubled.into_iter().map(|doubled| doubled.input);
    let mut calls: Vec<CallInput> = calls.into_iter().chain(doubled).collect();
    calls.sort_by(|a, b| place(&a.source).cmp(&place(&b.source)));
    for call in calls {
        let path = call.source.path().display().to_string();
        let taken = match content(&call.source) {
            Ok(content) => {
                let summary = &mut night.summary;
                night.store.get().transaction(|store| take_one(store, &call, &content, &path, summary))?
            }
            Err(error) => Err(error),
        };
        if let Err(error) = taken {
            night.reject(error);
            files.retain(|file| file.path != path);
        }
    }
    night
        .store
        .get()
        .transaction(|store| files.iter().try_for_each(|file| store.put_file(&file.path, file.stamp)))?;
    Ok(())
}

/// Takes in one call; an error of the call's own where its name is another's.
fn take_one(
    store: &mut Store,
    call: &CallInput,
    content: &str,
    path: &str,
    summary: &mut Summary,
) -> Result<Result<(), CallError>, StoreError> {
    let line = place(&call.source).1;
    let mut intake = store.take_in(content, path, line, &call.id)?;
    if intake == Intake::Taken && call.record.is_none() {
        // Recorders that number from one every day: the content tells such calls apart.
        let id = CallId(format!("{}-{}", call.id, &content[..8]));
        intake = store.take_in(content, path, line, &id)?;
    }
    match intake {
        Intake::New => summary.taken_in += 1,
        Intake::Known(known) => {
            summary.duplicates += u64::from(known.path != path);
            if known.state != SourceState::Done && !Path::new(&known.path).exists() {
                store.move_source(content, path, line)?;
            }
        }
        Intake::Taken => {
            let cause = format!("call id {} is another recording's", call.id);
            let hint = "give each recording its own call_id in the call records";
            return Ok(Err(CallError::new(path, cause, hint)));
        }
    }
    Ok(Ok(()))
}

/// Records in the store that may be of these calls.
fn records_of(store: &mut Store, found: &[Found]) -> Result<Vec<CallRecord>, StoreError> {
    let mut records = Vec::new();
    for call in found {
        records.extend(store.records_like(&call.source.path().to_string_lossy(), &call.id_stem)?);
    }
    records.sort_by(|a: &CallRecord, b| a.call_id.cmp(&b.call_id));
    records.dedup();
    Ok(records)
}

fn place(source: &Source) -> (&Path, Option<usize>) {
    match source {
        Source::Recording(path) => (path, None),
        Source::Transcript { path, line, .. } => (path, Some(*line)),
    }
}

/// SHA-256 of the recording, or of the transcript whatever its line looked like.
fn content(source: &Source) -> Result<String, CallError> {
    match source {
        Source::Recording(path) => ingest::sha256(path).map_err(|error| {
            CallError::new(path, format!("cannot be read: {error}"), "check the file and its rights")
        }),
        Source::Transcript { transcript, .. } => Ok(content_of(transcript)),
    }
}

/// SHA-256 of a transcript.
pub(super) fn content_of(transcript: &Transcript) -> String {
    // Plain values: writing them as JSON cannot fail.
    hex(&Sha256::digest(serde_json::to_vec(transcript).unwrap_or_default()))
}
