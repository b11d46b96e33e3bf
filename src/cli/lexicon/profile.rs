//! `callaudit lexicon profile`: what each rule costs and finds.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use super::Layers;
use crate::cli::failure::Failure;
use crate::cli::semantics::Loaded;
use crate::cli::trial;
use crate::ingest::CallInput;
use crate::lexicon::{self, RuleSet};

/// Runs of each rule; the quickest counts, for whatever else the machine does only ever adds.
const RUNS: usize = 3;

/// Rules, and the calls to time them on.
#[derive(Debug, Args)]
#[command(
    after_help = "Each rule is compiled alone and run over all transcripts; the time of a run without any rule is taken off.
Together the rules are faster than the sum: one pass finds the words of all."
)]
pub(super) struct ProfileArgs {
    #[command(flatten)]
    layers: Layers,

    /// Transcripts (*.jsonl) to run every rule over
    #[arg(long, value_name = "TRANSCRIPTS", required = true, num_args = 1..)]
    over: Vec<PathBuf>,

    /// Call records of these calls
    #[arg(long, value_name = "FILE")]
    calls: Option<PathBuf>,
}

/// One rule's share.
struct Cost {
    rule: String,
    time: Duration,
    findings: usize,
    suppressed: usize,
}

/// Prints the rules, the costliest first.
pub(super) fn run(args: &ProfileArgs, out: &mut impl Write) -> anyhow::Result<bool> {
    let calls = trial::calls(&args.over, args.calls.as_deref())?;
    let alone = lexicon::each_alone(&args.layers.directories)
        .map_err(|_| Failure::new("the rule packs have mistakes", "see callaudit lexicon check"))?;
    let empty = measure("", &alone.without_rules, &calls).time;
    let mut costs: Vec<Cost> = alone.rules.iter().map(|(rule, rules)| measure(rule, rules, &calls)).collect();
    for cost in &mut costs {
        cost.time = cost.time.saturating_sub(empty);
    }
    costs.sort_by(|a, b| b.time.cmp(&a.time).then_with(|| a.rule.cmp(&b.rule)));
    print(&costs, empty, out)?;
    Ok(true)
}

fn measure(rule: &str, rules: &RuleSet, calls: &[CallInput]) -> Cost {
    let semantics = Loaded::without("rules are timed by their words alone");
    let auditor = trial::auditor(rules, &semantics);
    let mut cost = Cost { rule: rule.to_owned(), time: Duration::MAX, findings: 0, suppressed: 0 };
    for _ in 0..RUNS {
        let jobs = trial::jobs(calls);
        let clock = Instant::now();
        let reports: Vec<_> = jobs.into_iter().map(|job| auditor.audit(job).report).collect();
        cost.time = cost.time.min(clock.elapsed());
        // Rules that it builds on ran beside it; their findings are theirs.
        let own = |other: &str| other == rule;
        cost.findings = reports.iter().flat_map(|r| &r.findings).filter(|f| own(&f.rule)).count();
        cost.suppressed = reports.iter().flat_map(|r| &r.suppressed).filter(|s| own(&s.finding.rule)).count();
    }
    cost
}

fn print(costs: &[Cost], empty: Duration, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{:>10} {:>9} {:>9}  rule", "time ms", "findings", "silenced")?;
    for Cost { rule, time, findings, suppressed } in costs {
        writeln!(out, "{:>10.2} {findings:>9} {suppressed:>9}  {rule}", time.as_secs_f64() * 1000.0)?;
    }
    writeln!(out, "{:>10.2} {:>9} {:>9}  without any rule", empty.as_secs_f64() * 1000.0, "", "")
}
