//! Rows of either file form: pairs of column and value.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use csv::StringRecord;
use serde_json::{Map, Value};

use super::columns::Column;
use crate::ingest::fault::Fault;
use crate::ingest::lines::{Lines, json_cause};

/// The known columns of one row with their values as written.
pub(super) type Row = Vec<(Column, String)>;

/// Line number from 1, and the row or what is wrong with it.
pub(super) type NumberedRow = (usize, Result<Row, String>);

const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

pub(super) enum Rows {
    Csv(CsvRows),
    Json(JsonRows),
}

/// The bytes of one file, shared by its readers.
type Content = Cursor<Arc<[u8]>>;

/// Opens a file by its content: an object at the start makes it JSONL, else it is CSV.
pub(super) fn open(path: &Path) -> Result<Rows, Fault> {
    let bytes = std::fs::read(path)?;
    refuse_foreign(&bytes)?;
    let content = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    if content.trim_ascii_start().first() == Some(&b'{') {
        let lines = Lines::new(Cursor::new(content.into()));
        return Ok(Rows::Json(JsonRows { lines, seen: Columns::default() }));
    }
    CsvRows::new(content.into()).map(Rows::Csv)
}

fn refuse_foreign(bytes: &[u8]) -> Result<(), Fault> {
    const SAVE: &str = "save it as UTF-8 text; in Excel: Save As, CSV UTF-8 (Comma delimited)";
    let cause = match (bytes, std::str::from_utf8(bytes)) {
        ([], _) => return Err(Fault::new("is empty", "write a header line and one call a line")),
        ([b'P', b'K', ..], _) => "is a workbook, not CSV".to_owned(),
        ([0xFF, 0xFE, ..] | [0xFE, 0xFF, ..], _) => "is UTF-16 text, not UTF-8".to_owned(),
        (_, Ok(_)) => return Ok(()),
        (_, Err(error)) => {
            let line = 1 + count_line_ends(&bytes[..error.valid_up_to()]);
            format!("is not UTF-8 text (line {line})")
        }
    };
    Err(Fault::new(cause, SAVE))
}

fn count_line_ends(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count() - 1
}

/// The separator that the header line has most of.
fn delimiter(text: &[u8]) -> u8 {
    let header = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let fields = |delimiter: u8| header.split(|byte| *byte == delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| fields(*delimiter)).unwrap_or(b',')
}

impl Rows {
    /// The next row that holds anything.
    pub fn next_row(&mut self) -> Result<Option<NumberedRow>, Fault> {
        match self {
            Self::Csv(rows) => rows.next_row(),
            Self::Json(rows) => Ok(rows.next_row()),
        }
    }

    pub fn ignored_columns(&self) -> Vec<String> {
        self.columns().ignored.clone()
    }

    /// True if any column can tell which call a row is about.
    pub fn names_calls(&self) -> bool {
        let known = &self.columns().known;
        known.contains(&Column::CallId) || known.contains(&Column::Recording)
    }

    fn columns(&self) -> &Columns {
        match self {
            Self::Csv(rows) => &rows.seen,
            Self::Json(rows) => &rows.seen,
        }
    }
}

/// Columns seen so far.
#[derive(Default)]
struct Columns {
    known: Vec<Column>,
    ignored: Vec<String>,
}

impl Columns {
    fn know(&mut self, column: Column) {
        if !self.known.contains(&column) {
            self.known.push(column);
        }
    }

    fn ignore(&mut self, header: &str) {
        let header = header.trim().to_owned();
        if !header.is_empty() && !self.ignored.contains(&header) {
            self.ignored.push(header);
        }
    }
}

pub(super) struct CsvRows {
    content: Arc<[u8]>,
    reader: csv::Reader<Content>,
    /// What each field of a row means, where it means anything.
    fields: Vec<Option<Column>>,
    /// Up to where lines are counted, and how many lie before.
    counted: (usize, usize),
    seen: Columns,
}

impl CsvRows {
    fn new(content: Arc<[u8]>) -> Result<Self, Fault> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(delimiter(&content))
            .from_reader(Cursor::new(content.clone()));
        let headers = reader.headers().map_err(|error| Fault::unreadable(&error))?.clone();
        let mut seen = Columns::default();
        let fields = headers.iter().map(|header| field(header, &mut seen)).collect();
        Ok(Self { content, reader, fields, counted: (0, 0), seen })
    }

    fn next_row(&mut self) -> Result<Option<NumberedRow>, Fault> {
        let mut record = StringRecord::new();
        while self.reader.read_record(&mut record).map_err(|error| Fault::unreadable(&error))? {
            let start = record.position().map_or(0, csv::Position::byte) as usize;
            let line = self.line_at(start);
            if !record.iter().all(|value| value.trim().is_empty()) {
                return Ok(Some((line, self.row(&record))));
            }
        }
        Ok(None)
    }

    /// The line of the row that starts at or, behind line ends that the reader counts to it, after this byte.
    fn line_at(&mut self, start: usize) -> usize {
        let line_ends = self.content[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let (counted_to, lines) = self.counted;
        let start = start + line_ends;
        self.counted = (start, lines + count_line_ends(&self.content[counted_to..start]));
        self.counted.1 + 1
    }

    fn row(&self, record: &StringRecord) -> Result<Row, String> {
        let (found, expected) = (record.len(), self.fields.len());
        if found != expected {
            return Err(format!("has {found} fields where the header has {expected}"));
        }
        let pairs = self.fields.iter().zip(record);
        Ok(pairs.filter_map(|(column, value)| Some(((*column)?, value.to_owned()))).collect())
    }
}

/// The first column of a meaning counts; a second one is ignored, and reported as such.
fn field(header: &str, seen: &mut Columns) -> Option<Column> {
    let column = Column::from_header(header).filter(|column| !seen.known.contains(column));
    match column {
        Some(column) => seen.know(column),
        None => seen.ignore(header),
    }
    column
}

pub(super) struct JsonRows {
    lines: Lines<Content>,
    seen: Columns,
}

impl JsonRows {
    fn next_row(&mut self) -> Option<NumberedRow> {
        let (line, text) = self.lines.next()?;
        let row = text.and_then(|text| {
            let object: Map<String, Value> = serde_json::from_str(&text)
                .map_err(|error| format!("is no JSON object: {}", json_cause(&error)))?;
            self.row(&object)
        });
        Some((line, row))
    }

    fn row(&mut self, object: &Map<String, Value>) -> Result<Row, String> {
        let mut row = Row::new();
        for (name, value) in object {
            match Column::from_header(name).filter(|column| row.iter().all(|(taken, _)| taken != column)) {
                Some(column) => {
                    self.seen.know(column);
                    row.push((column, plain(column, value)?));
                }
                None => self.seen.ignore(name),
            }
        }
        Ok(row)
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
