//! Parquet, for programs: every column may be empty.

use std::io::Write;

use super::ExportError;
use super::columns::{COLUMNS, Cell, Kind, Reader};
use super::write::Table;
use crate::report::tables::{self, Field, ParquetTable};
use crate::store::JudgedFinding;

/// A file being written.
pub(super) struct Parquet<W: Write + Send> {
    table: ParquetTable<W>,
}

impl<W: Write + Send> Parquet<W> {
    pub(super) fn new(out: W) -> Result<Self, ExportError> {
        let fields =
            COLUMNS.map(|column| Field { name: column.key, kind: kind(column.kind), is_long: false });
        let table = ParquetTable::new(out, "findings", &fields).map_err(ExportError::unwritten)?;
        Ok(Self { table })
    }
}

impl<W: Write + Send> Table for Parquet<W> {
    fn put(&mut self, finding: &JudgedFinding) -> Result<(), ExportError> {
        let row = COLUMNS.iter().map(|column| cell((column.cell)(finding, Reader::Program)));
        self.table.put(row).map_err(ExportError::unwritten)
    }

    fn finish(self: Box<Self>) -> Result<(), ExportError> {
        self.table.finish().map(|_| ()).map_err(ExportError::unwritten)
    }
}

fn kind(kind: Kind) -> tables::Kind {
    match kind {
        Kind::Text => tables::Kind::Text,
        Kind::Real => tables::Kind::Real,
        Kind::Whole => tables::Kind::Whole,
    }
}

fn cell(cell: Cell) -> tables::Cell {
    match cell {
        Cell::Nothing => tables::Cell::Nothing,
        Cell::Text(text) => tables::Cell::Text(text.into_owned()),
        Cell::Real(number) => tables::Cell::Real(number),
        Cell::Whole(number) => tables::Cell::Whole(number),
    }
}
