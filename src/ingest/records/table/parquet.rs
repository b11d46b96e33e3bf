//! Parquet: plain columns of any type that a call record can have.

use std::fs::File;
use std::path::Path;

use jiff::Timestamp;
use parquet::basic::{LogicalType, TimeUnit};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType, FixedLenByteArray, Int96};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;

use super::Feed;
use crate::ingest::fault::Fault;

/// Rows read of each column at once.
const BATCH_ROWS: usize = 1 << 14;

pub(super) fn read(path: &Path, feed: &mut Feed) -> Result<(), Fault> {
    let file = SerializedFileReader::new(File::open(path)?).map_err(|error| unreadable(&error))?;
    let schema = file.metadata().file_metadata().schema_descr_ptr();
    // A column within a group or a list is not one value a row: it is told as unknown by its path.
    let names: Vec<String> = schema.columns().iter().map(|column| column.path().string()).collect();
    let is_plain = |place: usize| schema.column(place).max_rep_level() == 0 && !names[place].contains('.');
    let wanted =
        feed.header((0..names.len()).map(|place| if is_plain(place) { names[place].as_str() } else { "" }));
    let mut line = 0;
    for group in 0..file.num_row_groups() {
        let group = file.get_row_group(group).map_err(|error| unreadable(&error))?;
        let mut columns = Vec::new();
        for place in &wanted {
            let reader = group.get_column_reader(*place).map_err(|error| unreadable(&error))?;
            columns.push((reader, schema.column(*place)));
        }
        let mut left = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        while left > 0 {
            let count = left.min(BATCH_ROWS);
            let cells: Result<Vec<Vec<Cell>>, ParquetError> =
                columns.iter_mut().map(|(reader, column)| read_cells(reader, column, count)).collect();
            let cells = cells.map_err(|error| unreadable(&error))?;
            for row in 0..count {
                line += 1;
                if !feed_row(line, &cells, row, feed) {
                    return Ok(());
                }
            }
            left -= count;
        }
    }
    Ok(())
}

/// A value as a text file would hold it; empty for none, an error for bytes that are no text.
type Cell = Result<String, &'static str>;

fn feed_row(line: usize, columns: &[Vec<Cell>], row: usize, feed: &mut Feed) -> bool {
    let bad = columns.iter().find_map(|column| column.get(row)?.as_ref().err());
    if let Some(cause) = bad {
        return feed.bad_row(line, (*cause).to_owned());
    }
    let cells = columns.iter().map(|column| column.get(row).and_then(|cell| cell.as_deref().ok()));
    feed.row(line, cells.map(Option::unwrap_or_default))
}

fn read_cells(
    reader: &mut ColumnReader,
    column: &ColumnDescriptor,
    count: usize,
) -> Result<Vec<Cell>, ParquetError> {
    let logical = column.logical_type_ref();
    match reader {
        ColumnReader::BoolColumnReader(reader) => {
            cells(reader, column, count, |truth: &bool| Ok(truth.to_string()))
        }
        ColumnReader::Int32ColumnReader(reader) => {
            cells(reader, column, count, |number: &i32| Ok(number.to_string()))
        }
        ColumnReader::Int64ColumnReader(reader) => {
            cells(reader, column, count, |number: &i64| Ok(whole_number(*number, logical)))
        }
        ColumnReader::Int96ColumnReader(reader) => {
            cells(reader, column, count, |time: &Int96| Ok(wall_clock(time.to_millis(), 1000)))
        }
        ColumnReader::FloatColumnReader(reader) => {
            cells(reader, column, count, |number: &f32| Ok(number.to_string()))
        }
        ColumnReader::DoubleColumnReader(reader) => {
            cells(reader, column, count, |number: &f64| Ok(number.to_string()))
        }
        ColumnReader::ByteArrayColumnReader(reader) => {
            cells(reader, column, count, |bytes: &ByteArray| text(bytes.data()))
        }
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            cells(reader, column, count, |bytes: &FixedLenByteArray| text(bytes.data()))
        }
    }
}

fn cells<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    column: &ColumnDescriptor,
    count: usize,
    text: impl Fn(&T::T) -> Cell,
) -> Result<Vec<Cell>, ParquetError> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    while levels.len().max(values.len()) < count {
        let wanted = count - levels.len().max(values.len());
        let (records, ..) = reader.read_records(wanted, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            break;
        }
    }
    let mut values = values.iter().map(text);
    if column.max_def_level() == 0 {
        return Ok(values.collect());
    }
    let is_there = |level: &i16| *level == column.max_def_level();
    Ok(levels
        .iter()
        .map(
            |level| {
                if is_there(level) { values.next().unwrap_or(Ok(String::new())) } else { Ok(String::new()) }
            },
        )
        .collect())
}

fn text(bytes: &[u8]) -> Cell {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| "is not UTF-8 text")
}

/// A number, or the time it stands for: an instant with `Z`, a wall clock without.
fn whole_number(number: i64, logical: Option<&LogicalType>) -> String {
    let Some(LogicalType::Timestamp(kind)) = logical else { return number.to_string() };
    let per_second = match kind.unit {
        TimeUnit::MILLIS => 1000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    };
    let clock = wall_clock(number, per_second);
    if kind.is_adjusted_to_u_t_c { clock + "Z" } else { clock }
}

fn wall_clock(number: i64, per_second: i64) -> String {
    match Timestamp::from_second(number.div_euclid(per_second)) {
        Ok(instant) => instant.to_string().trim_end_matches('Z').to_owned(),
        Err(_) => number.to_string(),
    }
}

fn unreadable(error: &ParquetError) -> Fault {
    Fault::new(format!("cannot be read as Parquet: {error}"), "check that the file is whole")
}
