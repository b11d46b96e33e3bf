//! From what the user named to jobs: inputs found, records joined and judged, rules and model loaded.

use std::path::{Path, PathBuf};
use std::{env, io};

use anyhow::Context as _;

use crate::audit::Job;
use crate::cli::failure::Failure;
use crate::cli::records::RecordArgs;
use crate::cli::{listener, rules, semantics};
use crate::config::Settings;
use crate::domain::{CallError, CallRecord, Provenance};
use crate::ingest::{self, CallInput, Discovery, Joined, RecordTable, Source};
use crate::lexicon::{RuleSet, Script};
use crate::timing::{self, Calendar, Law, Log, PolicySet, Refusals, TimingOutcome};
use crate::transcribe::{Listener, Saved};

/// Everything a run needs before the first call.
pub(super) struct Prepared {
    pub jobs: Vec<Job>,
    pub rules: RuleSet,
    pub policies: PolicySet,
    /// Absent unless asked for.
    pub script: Option<Script>,
    /// Absent when every input is a transcript.
    pub listener: Option<Box<dyn Listener>>,
    pub semantics: semantics::Loaded,
    pub provenance: Provenance,
    pub leftovers: Leftovers,
    pub timing: Timing,
}

/// All call records of the run, those without a recording too.
pub(super) struct Timing {
    /// Empty without records.
    pub log: Log,
    pub calendar: Calendar,
}

/// What did not become a job.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
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
    let rules = rules::load(&settings.lexicons)?;
    let policies = load_policies(settings)?;
    let named = settings.script.as_deref();
    let script = named.map(|name| rules::find_script(name, &settings.lexicons)).transpose()?;
    let table = records.map(|file| ingest::read_records(file, &options)).transpose()?;
    let (calls, leftovers) = find_calls(inputs, table.unwrap_or_default());
    let listener = load_listener(&calls, settings)?;
    let semantics = semantics::load(&rules, !settings.no_semantic)?;
    let provenance = Provenance {
        tool: concat!("callaudit ", env!("CARGO_PKG_VERSION")).to_owned(),
        model: listener.as_ref().and_then(|listener| listener.identity().cloned()),
        semantics: semantics.identity.clone(),
        lexicons: rules.digest().to_owned(),
        policies: policies.digest(),
        settings: settings.digest(),
    };
    let calendar = timing::load_calendar(reading.calendar.as_deref())?;
    let (jobs, log) = judge_times(calls, &leftovers.without_recording, &policies, &calendar, settings)?;
    let timing = Timing { log, calendar };
    Ok(Prepared { jobs, rules, policies, script, listener, semantics, provenance, leftovers, timing })
}

pub(in crate::cli) fn load_policies(settings: &Settings) -> anyhow::Result<PolicySet> {
    let all = timing::load_policies(&settings.lexicons).map_err(|errors| {
        let told: Vec<_> = errors.iter().map(|error| format!("{error} ({})", error.hint)).collect();
        Failure::new(format!("the policies have mistakes\n{}", told.join("\n")), "see callaudit policy check")
    })?;
    Ok(all.select(&settings.policies)?)
}

fn find_calls(inputs: &[PathBuf], table: RecordTable) -> (Vec<CallInput>, Leftovers) {
    let Discovery { found, mut errors } = ingest::discover(inputs);
    let ignored = table.ignored_columns.iter().map(|column| format!("column {column} is not known"));
    let record_problems = table.problems.iter().map(ToString::to_string).chain(ignored).collect();
    let has_records = !table.records.is_empty();
    let Joined { calls, errors: doubled, without_record, without_recording } =
        ingest::join(found, table.records);
    errors.extend(doubled);
    let without_record = if has_records { without_record } else { Vec::new() };
    (calls, Leftovers { errors, record_problems, without_record, without_recording })
}

/// The model is loaded only when there is something to listen to.
fn load_listener(calls: &[CallInput], settings: &Settings) -> anyhow::Result<Option<Box<dyn Listener>>> {
    if !calls.iter().any(|call| matches!(call.source, Source::Recording(_))) {
        return Ok(None);
    }
    let listener = listener::load(settings)?;
    let Some(folder) = &settings.transcripts else { return Ok(Some(Box::new(listener))) };
    let saved = env::current_exe().and_then(|program| Saved::new(listener, folder, &program));
    Ok(Some(Box::new(saved.map_err(|error| unusable_folder(folder, &error))?)))
}

/// Why transcripts cannot be kept.
pub(in crate::cli) fn unusable_folder(folder: &Path, error: &io::Error) -> Failure {
    let cause = format!("{}: cannot keep transcripts there: {error}", folder.display());
    Failure::new(cause, "name another folder with --transcripts, or none with --transcripts none")
}

/// Frequency counts need every record, also those whose recording is not here.
fn judge_times(
    calls: Vec<CallInput>,
    others: &[CallRecord],
    policies: &PolicySet,
    calendar: &Calendar,
    settings: &Settings,
) -> anyhow::Result<(Vec<Job>, Log)> {
    let zone = timing::timezone(&settings.timezone)?;
    let records: Vec<_> =
        calls.iter().filter_map(|call| call.record.as_ref()).chain(others).cloned().collect();
    let refusals = Refusals::unknown();
    let law = Law { policies: policies.policies(), calendar, refusals: &refusals };
    let (log, _) = Log::of(&records, &zone).context("the call records")?;
    let mut outcomes = timing::check(&records, law, &zone).into_iter();
    let mut outcome_of =
        |call: &CallInput| -> Option<TimingOutcome> { call.record.as_ref().and_then(|_| outcomes.next()) };
    Ok((calls.into_iter().map(|input| Job { timing: outcome_of(&input), input }).collect(), log))
}
