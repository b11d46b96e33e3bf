//! Parquet, a group of rows at a time: every cell may be empty, texts are UTF-8.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use super::buffer::Buffer;
use super::kind::{Cell, Kind};

/// A row group is written when it has so many rows …
const GROUP_ROWS: usize = 20_000;

/// … or so many bytes of text: a report is some 28 KB.
const GROUP_BYTES: usize = 64 << 20;

/// A column as a file states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    /// Texts of many KB, no two alike: neither a dictionary nor bounds of them are worth their room.
    pub is_long: bool,
}

/// A table being written. The same rows give the same bytes.
pub struct ParquetTable<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Buffer>,
    /// Rows and bytes of text in the buffers.
    rows: usize,
    bytes: usize,
}

impl<W: Write + Send> ParquetTable<W> {
    /// Begins a table of that name, which is the name of the schema.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn new(out: W, name: &str, fields: &[Field]) -> io::Result<Self> {
        let columns = fields.iter().map(|field| Buffer::new(field.kind)).collect();
        let schema = schema(name, fields).map_err(unwritten)?;
        let writer = SerializedFileWriter::new(out, schema, Arc::new(properties(fields)));
        Ok(Self { writer: writer.map_err(unwritten)?, columns, rows: 0, bytes: 0 })
    }

    /// Takes a row: a cell a field. Cells of another kind than their field's, and those that lack, count as nothing.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub fn put(&mut self, row: impl IntoIterator<Item = Cell>) -> io::Result<()> {
        let mut cells = row.into_iter();
        for column in &mut self.columns {
            let cell = cells.next().unwrap_or(Cell::Nothing);
            self.bytes += cell.text_bytes();
            column.push(cell);
        }
        self.rows += 1;
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES {
            self.write_group().map_err(unwritten)?;
        }
        Ok(())
    }

    /// Writes what is left to write; gives back where it was written.
    ///
    /// # Errors
    /// When the table cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        if self.rows > 0 {
            self.write_group().map_err(unwritten)?;
        }
        self.writer.into_inner().map_err(unwritten)
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            column.write(&mut group)?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

/// The error of the place that is written to, where there is one inside.
fn unwritten(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inside) => inside.downcast().map_or_else(io::Error::other, |error| *error),
        other => io::Error::other(other),
    }
}

fn properties(fields: &[Field]) -> WriterProperties {
    let builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(concat!("callaudit ", env!("CARGO_PKG_VERSION")).to_owned());
    let long = fields.iter().filter(|field| field.is_long).map(|field| ColumnPath::from(field.name));
    let builder = long.fold(builder, |builder, path| {
        builder
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_statistics_enabled(path, EnabledStatistics::None)
    });
    builder.build()
}

fn schema(name: &str, fields: &[Field]) -> Result<TypePtr, ParquetError> {
    let fields = fields.iter().map(|field| field_type(*field)).collect::<Result<_, _>>()?;
    Ok(Arc::new(Type::group_type_builder(name).with_fields(fields).build()?))
}

fn field_type(field: Field) -> Result<TypePtr, ParquetError> {
    match field.kind {
        Kind::Text | Kind::Json => single(field.name, Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Real => single(field.name, Physical::DOUBLE, None),
        Kind::Whole => single(field.name, Physical::INT64, None),
        Kind::Truth => single(field.name, Physical::BOOLEAN, None),
        Kind::Day => single(field.name, Physical::INT32, Some(LogicalType::Date)),
        Kind::Texts => list(field.name),
    }
}

fn single(name: &str, physical: Physical, logical: Option<LogicalType>) -> Result<TypePtr, ParquetError> {
    let builder = Type::primitive_type_builder(name, physical);
    builder.with_repetition(Repetition::OPTIONAL).with_logical_type(logical).build().map(Arc::new)
}

/// The three levels that the format's own description asks for.
fn list(name: &str) -> Result<TypePtr, ParquetError> {
    let element = single("element", Physical::BYTE_ARRAY, Some(LogicalType::String))?;
    let repeated = Type::group_type_builder("list").with_repetition(Repetition::REPEATED);
    let outer = Type::group_type_builder(name).with_repetition(Repetition::OPTIONAL);
    let outer = outer.with_logical_type(Some(LogicalType::List));
    outer.with_fields(vec![Arc::new(repeated.with_fields(vec![element]).build()?)]).build().map(Arc::new)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::schema::printer::print_schema;

    use super::*;

    const FIELDS: [Field; 7] = [
        field("text", Kind::Text),
        field("real", Kind::Real),
        field("whole", Kind::Whole),
        field("truth", Kind::Truth),
        field("day", Kind::Day),
        field("texts", Kind::Texts),
        Field { is_long: true, ..field("long", Kind::Text) },
    ];

    const fn field(name: &'static str, kind: Kind) -> Field {
        Field { name, kind, is_long: false }
    }

    fn written(rows: impl IntoIterator<Item = Vec<Cell>>) -> SerializedFileReader<Bytes> {
        let mut table = ParquetTable::new(Vec::new(), "things", &FIELDS).unwrap();
        for row in rows {
            table.put(row).unwrap();
        }
        SerializedFileReader::new(table.finish().unwrap().into()).unwrap()
    }

    fn texts(texts: &[&str]) -> Cell {
        Cell::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn every_kind_reads_back_as_it_was() {
        let full = vec![
            Cell::Text("您好".into()),
            Cell::Real(0.5),
            Cell::Whole(-7),
            Cell::Truth(false),
            Cell::Day(20_516),
            texts(&["甲", "", "乙"]),
            Cell::Text("{}".into()),
        ];
        let mut empty_list = vec![Cell::Nothing; 5];
        empty_list.push(texts(&[]));
        // Of another kind than the column, or not there at all.
        let odd = vec![Cell::Real(1.0), Cell::Text("1".into())];
        let reader = written([full, empty_list, odd]);
        let rows: Vec<String> =
            reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
        insta::assert_snapshot!(rows.join("\n"), @r#"
        {text: "您好", real: 0.5, whole: -7, truth: false, day: 2026-03-04, texts: ["甲", "", "乙"], long: "{}"}
        {text: null, real: null, whole: null, truth: null, day: null, texts: [], long: null}
        {text: null, real: null, whole: null, truth: null, day: null, texts: null, long: null}
        "#);
    }

    #[test]
    fn the_schema_is_what_others_expect() {
        let mut text = Vec::new();
        print_schema(&mut text, written([]).metadata().file_metadata().schema());
        insta::assert_snapshot!(String::from_utf8(text).unwrap(), @r"
        message things {
          OPTIONAL BYTE_ARRAY text (STRING);
          OPTIONAL DOUBLE real;
          OPTIONAL INT64 whole;
          OPTIONAL BOOLEAN truth;
          OPTIONAL INT32 day (DATE);
          OPTIONAL group texts (LIST) {
            REPEATED group list {
              OPTIONAL BYTE_ARRAY element (STRING);
            }
          }
          OPTIONAL BYTE_ARRAY long (STRING);
        }
        ");
    }

    #[test]
    fn groups_are_bounded_by_rows_and_by_bytes() {
        let sizes = |reader: SerializedFileReader<Bytes>| -> Vec<i64> {
            reader
                .metadata()
                .row_groups()
                .iter()
                .map(parquet::file::metadata::RowGroupMetaData::num_rows)
                .collect()
        };
        assert_eq!(sizes(written((0..20_001).map(|_| Vec::new()))), [20_000, 1]);
        let long = "长".repeat(1 << 20);
        assert_eq!(sizes(written((0..23).map(|_| vec![Cell::Text(long.clone())]))), [22, 1]);
        assert_eq!(sizes(written([])), [0; 0]);
    }

    #[test]
    fn long_texts_have_neither_dictionary_nor_bounds() {
        let reader = written([vec![Cell::Text("x".into()); 7]]);
        let group = reader.metadata().row_group(0);
        let of = |place: usize| {
            let column = group.column(place);
            (column.dictionary_page_offset().is_some(), column.statistics().is_some())
        };
        assert_eq!((of(0), of(6)), ((true, true), (false, false)));
    }
}
