//! `callaudit audit`: recordings or transcripts in, a report a call out.

mod prepare;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;

pub(super) use self::prepare::{Leftovers, find_calls};
use self::prepare::{Prepared, prepare};
use super::fail_on::FailOn;
use super::failure::{Failure, print_call};
use super::format::FormatArgs;
use super::judges::Judges;
use super::progress::Progress;
use super::records::RecordArgs;
use crate::audit::{self, Auditor, Interrupt};
use crate::config::{Layer, Settings};
use crate::domain::{CallReport, Mark, Severity};
use crate::report::{self, Format, ReportWriter, RunFacts, TimingWriter, console};
use crate::timing::{self, Law, Log, Refusals};

/// Audit recordings, directories of recordings, or saved transcripts (*.jsonl)
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit audit recordings/ --calls calls.csv --policy mainland
  callaudit audit D001.wav D002.mp3 --out report --format html
  callaudit audit transcripts.jsonl --fail-on critical
  callaudit audit recordings/ --format parquet      tables for DuckDB, Spark, pandas

Stereo recordings carry one speaker a channel; in mono ones they are told apart by voice and words.
Where that is not sure, findings ask for review.
Exit status: 0 nothing at or above --fail-on, 1 findings, 2 some call could not be audited (the others are done).")]
pub struct AuditArgs {
    /// Audio file, directory, or transcripts
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,

    /// Call records: CSV, JSONL, XLSX, Parquet, SQLite or postgres://…, with English or Chinese headers
    #[arg(long, value_name = "FILE|URL")]
    calls: Option<PathBuf>,

    #[command(flatten)]
    records: RecordArgs,

    /// Folder for the report
    #[arg(long, value_name = "DIR", default_value = "audit-out")]
    out: PathBuf,

    #[command(flatten)]
    output: FormatArgs,

    /// Exit with 1 when a finding of either tier is at least this severe
    #[arg(long, value_name = "SEVERITY", default_value = "major")]
    fail_on: FailOn,

    /// Settings file [default: callaudit.toml, if there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Print neither the table nor a line a call
    #[arg(short, long)]
    quiet: bool,

    #[command(flatten)]
    settings: Layer,
}

/// Runs the audit and returns the exit status.
pub(super) fn run(args: AuditArgs) -> anyhow::Result<u8> {
    let started = (Timestamp::now(), Instant::now());
    let settings = Settings::resolve(args.config.as_deref(), args.settings)?;
    let Prepared { jobs, judges, listener, leftovers, log } =
        prepare(&args.inputs, args.calls.as_deref(), &args.records, &settings)?;
    warn(&leftovers);
    if jobs.is_empty() {
        // An earlier report in the same folder stays as it is.
        let hint = "name recordings, directories of recordings, or transcripts (*.jsonl)";
        return Err(Failure::new("there is no call to audit", hint).into());
    }

    let ids: Vec<_> = jobs.iter().map(|job| job.input.id.clone()).collect();
    let formats = &args.output.formats;
    let mut writer =
        ReportWriter::create(&args.out, formats, &ids).map_err(|error| unwritable(&args.out, &error))?;
    let clips = formats.contains(&Format::Html);
    let auditor = Auditor { clips, ..judges.auditor(listener.as_deref(), &settings) };
    let interrupt = catch_interrupts()?;
    let mut progress = Progress::new(jobs.len(), args.quiet);
    let mut tally = Tally::new(args.fail_on.into(), &leftovers);
    audit::run(
        jobs,
        settings.jobs,
        &auditor,
        &interrupt,
        |_| Ok(()),
        |index, page| {
            progress.finished(&page.report);
            tally.count(&page.report);
            writer.write_call(index, &page).map_err(|error| unwritable(&args.out, &error))?;
            anyhow::Ok(())
        },
    )?;
    progress.close();

    let exit_status = tally.exit_status(interrupt.is_raised());
    let has_timing = write_timing((&args.out, formats), &log, &judges, tally.refused, started)?;
    let facts = facts(started, (interrupt.is_raised(), has_timing), &settings, leftovers)?;
    let done = writer.finish(&facts).map_err(|error| unwritable(&args.out, &error))?;
    if !args.quiet {
        println!("{}", console::table(&done.calls, terminal_width()));
        println!("report: {}", done.index.as_deref().unwrap_or(&args.out).display());
    }
    Ok(exit_status)
}

/// Judges all call records once more, now that it is known who refused further calls; false without records.
fn write_timing(
    (out, formats): (&Path, &[Format]),
    log: &Log,
    judges: &Judges,
    refused: Vec<String>,
    started: (Timestamp, Instant),
) -> anyhow::Result<bool> {
    let out = out.join(report::TIMING);
    if log.is_empty() {
        // An earlier run's would speak of other calls than the reports beside it.
        return TimingWriter::remove(&out).map(|()| false).map_err(|error| unwritable(&out, &error).into());
    }
    let refusals = Refusals::of(refused);
    let law = Law { policies: judges.policies.policies(), calendar: &judges.calendar, refusals: &refusals };
    let facts = super::timing::facts(started, &judges.policies);
    let found = timing::judge(log, law);
    let written =
        TimingWriter::create(&out, formats).and_then(|writer| super::timing::write(&found, writer, &facts));
    written.map(|_| true).map_err(|error| unwritable(&out, &error).into())
}

/// What the exit status depends on.
struct Tally {
    fail_on: Severity,
    found: bool,
    failed: bool,
    /// Calls in which a third person refused further calls.
    refused: Vec<String>,
}

impl Tally {
    fn new(fail_on: Severity, leftovers: &Leftovers) -> Self {
        Self { fail_on, found: false, failed: !leftovers.errors.is_empty(), refused: Vec::new() }
    }

    fn count(&mut self, report: &CallReport) {
        self.found |= report.findings.iter().any(|finding| finding.severity >= self.fail_on);
        self.failed |= report.error.is_some();
        if report.marks.iter().any(|mark| mark.rule == Mark::REFUSED) {
            self.refused.push(report.call_id.0.clone());
        }
    }

    fn exit_status(&self, interrupted: bool) -> u8 {
        match (self.failed || interrupted, self.found) {
            (true, _) => super::FAILED,
            (false, true) => super::FOUND,
            (false, false) => super::NOTHING_FOUND,
        }
    }
}

/// Says what did not become a job.
pub(super) fn warn(leftovers: &Leftovers) {
    leftovers.errors.iter().for_each(print_call);
    for problem in &leftovers.record_problems {
        eprintln!("warning: call records: {problem}");
    }
    for path in &leftovers.without_record {
        eprintln!("warning: {}: no call record speaks of it, so its times are not judged", path.display());
    }
    if !leftovers.without_recording.is_empty() {
        let count = leftovers.without_recording.len();
        eprintln!("warning: {count} call records have no recording here; run.json lists them");
    }
}

fn facts(
    (started_at, clock): (Timestamp, Instant),
    (interrupted, has_timing): (bool, bool),
    settings: &Settings,
    leftovers: Leftovers,
) -> anyhow::Result<RunFacts> {
    Ok(RunFacts {
        started_at: started_at.to_string(),
        ended_at: Timestamp::now().to_string(),
        duration_s: clock.elapsed().as_secs_f64(),
        interrupted,
        has_timing,
        settings: serde_json::to_value(settings)?,
        input_errors: leftovers.errors,
        recordings_without_record: leftovers
            .without_record
            .iter()
            .map(|path| path.display().to_string())
            .collect(),
        records_without_recording: leftovers.without_recording,
        record_problems: leftovers.record_problems,
    })
}

pub(super) fn unwritable(out: &Path, error: &io::Error) -> Failure {
    let cause = format!("{}: cannot write the report: {error}", out.display());
    Failure::new(cause, "check the free space and the rights, or choose another folder with --out")
}

/// Width of the terminal in columns; none when the table goes elsewhere.
pub(super) fn terminal_width() -> Option<u16> {
    terminal_size::terminal_size().map(|(width, _)| width.0)
}

/// The first Ctrl-C lets the calls in hand finish, the second ends the program at once.
pub(super) fn catch_interrupts() -> anyhow::Result<Interrupt> {
    let interrupt = Interrupt::default();
    let raised = interrupt.clone();
    ctrlc::set_handler(move || {
        if raised.raise() {
            std::process::exit(i32::from(super::FAILED));
        }
        eprintln!("\nfinishing the calls in hand; press Ctrl-C again to stop at once");
    })
    .context("cannot listen for Ctrl-C")?;
    Ok(interrupt)
}
