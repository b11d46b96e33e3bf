//! The reports that are measured: read from an audit, or made right here from the true words.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use crate::audit::{self, Auditor, Interrupt, Job};
use crate::cli::failure::Failure;
use crate::cli::rules;
use crate::domain::{CallError, CallId, CallRecord, CallReport, Provenance};
use crate::evaluate::LabelledCall;
use crate::ingest::{CallInput, DecodeOptions, Source};
use crate::lexicon::RuleSet;

pub(super) type Reports = BTreeMap<CallId, CallReport>;

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
pub(super) fn audit(calls: &[LabelledCall], lexicons: &[PathBuf]) -> anyhow::Result<Reports> {
    let rules = rules::load(lexicons)?;
    let jobs = calls.iter().map(job).collect();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let mut reports = Reports::new();
    audit::run(jobs, workers, &auditor(&rules), &Interrupt::default(), |_, page| {
        reports.insert(page.report.call_id.clone(), page.report);
        anyhow::Ok(())
    })?;
    Ok(reports)
}

fn job(call: &LabelledCall) -> Job {
    let record =
        CallRecord { call_id: Some(call.call_id.clone()), contact: call.contact, ..CallRecord::default() };
    let transcript = call.transcript();
    let source = Source::Transcript { path: PathBuf::from("labels"), line: 1, transcript };
    Job { input: CallInput { id: call.call_id.clone(), source, record: Some(record) }, timing: None }
}

/// Nothing of these reports is kept, so numbers stay as they are and origins are not looked up.
fn auditor(rules: &RuleSet) -> Auditor<'_> {
    Auditor {
        listener: None,
        rules,
        policies: &[],
        script: None,
        decode: DecodeOptions::default(),
        reveal: true,
        provenance: Provenance {
            tool: concat!("callaudit ", env!("CARGO_PKG_VERSION")).to_owned(),
            model: None,
            lexicons: rules.digest().to_owned(),
            policies: String::new(),
            settings: String::new(),
        },
    }
}
