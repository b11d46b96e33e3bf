//! Rows of JSONL: one object a line.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Parsed;
use crate::ingest::lines::json_cause;
use crate::ingest::records::columns::{Column, Mapping};
use crate::ingest::records::share::{Rows, ShareReader};

/// Reads the lines of a block.
pub fn parse<R: Rows>(block: &[u8], mapping: &Mapping, rows: R) -> Parsed<R> {
    let mut share = ShareReader::new(rows);
    let mut seen = Seen::default();
    let mut line_ends = 0;
    for (line, text) in (1..).zip(block.split_inclusive(|byte| *byte == b'\n')) {
        line_ends += usize::from(text.ends_with(b"\n"));
        let text = text.trim_ascii();
        if !text.is_empty() {
            match object(text).and_then(|object| seen.cells(&object, mapping)) {
                Ok(cells) => share.row(line, cells.iter().map(|(column, cell)| (*column, cell.as_str()))),
                Err(cause) => share.left_out(line, &cause),
            }
        }
    }
    Parsed { share: share.finish(), line_ends, names: seen.names, ignored: seen.ignored }
}

fn object(text: &[u8]) -> Result<Map<String, Value>, String> {
    let text = std::str::from_utf8(text).map_err(|_| "is not UTF-8 text".to_owned())?;
    serde_json::from_str(text).map_err(|error| format!("is no JSON object: {}", json_cause(&error)))
}

/// Names that the objects had so far.
#[derive(Default)]
struct Seen {
    names: BTreeSet<Column>,
    ignored: Vec<String>,
}

impl Seen {
    fn cells(
        &mut self,
        object: &Map<String, Value>,
        mapping: &Mapping,
    ) -> Result<Vec<(Column, String)>, String> {
        let mut cells: Vec<(Column, String)> = Vec::new();
        for (name, value) in object {
            let column = mapping.column(name).filter(|column| cells.iter().all(|(taken, _)| taken != column));
            match column {
                Some(column) => {
                    self.names.insert(column);
                    cells.push((column, plain(column, value)?));
                }
                None if !self.ignored.contains(name) => self.ignored.push(name.clone()),
                None => {}
            }
        }
        Ok(cells)
    }
}

/// The value as a CSV cell would hold it.
fn plain(column: Column, value: &Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Number(number) => Ok(number.to_string()),
        Value::String(text) => Ok(text.clone()),
        Value::Object(window) if column == Column::ConsentWindow => {
            let end = |key| window.get(key).and_then(Value::as_str).unwrap_or_default();
            Ok(format!("{}-{}", end("from"), end("until")))
        }
        Value::Array(_) | Value::Object(_) => Err(format!("{} is not a plain value", column.name())),
    }
}
