//! `callaudit worker timing`: the records of whole debtors, or of all calls to some numbers, in; what they show out.

use std::io::{BufRead, BufWriter, Write, stdin};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::cli::NOTHING_FOUND;
use crate::cli::failure::Failure;
use crate::cli::judges::load_policies;
use crate::config::{Layer, Settings};
use crate::domain::{CallRecord, CallRow};
use crate::report::tables::timing_json;
use crate::timing::{
    self, Law, Log, LogPart, Refusals, TimingOutcome, Together, judge_share, share_outcomes,
};

/// Judge a share of the call records, by the limits that look at calls of one debtor, or to one number, together
#[derive(Debug, Args)]
#[command(
    after_help = "Lines in: {\"record\":{…},\"refused\":true}, the record as `callaudit worker records` writes it; refused where an
audited call says that its third person asked not to be called again. All records of a debtor (--by debtor) or to a
number (--by number) have to be in one input; how they are shared out beyond that makes no difference.
Lines out: {\"call_id\":…,\"timing\":{…}} for calls of which anything is to be said, the `timing` of `callaudit worker`;
with --findings a line a finding, with the columns of findings.parquet."
)]
pub struct TimingArgs {
    /// Which limits: those that look at a call alone, at the calls of its debtor, or at those to its number
    #[arg(long, value_name = "WHAT")]
    by: By,

    /// Write findings, knowing who refused; else what is to be said of calls before they are heard
    #[arg(long)]
    findings: bool,

    /// Holidays of whole years, laid over the built-in calendar: a TOML file
    #[arg(long, value_name = "FILE")]
    calendar: Option<PathBuf>,

    /// Settings file [default: callaudit.toml, if there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(flatten)]
    settings: Layer,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    Call,
    Debtor,
    Number,
}

impl From<By> for Together {
    fn from(by: By) -> Self {
        match by {
            By::Call => Self::Nobody,
            By::Debtor => Self::Debtor,
            By::Number => Self::Number,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    record: CallRecord,
    #[serde(default)]
    refused: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    call_id: &'a str,
    timing: &'a TimingOutcome,
}

/// Rows on their way into the log.
struct Reading {
    part: LogPart,
    names: Vec<String>,
    faults: Vec<Option<String>>,
    refused: Vec<String>,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: TimingArgs) -> anyhow::Result<u8> {
    let settings = Settings::resolve(args.config.as_deref(), args.settings)?;
    let policies = load_policies(&settings)?;
    let calendar = timing::load_calendar(args.calendar.as_deref())?;
    let mut log = Log::new(&timing::timezone(&settings.timezone)?);
    let mut reading =
        Reading { part: log.part(), names: Vec::new(), faults: Vec::new(), refused: Vec::new() };
    for (number, line) in (1..).zip(stdin().lock().lines()) {
        reading.take(&line?).map_err(|cause| {
            Failure::new(format!("line {number} {cause}"), "give the lines of callaudit worker records")
        })?;
    }
    let Reading { part, names, faults, refused } = reading;
    log.absorb(part)?;
    log.close();
    let refusals = if args.findings { Refusals::of(refused) } else { Refusals::unknown() };
    let law = Law { policies: policies.policies(), calendar: &calendar, refusals: &refusals };
    let mut out = BufWriter::new(std::io::stdout().lock());
    if args.findings {
        write_findings(&mut out, &log, law, args.by.into())?;
    } else {
        write_outcomes(&mut out, &names, &share_outcomes(&log, &faults, law, args.by.into()))?;
    }
    out.flush()?;
    Ok(NOTHING_FOUND)
}

impl Reading {
    fn take(&mut self, line: &str) -> Result<(), String> {
        let Row { record, refused } =
            serde_json::from_str(line).map_err(|error| format!("is no record: {error}"))?;
        let row = CallRow::from(&record);
        let name = row.name().unwrap_or_default().to_owned();
        if refused {
            self.refused.push(name.clone());
        }
        self.names.push(name);
        self.faults.push(self.part.push(&row).err().map(|fault| fault.reason(&row)));
        Ok(())
    }
}

fn write_findings(out: &mut impl Write, log: &Log, law: Law, share: Together) -> std::io::Result<()> {
    let judged = judge_share(log, law, share);
    (0..judged.count()).try_for_each(|place| {
        let line = serde_json::to_string(&judged.finding(place))?;
        writeln!(out, "{}", timing_json(&line)?)
    })
}

fn write_outcomes(out: &mut impl Write, names: &[String], outcomes: &[TimingOutcome]) -> std::io::Result<()> {
    let nothing = TimingOutcome::default();
    for (call_id, timing) in names.iter().zip(outcomes).filter(|(_, timing)| **timing != nothing) {
        serde_json::to_writer(&mut *out, &Shown { call_id, timing })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
