//! One file a command: arguments and words, nothing else.

mod audit;
mod batch;
mod case;
mod case_judges;
mod coach;
mod doctor;
mod eval;
mod explain;
mod fail_on;
mod failure;
mod format;
mod judges;
mod lexicon;
mod listener;
mod model;
mod policy;
mod progress;
mod records;
mod review;
mod rules;
mod search;
mod semantics;
mod store;
mod timing;
mod trial;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Exit status: nothing at or above `--fail-on`.
pub const NOTHING_FOUND: u8 = 0;
/// Exit status: findings at or above `--fail-on`, or a check that did not pass.
pub const FOUND: u8 = 1;
/// Exit status: some call could not be audited, or the command could not run.
pub const FAILED: u8 = 2;

#[derive(Debug, Parser)]
#[command(
    name = "callaudit",
    version,
    about = "Audits recorded debt-collection calls (催收通话) for compliance, on this machine alone",
    after_help = "Examples:
  callaudit model fetch base                            speech weights, once
  callaudit audit recordings/ --calls calls.csv         a report a call under audit-out/
  callaudit audit transcripts.jsonl --policy mainland   from saved transcripts, no model needed
  callaudit timing --calls calls.csv                    hours, frequency, holidays: records alone, by the million
  callaudit batch --store qa.sqlite inbox/              what is new, every night, into a store
  callaudit search 通讯录 --store qa.sqlite             who said it, in all stored calls
  callaudit review serve --store qa.sqlite              judge what was found, in a browser
  callaudit case K-20391 --out K-20391.zip              all calls to a debtor, packed for a complaint
  callaudit coach A017 --month 2026-10                  an agent's month: what recurs, and what to say instead
  callaudit worker <calls.jsonl >reports.jsonl          for engines: Spark, Kubernetes, GNU parallel
  callaudit doctor                                      is all there, and how fast is this machine
  callaudit explain 3f9ac2d41b07                        why this finding, and what silenced the others
  callaudit eval labels.jsonl                           how many breaches are found, and how many are not breaches

Exit status: 0 nothing found, 1 findings, 2 some call could not be audited.
Recordings, transcripts and reports never leave this machine."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Audit(Box<audit::AuditArgs>),
    Timing(timing::TimingArgs),
    Batch(Box<batch::BatchArgs>),
    Search(search::SearchArgs),
    Review(review::ReviewArgs),
    Case(Box<case::CaseArgs>),
    Coach(coach::CoachArgs),
    Model(model::ModelArgs),
    Lexicon(lexicon::LexiconArgs),
    Policy(policy::PolicyArgs),
    Explain(explain::ExplainArgs),
    Eval(eval::EvalArgs),
    Worker(Box<worker::WorkerArgs>),
    Doctor(Box<doctor::DoctorArgs>),
}

/// Parses the command line, runs the command, and turns its outcome into the exit status.
pub fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Audit(args) => audit::run(*args),
        Command::Timing(args) => timing::run(args),
        Command::Batch(args) => batch::run(&args),
        Command::Search(args) => search::run(&args),
        Command::Review(args) => review::run(args),
        Command::Case(args) => case::run(*args),
        Command::Coach(args) => coach::run(&args),
        Command::Model(args) => model::run(&args),
        Command::Lexicon(args) => lexicon::run(args),
        Command::Policy(args) => policy::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Worker(args) => worker::run(*args),
        Command::Doctor(args) => doctor::run(*args),
    };
    ExitCode::from(outcome.unwrap_or_else(|error| {
        failure::print(&error);
        FAILED
    }))
}
