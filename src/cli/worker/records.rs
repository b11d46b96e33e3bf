//! `callaudit worker records`: call records of any spelling in, records as the worker takes them out.

use std::io::{BufReader, BufWriter, Write, stdin};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::NOTHING_FOUND;
use crate::domain::CallRecord;
use crate::ingest::{Mapping, ReadOptions, RowProblem, Share, read_part};

/// Rewrite call records: JSONL with English or Chinese names in, one record a line with the names of the worker out
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  callaudit worker records <call_log.jsonl
  callaudit worker records --columns columns.toml <call_log.jsonl

A row that could not be read gets a line {\"line\":…,\"problem\":…,\"lost\":true}; one of which a value could not be read a
record without the value, and such a line with \"lost\":false.")]
pub struct RecordsArgs {
    /// Names of columns beyond those known: a TOML file with lines such as started_at = \"拨打发起时间\"
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,
}

#[derive(Serialize)]
struct NotRead<'a> {
    line: usize,
    problem: &'a str,
    lost: bool,
}

/// Runs the command and returns the exit status.
pub(super) fn run(args: &RecordsArgs) -> anyhow::Result<u8> {
    let mapping = args.columns.as_deref().map(Mapping::read).transpose()?.unwrap_or_default();
    let options = ReadOptions { mapping, ..ReadOptions::default() };
    let mut out = BufWriter::new(std::io::stdout());
    let mut written = Ok(());
    read_part(BufReader::new(stdin()), &options, &Vec::new, &mut |share| {
        if written.is_ok() {
            written = write(&mut out, &share);
        }
        Ok(())
    })?;
    written?;
    out.flush()?;
    Ok(NOTHING_FOUND)
}

fn write(out: &mut impl Write, share: &Share<Vec<CallRecord>>) -> std::io::Result<()> {
    for record in &share.rows {
        serde_json::to_writer(&mut *out, record)?;
        out.write_all(b"\n")?;
    }
    for RowProblem { line, cause, is_lost } in &share.problems {
        serde_json::to_writer(&mut *out, &NotRead { line: *line, problem: cause, lost: *is_lost })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
