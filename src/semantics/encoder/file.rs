//! The encoder's file as its package ships it: head, vocabulary, normalisation, then arrays by name.
//!
//! ```text
//!  "E5S1"  i32: version, hidden, layers, heads, inner, vocabulary, positions, types   f32 epsilon   i32 block
//!  i32: pieces, begin, end, padding, unknown   u64 bytes of text   u32 offsets[pieces + 1]   f32 scores[pieces]   text
//!  i32 replaced characters   u32 bytes   (u32 character, u8 count, u32 replacement[count]) …
//!  i32 arrays   (u16 length, name, u8 kind, u32 elements, u64 place, u64 bytes) …   arrays
//! ```
//!
//! Kind 0 is f32, kind 1 blocks of 32 weights: an f16 scale and 16 bytes, each a weight in its low half and the weight
//! sixteen further in its high half. No length in the file is trusted.

use std::collections::HashMap;
use std::io::{Read, Seek};

use half::f16;

use crate::weights::FormatError;
use crate::weights::fields::Fields;

const MAGIC: &[u8; 4] = b"E5S1";
const VERSION: u32 = 1;
/// Weights that share a scale.
pub(super) const BLOCK_WEIGHTS: usize = 32;
/// Bytes of such a block.
const BLOCK_BYTES: usize = 18;
/// More of anything than this is no encoder of sentences.
const MOST: u32 = 1 << 20;

type Result<T> = std::result::Result<T, FormatError>;

/// The lengths that everything else follows from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shape {
    pub hidden: usize,
    pub layers: usize,
    pub heads: usize,
    pub inner: usize,
    pub vocabulary: usize,
    pub positions: usize,
    /// Kinds of sentence; only the first is used.
    pub types: usize,
    /// Added to a variance before its root is taken.
    pub epsilon: f32,
}

/// A piece of a word, as the vocabulary has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub text: String,
    /// Logarithm of how likely it is.
    pub score: f32,
    /// Its row of the embeddings.
    pub row: usize,
}

/// Rows of the pieces that stand for no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Specials {
    pub begin: usize,
    pub end: usize,
    pub padding: usize,
    pub unknown: usize,
}

/// The vocabulary and what is done to a text before it is looked up.
pub(super) struct Vocabulary {
    pub pieces: Vec<Piece>,
    pub specials: Specials,
    /// What a character is replaced by.
    pub replaced: HashMap<char, String>,
}

struct Array {
    blocks: bool,
    place: u64,
    bytes: u64,
}

/// An open file: its arrays are read on demand.
pub(super) struct PackedFile<R> {
    fields: Fields<R>,
    pub shape: Shape,
    arrays: HashMap<String, Array>,
}

impl<R: Read + Seek> PackedFile<R> {
    /// Reads head, vocabulary and the places of the arrays.
    pub fn open(reader: R) -> Result<(Self, Vocabulary)> {
        let mut fields = Fields::new(reader)?;
        let shape = shape(&mut fields)?;
        let vocabulary = vocabulary(&mut fields, shape.vocabulary)?;
        let arrays = directory(&mut fields)?;
        Ok((Self { fields, shape, arrays }, vocabulary))
    }

    /// An array of plain numbers of that length.
    pub fn plain(&mut self, name: &str, length: usize) -> Result<Vec<f32>> {
        let bytes = self.bytes(name, false, length * 4)?;
        Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    /// A matrix stored in blocks, row by row.
    pub fn matrix(&mut self, name: &str, rows: usize, columns: usize) -> Result<Vec<f32>> {
        let bytes = self.bytes(name, true, rows * columns / BLOCK_WEIGHTS * BLOCK_BYTES)?;
        let mut weights = vec![0.0; rows * columns];
        unpack(&bytes, &mut weights);
        Ok(weights)
    }

    /// Some rows of a matrix, as they are stored.
    pub fn rows(&mut self, name: &str, columns: usize, rows: impl Iterator<Item = usize>) -> Result<Vec<u8>> {
        let row_bytes = columns / BLOCK_WEIGHTS * BLOCK_BYTES;
        let (place, bytes) = {
            let array = self.array(name, true)?;
            (array.place, array.bytes)
        };
        let mut all = Vec::new();
        for row in rows {
            let start = (row * row_bytes) as u64;
            if start + row_bytes as u64 > bytes {
                return Err(FormatError::malformed(format!("has no row {row} in '{name}'")));
            }
            self.fields.seek(place + start)?;
            let from = all.len();
            all.resize(from + row_bytes, 0);
            self.fields.fill(&mut all[from..])?;
        }
        Ok(all)
    }

    fn bytes(&mut self, name: &str, blocks: bool, length: usize) -> Result<Vec<u8>> {
        let (place, bytes) = {
            let array = self.array(name, blocks)?;
            (array.place, array.bytes)
        };
        if bytes != length as u64 {
            return Err(FormatError::malformed(format!("has {bytes} bytes in '{name}' instead of {length}")));
        }
        self.fields.seek(place)?;
        self.fields.bytes(bytes)
    }

    fn array(&self, name: &str, blocks: bool) -> Result<&Array> {
        let array = self.arrays.get(name).filter(|array| array.blocks == blocks);
        array.ok_or_else(|| FormatError::malformed(format!("lacks the array '{name}'")))
    }
}

/// Bytes that a row of so many weights takes.
pub(super) fn row_bytes(columns: usize) -> usize {
    columns / BLOCK_WEIGHTS * BLOCK_BYTES
}

/// Whole blocks to weights.
pub(super) fn unpack(blocks: &[u8], weights: &mut [f32]) {
    for (block, weights) in blocks.chunks_exact(BLOCK_BYTES).zip(weights.chunks_exact_mut(BLOCK_WEIGHTS)) {
        let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
        let (low, high) = weights.split_at_mut(BLOCK_WEIGHTS / 2);
        for ((byte, low), high) in block[2..].iter().zip(low).zip(high) {
            *low = scale * (f32::from(byte & 15) - 8.0);
            *high = scale * (f32::from(byte >> 4) - 8.0);
        }
    }
}

fn shape<R: Read + Seek>(fields: &mut Fields<R>) -> Result<Shape> {
    let mut magic = [0; 4];
    fields.fill(&mut magic)?;
    if &magic != MAGIC || fields.u32()? != VERSION {
        return Err(FormatError::malformed("is no packed sentence encoder of version 1"));
    }
    let mut length = |what: &str| {
        let count = fields.count(what)?;
        let fits = (1..=MOST).contains(&count).then_some(count as usize);
        fits.ok_or_else(|| FormatError::malformed(format!("states {count} as its {what}")))
    };
    let (hidden, layers, heads) = (length("width")?, length("layers")?, length("heads")?);
    let (inner, vocabulary, positions) =
        (length("inner width")?, length("vocabulary")?, length("positions")?);
    let types = length("types")?;
    let epsilon = f32::from_le_bytes(fields.u32()?.to_le_bytes());
    let block = fields.count("block")? as usize;
    let whole = [hidden, inner].iter().all(|width| width.is_multiple_of(BLOCK_WEIGHTS));
    if block != BLOCK_WEIGHTS || !whole || !hidden.is_multiple_of(heads) || layers > 100 || inner > 1 << 14 {
        return Err(FormatError::malformed("states lengths that do not belong together"));
    }
    Ok(Shape { hidden, layers, heads, inner, vocabulary, positions, types, epsilon })
}

fn vocabulary<R: Read + Seek>(fields: &mut Fields<R>, rows: usize) -> Result<Vocabulary> {
    let count = fields.count("pieces")? as usize;
    let mut special = |what: &str| {
        let row = fields.count(what)? as usize;
        let known = (row < count.min(rows)).then_some(row);
        known.ok_or_else(|| FormatError::malformed(format!("states {row} as its {what}")))
    };
    let (begin, end) = (special("begin")?, special("end")?);
    let (padding, unknown) = (special("padding")?, special("unknown")?);
    let bytes = u64::from(fields.u32()?) | u64::from(fields.u32()?) << 32;
    let offsets = numbers(fields, count + 1)?;
    let scores = numbers(fields, count)?;
    let text = fields.bytes(bytes)?;
    let pieces = (0..count).filter_map(|row| {
        let text = text.get(offsets[row] as usize..offsets[row + 1] as usize)?;
        let text = std::str::from_utf8(text).ok().filter(|text| !text.is_empty())?;
        Some(Piece { text: text.to_owned(), score: f32::from_bits(scores[row]), row })
    });
    let pieces = pieces.filter(|piece| piece.score.is_finite() && piece.row < rows).collect();
    let specials = Specials { begin, end, padding, unknown };
    Ok(Vocabulary { pieces, specials, replaced: replaced(fields)? })
}

fn numbers<R: Read + Seek>(fields: &mut Fields<R>, count: usize) -> Result<Vec<u32>> {
    let bytes = fields.bytes(count as u64 * 4)?;
    Ok(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

fn replaced<R: Read + Seek>(fields: &mut Fields<R>) -> Result<HashMap<char, String>> {
    let count = fields.count("replaced characters")?;
    fields.u32()?;
    let mut replaced = HashMap::new();
    for _ in 0..count {
        let character = fields.u32()?;
        let length = usize::from(fields.u8()?);
        let by: String = numbers(fields, length)?.into_iter().filter_map(char::from_u32).collect();
        if let Some(character) = char::from_u32(character) {
            replaced.insert(character, by);
        }
    }
    Ok(replaced)
}

fn directory<R: Read + Seek>(fields: &mut Fields<R>) -> Result<HashMap<String, Array>> {
    let count = fields.count("arrays")?;
    let mut arrays = HashMap::new();
    for _ in 0..count {
        let length = u64::from(fields.u16()?);
        let name = String::from_utf8_lossy(&fields.bytes(length)?).into_owned();
        let blocks = fields.u8()? == 1;
        fields.u32()?;
        let mut long = || Ok::<u64, FormatError>(u64::from(fields.u32()?) | u64::from(fields.u32()?) << 32);
        let (place, bytes) = (long()?, long()?);
        arrays.insert(name, Array { blocks, place, bytes });
    }
    Ok(arrays)
}
