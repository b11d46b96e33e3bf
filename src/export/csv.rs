//! Text for spreadsheets: UTF-8 with a mark, lines as Windows ends them, no cell that would run as a formula.

use std::io::Write;

use csv::{Terminator, Writer, WriterBuilder};

use super::ExportError;
use super::columns::{COLUMNS, Cell, Reader, plain};
use super::write::Table;
use crate::report::{BYTE_ORDER_MARK, harmless};
use crate::store::JudgedFinding;

/// A file being written.
pub(super) struct Csv<W: Write> {
    writer: Writer<W>,
}

impl<W: Write> Csv<W> {
    pub(super) fn new(mut out: W) -> Result<Self, ExportError> {
        out.write_all(BYTE_ORDER_MARK.as_bytes())?;
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        writer.write_record(COLUMNS.map(|column| column.name_zh)).map_err(ExportError::unwritten)?;
        Ok(Self { writer })
    }
}

impl<W: Write> Table for Csv<W> {
    fn put(&mut self, finding: &JudgedFinding) -> Result<(), ExportError> {
        let cells = COLUMNS.iter().map(|column| shown(&(column.cell)(finding, Reader::Person)));
        self.writer.write_record(cells).map_err(ExportError::unwritten)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.writer.flush()?)
    }
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Text(text) => harmless(plain(text)),
        Cell::Real(number) => format!("{number}"),
        Cell::Whole(number) => number.to_string(),
    }
}
