//! `callaudit worker list`: the lines of calls that are at hand, for engines that have no tables of their own.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;

use crate::cli::audit::{Leftovers, find_calls, warn};
use crate::cli::judges::load_policies;
use crate::cli::records::RecordArgs;
use crate::cli::{FAILED, NOTHING_FOUND};
use crate::config::{Layer, Settings};
use crate::domain::{CallId, CallRecord};
use crate::ingest::{self, CallInput, Source};
use crate::timing::{self, Law, Log, Refusals, TimingOutcome, Together, share_outcomes};
use crate::worker::Request;

/// Write the lines of the calls behind INPUT, each joined with its call record and with what other records show about it
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit worker list /srv/calls --calls calls.csv | callaudit worker >reports.jsonl
  callaudit worker list /srv/calls --calls calls.csv --policy house-a >calls.jsonl

Paths stand as they are found: name INPUT by a path that the workers' machines know, too.
Policies are those of the worker: give both the same --policy.
Exit status: 0 all inputs are listed, 2 some could not be (the others are).")]
pub struct ListArgs {
    /// Audio file, directory, or transcripts
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,

    /// Call records: CSV, JSONL, XLSX, Parquet, SQLite or postgres://…, with English or Chinese headers
    #[arg(long, value_name = "FILE|URL")]
    calls: Option<PathBuf>,

    #[command(flatten)]
    records: RecordArgs,

    /// Settings file [default: callaudit.toml, if there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    settings: Layer,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: ListArgs) -> anyhow::Result<u8> {
    let settings = Settings::resolve(args.config.as_deref(), args.settings)?;
    let options = args.records.options()?;
    let table = args.calls.as_deref().map(|file| ingest::read_records(file, &options)).transpose()?;
    let (calls, leftovers) = find_calls(&args.inputs, table.unwrap_or_default());
    warn(&leftovers);
    let mut shown = what_others_show(&calls, &leftovers, &settings, &args.records)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for call in calls {
        let timing = shown.remove(&call.id);
        serde_json::to_writer(&mut out, &request(call, timing))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(if leftovers.errors.is_empty() { NOTHING_FOUND } else { FAILED })
}

fn request(call: CallInput, timing: Option<TimingOutcome>) -> Request {
    let (recording, segments) = match call.source {
        Source::Recording(path) => (Some(path), None),
        Source::Transcript { transcript, .. } => (None, Some(transcript.segments)),
    };
    let timing = timing.map(|timing| vec![timing]);
    Request { recording, segments, record: call.record, timing, ..Request::new(call.id) }
}

/// For each call with a record what the other records show about it.
fn what_others_show(
    calls: &[CallInput],
    leftovers: &Leftovers,
    settings: &Settings,
    reading: &RecordArgs,
) -> anyhow::Result<BTreeMap<CallId, TimingOutcome>> {
    let policies = load_policies(settings)?;
    let (calendar, refusals) = (timing::load_calendar(reading.calendar.as_deref())?, Refusals::unknown());
    let law = Law { policies: policies.policies(), calendar: &calendar, refusals: &refusals };
    let with_record = calls.iter().filter(|call| call.record.is_some());
    let own = calls.iter().filter_map(|call| call.record.as_ref());
    let records: Vec<CallRecord> = own.chain(&leftovers.without_recording).cloned().collect();
    let (log, faults) = Log::of(&records, &timing::timezone(&settings.timezone)?)?;
    let shares = [Together::Debtor, Together::Number].map(|share| share_outcomes(&log, &faults, law, share));
    let [by_debtor, by_number] = shares;
    let joined = by_debtor.into_iter().zip(by_number);
    let joined = joined.map(|shares| TimingOutcome::joined(<[_; 2]>::from(shares), law.policies));
    Ok(with_record.map(|call| call.id.clone()).zip(joined).collect())
}
