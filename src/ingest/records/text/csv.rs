//! Rows of delimited text with a header line.

use std::collections::BTreeSet;

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use super::{Encoding, Parsed};
use crate::ingest::fault::Fault;
use crate::ingest::records::columns::{Column, Mapping, Names};
use crate::ingest::records::share::{Rows, ShareReader};

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// What the header line says.
#[derive(Debug, Clone)]
pub struct CsvForm {
    pub delimiter: u8,
    /// What each field of a row means, where it means anything.
    fields: Vec<Option<Column>>,
    pub names: Names,
    /// Bytes and line ends of the header.
    pub header_bytes: usize,
    pub header_lines: usize,
}

impl CsvForm {
    /// Reads the header from the decoded beginning of a text.
    pub fn new(start: &[u8], mapping: &Mapping) -> Result<Self, Fault> {
        let delimiter = delimiter(start);
        let mut reader = builder(delimiter).from_reader(start);
        let mut header = ByteRecord::new();
        reader.read_byte_record(&mut header).map_err(|error| Fault::unreadable(&error))?;
        let header_bytes = reader.position().byte() as usize;
        let mut names = Names::default();
        let fields = header.iter().map(|name| names.field(&String::from_utf8_lossy(name), mapping)).collect();
        let header_lines = count_line_ends(&start[..header_bytes.min(start.len())]);
        Ok(Self { delimiter, fields, names, header_bytes, header_lines })
    }

    /// Reads the rows of a block.
    pub fn parse<R: Rows>(&self, block: &[u8], encoding: Encoding, rows: R) -> Parsed<R> {
        let block = encoding.decoded(block);
        let mut reader = builder(self.delimiter).from_reader(&block[..]);
        let mut share = ShareReader::new(rows);
        let mut lines = LineCounter { block: &block, counted: 0, line_ends: 0 };
        let mut record = ByteRecord::new();
        loop {
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    share.left_out(lines.line_ends + 1, &format!("cannot be read: {error}"));
                    break;
                }
            }
            let line = lines.line_at(record.position().map_or(0, csv::Position::byte) as usize);
            record = self.row(line, record, encoding, &mut share);
        }
        let line_ends = count_line_ends(&block);
        Parsed { share: share.finish(), line_ends, names: BTreeSet::new(), ignored: Vec::new() }
    }

    /// Takes one row, and gives its memory back.
    fn row<R: Rows>(
        &self,
        line: usize,
        record: ByteRecord,
        encoding: Encoding,
        share: &mut ShareReader<R>,
    ) -> ByteRecord {
        let record = match StringRecord::from_byte_record(record) {
            Ok(record) => record,
            Err(damaged) => {
                share.left_out(line, "is not UTF-8 text");
                return damaged.into_byte_record();
            }
        };
        let (found, expected) = (record.len(), self.fields.len());
        if encoding == Encoding::Gb18030 && record.as_slice().contains(char::REPLACEMENT_CHARACTER) {
            share.left_out(line, &format!("is not {} text", encoding.name()));
        } else if record.iter().all(|cell| cell.trim().is_empty()) {
            // A blank line is no row.
        } else if found != expected {
            share.left_out(line, &format!("has {found} fields where the header has {expected}"));
        } else {
            let cells = self.fields.iter().zip(&record);
            share.row(line, cells.filter_map(|(column, cell)| Some(((*column)?, cell))));
        }
        record.into_byte_record()
    }
}

fn builder(delimiter: u8) -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.flexible(true).has_headers(false).delimiter(delimiter).buffer_capacity(1 << 16);
    builder
}

/// The separator that the header line has most of.
fn delimiter(text: &[u8]) -> u8 {
    let header = text.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let fields = |delimiter: u8| header.split(|byte| *byte == delimiter).count();
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| fields(*delimiter)).unwrap_or(b',')
}

fn count_line_ends(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

/// Counts the lines of a block along with its rows.
struct LineCounter<'a> {
    block: &'a [u8],
    /// Up to where line ends are counted, and how many lie before.
    counted: usize,
    line_ends: usize,
}

impl LineCounter<'_> {
    /// The line of the row that starts at or, behind line ends that the reader counts to it, after this byte.
    fn line_at(&mut self, start: usize) -> usize {
        let ends = self.block[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.line_ends += count_line_ends(&self.block[self.counted..start + ends]);
        self.counted = start + ends;
        self.line_ends + 1
    }
}
