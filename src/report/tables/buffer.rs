//! A column's cells until its row group is written.

use std::io::Write;

use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedRowGroupWriter;

use super::kind::{Cell, Kind};

/// Definition levels of lists: no list, a list with nothing in it, an element.
const NO_LIST: i16 = 0;
const EMPTY_LIST: i16 = 1;
const ELEMENT: i16 = 3;

/// Cells of one column, taken apart as Parquet wants them: what is there, and at what depth it is there.
pub(super) struct Buffer {
    values: Values,
    definitions: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Real(Vec<f64>),
    Whole(Vec<i64>),
    Truth(Vec<bool>),
    Day(Vec<i32>),
    /// With the repetition level of every definition: 0 where a row begins.
    Texts(Vec<ByteArray>, Vec<i16>),
}

impl Buffer {
    pub(super) fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text | Kind::Json => Values::Text(Vec::new()),
            Kind::Real => Values::Real(Vec::new()),
            Kind::Whole => Values::Whole(Vec::new()),
            Kind::Truth => Values::Truth(Vec::new()),
            Kind::Day => Values::Day(Vec::new()),
            Kind::Texts => Values::Texts(Vec::new(), Vec::new()),
        };
        Self { values, definitions: Vec::new() }
    }

    /// Takes the cell of the next row; one of another kind counts as nothing.
    pub(super) fn push(&mut self, cell: Cell) {
        match (&mut self.values, cell) {
            (Values::Texts(values, repetitions), cell) => {
                return push_texts(values, (&mut self.definitions, repetitions), cell);
            }
            (Values::Text(values), Cell::Text(text)) => values.push(text.into_bytes().into()),
            (Values::Real(values), Cell::Real(value)) => values.push(value),
            (Values::Whole(values), Cell::Whole(value)) => values.push(value),
            (Values::Truth(values), Cell::Truth(value)) => values.push(value),
            (Values::Day(values), Cell::Day(value)) => values.push(value),
            _ => return self.definitions.push(0),
        }
        self.definitions.push(1);
    }

    /// Writes the column into a row group, and is empty again.
    pub(super) fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<W>,
    ) -> Result<(), ParquetError> {
        let definitions = std::mem::take(&mut self.definitions);
        match &mut self.values {
            Values::Text(values) => write::<ByteArrayType, _>(group, values, &definitions, None),
            Values::Real(values) => write::<DoubleType, _>(group, values, &definitions, None),
            Values::Whole(values) => write::<Int64Type, _>(group, values, &definitions, None),
            Values::Truth(values) => write::<BoolType, _>(group, values, &definitions, None),
            Values::Day(values) => write::<Int32Type, _>(group, values, &definitions, None),
            Values::Texts(values, repetitions) => {
                let repetitions = std::mem::take(repetitions);
                write::<ByteArrayType, _>(group, values, &definitions, Some(&repetitions))
            }
        }
    }
}

fn push_texts(
    values: &mut Vec<ByteArray>,
    (definitions, repetitions): (&mut Vec<i16>, &mut Vec<i16>),
    cell: Cell,
) {
    let (empty, texts) = match cell {
        Cell::Texts(texts) => (EMPTY_LIST, texts),
        _ => (NO_LIST, Vec::new()),
    };
    if texts.is_empty() {
        definitions.push(empty);
        repetitions.push(0);
    }
    for (place, text) in texts.into_iter().enumerate() {
        definitions.push(ELEMENT);
        repetitions.push(i16::from(place > 0));
        values.push(text.into_bytes().into());
    }
}

fn write<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<W>,
    values: &mut Vec<T::T>,
    definitions: &[i16],
    repetitions: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let values = std::mem::take(values);
    let Some(mut writer) = group.next_column()? else { return Ok(()) };
    writer.typed::<T>().write_batch(&values, Some(definitions), repetitions)?;
    writer.close()
}
