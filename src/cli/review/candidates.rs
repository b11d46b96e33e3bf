//! `callaudit review candidates`: reviewers' judgements as material for rules.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::cli::NOTHING_FOUND;
use crate::cli::store::StoreArgs;
use crate::feedback;
use crate::report::write_whole;
use crate::store::Access;

/// Turn judgements into examples for rules (hit, miss) and labelled utterances
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit review candidates --store qa.sqlite --out candidates/
  callaudit eval candidates/training.jsonl --show         what the rules of today make of it

Into the folder go
  <category>.toml   of each rule: confirmed and upheld findings as hit, rejected and overturned ones as miss. A layer of
                    rules replaces a rule as a whole, so paste the examples into your own, then: callaudit lexicon test
  training.jsonl    utterances of agents with the categories confirmed in them: {\"text\":…,\"labels\":[…]}
  not_said.jsonl    findings of what was misheard: they say nothing about the rule
Whole segments are given, in simplified characters, each once. Personal numbers are masked. Files of these names are
replaced, others are left as they are.
Exit status: 0 the files are written, 2 they are not.")]
pub(super) struct CandidatesArgs {
    #[command(flatten)]
    store: StoreArgs,

    /// The folder; it is made where there is none
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: &CandidatesArgs) -> anyhow::Result<u8> {
    let candidates = feedback::collect(&mut args.store.open(Access::Read)?)?;
    std::fs::create_dir_all(&args.out).with_context(|| args.out.display().to_string())?;
    for (name, text) in candidates.files() {
        write_whole(&args.out.join(&name), text.as_bytes())?;
        println!("{}", args.out.join(name).display());
    }
    let counts = candidates.counts();
    eprintln!(
        "{} judged findings: {} hit and {} miss candidates, {} labelled utterances, {} misheard, {} without words",
        counts.judged, counts.hits, counts.misses, counts.training, counts.misheard, counts.without_words
    );
    Ok(NOTHING_FOUND)
}
