//! `callaudit timing`: call records in, what they show about when and how often was called.

mod read;
mod refusals;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use jiff::Timestamp;
use rayon::prelude::*;

use self::read::{Read, read};
use super::audit::unwritable;
use super::fail_on::FailOn;
use super::failure::{Failure, print_call};
use super::format::FormatArgs;
use super::judges::load_policies;
use super::progress::Counter;
use super::records::RecordArgs;
use crate::config::{Layer, Settings};
use crate::domain::{Severity, TimingSummary};
use crate::ingest::shown_place;
use crate::report::{TimingFacts, TimingWriter, timing_lines};
use crate::timing::{self, Judged, Law, PolicySet};

/// Judge call records alone: hours, frequency, intervals, holidays, third persons. No audio, no model
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit timing --calls calls.csv
  callaudit timing --calls june.csv --calls july.csv --policy mainland --policy house-a --out timing-june
  callaudit timing --calls export.xlsx --columns columns.toml --timezone Asia/Taipei --policy taiwan
  callaudit timing --calls postgres://qa@localhost/calls --query \"SELECT * FROM call_log WHERE day >= '2026-10-01'\"

Records: CSV (comma, tab, semicolon or bar; UTF-8 or GB18030), JSONL, XLSX, Parquet, a SQLite file, or
postgres://user@server/database with --table or --query; Chinese or English column names.
Written, one line a finding: timing.jsonl (--format jsonl), findings.csv (csv), findings.parquet (parquet); agents.csv,
teams.csv, lenders.csv, hours.csv, days.csv (csv); index.html (html); whatever the formats, problems.csv (rows that
could not be read, with line and reason) and run.json.
Exit status: 0 nothing at or above --fail-on, 1 findings, 2 a file or a row could not be read (the others are judged).")]
pub struct TimingArgs {
    /// Call records: a file, sqlite:FILE, or postgres://…; may be repeated, all are judged together
    #[arg(long, value_name = "FILE|URL", required = true)]
    calls: Vec<PathBuf>,

    /// Folder for the report
    #[arg(long, value_name = "DIR", default_value = "timing-out")]
    out: PathBuf,

    #[command(flatten)]
    output: FormatArgs,

    /// Call-timing policy, see `callaudit policy list`; may be repeated [default: mainland]
    #[arg(long = "policy", value_name = "NAME", env = "CALLAUDIT_POLICY", value_delimiter = ',')]
    policies: Option<Vec<String>>,

    /// Directory with a policies folder, laid over the built-in policies; may be repeated
    #[arg(long = "lexicons", value_name = "DIR", env = "CALLAUDIT_LEXICONS", value_delimiter = ':')]
    lexicons: Option<Vec<PathBuf>>,

    /// Time zone of records that name none [default: Asia/Shanghai]
    #[arg(long, value_name = "ZONE", env = "CALLAUDIT_TIMEZONE")]
    timezone: Option<String>,

    #[command(flatten)]
    records: RecordArgs,

    /// report.jsonl of an audit: calls in which a third person refused further calls; may be repeated
    #[arg(long, value_name = "FILE")]
    reports: Vec<PathBuf>,

    /// Exit with 1 when a finding of either tier is at least this severe
    #[arg(long, value_name = "SEVERITY", default_value = "major")]
    fail_on: FailOn,

    /// Settings file [default: callaudit.toml, if there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Print nothing but errors
    #[arg(short, long)]
    quiet: bool,
}

/// Findings put into words at once.
const ROUND: usize = 1 << 15;

/// Runs the command and returns the exit status.
pub(super) fn run(args: TimingArgs) -> anyhow::Result<u8> {
    let started = (Timestamp::now(), Instant::now());
    let layer = Layer {
        policies: args.policies,
        lexicons: args.lexicons,
        timezone: args.timezone,
        ..Layer::default()
    };
    let settings = Settings::resolve(args.config.as_deref(), layer)?;
    let policies = load_policies(&settings)?;
    let calendar = timing::load_calendar(args.records.calendar.as_deref())?;
    let zone = timing::timezone(&settings.timezone)?;
    let options = args.records.options()?;
    let refusals = refusals::read(&args.reports)?;

    let mut writer = TimingWriter::create(&args.out, &args.output.formats)
        .map_err(|error| unwritable(&args.out, &error))?;
    let mut counter = Counter::new(args.quiet);
    let Read { log, errors, ignored_columns, problems, rows_lost } =
        read(&args.calls, &options, &zone, &mut counter, |file, problem| {
            let written = writer.problem(file, problem.line, &problem.cause);
            written.map_err(|error| unwritable(&args.out, &error).into())
        })?;
    errors.iter().for_each(print_call);
    if log.is_empty() {
        let hint = "name files of call records with a column for the call's id, see --help";
        return Err(Failure::new("there is no call to judge", hint).into());
    }
    counter.say("judging");
    let law = Law { policies: policies.policies(), calendar: &calendar, refusals: &refusals };
    let judged = timing::judge(&log, law);
    counter.say("writing");
    let facts = TimingFacts {
        records: args.calls.iter().map(|place| shown_place(place).display().to_string()).collect(),
        input_errors: errors,
        ignored_columns,
        problems,
        rows_lost,
        ..facts(started, &policies)
    };
    let (index, summary) = write(&judged, writer, &facts).map_err(|error| unwritable(&args.out, &error))?;
    counter.close();
    if !args.quiet {
        print!("{}", told(&summary, &policies, &facts));
        println!("report: {}", index.as_deref().unwrap_or(&args.out).display());
    }
    let is_whole = facts.input_errors.is_empty() && rows_lost == 0;
    Ok(exit_status(is_whole, judged.worst(), args.fail_on.into()))
}

/// What every run over call records says of itself.
pub(super) fn facts((started_at, clock): (Timestamp, Instant), policies: &PolicySet) -> TimingFacts {
    TimingFacts {
        started_at: started_at.to_string(),
        ended_at: Timestamp::now().to_string(),
        duration_s: clock.elapsed().as_secs_f64(),
        tool: concat!("callaudit ", env!("CARGO_PKG_VERSION")).to_owned(),
        policies: policies.policies().iter().map(|policy| policy.id.clone()).collect(),
        policies_sha256: policies.digest(),
        ..TimingFacts::default()
    }
}

/// Writes all findings, put into words by all cores, then the counts; the page, where there is one, and the counts.
pub(super) fn write(
    judged: &Judged,
    mut writer: TimingWriter,
    facts: &TimingFacts,
) -> std::io::Result<(Option<PathBuf>, TimingSummary)> {
    let formats = writer.formats();
    for first in (0..judged.count()).step_by(ROUND) {
        let last = (first + ROUND).min(judged.count());
        let lines: std::io::Result<Vec<_>> = (first..last)
            .into_par_iter()
            .map(|place| timing_lines(&judged.finding(place), formats))
            .collect();
        writer.findings(lines?)?;
    }
    let summary = judged.summary();
    Ok((writer.finish(&summary, facts)?, summary))
}

fn exit_status(is_whole: bool, worst: Option<Severity>, fail_on: Severity) -> u8 {
    match (is_whole, worst.is_some_and(|worst| worst >= fail_on)) {
        (false, _) => super::FAILED,
        (true, true) => super::FOUND,
        (true, false) => super::NOTHING_FOUND,
    }
}

/// What the terminal shows: a line a limit.
fn told(summary: &TimingSummary, policies: &PolicySet, facts: &TimingFacts) -> String {
    use std::fmt::Write as _;
    let total = &summary.total;
    let mut text = format!(
        "{} 通记录，外呼 {} 通；违规 {} 项，待复核 {} 项，涉及 {} 通（{:.1} 秒）\n",
        total.calls, total.outbound, total.violations, total.reviews, total.flagged, facts.duration_s
    );
    let width = summary.rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    for (rule, count) in summary.rules.iter().zip(&total.by_rule) {
        let _ = writeln!(text, "  {:width$}  {count:>9}  {}", rule.id, rule.title);
    }
    if facts.problems > 0 {
        let _ = writeln!(
            text,
            "{} 处记录有问题，其中 {} 行未能读取，见 problems.csv",
            facts.problems, facts.rows_lost
        );
    }
    let unjudged: u64 = summary.unjudged.iter().map(|unjudged| unjudged.calls).sum();
    if unjudged > 0 {
        let _ = writeln!(
            text,
            "另有 {unjudged} 次未能判断，原因见 run.json（{} 项策略）",
            policies.policies().len()
        );
    }
    text
}
