//! `callaudit worker columns`: what an engine has to know of reports to make the same tables of them.

use clap::Args;
use serde_json::{Value, json};

use crate::cli::NOTHING_FOUND;
use crate::domain::Mark;
use crate::ingest::AUDIO_EXTENSIONS;
use crate::report::tables::columns_json;
use crate::worker::PROTOCOL;

/// Print the columns of reports.parquet and findings.parquet as JSON: name, kind, and where a report line has them
#[derive(Debug, Args)]
pub struct ColumnsArgs {}

/// Runs the command and returns the exit status.
pub(super) fn run(_args: &ColumnsArgs) -> anyhow::Result<u8> {
    let mut told = columns_json();
    if let Value::Object(told) = &mut told {
        told.insert("protocol".to_owned(), PROTOCOL.into());
        told.insert("audio_endings".to_owned(), json!(AUDIO_EXTENSIONS));
        told.insert("refused_mark".to_owned(), Mark::REFUSED.into());
    }
    println!("{}", serde_json::to_string_pretty(&told)?);
    Ok(NOTHING_FOUND)
}
