//! `callaudit batch`: what is new in the inboxes, audited into the store, every night.

mod tell;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use jiff::{Timestamp, ToSpan};

use self::tell::Teller;
use super::audit::catch_interrupts;
use super::fail_on::FailOn;
use super::failure::Failure;
use super::judges::Judges;
use super::listener;
use super::records::RecordArgs;
use super::store::StoreArgs;
use crate::audit::{Auditor, Interrupt};
use crate::batch::{self, Event, Law, Night, Plan, Reaudit, Shared, Summary};
use crate::config::{Layer, Settings};
use crate::domain::Severity;
use crate::notify::{self, Targets};
use crate::report::write_whole;
use crate::store::{Access, RunId, lock};
use crate::timing;
use crate::transcribe::Listener;

/// Audit what is new in the inboxes into a store: for the night, again and again
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit batch --store qa.sqlite /srv/recordings --calls /srv/records/today.csv
  callaudit batch --store postgres://qa@db/calls /srv/recordings --metrics /var/lib/node_exporter/callaudit.prom
  callaudit batch --store qa.sqlite --reaudit --lexicons house-rules/     new rules over all stored calls

Each recording is taken in once, by its content, under whatever name. A run that was killed is taken up by the next
one; what fails is tried again by later runs, --attempts times, and then left alone until --retry.
One run at a time works on a store; reviewers and searches go on beside it.
On a terminal there is a bar and a summary, elsewhere a line of JSON an event.
--notify FILE names who is told of new findings that stand by themselves, and of agents, teams and rules that left their
usual range; by curl, without words, names or numbers of people:
  [[target]]
  name = \"office\"
  form = \"wecom\"               # json, wecom, feishu or mail
  url = \"https://…\"            # mail: smtps://HOST:465, and from, to = […], login = \"user:password\"
  severity = \"critical\"
Exit status: 0 nothing at or above --fail-on, 1 findings, 2 some call could not be audited or the run was cut short.")]
pub struct BatchArgs {
    /// Folders to look into, recordings, or transcripts (*.jsonl)
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,

    #[command(flatten)]
    store: StoreArgs,

    /// Call records: CSV, JSONL, XLSX, Parquet, SQLite or postgres://…; may be repeated
    #[arg(long, value_name = "FILE|URL")]
    calls: Vec<PathBuf>,

    #[command(flatten)]
    records: RecordArgs,

    /// Judge all stored calls again by the rules and policies of today, without listening; report what changed
    #[arg(long)]
    reaudit: bool,

    /// Leave files alone that changed less than so many seconds ago: they may still be growing
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    settle: u64,

    /// How often a recording may fail before it is left alone
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    attempts: u32,

    /// Try again what was left alone
    #[arg(long)]
    retry: bool,

    /// Remove calls older than so many days with everything said in them [default: keep all]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    retain: Option<u32>,

    /// Write the run's figures in Prometheus' text form
    #[arg(long, value_name = "FILE")]
    metrics: Option<PathBuf>,

    /// Tell others of serious findings, as this file says [default: nobody]
    #[arg(long, value_name = "FILE")]
    notify: Option<PathBuf>,

    /// Exit with 1 when a finding of either tier is at least this severe
    #[arg(long, value_name = "SEVERITY", default_value = "major")]
    fail_on: FailOn,

    /// Settings file [default: callaudit.toml, if there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Print nothing but errors
    #[arg(short, long)]
    quiet: bool,

    #[command(flatten)]
    settings: Layer,
}

/// What a run holds from its first step to its last.
struct Running<'a> {
    store: &'a Shared,
    run: RunId,
    judges: &'a Judges,
    settings: &'a Settings,
    law: Law<'a>,
    targets: Targets,
    interrupt: Interrupt,
    teller: Teller,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: &BatchArgs) -> anyhow::Result<u8> {
    let settings = Settings::resolve(args.config.as_deref(), args.settings.clone())?;
    if args.inputs.is_empty()
        && args.calls.is_empty()
        && !args.reaudit
        && !args.retry
        && args.retain.is_none()
    {
        let hint = "name folders of recordings, or ask for --reaudit, --retry or --retain";
        return Err(Failure::new("there is nothing to do", hint).into());
    }
    let targets = args.notify.as_deref().map_or(Ok(Targets::default()), read_targets)?;
    let _lock = lock(&args.store.place)?;
    let mut store = args.store.open(Access::Write)?;
    let judges = Judges::load(&settings, args.records.calendar.as_deref())?;
    let zone = timing::timezone(&settings.timezone)?;
    let policies_sha256 = judges.policies.digest();
    let run = store.begin_run(if args.reaudit { "reaudit" } else { "batch" })?;
    let store = Shared::new(store);
    let running = Running {
        store: &store,
        run,
        judges: &judges,
        settings: &settings,
        law: Law {
            policies: judges.policies.policies(),
            policies_sha256: &policies_sha256,
            calendar: &judges.calendar,
            zone: &zone,
        },
        targets,
        interrupt: catch_interrupts()?,
        teller: Teller::new(args.quiet),
    };
    if args.reaudit { judge_again(running, args) } else { take_in(running, args) }
}

fn take_in(mut running: Running, args: &BatchArgs) -> anyhow::Result<u8> {
    let started = Instant::now();
    let reading = args.records.options()?;
    let plan = Plan {
        inboxes: &args.inputs,
        records: &args.calls,
        reading: &reading,
        settle: Duration::from_secs(args.settle),
        attempts: args.attempts,
        workers: running.settings.jobs,
    };
    if args.retry {
        running.store.get().release_quarantined()?;
    }
    let Running { store, run, judges, settings, law, ref targets, ref interrupt, ref mut teller } = running;
    let tell = &mut |event: &Event| teller.tell(event);
    let mut night = Night { store, run, plan: &plan, interrupt, summary: Summary::default(), tell };
    night.take_in()?;
    let listener = load_listener(store, settings)?;
    let auditor = Auditor { reveal: true, ..judges.auditor(listener.as_deref(), settings) };
    night.work_off(&auditor, law)?;
    let mut summary = night.summary;
    if let Some(days) = args.retain {
        summary.forgotten = forget(store, days)?;
    }
    summary.duration_s = started.elapsed().as_secs_f64();
    let quarantined = store.get().quarantined()?;
    end(store, run, "batch", &summary, targets)?;
    let untold = tell_others(store, targets)?;
    if let Some(file) = &args.metrics {
        let text = batch::metrics(&summary, quarantined.len(), untold, Timestamp::now());
        write_whole(file, text.as_bytes()).map_err(|error| {
            Failure::new(format!("cannot write the metrics: {error}"), "check the folder and its rights")
        })?;
    }
    running.teller.end(&summary, &quarantined);
    Ok(exit_status(summary.is_whole(), summary.worst, args.fail_on))
}

fn judge_again(mut running: Running, args: &BatchArgs) -> anyhow::Result<u8> {
    let total = running.store.get().count_reports()?;
    let auditor = Auditor { reveal: true, ..running.judges.auditor(None, running.settings) };
    running.teller.begins(total as usize);
    let teller = &mut running.teller;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(running.settings.jobs).build()?;
    let done: Reaudit = pool.install(|| {
        batch::reaudit(
            running.store,
            running.run,
            &auditor,
            running.law,
            &running.interrupt,
            &mut |call, changes, done| {
                teller.changed(call, changes, done);
            },
        )
    })?;
    end(running.store, running.run, "reaudit", &done, &running.targets)?;
    tell_others(running.store, &running.targets)?;
    running.teller.end_again(&done);
    let has_new = done.rules.values().any(|rule| rule.appeared > 0);
    Ok(exit_status(!done.interrupted, has_new.then_some(args.fail_on.into()), args.fail_on))
}

/// Closes the run's books, in one piece with the line in the log and with what is to be told.
fn end(
    store: &Shared,
    run: RunId,
    kind: &str,
    summary: &impl serde::Serialize,
    targets: &Targets,
) -> anyhow::Result<()> {
    let told = serde_json::to_string(summary)?;
    let mut store = store.get();
    store.refresh_tallies()?;
    store.transaction(|store| {
        notify::gather(store, run, targets)?;
        store.end_run(run, &told)?;
        store.log_action("callaudit", kind, &format!("run {}", run.0), &told)
    })?;
    Ok(())
}

/// Tells the targets what waits for them; how many notices could not be told. That alone fails no run: they wait.
fn tell_others(store: &Shared, targets: &Targets) -> anyhow::Result<usize> {
    let delivery = notify::deliver(&mut store.get(), targets)?;
    for cause in &delivery.failed {
        eprintln!("warning: a notice could not be told, later runs try again: {cause}");
    }
    Ok(delivery.failed.len())
}

fn read_targets(path: &Path) -> anyhow::Result<Targets> {
    Targets::read(path).map_err(|error| Failure::new(error.to_string(), error.hint).into())
}

/// The model is loaded only when there is something to listen to.
fn load_listener(store: &Shared, settings: &Settings) -> anyhow::Result<Option<Box<dyn Listener>>> {
    let has_recordings = store.get().unfinished()?.iter().any(|source| source.line.is_none());
    Ok(if has_recordings { Some(Box::new(listener::load(settings)?)) } else { None })
}

fn forget(store: &Shared, days: u32) -> anyhow::Result<u64> {
    let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = today.checked_sub(i64::from(days).days())?;
    Ok(store.get().transaction(|store| store.forget_before(&day.to_string()))?)
}

fn exit_status(is_whole: bool, worst: Option<Severity>, fail_on: FailOn) -> u8 {
    match (is_whole, worst >= Some(fail_on.into())) {
        (false, _) => super::FAILED,
        (true, true) => super::FOUND,
        (true, false) => super::NOTHING_FOUND,
    }
}
