//! The reports that are measured: read from an audit, or made right here from the true words.

use std::path::{Path, PathBuf};

use crate::audit::Job;
use crate::cli::failure::Failure;
use crate::cli::rules;
use crate::cli::trial::{self, Reports};
use crate::domain::{CallError, CallRecord, CallReport};
use crate::evaluate::LabelledCall;
use crate::ingest::{CallInput, Source};

/// Reads a `report.jsonl`; one that knows none of the labelled calls is a mistake, not a poor audit.
pub(super) fn read(path: &Path, calls: &[LabelledCall]) -> anyhow::Result<Reports> {
    let mut reports = Reports::new();
    for (index, line) in super::read(path)?.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let report: CallReport = serde_json::from_str(line).map_err(|error| {
            let cause = format!("line {}: not a report of this version: {error}", index + 1);
            CallError::new(path, cause, "name the report.jsonl that `callaudit audit` wrote")
        })?;
        reports.insert(report.call_id.clone(), report);
    }
    if !calls.iter().any(|call| reports.contains_key(&call.call_id)) {
        let cause = format!("{}: the report holds none of the labelled calls", path.display());
        return Err(Failure::new(cause, "call ids of labels and report have to be the same").into());
    }
    Ok(reports)
}

/// Audits what was really said.
pub(super) fn audit(
    calls: &[LabelledCall],
    lexicons: &[PathBuf],
    is_semantic: bool,
) -> anyhow::Result<Reports> {
    trial::audit(calls.iter().map(job).collect(), &rules::load(lexicons)?, is_semantic)
}

fn job(call: &LabelledCall) -> Job {
    let record =
        CallRecord { call_id: Some(call.call_id.clone()), contact: call.contact, ..CallRecord::default() };
    let transcript = call.transcript();
    let source = Source::Transcript { path: PathBuf::from("labels"), line: 1, transcript };
    Job { input: CallInput { id: call.call_id.clone(), source, record: Some(record) }, timing: None }
}
