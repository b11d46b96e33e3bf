//! `callaudit worker`: the unit that an engine runs.

mod columns;
mod list;
mod records;
mod script;
mod serve;
mod timing;

use std::ffi::OsString;
use std::io::{BufReader, stdin, stdout};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::failure::Failure;
use crate::config::{Layer, Settings};
use crate::worker::{self, KeepError, Keeping, Shard};

/// Audit calls line by line for an engine: NDJSON in, NDJSON out
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "A line in, a line out, in any order (protocol callaudit.worker/1):
  {\"call_id\":\"C1\",\"recording\":\"/srv/C1.wav\",\"record\":{\"started_at\":\"2026-03-02 21:58:10\",\"debtor_id\":\"K1\"}}
  {\"call_id\":\"C2\",\"segments\":[{\"speaker\":\"agent\",\"start_s\":0.0,\"end_s\":1.5,\"text\":\"喂，您好\"}]}
Each is answered by its callaudit.report/1 line; a call that cannot be audited by a report with verdict failed, a line
that names no call by {\"protocol\":…,\"line\":…,\"error\":…}. A call that hangs or kills the process costs itself alone.

Examples:
  callaudit worker list /srv/calls --calls calls.csv | callaudit worker >reports.jsonl
  callaudit worker list /srv/calls --calls calls.csv | parallel --pipe -N 50 callaudit worker --jobs 1
  callaudit worker --shard 3/8 <calls.jsonl             the third of eight machines that read the same lines
  callaudit worker script spark >callaudit_spark.py     the job for Apache Spark

Exit status: 0 every line was answered, 2 this machine cannot work (no model, rules with mistakes, answers not taken)."
)]
pub struct WorkerArgs {
    #[command(subcommand)]
    command: Option<WorkerCommand>,

    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Debug, Subcommand)]
enum WorkerCommand {
    List(Box<list::ListArgs>),
    Records(records::RecordsArgs),
    Timing(Box<timing::TimingArgs>),
    Columns(columns::ColumnsArgs),
    Script(script::ScriptArgs),
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// Answer one of n equal shares of the lines, chosen by their content: i/n, i from 1
    #[arg(long, value_name = "I/N", default_value = "1/1")]
    shard: Shard,

    /// Longest that a call may take; then it is answered as failed and the others go on
    #[arg(long, value_name = "SECONDS", default_value_t = 1800, value_parser = clap::value_parser!(u64).range(1..))]
    time_limit: u64,

    /// Holidays of whole years, laid over the built-in calendar: a TOML file
    #[arg(long, value_name = "FILE")]
    calendar: Option<PathBuf>,

    /// Settings file [default: callaudit.toml, if there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Before each answer its row for the table of calls, as JSON, and a tab; see `callaudit worker columns`
    #[arg(long)]
    rows: bool,

    /// Audit in this process, for a keeper
    #[arg(long, hide = true)]
    kept: bool,

    #[command(flatten)]
    settings: Layer,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: WorkerArgs) -> anyhow::Result<u8> {
    match args.command {
        Some(WorkerCommand::List(args)) => list::run(*args),
        Some(WorkerCommand::Records(args)) => records::run(&args),
        Some(WorkerCommand::Timing(args)) => timing::run(*args),
        Some(WorkerCommand::Columns(args)) => columns::run(&args),
        Some(WorkerCommand::Script(args)) => script::run(&args),
        None if args.serve.kept => serve::run(&args.serve),
        None => keep(&args.serve),
    }
}

impl ServeArgs {
    /// Transcripts are saved only where that is asked for: an engine's machines are many, and others' too.
    fn settings(&self) -> anyhow::Result<Settings> {
        let transcripts = self.settings.transcripts.clone().or_else(|| Some(PathBuf::from("none")));
        let layer = Layer { transcripts, ..self.settings.clone() };
        Ok(Settings::resolve(self.config.as_deref(), layer)?)
    }
}

fn keep(args: &ServeArgs) -> anyhow::Result<u8> {
    let keeping = Keeping {
        jobs: args.settings()?.jobs,
        time_limit: Duration::from_secs(args.time_limit),
        shard: args.shard,
    };
    let program = std::env::current_exe()?;
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let kept = || {
        let mut command = Command::new(&program);
        command.args(&arguments).arg("--kept");
        command
    };
    let kept = worker::keep(BufReader::new(stdin()), stdout().lock(), keeping, kept);
    kept.map(|()| super::NOTHING_FOUND).map_err(|error| {
        let hint = match error {
            KeepError::Input(_) => "give calls on standard input, a line each",
            KeepError::Output(_) => "lines without an answer have to be given to another worker",
            KeepError::Start(_) => "check the memory and the number of processes that this user may have",
            KeepError::Unfit(_) => "see the message above",
        };
        Failure::new(error, hint).into()
    })
}
