//! `callaudit lexicon diff`: which findings appear and vanish between two sets of rules.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::rules;
use crate::cli::trial::{self, Reports};
use crate::domain::{CallId, Finding, Tier};
use crate::ingest::CallInput;

/// Name that stands for the built-in packs alone.
const BUILT_IN: &str = "built-in";

/// Two sets of rules, and the calls to try them on.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// Directory of rule packs laid over the built-in ones, or `built-in` for those alone
    old: PathBuf,

    /// Directory of rule packs laid over the built-in ones, or `built-in` for those alone
    new: PathBuf,

    /// Transcripts (*.jsonl) to run both over
    #[arg(long, value_name = "TRANSCRIPTS", required = true, num_args = 1..)]
    over: Vec<PathBuf>,

    /// Call records of these calls
    #[arg(long, value_name = "FILE")]
    calls: Option<PathBuf>,
}

/// Prints what only one of the two finds; true if there is nothing.
pub(super) fn run(args: &DiffArgs, out: &mut impl Write) -> anyhow::Result<bool> {
    let calls = trial::calls(&args.over, args.calls.as_deref())?;
    let (old, new) = (findings(&args.old, &calls)?, findings(&args.new, &calls)?);
    print(&old, &new, out)?;
    Ok(old == new)
}

/// A finding as people would tell it from others: the same words under the same rule are the same finding.
type Told = (u64, String, Tier, String);

fn findings(rules: &Path, calls: &[CallInput]) -> anyhow::Result<BTreeMap<CallId, BTreeSet<Told>>> {
    let layers = if rules == Path::new(BUILT_IN) { Vec::new() } else { vec![rules.to_owned()] };
    let reports: Reports = trial::audit(trial::jobs(calls), &rules::load(&layers)?, true)?;
    Ok(reports
        .into_iter()
        .map(|(id, report)| (id, report.findings.iter().flat_map(told).collect()))
        .collect())
}

/// A finding by each rule that it speaks for.
fn told(finding: &Finding) -> impl Iterator<Item = Told> {
    let second = finding.start_s.unwrap_or_default().max(0.0) as u64;
    let also = finding.also.iter().map(|also| (&also.rule, also.tier));
    let rules = std::iter::once((&finding.rule, finding.tier)).chain(also);
    rules.map(move |(rule, tier)| (second, rule.clone(), tier, finding.quote.clone()))
}

fn print(
    old: &BTreeMap<CallId, BTreeSet<Told>>,
    new: &BTreeMap<CallId, BTreeSet<Told>>,
    out: &mut impl Write,
) -> io::Result<()> {
    let none = BTreeSet::new();
    let (mut gone, mut appeared) = (0, 0);
    for (call, before) in old {
        let after = new.get(call).unwrap_or(&none);
        for told in before.difference(after) {
            gone += 1;
            line("-", call, told, out)?;
        }
        for told in after.difference(before) {
            appeared += 1;
            line("+", call, told, out)?;
        }
    }
    writeln!(out, "{} calls: {gone} findings gone, {appeared} new", old.len())
}

fn line(
    sign: &str,
    call: &CallId,
    (second, rule, tier, quote): &Told,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "{sign} {call} {second} s {} {rule} 「{quote}」", super::lower(tier))
}
