//! SHA-256 of what is read and of what is written.

use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::error::WeightsError;
use super::progress::Progress;
use crate::domain::hex;

const BUFFER_BYTES: usize = 1 << 20;

/// SHA-256 of a file in lowercase hex, read through a fixed buffer; `progress` advances by the bytes read.
pub(super) fn sha256_of_file(path: &Path, progress: &dyn Progress) -> Result<String, WeightsError> {
    let read = |error: io::Error| WeightsError::reading(path, &error);
    let mut file = std::fs::File::open(path).map_err(read)?;
    progress.stage(&format!("hashing {}", path.display()), file.metadata().ok().map(|facts| facts.len()));
    sha256_of(&mut file, progress)
        .map_err(read)?
        .ok_or_else(|| WeightsError::interrupted(path.display().to_string()))
}

/// SHA-256 of everything in `reader`; nothing when the user interrupted.
pub(super) fn sha256_of(reader: &mut impl Read, progress: &dyn Progress) -> io::Result<Option<String>> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(Some(hex(&hash.finalize()))),
            Ok(count) => {
                hash.update(&buffer[..count]);
                progress.advance(count as u64);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if progress.interrupted() {
            return Ok(None);
        }
    }
}

/// Hashes and counts what passes through to the writer behind it.
pub(super) struct Hashing<W> {
    writer: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Hashing<W> {
    pub(super) fn new(writer: W) -> Self {
        Self { writer, hash: Sha256::new(), bytes: 0 }
    }

    /// The writer, the SHA-256 in lowercase hex and the number of bytes written.
    pub(super) fn finish(self) -> (W, String, u64) {
        (self.writer, hex(&self.hash.finalize()), self.bytes)
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.writer.write(buffer)?;
        self.hash.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::weights::Silent;

    /// FIPS 180-2, appendix B.1.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn reading_and_writing_agree_with_the_standard() {
        assert_eq!(sha256_of(&mut &b"abc"[..], &Silent).unwrap().unwrap(), ABC);
        let mut writer = Hashing::new(Vec::new());
        writer.write_all(b"ab").unwrap();
        writer.write_all(b"c").unwrap();
        assert_eq!(writer.finish(), (b"abc".to_vec(), ABC.to_owned(), 3));
    }
}
