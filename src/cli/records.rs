//! How the commands that take call records are told to read them.

use std::path::PathBuf;

use clap::Args;

use crate::domain::CallError;
use crate::ingest::{Mapping, ReadOptions};

/// Options beside `--calls`.
#[derive(Debug, Args)]
pub(super) struct RecordArgs {
    /// Names of columns beyond those known: a TOML file with lines such as started_at = \"拨打发起时间\"
    #[arg(long, value_name = "FILE")]
    columns: Option<PathBuf>,

    /// Table of a database, or sheet of a workbook, that holds the call records
    #[arg(long, value_name = "NAME", conflicts_with = "query")]
    table: Option<String>,

    /// Query that gives the call records of a database
    #[arg(long, value_name = "SQL")]
    query: Option<String>,

    /// Holidays of whole years, laid over the built-in calendar: a TOML file
    #[arg(long, value_name = "FILE")]
    pub calendar: Option<PathBuf>,
}

impl RecordArgs {
    /// # Errors
    /// When the file of column names cannot be used.
    pub fn options(&self) -> Result<ReadOptions, CallError> {
        let mapping = self.columns.as_deref().map(Mapping::read).transpose()?.unwrap_or_default();
        Ok(ReadOptions { mapping, table: self.table.clone(), query: self.query.clone() })
    }
}
