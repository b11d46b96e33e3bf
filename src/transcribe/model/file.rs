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

/// A model for Mandarin.
pub(in crate::transcribe) struct Model {
    /// A whole file in GGML format.
    pub bytes: Vec<u8>,
    pub vocabulary: Vocabulary,
}

/// What is wrong with a file, before its path is known.
#[derive(Debug)]
enum Fault {
    Io(io::Error),
    Truncated(&'static str),
    Foreign(String),
}

/// Reads the multilingual Whisper model in GGML format at `path`.
///
/// # Errors
/// [`ListenError::Unreadable`], [`ListenError::Foreign`] or [`ListenError::Truncated`].
pub(in crate::transcribe) fn read(path: &Path) -> Result<Model, ListenError> {
    let model = File::open(path)
        .and_then(|file| Ok((file.metadata()?.len(), file)))
        .map_err(Fault::Io)
        .and_then(|(bytes, file)| Copy::new(BufReader::new(file), bytes).model());
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

    fn model(mut self) -> Result<Model, Fault> {
        self.magic()?;
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
        self.out[4..8].copy_from_slice(&(rows.len() as u32).to_le_bytes());
        self.part = "its tensors";
        while self.left > 0 {
            self.tensor(shape, &rows)?;
        }
        Ok(Model { bytes: self.out, vocabulary })
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
        let plausible = audio_context == 1_500
            && text_context == 448
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

    fn tensor(&mut self, shape: Shape, rows: &[usize]) -> Result<(), Fault> {
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
        if self.out[name..] != *EMBEDDING {
            let elements =
                lengths.iter().fold(1_u64, |product, &length| product.saturating_mul(length.into()));
            return self.keep((elements / block).saturating_mul(block_bytes));
        }
        if lengths != [shape.width, shape.vocabulary] || u64::from(shape.width) % block != 0 {
            return Err(foreign(format!("its token embedding is {lengths:?}")));
        }
        self.out[name - 4..name].copy_from_slice(&(rows.len() as u32).to_le_bytes());
        self.rows(u64::from(shape.width) / block * block_bytes, shape.vocabulary, rows)
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Bytes before the tensors: 14 numbers, the filters, one letter for each token.
    const HEAD: usize = 14 * 4 + 80 * 201 * 4 + 4 + 5 * TEXT_TOKENS;

    /// A small file that passes: every token is `a`, one f32 tensor of 2×3 and one of q8_0.
    fn whole() -> Vec<u8> {
        let mut file = MAGIC.to_le_bytes().to_vec();
        let numbers = |file: &mut Vec<u8>, numbers: &[u32]| {
            file.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        };
        numbers(&mut file, &[51_865, 1_500, 512, 8, 6, 448, 512, 8, 6, 80, 1, 80, 201]);
        file.extend(vec![0; 80 * 201 * 4]);
        numbers(&mut file, &[TEXT_TOKENS as u32]);
        file.extend([1, 0, 0, 0, b'a'].repeat(TEXT_TOKENS));
        assert_eq!(file.len(), HEAD);
        numbers(&mut file, &[2, 1, 0, 2, 3]);
        file.push(b'w');
        file.extend([0; 24]);
        numbers(&mut file, &[1, 1, 8, 64]);
        file.push(b'q');
        file.extend([0; 68]);
        file
    }

    fn verdict(file: &[u8]) -> String {
        match Copy::new(file, file.len() as u64).model() {
            Ok(_) => "whole".into(),
            Err(Fault::Truncated(part)) => format!("cut short in {part}"),
            Err(Fault::Foreign(reason)) => reason,
            Err(Fault::Io(error)) => error.to_string(),
        }
    }

    fn with_number(index: usize, number: u32) -> Vec<u8> {
        let mut file = whole();
        file[4 * index..4 * index + 4].copy_from_slice(&number.to_le_bytes());
        file
    }

    #[test]
    fn verdicts() {
        let file = whole();
        let filters_end = 14 * 4 + 80 * 201 * 4;
        for (file, expected) in [
            (file.clone(), "whole"),
            (Vec::new(), "cut short in its header"),
            (file[..20].to_vec(), "cut short in its header"),
            (file[..900].to_vec(), "cut short in its mel filters"),
            (file[..filters_end + 8].to_vec(), "cut short in its vocabulary"),
            (file[..file.len() - 1].to_vec(), "cut short in its tensors"),
            (b"GGUF\x03\0\0\0".to_vec(), "it is a GGUF file"),
            (b"RIFF....WAVE".to_vec(), "it begins with 0x46464952 and not with 0x67676d6c"),
            (with_number(1, 51_864), "it understands English only"),
            (with_number(1, 51_867), "its 51867 tokens are not those of whisper"),
            (with_number(13, 400), "it has 80×400 mel filters where 80×201 belong"),
        ] {
            assert_eq!(verdict(&file), expected);
        }
        assert!(verdict(&with_number(5, u32::MAX)).starts_with("its sizes"));
    }

    #[test]
    fn a_missing_file_is_an_error_with_its_path() {
        let error = read(Path::new("models/none.bin")).err().unwrap();
        assert!(
            error.to_string().starts_with("models/none.bin: the speech model cannot be read: "),
            "{error}"
        );
    }

    #[test]
    fn other_languages_are_left_out() {
        let mut file = whole();
        file.truncate(HEAD);
        file[HEAD - 5 * 50_000 + 4] = b'[';
        let numbers = [2, EMBEDDING.len() as u32, 0, 512, 51_865];
        file.extend(numbers.iter().flat_map(|number: &u32| number.to_le_bytes()));
        file.extend(EMBEDDING);
        file.extend((0..51_865_u32).flat_map(|row| row.to_le_bytes().repeat(512)));
        let model = Copy::new(&file[..], file.len() as u64).model().ok().unwrap();
        let rows = TEXT_TOKENS - 1 + 4 + 1_501;
        let rows = rows.next_multiple_of(32);
        assert_eq!(model.bytes[4..8], (rows as u32).to_le_bytes());
        let row = |index: usize| {
            let at = model.bytes.len() - (rows - index) * 512 * 4;
            u32::from_le_bytes(model.bytes[at..at + 4].try_into().unwrap()) as usize
        };
        let left_out = TEXT_TOKENS - 50_000;
        assert_eq!((row(0), row(left_out - 1), row(left_out)), (0, left_out - 1, left_out + 1));
        assert_eq!(row(model.vocabulary.end() as usize), 50_257);
        assert_eq!(row(model.vocabulary.first_stamp() as usize), 50_364);
        assert_eq!(row(model.vocabulary.stamps_end() as usize - 1), 51_864);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn arbitrary_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            prop_assert_ne!(verdict(&bytes), "whole");
        }

        #[test]
        fn every_shorter_file_is_refused_and_no_damage_panics(cut in 0..=HEAD + 200, at in 0..=HEAD + 200, byte: u8) {
            let mut file = whole();
            // Between the tensors the file may end.
            let cut = cut.min(file.len() - 1);
            prop_assume!(cut != HEAD && cut != file.len() - 68 - 17);
            prop_assert_ne!(verdict(&file[..cut]), "whole");
            let at = at.min(file.len() - 1);
            file[at] = byte;
            verdict(&file);
        }
    }
}
