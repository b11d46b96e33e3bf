//! `callaudit review`: people judge what the audit found.

mod account;
mod candidates;
mod export;
mod import;

use std::net::SocketAddr;

use clap::{Args, Subcommand};

use self::account::AccountArgs;
use self::candidates::CandidatesArgs;
use self::export::ExportArgs;
use self::import::ImportArgs;
use super::case_judges::{CaseJudges, JudgingArgs};
use super::store::StoreArgs;
use super::{NOTHING_FOUND, failure::Failure};
use crate::review::{self, Gather, Knowledge};
use crate::store::{Access, Store};

/// Judge findings in a browser or in a spreadsheet, over a store
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit review account add wang --role qa --store qa.sqlite
  callaudit review serve --store qa.sqlite               http://127.0.0.1:8470/
  callaudit review export --store qa.sqlite --out findings.xlsx --state open
  callaudit review import findings.xlsx --store qa.sqlite --as wang
  callaudit review candidates --store qa.sqlite --out candidates/")]
pub struct ReviewArgs {
    #[command(subcommand)]
    command: ReviewCommand,
}

#[derive(Debug, Subcommand)]
enum ReviewCommand {
    Serve(ServeArgs),
    Account(AccountArgs),
    Export(ExportArgs),
    Import(ImportArgs),
    Candidates(CandidatesArgs),
}

/// Serve the review page, on this machine alone unless told otherwise
#[derive(Debug, Args)]
#[command(after_help = "Ctrl-C ends it. The night run and searches go on beside it.
To reach it from other machines, put a proxy with TLS before it: passwords and recordings travel as they are.")]
struct ServeArgs {
    #[command(flatten)]
    store: StoreArgs,

    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8470")]
    listen: SocketAddr,

    #[command(flatten)]
    judging: JudgingArgs,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: ReviewArgs) -> anyhow::Result<u8> {
    match args.command {
        ReviewCommand::Serve(args) => serve(args),
        ReviewCommand::Account(args) => account::run(args),
        ReviewCommand::Export(args) => export::run(args),
        ReviewCommand::Import(args) => import::run(&args),
        ReviewCommand::Candidates(args) => candidates::run(&args),
    }
}

fn serve(args: ServeArgs) -> anyhow::Result<u8> {
    if Store::open(&args.store.place, Access::Write)?.accounts()?.is_empty() {
        let hint = format!(
            "make one: callaudit review account add NAME --role supervisor --store {}",
            args.store.place
        );
        return Err(Failure::new("nobody may sign in yet", hint).into());
    }
    if !args.listen.ip().is_loopback() {
        eprintln!(
            "warning: {} can be reached from other machines, and what travels is not encrypted: put a proxy with TLS \
             before it, and let nobody past the proxy",
            args.listen
        );
    }
    let judges = CaseJudges::load(&args.judging)?;
    let (coaching, zone) = (judges.coaching().clone(), judges.zone().clone());
    let gather: Gather = Box::new(move |store, debtor| judges.gather(store, debtor));
    review::serve(args.store.place, Knowledge { gather, coaching, zone }, args.listen, |address| {
        println!("review page: http://{address}/");
    })?;
    Ok(NOTHING_FOUND)
}
