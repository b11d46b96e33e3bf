//! What is waiting, audited.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::scan::content_of;
use super::times::{Clock, each_record};
use super::{BatchError, Event, FailedCall, Night, Plan, Summary};
use crate::audit::{self, Auditor, Job};
use crate::domain::{CallError, CallId, CallRecord, Transcript};
use crate::ingest::{self, CallInput};
use crate::report::CallPage;
use crate::store::{AuditedCall, RunId, Source, SourceState, Store};

/// Audits everything unfinished; each call is in the store before the next is taken out of the writer's hands.
pub(super) fn work(night: &mut Night, auditor: &Auditor, clock: &Clock) -> Result<(), BatchError> {
    let (jobs, sources) = jobs(night, clock)?;
    let Night { store, run, plan, interrupt, summary, tell } = night;
    tell(&Event::Begins { calls: sources.len() });
    let begin = |index: usize| Ok(store.get().begin_source(&sources[index].content)?);
    audit::run(jobs, plan.workers, auditor, interrupt, begin, |index, page| {
        tell(&Event::Audited { report: &page.report });
        let source = &sources[index];
        if let Some(error) = &page.report.error {
            return fail(&mut store.get(), plan, source, error.clone(), summary);
        }
        keep(&mut store.get(), *run, clock, source, &page)?;
        summary.count(&page.report);
        Ok(())
    })?;
    summary.interrupted = interrupt.is_raised();
    Ok(())
}

/// What there is to do, each with its source. What was begun too often is put away, and what is gone has failed.
fn jobs(night: &mut Night, clock: &Clock) -> Result<(Vec<Job>, Vec<Source>), BatchError> {
    let Night { store, plan, summary, .. } = night;
    let mut store = store.get();
    let (unfinished, worn_out): (Vec<_>, Vec<_>) =
        store.unfinished()?.into_iter().partition(|source| source.attempts < plan.attempts);
    worn_out.iter().try_for_each(|source| give_up(&mut store, source, summary))?;
    let records = records_of(&mut store, &unfinished)?;
    let mut transcripts = transcripts_of(&unfinished);
    let (mut jobs, mut sources) = (Vec::new(), Vec::new());
    for source in unfinished {
        let path = PathBuf::from(&source.path);
        let transcript = transcripts.remove(&source.content);
        let input = match (source.line, transcript) {
            (None, _) => ingest::Source::Recording(path),
            (Some(line), Some(transcript)) => {
                ingest::Source::Transcript { path, line: line as usize, transcript }
            }
            (Some(line), None) => {
                let error =
                    CallError::new(path, format!("line {line} is not there any more"), "restore the file");
                store.begin_source(&source.content)?;
                fail(&mut store, plan, &source, error, summary)?;
                continue;
            }
        };
        let id = source.call_id.clone();
        let record = records.get(&id).cloned();
        let timing = record.as_ref().and_then(|_| clock.outcome(&id)).cloned();
        jobs.push(Job { input: CallInput { id, source: input, record }, timing });
        sources.push(source);
    }
    Ok((jobs, sources))
}

/// Writes a call and that its source is done, both at once.
fn keep(
    store: &mut Store,
    run: RunId,
    clock: &Clock,
    source: &Source,
    page: &CallPage,
) -> Result<(), BatchError> {
    let report = &page.report;
    let timed = clock.timed_report(report);
    let call = AuditedCall {
        report,
        levels: page.levels.as_ref(),
        content: Some(&source.content),
        timed: timed.as_ref(),
    };
    store.transaction(|store| {
        store.put_call(run, call)?;
        store.end_source(&source.content, SourceState::Done, None)
    })?;
    Ok(())
}

/// Counts the failure; the last one allowed puts the source into quarantine.
fn fail(
    store: &mut Store,
    plan: &Plan,
    source: &Source,
    error: CallError,
    summary: &mut Summary,
) -> Result<(), BatchError> {
    let attempts = source.attempts + 1;
    let quarantined = attempts >= plan.attempts;
    let state = if quarantined { SourceState::Quarantined } else { SourceState::Failed };
    store.end_source(&source.content, state, Some(&error))?;
    summary.failed.push(FailedCall { call_id: source.call_id.0.clone(), error, attempts, quarantined });
    Ok(())
}

/// Puts away what was begun as often as is allowed and ended the program every time.
fn give_up(store: &mut Store, source: &Source, summary: &mut Summary) -> Result<(), BatchError> {
    let error = source.error.clone().unwrap_or_else(|| {
        let cause = format!("the program was ended {} times while auditing it", source.attempts);
        CallError::new(&source.path, cause, "listen to it by hand; --retry tries it again")
    });
    store.end_source(&source.content, SourceState::Quarantined, Some(&error))?;
    let call_id = source.call_id.0.clone();
    summary.failed.push(FailedCall { call_id, error, attempts: source.attempts, quarantined: true });
    Ok(())
}

/// The records of the calls to audit, by call.
fn records_of(store: &mut Store, sources: &[Source]) -> Result<HashMap<CallId, CallRecord>, BatchError> {
    let wanted: HashSet<&CallId> = sources.iter().map(|source| &source.call_id).collect();
    let mut records = HashMap::new();
    each_record(store, |stored| {
        if let Some(id) = stored.record.call_id.clone().filter(|id| wanted.contains(id)) {
            records.insert(id, stored.record);
        }
        Ok(())
    })?;
    Ok(records)
}

/// The transcripts to audit, by content, read again from their files.
fn transcripts_of(sources: &[Source]) -> HashMap<String, Transcript> {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.line.is_some()) {
        files.entry(&source.path).or_default().push(&source.content);
    }
    let mut transcripts = HashMap::new();
    for (path, mut wanted) in files {
        wanted.sort_unstable();
        for found in ingest::read_calls(Path::new(path)).found {
            let ingest::Source::Transcript { transcript, .. } = found.source else { continue };
            let content = content_of(&transcript);
            if wanted.binary_search(&content.as_str()).is_ok() {
                transcripts.insert(content, transcript);
            }
        }
    }
    transcripts
}
