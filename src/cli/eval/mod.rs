//! `callaudit eval`: how good the audit is, against labels.

mod reports;
mod table;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::NOTHING_FOUND;
use super::failure::Failure;
use crate::domain::CallError;
use crate::evaluate::{Evaluation, LabelledCall, Outcome, evaluate, labels};

/// Measure findings against labelled calls: precision, recall, F1, character error rate
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit eval labels.jsonl                                  audit the true words right here: what do the rules miss?
  callaudit eval utterances.tsv --lexicons my-rules --rules    the same with a house's own rules, rule by rule
  callaudit audit recordings/ --reveal --out heard             first hear the recordings …
  callaudit eval labels.jsonl --report heard/report.jsonl      … then measure hearing and rules together

LABELS are JSON lines, one labelled call each:
  {\"call_id\":\"A1\",\"turns\":[{\"speaker\":\"agent\",\"start\":0.4,\"end\":3.1,\"text\":\"…\",\"labels\":[\"threat\"]}],\"call_labels\":[\"missing_amount\"]}
or one utterance of the agent each, {\"text\":\"…\",\"labels\":[]}; or a table *.tsv of `threat,insult<TAB>words` and `clean<TAB>words`.

A finding belongs to the turn it overlaps (0.8 s of slack on either side); a turn counts once a category. Findings on the
customer's words or outside every turn are false alarms. Brackets hold 95 % intervals: Wilson's for precision and recall,
a bootstrap over calls for F1. Character errors need an audit with --reveal: masked digits count as errors.")]
pub struct EvalArgs {
    /// Labelled calls or utterances (*.jsonl, *.tsv)
    #[arg(value_name = "LABELS", required = true)]
    labels: Vec<PathBuf>,

    /// Report of an audit of these calls [default: audit the true words of LABELS]
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// Directory of rule packs to lay over the built-in ones; may be given again
    #[arg(long = "lexicons", value_name = "DIR", conflicts_with = "report")]
    lexicons: Vec<PathBuf>,

    /// Judge by words alone: no sentence encoder is loaded
    #[arg(long, env = "CALLAUDIT_NO_SEMANTIC", num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    no_semantic: Option<bool>,

    /// Also how often each rule is right
    #[arg(long)]
    rules: bool,

    /// Also every miss and false alarm with its words
    #[arg(long)]
    show: bool,

    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// Prints the measure.
///
/// # Errors
/// Labels or reports that are not understood, packs that do not load, output that cannot be written.
pub(super) fn run(args: &EvalArgs) -> anyhow::Result<u8> {
    let calls = read_labels(&args.labels)?;
    let reports = match &args.report {
        Some(path) => reports::read(path, &calls)?,
        None => reports::audit(&calls, &args.lexicons, !args.no_semantic.unwrap_or(false))?,
    };
    let mut evaluation = evaluate(&calls, &reports);
    if args.show {
        evaluation.judgements.retain(|judgement| judgement.outcome != Outcome::Found);
    } else {
        evaluation.judgements.clear();
    }
    print(&evaluation, args, &mut io::stdout().lock()).context("cannot write the figures")?;
    Ok(NOTHING_FOUND)
}

fn print(evaluation: &Evaluation, args: &EvalArgs, out: &mut impl Write) -> io::Result<()> {
    if args.json {
        serde_json::to_writer_pretty(&mut *out, evaluation)?;
        return writeln!(out);
    }
    table::print(evaluation, args.rules, out)
}

fn read_labels(paths: &[PathBuf]) -> anyhow::Result<Vec<LabelledCall>> {
    let mut calls = Vec::new();
    for path in paths {
        calls.extend(labels::parse(path, &read(path)?)?);
        labels::check_ids(path, &calls)?;
    }
    if calls.is_empty() {
        let cause = "there is no labelled call";
        return Err(Failure::new(cause, "`callaudit eval --help` shows what labels look like").into());
    }
    Ok(calls)
}

fn read(path: &Path) -> Result<String, CallError> {
    std::fs::read_to_string(path).map_err(|error| {
        CallError::new(
            path,
            format!("cannot read it: {error}"),
            "check the name; the file is to be UTF-8 text",
        )
    })
}
