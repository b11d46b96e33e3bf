//! Call records into the store.

use std::collections::HashSet;
use std::path::Path;

use super::{BatchError, Event, Night};
use crate::domain::{CallId, CallRecord};
use crate::ingest::{self, RecordTable};

/// Rows written at once.
const ROUND: usize = 2_000;

/// Reads every file of records; a row in place of an earlier one of the same call.
pub(super) fn read(night: &mut Night) -> Result<(), BatchError> {
    for file in night.plan.records {
        match ingest::read_records(file, night.plan.reading) {
            Ok(table) => keep(night, &table)?,
            Err(error) => night.reject(error),
        }
    }
    Ok(())
}

fn keep(night: &mut Night, table: &RecordTable) -> Result<(), BatchError> {
    for problem in &table.problems {
        night.summary.record_problems += 1;
        (night.tell)(&Event::Problem(&format!("call records: {problem}")));
    }
    night.summary.records += table.records.len() as u64;
    let heard = night.store.get().calls_without_record()?.into_iter().collect();
    for round in table.records.chunks(ROUND) {
        night.store.get().transaction(|store| {
            for record in round {
                if let Some(call_id) = name(record, &heard) {
                    store.put_record(&call_id, record)?;
                }
            }
            Ok::<_, BatchError>(())
        })?;
    }
    Ok(())
}

/// The name of a call that was `heard` before its record came, by the recording's name; else the call's id.
fn name(record: &CallRecord, heard: &HashSet<String>) -> Option<CallId> {
    let of_recording = || {
        let file = record.recording.as_deref()?.rsplit(['/', '\\']).next()?;
        Some(Path::new(file).file_stem()?.to_string_lossy().into_owned())
    };
    let recording = of_recording();
    let earlier = recording.clone().filter(|name| heard.contains(name)).map(CallId);
    earlier.or_else(|| record.call_id.clone()).or(recording.map(CallId)).filter(|id| !id.0.is_empty())
}
