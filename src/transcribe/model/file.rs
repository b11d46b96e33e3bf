//! Reads a model file for whisper.cpp, which trusts sizes it reads, aborts the process on some foreign files, and takes
//! a file whose last tensor is cut short for whole.
//!
//! The format: magic; eleven numbers; mel filters; vocabulary; tensors up to the end of the file. All little-endian.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use super::vocabulary::{TEXT_TOKENS, Vocabulary};
use crate::transcribe::error::ListenError;

/// First four bytes, read as a number.
const MAGIC: u32 = 0x6767_6d6c;
/// The first token that only multilingual models have is 51864; the largest model has one language more.
const MULTILINGUAL_VOCABULARIES: [u32; 2] = [51_865, 51_866];
/// Longest token or tensor name taken for one, in bytes; true ones stay below 256.
const MAX_NAME_BYTES: u32 = 1_024;
/// The tensor with a row for each token.
const EMBEDDING: &[u8] = b"decoder.token_embedding.weight";
/// The tensors with a row for each frame of sound and for each place in the text.
const FRAMES: &[u8] = b"encoder.positional_embedding";
const PLACES: &[u8] = b"decoder.positional_embedding";
/// Frames of sound and places of tokens of every published model.
const FULL_ROOM: Room = Room { frames: 1_500, tokens: 448 };

/// A model for Mandarin.
pub(in crate::transcribe) struct Model {
    /// A whole file in GGML format.
    pub bytes: Vec<u8>,
    pub vocabulary: Vocabulary,
}

/// How much a model has to take at once. whisper.cpp lays out working memory for as much as the file says, and the
/// encoder's grows with the square of the frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transcribe) struct Room {
    /// 20 ms each, 1,500 at most.
    pub frames: u32,
    /// The prompt included; 448 at most.
    pub tokens: u32,
}

/// What is wrong with a file, before its path is known.
#[derive(Debug)]
enum Fault {
    Io(io::Error),
    Truncated(&'static str),
    Foreign(String),
}

/// Reads the multilingual Whisper model in GGML format at `path`, with no more room than `room`.
///
/// # Errors
/// [`ListenError::Unreadable`], [`ListenError::Foreign`] or [`ListenError::Truncated`].
pub(in crate::transcribe) fn read(path: &Path, room: Room) -> Result<Model, ListenError> {
    let model = File::open(path)
        .and_then(|file| Ok((file.metadata()?.len(), file)))
        .map_err(Fault::Io)
        .and_then(|(bytes, file)| Copy::new(BufReader::new(file), bytes).model(room));
    model.map_err(|fault| {
        let path = path.to_owned();
        match fault {
            Fault::Io(source) => ListenError::Unreadable { path, source },
            Fault::Truncated(part) => ListenError::Truncated { path, part },
            Fault::Foreign(reason) => ListenError::Foreign { path, reason },
        }
    })
}

/// A file on its way from the disk to whisper.cpp.
struct Copy<R> {
    reader: R,
    /// Bytes of the file not yet read.
    left: u64,
    /// What is being read, for the error.
    part: &'static str,
    out: Vec<u8>,
}

/// What the head of the file states.
#[derive(Clone, Copy)]
struct Shape {
    vocabulary: u32,
    width: u32,
    mels: u32,
}

impl<R: Read> Copy<R> {
    fn new(reader: R, bytes: u64) -> Self {
        Self { reader, left: bytes, part: "its header", out: Vec::new() }
    }

    fn model(mut self, room: Room) -> Result<Model, Fault> {
        self.magic()?;
        let room =
            Room { frames: room.frames.min(FULL_ROOM.frames), tokens: room.tokens.min(FULL_ROOM.tokens) };
        let shape = self.header()?;
        self.part = "its mel filters";
        self.filters(shape.mels)?;
        self.part = "its vocabulary";
        let (mut rows, vocabulary) = Vocabulary::of(self.tokens()?);
        self.keep_number(rows.len() as u32);
        for text in vocabulary.texts() {
            self.keep_number(text.len() as u32);
            self.out.extend_from_slice(text);
        }
        rows.extend(vocabulary.special_rows(shape.vocabulary as usize));
        self.state(0, rows.len() as u32);
        self.state(1, room.frames);
        self.state(5, room.tokens);
        self.part = "its tensors";
        while self.left > 0 {
            self.tensor(shape, &rows, room)?;
        }
        Ok(Model { bytes: self.out, vocabulary })
    }

    /// Writes another number into the header.
    fn state(&mut self, index: usize, number: u32) {
        let start = 4 * (index + 1);
        self.out[start..start + 4].copy_from_slice(&number.to_le_bytes());
    }

    fn magic(&mut self) -> Result<(), Fault> {
        match self.kept_number()? {
            MAGIC => Ok(()),
            magic if magic == u32::from_le_bytes(*b"GGUF") => Err(foreign("it is a GGUF file")),
            magic => Err(foreign(format!("it begins with {magic:#010x} and not with {MAGIC:#010x}"))),
        }
    }

    fn header(&mut self) -> Result<Shape, Fault> {
        let mut sizes = [0_i32; 11];
        for size in &mut sizes {
            *size = self.kept_number()?.cast_signed();
        }
        let [
            vocabulary,
            audio_context,
            width,
            heads,
            layers,
            text_context,
            text_width,
            text_heads,
            text_layers,
            mels,
            _,
        ] = sizes;
        let plausible = audio_context == FULL_ROOM.frames.cast_signed()
            && text_context == FULL_ROOM.tokens.cast_signed()
            && width == text_width
            && (64..=4_096).contains(&width)
            && [heads, layers, text_heads, text_layers].iter().all(|size| (1..=128).contains(size))
            && [80, 128].contains(&mels)
            && (50_000..=60_000).contains(&vocabulary);
        if !plausible {
            return Err(foreign(format!("its sizes {sizes:?} are not those of whisper")));
        }
        let [vocabulary, width, mels] = [vocabulary, width, mels].map(i32::unsigned_abs);
        if vocabulary < MULTILINGUAL_VOCABULARIES[0] {
            return Err(foreign("it understands English only"));
        }
        if !MULTILINGUAL_VOCABULARIES.contains(&vocabulary) {
            return Err(foreign(format!("its {vocabulary} tokens are not those of whisper")));
        }
        Ok(Shape { vocabulary, width, mels })
    }

    fn filters(&mut self, mels: u32) -> Result<(), Fault> {
        let (bands, bins) = (self.kept_number()?, self.kept_number()?);
        if (bands, bins) != (mels, 201) {
            return Err(foreign(format!("it has {bands}×{bins} mel filters where {mels}×201 belong")));
        }
        self.keep(u64::from(bands) * u64::from(bins) * 4)
    }

    /// The text tokens; special ones that some files name are left out, their numbers are known.
    fn tokens(&mut self) -> Result<Vec<Box<[u8]>>, Fault> {
        let count = self.number()? as usize;
        if !(TEXT_TOKENS..60_000).contains(&count) {
            return Err(foreign(format!("it names {count} tokens")));
        }
        let mut tokens = Vec::with_capacity(TEXT_TOKENS);
        for index in 0..count {
            let text = self.name()?;
            if index < TEXT_TOKENS {
                tokens.push(text);
            }
        }
        Ok(tokens)
    }

    fn tensor(&mut self, shape: Shape, tokens: &[usize], room: Room) -> Result<(), Fault> {
        let (rank, name_bytes, kind) = (self.kept_number()?, self.kept_number()?, self.kept_number()?);
        if !(1..=4).contains(&rank) || name_bytes > MAX_NAME_BYTES {
            return Err(foreign(format!(
                "it has a tensor of {rank} dimensions with a name of {name_bytes} bytes"
            )));
        }
        let mut lengths = Vec::new();
        for _ in 0..rank {
            lengths.push(self.kept_number()?);
        }
        let (block, block_bytes) =
            block_of(kind).ok_or_else(|| foreign(format!("it has a tensor of unknown type {kind}")))?;
        let name = self.out.len();
        self.keep(u64::from(name_bytes))?;
        let (height, rows): (u32, Vec<usize>) = match &self.out[name..] {
            EMBEDDING => (shape.vocabulary, tokens.to_vec()),
            FRAMES => (FULL_ROOM.frames, (0..room.frames as usize).collect()),
            PLACES => (FULL_ROOM.tokens, (0..room.tokens as usize).collect()),
            _ => {
                let elements =
                    lengths.iter().fold(1_u64, |product, &length| product.saturating_mul(length.into()));
                return self.keep((elements / block).saturating_mul(block_bytes));
            }
        };
        if lengths != [shape.width, height] || u64::from(shape.width) % block != 0 {
            let name = String::from_utf8_lossy(&self.out[name..]).into_owned();
            return Err(foreign(format!("its {name} is {lengths:?}")));
        }
        self.out[name - 4..name].copy_from_slice(&(rows.len() as u32).to_le_bytes());
        self.rows(u64::from(shape.width) / block * block_bytes, height, &rows)
    }

    /// Keeps `rows`, in this order, of `count` rows.
    fn rows(&mut self, row_bytes: u64, count: u32, rows: &[usize]) -> Result<(), Fault> {
        let all = self.take(row_bytes * u64::from(count))?;
        let row_bytes = row_bytes as usize;
        for &row in rows {
            self.out.extend_from_slice(&all[row * row_bytes..(row + 1) * row_bytes]);
        }
        Ok(())
    }

    fn name(&mut self) -> Result<Box<[u8]>, Fault> {
        match self.number()? {
            bytes if bytes > MAX_NAME_BYTES => Err(foreign(format!("it has a token of {bytes} bytes"))),
            bytes => Ok(self.take(bytes.into())?.into()),
        }
    }

    fn number(&mut self) -> Result<u32, Fault> {
        let mut bytes = [0; 4];
        self.require(4)?;
        self.fill(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn kept_number(&mut self) -> Result<u32, Fault> {
        let number = self.number()?;
        self.keep_number(number);
        Ok(number)
    }

    fn keep_number(&mut self, number: u32) {
        self.out.extend_from_slice(&number.to_le_bytes());
    }

    fn keep(&mut self, bytes: u64) -> Result<(), Fault> {
        let taken = self.take(bytes)?;
        self.out.extend_from_slice(&taken);
        Ok(())
    }

    fn take(&mut self, bytes: u64) -> Result<Vec<u8>, Fault> {
        self.require(bytes)?;
        let mut taken = vec![0; bytes as usize];
        self.fill(&mut taken)?;
        Ok(taken)
    }

    /// A size that the file states is believed only as far as the file reaches.
    fn require(&mut self, bytes: u64) -> Result<(), Fault> {
        self.left = self.left.checked_sub(bytes).ok_or(Fault::Truncated(self.part))?;
        Ok(())
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Fault> {
        self.reader.read_exact(bytes).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => Fault::Truncated(self.part),
            _ => Fault::Io(error),
        })
    }
}

fn foreign(reason: impl Into<String>) -> Fault {
    Fault::Foreign(reason.into())
}

/// Elements and bytes of one block of a GGML tensor type.
fn block_of(kind: u32) -> Option<(u64, u64)> {
    Some(match kind {
        0 => (1, 4),      // f32
        1 | 30 => (1, 2), // f16, bf16
        2 => (32, 18),    // q4_0
        3 => (32, 20),    // q4_1
        6 => (32, 22),    // q5_0
        7 => (32, 24),    // q5_1
        8 => (32, 34),    // q8_0
        10 => (256, 84),  // q2_k
        11 => (256, 110), // q3_k
        12 => (256, 144), // q4_k
        13 => (256, 176), // q5_k
        14 => (256, 210), // q6_k
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
