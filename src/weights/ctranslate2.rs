//! Reads a CTranslate2 model file: named arrays, one after another, found by an index made in one pass.
//!
//! Layout (little-endian): u32 version 6; string name of the specification; u32 its revision; u32 count; then per
//! variable string name, u8 rank, u32 × rank dimensions, u8 type, u32 bytes, data; then u32 count of aliases, each
//! string alias, string target. A string is a u16 length and that many bytes, the last of them zero.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::ops::Range;

use half::{bf16, f16};

use super::error::FormatError;
use super::fields::Fields;

const VERSION: u32 = 6;
const SPECIFICATION: &str = "WhisperSpec";
/// No variable of a Whisper model has more dimensions than a convolution's three.
const MAX_RANK: u8 = 4;

type Result<T> = std::result::Result<T, FormatError>;

/// An open model file and the places of its variables.
pub(super) struct Model<R> {
    fields: Fields<R>,
    variables: BTreeMap<String, Variable>,
}

/// One array in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) dimensions: Vec<usize>,
    number: Number,
    offset: u64,
}

impl Variable {
    /// Length along the first dimension; 1 for a scalar.
    pub(super) fn rows(&self) -> usize {
        self.dimensions.first().copied().unwrap_or(1)
    }

    /// Elements that one row holds. The index has checked that the product fits the file.
    pub(super) fn columns(&self) -> usize {
        self.dimensions.iter().skip(1).product()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Number {
    F32,
    I8,
    I16,
    I32,
    F16,
    Bf16,
}

impl Number {
    fn from_id(id: u8) -> Option<Self> {
        [Self::F32, Self::I8, Self::I16, Self::I32, Self::F16, Self::Bf16].get(usize::from(id)).copied()
    }

    fn bytes(self) -> usize {
        match self {
            Self::I8 => 1,
            Self::I16 | Self::F16 | Self::Bf16 => 2,
            Self::F32 | Self::I32 => 4,
        }
    }

    /// Integers of weight arrays are multiples of a scale kept beside them.
    fn is_scaled(self) -> bool {
        matches!(self, Self::I8 | Self::I16)
    }

    fn decode(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            Self::F32 => numbers(bytes, f32::from_le_bytes),
            Self::I8 => numbers(bytes, |byte| f32::from(i8::from_le_bytes(byte))),
            Self::I16 => numbers(bytes, |bytes| f32::from(i16::from_le_bytes(bytes))),
            Self::I32 => numbers(bytes, |bytes| i32::from_le_bytes(bytes) as f32),
            Self::F16 => numbers(bytes, |bytes| f16::from_le_bytes(bytes).to_f32()),
            Self::Bf16 => numbers(bytes, |bytes| bf16::from_le_bytes(bytes).to_f32()),
        }
    }
}

fn numbers<const N: usize>(bytes: &[u8], decode: impl Fn([u8; N]) -> f32) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|bytes| decode(*bytes)).collect()
}

impl<R: Read + Seek> Model<R> {
    /// Reads the index; the data stays in the file.
    pub(super) fn open(reader: R) -> Result<Self> {
        let mut fields = Fields::new(reader)?;
        read_preamble(&mut fields)?;
        let mut variables = BTreeMap::new();
        for _ in 0..fields.u32()? {
            let (name, variable) = read_variable(&mut fields)?;
            variables.insert(name, variable);
        }
        read_aliases(&mut fields, &mut variables)?;
        Ok(Self { fields, variables })
    }

    pub(super) fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// Some rows of a variable as numbers, row by row, with quantised ones multiplied out.
    pub(super) fn rows(&mut self, name: &str, rows: Range<usize>) -> Result<Vec<f32>> {
        let variable = self.require(name)?;
        let mut values = self.raw_rows(name, &variable, rows.clone())?;
        if variable.number.is_scaled() {
            let scales = self.scales(name, variable.rows(), rows)?;
            for (row, scale) in values.chunks_mut(variable.columns().max(1)).zip(scales) {
                for value in row {
                    *value /= scale;
                }
            }
        }
        Ok(values)
    }

    fn raw_rows(&mut self, name: &str, variable: &Variable, rows: Range<usize>) -> Result<Vec<f32>> {
        if rows.start > rows.end || rows.end > variable.rows() {
            return Err(FormatError::malformed(format!("has fewer rows of '{name}' than expected")));
        }
        let row_bytes = (variable.columns() * variable.number.bytes()) as u64;
        self.fields.seek(variable.offset + rows.start as u64 * row_bytes)?;
        let bytes = self.fields.bytes(rows.len() as u64 * row_bytes)?;
        Ok(variable.number.decode(&bytes))
    }

    /// One scale a row, or one for all: CTranslate2 stores weight × scale.
    fn scales(&mut self, name: &str, all_rows: usize, rows: Range<usize>) -> Result<Vec<f32>> {
        let scale_name = format!("{name}_scale");
        let scale = self.require(&scale_name)?;
        let count = rows.len();
        let scales = match scale.dimensions.iter().product::<usize>() {
            elements if elements == all_rows && scale.rows() == all_rows => {
                self.raw_rows(&scale_name, &scale, rows)?
            }
            1 => vec![self.raw_rows(&scale_name, &scale, 0..1)?[0]; count],
            _ => return Err(FormatError::malformed(format!("has a '{scale_name}' of another length"))),
        };
        let usable = scales.iter().all(|scale| scale.is_normal());
        usable
            .then_some(scales)
            .ok_or_else(|| FormatError::malformed(format!("has a zero in '{scale_name}'")))
    }

    fn require(&self, name: &str) -> Result<Variable> {
        let missing = || FormatError::malformed(format!("lacks the variable '{name}'"));
        self.variables.get(name).cloned().ok_or_else(missing)
    }
}

fn read_preamble<R: Read + Seek>(fields: &mut Fields<R>) -> Result<()> {
    let version = fields.u32()?;
    if version != VERSION {
        return Err(FormatError::malformed(format!(
            "is no CTranslate2 model of format version {VERSION} (it starts with {version})"
        )));
    }
    let specification = read_string(fields)?;
    if specification != SPECIFICATION {
        return Err(FormatError::malformed(format!("is a '{specification}', not a Whisper model")));
    }
    fields.u32().map(|_revision| ())
}

fn read_variable<R: Read + Seek>(fields: &mut Fields<R>) -> Result<(String, Variable)> {
    let name = read_string(fields)?;
    let dimensions = read_dimensions(fields, &name)?;
    let id = fields.u8()?;
    let number = Number::from_id(id)
        .ok_or_else(|| FormatError::malformed(format!("stores '{name}' as unknown type {id}")))?;
    let bytes = fields.u32()?;
    let elements = dimensions.iter().try_fold(1_usize, |product, length| product.checked_mul(*length));
    if elements.and_then(|elements| elements.checked_mul(number.bytes())) != usize::try_from(bytes).ok() {
        return Err(FormatError::malformed(format!("states {bytes} bytes for '{name}' of {dimensions:?}")));
    }
    let variable = Variable { dimensions, number, offset: fields.position() };
    fields.skip(u64::from(bytes))?;
    Ok((name, variable))
}

fn read_dimensions<R: Read + Seek>(fields: &mut Fields<R>, name: &str) -> Result<Vec<usize>> {
    let rank = fields.u8()?;
    if rank > MAX_RANK {
        return Err(FormatError::malformed(format!("states {rank} dimensions for '{name}'")));
    }
    (0..rank).map(|_| Ok(fields.u32()? as usize)).collect()
}

/// Arrays of equal content are stored once; an alias is a further name of one.
fn read_aliases<R: Read + Seek>(
    fields: &mut Fields<R>,
    variables: &mut BTreeMap<String, Variable>,
) -> Result<()> {
    for _ in 0..fields.u32()? {
        let (alias, target) = (read_string(fields)?, read_string(fields)?);
        let variable = variables.get(&target).cloned().ok_or_else(|| {
            FormatError::malformed(format!("calls '{alias}' another name of the missing '{target}'"))
        })?;
        variables.insert(alias, variable);
    }
    Ok(())
}

fn read_string<R: Read + Seek>(fields: &mut Fields<R>) -> Result<String> {
    let length = fields.u16()?;
    let mut bytes = fields.bytes(u64::from(length))?;
    if bytes.pop() != Some(0) {
        return Err(FormatError::malformed("has a name without its end mark: no CTranslate2 model"));
    }
    String::from_utf8(bytes).map_err(|_| FormatError::malformed("has a name that is not text"))
}
