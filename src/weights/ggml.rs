//! The GGML file of a Whisper model: what it states about itself, and how it is written.
//!
//! Layout (little-endian): u32 magic; 11 × i32 hyperparameters; i32 × 2 and f32 × their product, the mel filters;
//! i32 count of tokens, each i32 length and bytes; then tensors to the end of the file: i32 count of dimensions,
//! i32 length of the name, i32 type, i32 × dimensions with the fastest first, name, data.

use std::io::{self, Write};

use super::mel;
use super::quantize::{Encoding, Quantization};

pub(super) const MAGIC: u32 = 0x6767_6d6c;

/// Version of the block formats, in thousands of the file type of quantised files.
const BLOCK_FORMAT: u32 = 2_000;

/// The shape of a model, as the file's head states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hyperparameters {
    pub vocabulary: u32,
    pub audio_context: u32,
    pub audio_state: u32,
    pub audio_heads: u32,
    pub audio_layers: u32,
    pub text_context: u32,
    pub text_state: u32,
    pub text_heads: u32,
    pub text_layers: u32,
    pub mels: u32,
}

impl Hyperparameters {
    pub(super) fn to_array(self) -> [u32; 10] {
        [
            self.vocabulary,
            self.audio_context,
            self.audio_state,
            self.audio_heads,
            self.audio_layers,
            self.text_context,
            self.text_state,
            self.text_heads,
            self.text_layers,
            self.mels,
        ]
    }

    pub(super) fn from_array(values: [u32; 10]) -> Self {
        let [vocabulary, audio_context, audio_state, audio_heads, audio_layers, rest @ ..] = values;
        let [text_context, text_state, text_heads, text_layers, mels] = rest;
        Self {
            vocabulary,
            audio_context,
            audio_state,
            audio_heads,
            audio_layers,
            text_context,
            text_state,
            text_heads,
            text_layers,
            mels,
        }
    }
}

/// The number that a file of this quantisation states as its type.
pub(super) fn file_type(quantization: Quantization) -> u32 {
    match quantization {
        Quantization::F16 => 1,
        Quantization::Q4_0 => BLOCK_FORMAT + 2,
        Quantization::Q8_0 => BLOCK_FORMAT + 7,
        Quantization::Q5_0 => BLOCK_FORMAT + 8,
        Quantization::Q5_1 => BLOCK_FORMAT + 9,
    }
}

/// Everything before the tensors.
pub(super) fn write_head(
    out: &mut impl Write,
    shape: &Hyperparameters,
    quantization: Quantization,
    tokens: &[Vec<u8>],
) -> io::Result<()> {
    write_u32(out, MAGIC)?;
    shape.to_array().into_iter().try_for_each(|value| write_u32(out, value))?;
    write_u32(out, file_type(quantization))?;
    write_u32(out, shape.mels)?;
    write_count(out, mel::BINS)?;
    for weight in mel::filters(shape.mels as usize) {
        out.write_all(&weight.to_le_bytes())?;
    }
    write_count(out, tokens.len())?;
    tokens.iter().try_for_each(|token| {
        write_count(out, token.len())?;
        out.write_all(token)
    })
}

/// What stands before a tensor's data. `shape` is slowest dimension first.
pub(super) fn write_tensor_head(
    out: &mut impl Write,
    name: &str,
    shape: &[usize],
    encoding: Encoding,
) -> io::Result<()> {
    write_count(out, shape.len())?;
    write_count(out, name.len())?;
    write_u32(out, tensor_type(encoding))?;
    shape.iter().rev().try_for_each(|length| write_count(out, *length))?;
    out.write_all(name.as_bytes())
}

fn tensor_type(encoding: Encoding) -> u32 {
    match encoding {
        Encoding::F32 => 0,
        Encoding::F16 => 1,
        Encoding::Q4_0 => 2,
        Encoding::Q8_0 => 8,
    }
}

fn write_count(out: &mut impl Write, count: usize) -> io::Result<()> {
    write_u32(out, u32::try_from(count).map_err(|_| io::ErrorKind::InvalidInput)?)
}

fn write_u32(out: &mut impl Write, value: u32) -> io::Result<()> {
    out.write_all(&value.to_le_bytes())
}
