//! A look through a model file before whisper.cpp gets it: whisper.cpp trusts sizes it reads, aborts the process on
//! some foreign files, and takes a file whose last tensor is cut short for whole.
//!
//! The format: magic; eleven numbers; mel filters; vocabulary; tensors up to the end of the file. All little-endian.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek};
use std::path::Path;

use super::error::ListenError;

/// First four bytes, read as a number.
const MAGIC: u32 = 0x6767_6d6c;
/// The first token that only multilingual models have is 51864.
const MIN_MULTILINGUAL_VOCABULARY: i32 = 51_865;
/// Longest token or tensor name taken for one, in bytes; true ones stay below 256.
const MAX_NAME_BYTES: u32 = 1_024;

/// What is wrong with a file, before its path is known.
#[derive(Debug)]
enum Fault {
    Io(io::Error),
    Truncated(&'static str),
    Foreign(String),
}

/// Checks that `path` is a whole, multilingual Whisper model in GGML format.
///
/// # Errors
/// [`ListenError::Unreadable`], [`ListenError::Foreign`] or [`ListenError::Truncated`].
pub(super) fn check(path: &Path) -> Result<(), ListenError> {
    let looked_through = File::open(path)
        .and_then(|file| Ok((file.metadata()?.len(), file)))
        .map_err(Fault::Io)
        .and_then(|(bytes, file)| Walk { reader: BufReader::new(file), bytes, part: "its header" }.whole());
    looked_through.map_err(|fault| {
        let path = path.to_owned();
        match fault {
            Fault::Io(source) => ListenError::Unreadable { path, source },
            Fault::Truncated(part) => ListenError::Truncated { path, part },
            Fault::Foreign(reason) => ListenError::Foreign { path, reason },
        }
    })
}

struct Walk<R> {
    reader: R,
    /// Length of the file.
    bytes: u64,
    /// What is being read, for the error.
    part: &'static str,
}

impl<R: Read + Seek> Walk<R> {
    fn whole(mut self) -> Result<(), Fault> {
        self.magic()?;
        let mels = self.header()?;
        self.part = "its mel filters";
        self.filters(mels)?;
        self.part = "its vocabulary";
        self.vocabulary()?;
        self.part = "its tensors";
        self.tensors()
    }

    fn magic(&mut self) -> Result<(), Fault> {
        match self.number()? {
            MAGIC => Ok(()),
            magic if magic == u32::from_le_bytes(*b"GGUF") => Err(foreign("it is a GGUF file")),
            magic => Err(foreign(format!("it begins with {magic:#010x} and not with {MAGIC:#010x}"))),
        }
    }

    /// Reads the sizes; returns the number of mel bands.
    fn header(&mut self) -> Result<u32, Fault> {
        let mut sizes = [0_i32; 11];
        for size in &mut sizes {
            *size = self.number()?.cast_signed();
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
        if vocabulary < MIN_MULTILINGUAL_VOCABULARY {
            return Err(foreign("it understands English only"));
        }
        Ok(mels.unsigned_abs())
    }

    fn filters(&mut self, mels: u32) -> Result<(), Fault> {
        let (bands, bins) = (self.number()?, self.number()?);
        if (bands, bins) != (mels, 201) {
            return Err(foreign(format!("it has {bands}×{bins} mel filters where {mels}×201 belong")));
        }
        self.skip(u64::from(bands) * u64::from(bins) * 4)
    }

    fn vocabulary(&mut self) -> Result<(), Fault> {
        let tokens = self.number()?;
        if tokens > 60_000 {
            return Err(foreign(format!("it claims {tokens} tokens")));
        }
        for _ in 0..tokens {
            self.name()?;
        }
        Ok(())
    }

    fn tensors(&mut self) -> Result<(), Fault> {
        while self.reader.stream_position().map_err(Fault::Io)? < self.bytes {
            self.tensor()?;
        }
        Ok(())
    }

    fn tensor(&mut self) -> Result<(), Fault> {
        let (rank, name_bytes, kind) = (self.number()?, self.number()?, self.number()?);
        if !(1..=4).contains(&rank) || name_bytes > MAX_NAME_BYTES {
            return Err(foreign(format!(
                "it has a tensor of {rank} dimensions with a name of {name_bytes} bytes"
            )));
        }
        let mut elements = 1_u64;
        for _ in 0..rank {
            elements = elements.saturating_mul(u64::from(self.number()?));
        }
        let (block, block_bytes) =
            block_of(kind).ok_or_else(|| foreign(format!("it has a tensor of unknown type {kind}")))?;
        self.skip(u64::from(name_bytes))?;
        self.skip((elements / block).saturating_mul(block_bytes))
    }

    fn name(&mut self) -> Result<(), Fault> {
        match self.number()? {
            bytes if bytes > MAX_NAME_BYTES => Err(foreign(format!("it has a token of {bytes} bytes"))),
            bytes => self.skip(u64::from(bytes)),
        }
    }

    fn number(&mut self) -> Result<u32, Fault> {
        let mut bytes = [0; 4];
        self.reader.read_exact(&mut bytes).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => Fault::Truncated(self.part),
            _ => Fault::Io(error),
        })?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// Seeking past the end succeeds on files, so the length is compared.
    fn skip(&mut self, bytes: u64) -> Result<(), Fault> {
        let here = self.reader.stream_position().map_err(Fault::Io)?;
        if bytes > self.bytes.saturating_sub(here) {
            return Err(Fault::Truncated(self.part));
        }
        self.reader.seek_relative(bytes.cast_signed()).map_err(Fault::Io)
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
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// The smallest file that passes: two tokens, one f32 tensor of 2×3 and one of q8_0.
    fn whole() -> Vec<u8> {
        let mut file = MAGIC.to_le_bytes().to_vec();
        let numbers = |file: &mut Vec<u8>, numbers: &[u32]| {
            file.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        };
        numbers(&mut file, &[51_865, 1_500, 512, 8, 6, 448, 512, 8, 6, 80, 1, 80, 201]);
        file.extend(vec![0; 80 * 201 * 4]);
        numbers(&mut file, &[2, 1]);
        file.push(b'a');
        numbers(&mut file, &[2]);
        file.extend(b"bc");
        numbers(&mut file, &[2, 1, 0, 2, 3]);
        file.push(b'w');
        file.extend([0; 24]);
        numbers(&mut file, &[1, 1, 8, 64]);
        file.push(b'q');
        file.extend([0; 68]);
        file
    }

    fn verdict(file: &[u8]) -> String {
        match (Walk { reader: Cursor::new(file), bytes: file.len() as u64, part: "its header" }).whole() {
            Ok(()) => "whole".into(),
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
            (with_number(13, 400), "it has 80×400 mel filters where 80×201 belong"),
        ] {
            assert_eq!(verdict(&file), expected);
        }
        assert!(verdict(&with_number(5, u32::MAX)).starts_with("its sizes"));
    }

    #[test]
    fn a_missing_file_is_an_error_with_its_path() {
        let error = check(Path::new("models/none.bin")).unwrap_err();
        assert!(
            error.to_string().starts_with("models/none.bin: the speech model cannot be read: "),
            "{error}"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn arbitrary_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            prop_assert_ne!(verdict(&bytes), "whole");
        }

        #[test]
        fn every_shorter_file_is_refused_and_no_damage_panics(cut in 0..64_500_usize, at in 0..64_500_usize, byte: u8) {
            let mut file = whole();
            // Between the two tensors the file may end.
            let cut = cut.min(file.len() - 1);
            prop_assume!(cut != file.len() - 68 - 17);
            prop_assert_ne!(verdict(&file[..cut]), "whole");
            let at = at.min(file.len() - 1);
            file[at] = byte;
            verdict(&file);
        }
    }
}
