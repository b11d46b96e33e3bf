//! From what the user named to jobs: inputs found, records joined and judged, rules and model loaded.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::audit::Job;
use crate::cli::judges::Judges;
use crate::cli::listener;
use crate::cli::records::RecordArgs;
use crate::config::Settings;
use crate::domain::{CallError, CallRecord};
use crate::ingest::{self, CallInput, Discovery, Doubled, Joined, RecordTable, Source};
use crate::timing::{self, Law, Log, Refusals, TimingOutcome};
use crate::transcribe::Listener;

/// Everything a run needs before the first call.
pub(super) struct Prepared {
    pub jobs: Vec<Job>,
    pub judges: Judges,
    /// Absent when every input is a transcript.
    pub listener: Option<Box<dyn Listener>>,
    pub leftovers: Leftovers,
    /// All call records of the run, those without a recording too.
    pub log: Log,
}

/// What did not become a job.
#[derive(Debug, Default)]
pub(in crate::cli) struct Leftovers {
    /// Inputs that are no call: not found, not audio, bad lines.
    pub errors: Vec<CallError>,
    /// Rows of the call records that could not be read, one line each.
    pub record_problems: Vec<String>,
    pub without_record: Vec<PathBuf>,
    pub without_recording: Vec<CallRecord>,
}

/// Finds the inputs, joins them with the records, and loads what judging needs.
pub(super) fn prepare(
    inputs: &[PathBuf],
    records: Option<&Path>,
    reading: &RecordArgs,
    settings: &Settings,
) -> anyhow::Result<Prepared> {
    let options = reading.options()?;
    let judges = Judges::load(settings, reading.calendar.as_deref())?;
    let table = records.map(|file| ingest::read_records(file, &options)).transpose()?;
    let (calls, leftovers) = find_calls(inputs, table.unwrap_or_default());
    let listener = load_listener(&calls, settings)?;
    let (jobs, log) = judge_times(calls, &leftovers.without_recording, &judges, settings)?;
    Ok(Prepared { jobs, judges, listener, leftovers, log })
}

/// The calls behind the inputs, each with its record where there is one.
pub(in crate::cli) fn find_calls(inputs: &[PathBuf], table: RecordTable) -> (Vec<CallInput>, Leftovers) {
    let Discovery { found, mut errors } = ingest::discover(inputs);
    let ignored = table.ignored_columns.iter().map(|column| format!("column {column} is not known"));
    let record_problems = table.problems.iter().map(ToString::to_string).chain(ignored).collect();
    let has_records = !table.records.is_empty();
    let Joined { calls, doubled, without_record, without_recording } = ingest::join(found, table.records);
    errors.extend(doubled.iter().map(Doubled::error));
    let without_record = if has_records { without_record } else { Vec::new() };
    (calls, Leftovers { errors, record_problems, without_record, without_recording })
}

/// The model is loaded only when there is something to listen to.
fn load_listener(calls: &[CallInput], settings: &Settings) -> anyhow::Result<Option<Box<dyn Listener>>> {
    if !calls.iter().any(|call| matches!(call.source, Source::Recording(_))) {
        return Ok(None);
    }
    listener::load_saving(settings).map(Some)
}

/// Frequency counts need every record, also those whose recording is not here.
fn judge_times(
    calls: Vec<CallInput>,
    others: &[CallRecord],
    judges: &Judges,
    settings: &Settings,
) -> anyhow::Result<(Vec<Job>, Log)> {
    let zone = timing::timezone(&settings.timezone)?;
    let records: Vec<_> =
        calls.iter().filter_map(|call| call.record.as_ref()).chain(others).cloned().collect();
    let refusals = Refusals::unknown();
    let law = Law { policies: judges.policies.policies(), calendar: &judges.calendar, refusals: &refusals };
    let (log, _) = Log::of(&records, &zone).context("the call records")?;
    let mut outcomes = timing::check(&records, law, &zone).into_iter();
    let mut outcome_of =
        |call: &CallInput| -> Option<TimingOutcome> { call.record.as_ref().and_then(|_| outcomes.next()) };
    Ok((calls.into_iter().map(|input| Job { timing: outcome_of(&input), input }).collect(), log))
}
