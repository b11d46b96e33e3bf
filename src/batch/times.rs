//! When calls were made, judged over all records in the store.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::{BatchError, Law};
use crate::audit::Auditor;
use crate::domain::{CallId, CallRecord, CallReport, CallRow, hex};
use crate::store::{AuditedCall, RunId, Store, StoredRecord, TimedCall};
use crate::timing::{self, Log, Refusals, TimingOutcome};

/// Records read at once.
const ROUND: usize = 2_000;

/// The outcome of every call with a record.
pub struct Clock {
    calls: Vec<(i64, CallId)>,
    outcomes: Vec<TimingOutcome>,
    /// Place of each call, by name.
    places: HashMap<CallId, usize>,
    /// SHA-256 over the policies.
    policies: String,
}

impl Clock {
    /// Judges all records in the store, by what is known of refusals so far.
    ///
    /// # Errors
    /// When the store cannot be read, or holds more records than can be judged at once.
    pub fn judge(store: &mut Store, law: Law) -> Result<Self, BatchError> {
        let mut log = Log::new(law.zone);
        let mut part = log.part();
        let (mut calls, mut faults) = (Vec::new(), Vec::new());
        each_record(store, |stored| {
            let row = CallRow::from(&stored.record);
            faults.push(part.push(&row).err().map(|fault| fault.reason(&row)));
            let call_id = stored.record.call_id.clone().unwrap_or_else(|| CallId(String::new()));
            calls.push((stored.id, call_id));
            Ok(())
        })?;
        log.absorb(part)?;
        log.close();
        let refusals = Refusals::of(store.refused_calls()?);
        let by = timing::Law { policies: law.policies, calendar: law.calendar, refusals: &refusals };
        let outcomes = timing::outcomes(&log, &faults, by);
        let places = calls.iter().enumerate().map(|(place, (_, call_id))| (call_id.clone(), place)).collect();
        Ok(Self { calls, outcomes, places, policies: law.policies_sha256.to_owned() })
    }

    /// What the record of a call came to; absent without a record.
    #[must_use]
    pub fn outcome(&self, call_id: &CallId) -> Option<&TimingOutcome> {
        self.places.get(call_id).map(|place| &self.outcomes[*place])
    }

    /// What the store keeps of a report's times; absent for a call without a record.
    #[must_use]
    pub fn timed_report(&self, report: &CallReport) -> Option<TimedCall> {
        let outcome = self.outcome(&report.call_id)?;
        report.record.as_ref().map(|record| self.timed(record, outcome))
    }

    fn timed(&self, record: &CallRecord, outcome: &TimingOutcome) -> TimedCall {
        // Plain values: writing them as JSON cannot fail.
        let text = serde_json::to_vec(&(record, outcome, &self.policies)).unwrap_or_default();
        TimedCall {
            day: outcome.local_date.clone().unwrap_or_default(),
            hour: outcome.local_hour.map(i64::from),
            judged: Some(hex(&Sha256::digest(text)[..8])),
        }
    }

    /// Brings the reports of all calls up to date whose record or outcome is not what it was; how many.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn settle(&self, store: &mut Store, run: RunId, auditor: &Auditor) -> Result<u64, BatchError> {
        let (mut after, mut place, mut changed) = (0, 0, 0);
        loop {
            let records = store.records_after(after, ROUND)?;
            let Some(last) = records.last() else { return Ok(changed) };
            after = last.id;
            changed += store.transaction(|store| {
                let mut changed = 0;
                for stored in &records {
                    // Both run through the store in the order of its numbers; a record that came since waits for the next run.
                    while self.calls.get(place).is_some_and(|(id, _)| *id < stored.id) {
                        place += 1;
                    }
                    if self.calls.get(place).is_some_and(|(id, _)| *id == stored.id) {
                        changed += u64::from(self.settle_one(store, run, auditor, stored, place)?);
                    }
                }
                Ok::<_, BatchError>(changed)
            })?;
        }
    }

    /// True where the call had to be written anew though it had been judged before.
    fn settle_one(
        &self,
        store: &mut Store,
        run: RunId,
        auditor: &Auditor,
        stored: &StoredRecord,
        place: usize,
    ) -> Result<bool, BatchError> {
        let outcome = &self.outcomes[place];
        let timed = self.timed(&stored.record, outcome);
        if timed.judged == stored.timed.judged {
            return Ok(false);
        }
        let call_id = &self.calls[place].1;
        if !stored.is_audited && outcome.findings.is_empty() {
            store.put_timed(stored.id, &timed)?;
        } else {
            let record = Some(stored.record.clone());
            let report = match store.call(call_id)?.filter(|call| call.content.is_some()) {
                Some(call) => {
                    auditor.audit_again(call.report, call.levels.as_ref(), Some(outcome.clone()), record)
                }
                None => auditor.by_record(call_id.clone(), stored.record.clone(), outcome.clone()),
            };
            store.put_call(
                run,
                AuditedCall { report: &report, levels: None, content: None, timed: Some(&timed) },
            )?;
        }
        Ok(stored.timed.judged.is_some())
    }
}

/// Every record of the store, in the order of its numbers.
pub(super) fn each_record(
    store: &mut Store,
    mut take: impl FnMut(StoredRecord) -> Result<(), BatchError>,
) -> Result<(), BatchError> {
    let mut after = 0;
    loop {
        let records = store.records_after(after, ROUND)?;
        let Some(last) = records.last() else { return Ok(()) };
        after = last.id;
        records.into_iter().try_for_each(&mut take)?;
    }
}
