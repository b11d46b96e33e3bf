//! Lines of JSON, `callaudit.findings/1`: every key in every line, null for what is not there.

use std::io::Write;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::ExportError;
use super::columns::{COLUMNS, Cell, Reader};
use super::write::Table;
use crate::store::JudgedFinding;

/// Version of the line format; others parse it.
const SCHEMA: &str = "callaudit.findings/1";

/// A file being written.
pub(super) struct Json<W> {
    pub(super) out: W,
}

impl<W: Write> Table for Json<W> {
    fn put(&mut self, finding: &JudgedFinding) -> Result<(), ExportError> {
        serde_json::to_writer(&mut self.out, &Line(finding)).map_err(ExportError::unwritten)?;
        Ok(self.out.write_all(b"\n")?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.out.flush()?)
    }
}

/// A finding in the order of the columns.
struct Line<'a>(&'a JudgedFinding);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(COLUMNS.len() + 1))?;
        map.serialize_entry("schema", SCHEMA)?;
        for column in &COLUMNS {
            match (column.cell)(self.0, Reader::Program) {
                Cell::Nothing => map.serialize_entry(column.key, &())?,
                Cell::Text(text) => map.serialize_entry(column.key, &text)?,
                Cell::Real(number) => map.serialize_entry(column.key, &number)?,
                Cell::Whole(number) => map.serialize_entry(column.key, &number)?,
            }
        }
        map.end()
    }
}
