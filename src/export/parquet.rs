//! Parquet, a group of rows at a time: every column may be empty, texts are UTF-8.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::ExportError;
use super::columns::{COLUMNS, Cell, Column, Kind, Reader};
use super::write::Table;
use crate::store::JudgedFinding;

/// Rows kept until their columns are written.
const GROUP_ROWS: usize = 20_000;

/// A file being written.
pub(super) struct Parquet<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    group: Vec<JudgedFinding>,
}

impl<W: Write + Send> Parquet<W> {
    pub(super) fn new(out: W) -> Result<Self, ExportError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by(concat!("callaudit ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let schema = schema().map_err(ExportError::unwritten)?;
        let writer = SerializedFileWriter::new(out, schema, Arc::new(properties));
        Ok(Self { writer: writer.map_err(ExportError::unwritten)?, group: Vec::new() })
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &COLUMNS {
            match column.kind {
                Kind::Text => {
                    write_column::<ByteArrayType, _>(&mut group, column, &self.group, |cell| match cell {
                        Cell::Text(text) => Some(ByteArray::from(text.into_owned().into_bytes())),
                        _ => None,
                    })
                }
                Kind::Real => {
                    write_column::<DoubleType, _>(&mut group, column, &self.group, |cell| match cell {
                        Cell::Real(number) => Some(number),
                        _ => None,
                    })
                }
                Kind::Whole => {
                    write_column::<Int64Type, _>(&mut group, column, &self.group, |cell| match cell {
                        Cell::Whole(number) => Some(number),
                        _ => None,
                    })
                }
            }?;
        }
        group.close()?;
        self.group.clear();
        Ok(())
    }
}

impl<W: Write + Send> Table for Parquet<W> {
    fn put(&mut self, finding: &JudgedFinding) -> Result<(), ExportError> {
        self.group.push(finding.clone());
        if self.group.len() == GROUP_ROWS {
            self.write_group().map_err(ExportError::unwritten)?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        if !self.group.is_empty() {
            self.write_group().map_err(ExportError::unwritten)?;
        }
        self.writer.close().map(|_| ()).map_err(ExportError::unwritten)
    }
}

fn schema() -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let (physical, logical) = match column.kind {
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Kind::Real => (Physical::DOUBLE, None),
            Kind::Whole => (Physical::INT64, None),
        };
        let builder = Type::primitive_type_builder(column.key, physical);
        builder.with_repetition(Repetition::OPTIONAL).with_logical_type(logical).build().map(Arc::new)
    };
    let fields: Vec<_> = COLUMNS.iter().map(field).collect::<Result<_, _>>()?;
    Ok(Arc::new(Type::group_type_builder("findings").with_fields(fields).build()?))
}

fn write_column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<W>,
    column: &Column,
    findings: &[JudgedFinding],
    value: impl Fn(Cell) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let values: Vec<Option<T::T>> =
        findings.iter().map(|finding| value((column.cell)(finding, Reader::Program))).collect();
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let values: Vec<T::T> = values.into_iter().flatten().collect();
    let Some(mut writer) = group.next_column()? else { return Ok(()) };
    writer.typed::<T>().write_batch(&values, Some(&levels), None)?;
    writer.close()
}
