//! Findings into a file of any format.

use std::io::{BufWriter, Write};

use super::csv::Csv;
use super::json::Json;
use super::parquet::Parquet;
use super::xlsx::Xlsx;
use super::{ExportError, Format};
use crate::store::{JudgedFinding, StoreError};

/// A file of findings being written.
pub(super) trait Table {
    fn put(&mut self, finding: &JudgedFinding) -> Result<(), ExportError>;

    /// Writes what is left to write.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// Writes findings as they come; the number of them. The same findings give the same bytes.
///
/// # Errors
/// Those of `findings`, and when `out` cannot be written; part of it may have been by then.
pub fn write<W: Write + Send>(
    findings: impl Iterator<Item = Result<JudgedFinding, StoreError>>,
    format: Format,
    out: &mut W,
) -> Result<u64, ExportError> {
    let out = BufWriter::with_capacity(1 << 16, out);
    let mut table: Box<dyn Table + '_> = match format {
        Format::Xlsx => Box::new(Xlsx::new(out)?),
        Format::Csv => Box::new(Csv::new(out)?),
        Format::Json => Box::new(Json { out }),
        Format::Parquet => Box::new(Parquet::new(out)?),
    };
    let mut count = 0;
    for finding in findings {
        table.put(&finding?)?;
        count += 1;
    }
    table.finish()?;
    Ok(count)
}
