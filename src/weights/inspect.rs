//! Reads what a GGML Whisper file says of itself, and holds it against the file's true length.
//!
//! whisper.cpp trusts the lengths that a file states and takes the process down with it when they lie; nothing is
//! handed to it before this check has passed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use super::error::{FormatError, WeightsError};
use super::fields::Fields;
use super::ggml::{Hyperparameters, MAGIC};
use super::{layout, mel};

/// Longest name of a tensor, longest token: far above what any model has.
const MAX_TEXT_BYTES: u32 = 256;
/// A Whisper model has at most this many layers on one side; the largest published has 32.
const MAX_LAYERS: u32 = 256;

type Result<T> = std::result::Result<T, FormatError>;

/// What the head of a model file states, once the whole file has been found consistent with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub shape: Hyperparameters,
    /// How the matrices are stored, e.g. `q8_0`.
    pub storage: &'static str,
    pub tokens: u32,
    pub tensors: usize,
    pub bytes: u64,
}

/// Walks the file from head to end without reading the weights themselves.
pub fn inspect(path: &Path) -> std::result::Result<Facts, WeightsError> {
    if path.is_dir() {
        let hint = "name a GGML file, or turn the directory into one: callaudit model import DIR";
        return Err(WeightsError::of_file(path, "is a directory", hint));
    }
    let file = File::open(path).map_err(|error| WeightsError::reading(path, &error))?;
    read_facts(file).map_err(|error| {
        let hint = match error {
            FormatError::Truncated { .. } => "fetch or copy the file again; it is cut off",
            _ => "give a Whisper model in GGML format (ggml-*.bin); callaudit model import makes one from CTranslate2",
        };
        error.in_file(path, hint)
    })
}

pub(super) fn read_facts(reader: impl Read + Seek) -> Result<Facts> {
    let mut fields = Fields::new(reader)?;
    let (shape, storage) = read_hyperparameters(&mut fields)?;
    skip_mel_filters(&mut fields, shape.mels)?;
    let tokens = skip_tokens(&mut fields)?;
    let mut tensors = BTreeMap::new();
    while !fields.at_end() {
        let (name, dimensions) = skip_tensor(&mut fields)?;
        tensors.insert(name, dimensions);
    }
    require_every_tensor(&shape, &tensors, fields.length())?;
    Ok(Facts { shape, storage, tokens, tensors: tensors.len(), bytes: fields.length() })
}

fn read_hyperparameters<R: Read + Seek>(fields: &mut Fields<R>) -> Result<(Hyperparameters, &'static str)> {
    if fields.length() < 4 || fields.u32()? != MAGIC {
        return Err(FormatError::malformed("is no GGML Whisper model"));
    }
    let mut values = [0; 10];
    for value in &mut values {
        *value = fields.count("shape")?;
    }
    let shape = Hyperparameters::from_array(values);
    if !is_possible(&shape) {
        return Err(FormatError::malformed(format!("states an impossible shape {values:?}")));
    }
    let file_type = fields.count("type")?;
    let storage = storage_name(file_type % 1_000)
        .ok_or_else(|| FormatError::malformed(format!("states unknown file type {file_type}")))?;
    Ok((shape, storage))
}

fn is_possible(shape: &Hyperparameters) -> bool {
    let heads = [shape.audio_heads, shape.text_heads];
    !shape.to_array().contains(&0)
        && shape.audio_state == shape.text_state
        && heads.iter().all(|heads| shape.audio_state.is_multiple_of(*heads))
        && shape.audio_layers.max(shape.text_layers) <= MAX_LAYERS
}

fn skip_mel_filters<R: Read + Seek>(fields: &mut Fields<R>, mels: u32) -> Result<()> {
    let (bands, bins) = (fields.count("mel bands")?, fields.count("mel bins")?);
    if bands != mels || bins as usize != mel::BINS {
        return Err(FormatError::malformed(format!("has {bands} × {bins} mel filters for {mels} bands")));
    }
    fields.skip(u64::from(bands) * u64::from(bins) * 4)
}

fn skip_tokens<R: Read + Seek>(fields: &mut Fields<R>) -> Result<u32> {
    let tokens = fields.count("tokens")?;
    for _ in 0..tokens {
        let length = text_length(fields)?;
        fields.skip(u64::from(length))?;
    }
    Ok(tokens)
}

/// Name and dimensions, the fastest first.
fn skip_tensor<R: Read + Seek>(fields: &mut Fields<R>) -> Result<(String, Vec<u32>)> {
    let rank = fields.count("dimensions")?;
    let name_length = text_length(fields)?;
    let kind = fields.count("tensor type")?;
    if !(1..=4).contains(&rank) {
        return Err(FormatError::malformed(format!("has a tensor of {rank} dimensions")));
    }
    let dimensions = (0..rank).map(|_| fields.count("dimension")).collect::<Result<Vec<u32>>>()?;
    let name = String::from_utf8_lossy(&fields.bytes(u64::from(name_length))?).into_owned();
    let bytes = data_bytes(&dimensions, kind).ok_or_else(|| {
        FormatError::malformed(format!("stores the tensor '{name}' in an unknown form {kind}"))
    })?;
    fields.skip(bytes)?;
    Ok((name, dimensions))
}

fn data_bytes(dimensions: &[u32], kind: u32) -> Option<u64> {
    let (block_weights, block_bytes) = block(kind)?;
    let weights =
        dimensions.iter().try_fold(1_u64, |weights, length| weights.checked_mul(u64::from(*length)))?;
    let blocks = weights.is_multiple_of(block_weights).then_some(weights / block_weights)?;
    blocks.checked_mul(block_bytes)
}

fn text_length<R: Read + Seek>(fields: &mut Fields<R>) -> Result<u32> {
    match fields.count("length of a text")? {
        length if length <= MAX_TEXT_BYTES => Ok(length),
        length => Err(FormatError::malformed(format!("states a name or token of {length} bytes"))),
    }
}

/// A file cut off exactly between two tensors is whole by its lengths; only what is missing tells.
fn require_every_tensor(
    shape: &Hyperparameters,
    tensors: &BTreeMap<String, Vec<u32>>,
    length: u64,
) -> Result<()> {
    let expected = layout::tensors(shape);
    for tensor in &expected {
        let Some(dimensions) = tensors.get(&tensor.name) else {
            return Err(FormatError::Truncated { at: length, length });
        };
        if !dimensions.iter().rev().map(|length| *length as usize).eq(tensor.shape.iter().copied()) {
            let name = &tensor.name;
            return Err(FormatError::malformed(format!(
                "has '{name}' of an unexpected shape {dimensions:?}"
            )));
        }
    }
    if tensors.len() > expected.len() {
        return Err(FormatError::malformed("has tensors that no Whisper model has"));
    }
    Ok(())
}

/// ggml's file types.
fn storage_name(file_type: u32) -> Option<&'static str> {
    Some(match file_type {
        0 => "f32",
        1 => "f16",
        2 => "q4_0",
        3 => "q4_1",
        7 => "q8_0",
        8 => "q5_0",
        9 => "q5_1",
        10 => "q2_k",
        11 => "q3_k",
        12 => "q4_k",
        13 => "q5_k",
        14 => "q6_k",
        _ => return None,
    })
}

/// Weights and bytes of one block of a ggml tensor type.
fn block(kind: u32) -> Option<(u64, u64)> {
    Some(match kind {
        0 => (1, 4),
        1 => (1, 2),
        2 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        10 => (256, 84),
        11 => (256, 110),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        _ => return None,
    })
}
