//! `callaudit case`: all calls to a debtor packed for a complaint, and packs checked.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::case_judges::{CaseJudges, JudgingArgs};
use super::store::StoreArgs;
use super::{FOUND, NOTHING_FOUND};
use crate::case::{self, CaseError, FolderSink, Kind, Masking, Packed, Sink, Verified, ZipFileSink};
use crate::store::{Access, Store};

/// Pack all that is known of the calls to one debtor, for a complaint
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:
  callaudit case K-20391 --store qa.sqlite --out K-20391.zip
  callaudit case K-20391 --store qa.sqlite --out K-20391/ --unmasked --by zhao     for compliance alone
  callaudit case verify K-20391.zip                                                is it still what was packed

In the pack: index.html to read and print, calls/ a report a call, clips/ the sound of every finding, transcripts/,
calls.csv, findings.csv, outcomes.csv (every rule, those that were kept too), reviews.csv (judgements and appeals),
complaints.csv, reports.jsonl, case.json, and manifest.json with the SHA-256 of each file. Calls without a recording and
attempts nobody answered are in it. A recording that is gone, or another than was audited, is named as such.
Audited calls stand as they were judged; records of all others are judged by today's policies, all of them together.
Identity, bank-card and phone numbers are masked in text and sound unless --unmasked. Packs are noted in the store's log,
with the one hash over the manifest, so that a pack made up later can be told.
Exit status: 0 packed, 2 there is no such debtor or the pack could not be written. Of verify: 0 whole, 1 not, 2 no pack."
)]
pub struct CaseArgs {
    #[command(subcommand)]
    command: Option<CaseCommand>,

    /// The debtor, as the call records name it
    #[arg(value_name = "DEBTOR", required = true)]
    debtor: Option<String>,

    #[command(flatten)]
    store: StoreArgs,

    /// Where the pack goes: a folder, or a file that ends in .zip; nothing may be there yet
    #[arg(short, long, value_name = "DIR|FILE.zip", required = true)]
    out: Option<PathBuf>,

    /// Leave personal numbers in text and sound as they were said
    #[arg(long)]
    unmasked: bool,

    /// Who makes the pack, for the store's log [default: the user of this machine]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,

    #[command(flatten)]
    judging: JudgingArgs,
}

#[derive(Debug, Subcommand)]
enum CaseCommand {
    /// Tell every file of a pack that is missing, changed or added
    Verify {
        /// The folder or ZIP of a pack; nothing is unpacked
        #[arg(value_name = "PATH")]
        path: PathBuf,
    },
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: CaseArgs) -> anyhow::Result<u8> {
    match args {
        CaseArgs { command: Some(CaseCommand::Verify { path }), .. } => verify(&path),
        CaseArgs { debtor: Some(ref debtor), out: Some(ref out), .. } => pack(&args, debtor, out),
        // The parser asks for both.
        CaseArgs { .. } => Ok(super::FAILED),
    }
}

fn verify(path: &Path) -> anyhow::Result<u8> {
    let Verified { files, sha256, differences } = case::verify(path)?;
    for difference in &differences {
        let kind = match difference.kind {
            Kind::Missing => "missing",
            Kind::Changed => "changed",
            Kind::Added => "added  ",
        };
        println!("{kind}  {}", shown(&difference.path));
    }
    if differences.is_empty() {
        println!("whole: {files} files, {sha256}");
        return Ok(NOTHING_FOUND);
    }
    println!("not whole: {} of {files} files differ from the manifest", differences.len());
    Ok(FOUND)
}

/// A name of somebody's own must not steer the terminal.
fn shown(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn pack(args: &CaseArgs, debtor: &str, out: &Path) -> anyhow::Result<u8> {
    let judges = CaseJudges::load(&args.judging)?;
    let mut store = Store::open(&args.store.place, Access::Write)?;
    let case = store.snapshot(|store| judges.gather(store, debtor))?;
    let masking = if args.unmasked { Masking::Unmasked } else { Masking::Masked };
    let actor = args.by.clone().unwrap_or_else(user);
    let made = |sink: &mut dyn Sink, store: &mut Store| -> Result<Packed, CaseError> {
        let packed = case::pack(&case, masking, Timestamp::now(), sink)?;
        case::log_pack(store, &actor, &case, masking, &packed)?;
        Ok(packed)
    };
    let is_zip = out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    let packed = if is_zip {
        let mut sink = ZipFileSink::create(out)?;
        let packed = made(&mut sink, &mut store)?;
        sink.finish().map_err(CaseError::Write)?;
        packed
    } else {
        let mut sink = FolderSink::create(out)?;
        let packed = made(&mut sink, &mut store)?;
        sink.finish().map_err(CaseError::Write)?;
        packed
    };
    tell(&packed, out);
    Ok(NOTHING_FOUND)
}

fn tell(packed: &Packed, out: &Path) {
    println!(
        "{} calls, {} findings, {} files: {}",
        packed.calls,
        packed.findings,
        packed.files,
        out.display()
    );
    println!("sha256 {}", packed.sha256);
    if packed.recordings_lost > 0 {
        eprintln!(
            "warning: {} recordings are gone, changed or unreadable: the pack says which, and has no sound of them",
            packed.recordings_lost
        );
    }
}

/// The user of this machine, as the system names it.
fn user() -> String {
    let names = ["USER", "LOGNAME", "USERNAME"].iter().filter_map(|name| std::env::var(name).ok());
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| "unknown user".to_owned())
}
