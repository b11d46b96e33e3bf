//! Audits of transcripts whose reports nobody keeps: to measure rules, compare them, time them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use crate::audit::{self, Auditor, Interrupt, Job};
use crate::cli::failure::Failure;
use crate::cli::semantics::{self, Loaded};
use crate::domain::{CallId, CallReport, Provenance};
use crate::ingest::{self, CallInput, DecodeOptions, ReadOptions, Source};
use crate::lexicon::RuleSet;

pub(super) type Reports = BTreeMap<CallId, CallReport>;

/// The transcripts behind `inputs`, with their call records where there are any.
pub(super) fn calls(inputs: &[PathBuf], records: Option<&Path>) -> anyhow::Result<Vec<CallInput>> {
    let discovery = ingest::discover(inputs);
    if let Some(error) = discovery.errors.into_iter().next() {
        return Err(error.into());
    }
    let read = |file| ingest::read_records(file, &ReadOptions::default());
    let table = records.map(read).transpose()?.unwrap_or_default();
    let joined = ingest::join(discovery.found, table.records);
    if let Some(error) = joined.doubled.first().map(crate::ingest::Doubled::error) {
        return Err(error.into());
    }
    let recording = joined.calls.iter().find(|call| matches!(call.source, Source::Recording(_)));
    if let Some(call) = recording {
        let cause = format!("{}: a recording, not a transcript", call.source.path().display());
        let hint = "audit it first; its report.jsonl holds the transcript";
        return Err(Failure::new(cause, hint).into());
    }
    if joined.calls.is_empty() {
        return Err(Failure::new("there is no transcript", "name files of transcripts (*.jsonl)").into());
    }
    Ok(joined.calls)
}

/// Calls without a look at their times.
pub(super) fn jobs(calls: &[CallInput]) -> Vec<Job> {
    calls.iter().map(|input| Job { input: input.clone(), timing: None }).collect()
}

/// Audits all jobs, as many at once as the machine can; by meaning, too, where the encoder is there and wanted.
pub(super) fn audit(jobs: Vec<Job>, rules: &RuleSet, is_semantic: bool) -> anyhow::Result<Reports> {
    let semantics = semantics::load(rules, is_semantic)?;
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let mut reports = Reports::new();
    audit::run(
        jobs,
        workers,
        &auditor(rules, &semantics),
        &Interrupt::default(),
        |_| Ok(()),
        |_, page| {
            reports.insert(page.report.call_id.clone(), page.report);
            anyhow::Ok(())
        },
    )?;
    Ok(reports)
}

/// Nothing of these reports is kept, so numbers stay as they are and origins are not looked up.
pub(super) fn auditor<'a>(rules: &'a RuleSet, semantics: &'a Loaded) -> Auditor<'a> {
    Auditor {
        listener: None,
        rules,
        understanding: semantics.understanding(),
        policies: &[],
        script: None,
        decode: DecodeOptions::default(),
        clips: false,
        reveal: true,
        provenance: Provenance {
            tool: concat!("callaudit ", env!("CARGO_PKG_VERSION")).to_owned(),
            model: None,
            semantics: semantics.identity.clone(),
            lexicons: rules.digest().to_owned(),
            policies: String::new(),
            settings: String::new(),
        },
    }
}
