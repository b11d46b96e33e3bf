//! `callaudit review export`: findings with what people made of them, as a file.

use std::fs::File;
use std::path::PathBuf;

use clap::Args;

use crate::cli::NOTHING_FOUND;
use crate::cli::failure::Failure;
use crate::cli::store::StoreArgs;
use crate::domain::{Category, Severity};
use crate::export::{ExportError, Format, Rows, write};
use crate::report::write_whole_by;
use crate::store::{Access, FindingState, Selection};

/// Write findings and what people made of them to a file: to fill in, to keep, to count elsewhere
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit review export --store qa.sqlite --out todo.xlsx --state open     to fill in, then: review import
  callaudit review export --store qa.sqlite --out march.csv --from 2026-03-01 --to 2026-03-31
  callaudit review export --store qa.sqlite --out threats.parquet --category threat
  callaudit review export --store qa.sqlite --out findings.json              a line a finding

One row a finding of the last audit, in order of call; personal numbers are masked. XLSX and CSV have
Chinese names and three columns to fill in: 复核结论, 驳回原因, 备注. JSON (callaudit.findings/1) and
Parquet have ids.
Exit status: 0 the file is written, 2 it is not.")]
pub(super) struct ExportArgs {
    #[command(flatten)]
    store: StoreArgs,

    /// The file; it is there whole or not at all
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// xlsx, csv, json or parquet [default: by the file's ending]
    #[arg(long, value_parser = format)]
    format: Option<Format>,

    /// Only findings in this state; may be repeated: open, appealed, confirmed, rejected, upheld, overturned
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Vec<FindingState>,

    /// Only findings of this category, e.g. threat
    #[arg(long, value_name = "ID", value_parser = category)]
    category: Option<Category>,

    /// Only findings this severe: info, minor, major, critical
    #[arg(long, value_parser = severity)]
    severity: Option<Severity>,

    /// Only calls of this agent
    #[arg(long, value_name = "ID")]
    agent: Option<String>,

    /// Only findings assigned to this account
    #[arg(long, value_name = "NAME")]
    assigned_to: Option<String>,

    /// First day, YYYY-MM-DD
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Option<String>,

    /// Last day, YYYY-MM-DD
    #[arg(long, value_name = "DAY", value_parser = day)]
    to: Option<String>,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: ExportArgs) -> anyhow::Result<u8> {
    let format = args.format.or_else(|| Format::of_path(&args.out)).ok_or_else(|| {
        let cause = format!("{}: the ending tells no format", args.out.display());
        Failure::new(
            cause,
            format!("end the name in .{}, or give --format", listed(&Format::ALL, Format::id, ", .")),
        )
    })?;
    let selection = Selection {
        states: args.state,
        category: args.category,
        severity: args.severity,
        agent_id: args.agent,
        assigned_to: args.assigned_to,
        from_day: args.from,
        to_day: args.to,
    };
    let mut store = args.store.open(Access::Read)?;
    let export = |file: &mut File| write(Rows::new(&mut store, selection), format, file);
    let count = write_whole_by::<u64, ExportError>(&args.out, export)?;
    println!("{count} findings in {}", args.out.display());
    Ok(NOTHING_FOUND)
}

fn format(id: &str) -> Result<Format, String> {
    known(Format::from_id(id), &Format::ALL, Format::id)
}

fn state(id: &str) -> Result<FindingState, String> {
    known(FindingState::from_id(id), &FindingState::ALL, FindingState::id)
}

fn category(id: &str) -> Result<Category, String> {
    known(Category::from_id(id), &Category::ALL, Category::id)
}

fn severity(id: &str) -> Result<Severity, String> {
    known(Severity::from_id(id), &Severity::ALL, Severity::id)
}

fn day(day: &str) -> Result<String, String> {
    let is_day = day.len() == "2026-01-31".len() && day.parse::<jiff::civil::Date>().is_ok();
    if is_day { Ok(day.to_owned()) } else { Err("write a day as 2026-01-31".to_owned()) }
}

fn known<T: Copy>(found: Option<T>, all: &[T], id: impl Fn(T) -> &'static str) -> Result<T, String> {
    found.ok_or_else(|| format!("there are {}", listed(all, id, ", ")))
}

fn listed<T: Copy>(all: &[T], id: impl Fn(T) -> &'static str, between: &str) -> String {
    all.iter().map(|one| id(*one)).collect::<Vec<_>>().join(between)
}
