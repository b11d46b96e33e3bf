//! Little-endian fields of a foreign file. No length that the file states is trusted: it is held against what is left.

use std::io::{BufReader, Read, Seek, SeekFrom};

use super::error::FormatError;

type Result<T> = std::result::Result<T, FormatError>;

/// A reader that knows where it is and where the file ends.
pub(crate) struct Fields<R> {
    reader: BufReader<R>,
    position: u64,
    length: u64,
}

impl<R: Read + Seek> Fields<R> {
    pub(crate) fn new(mut reader: R) -> Result<Self> {
        let length = reader.seek(SeekFrom::End(0))?;
        reader.seek(SeekFrom::Start(0))?;
        Ok(Self { reader: BufReader::new(reader), position: 0, length })
    }

    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    pub(crate) fn at_end(&self) -> bool {
        self.position == self.length
    }

    pub(crate) fn u8(&mut self) -> Result<u8> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    pub(crate) fn u16(&mut self) -> Result<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(crate) fn i32(&mut self) -> Result<i32> {
        Ok(i32::from_le_bytes(self.array()?))
    }

    /// An `i32` that counts something: negative is malformed.
    pub(crate) fn count(&mut self, what: &str) -> Result<u32> {
        let value = self.i32()?;
        u32::try_from(value).map_err(|_| FormatError::malformed(format!("states {value} as its {what}")))
    }

    pub(crate) fn bytes(&mut self, count: u64) -> Result<Vec<u8>> {
        self.require(count)?;
        let mut bytes = vec![0; usize::try_from(count).map_err(|_| self.truncated())?];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads exactly `bytes.len()` bytes.
    pub(crate) fn fill(&mut self, bytes: &mut [u8]) -> Result<()> {
        self.require(bytes.len() as u64)?;
        self.reader.read_exact(bytes)?;
        self.position += bytes.len() as u64;
        Ok(())
    }

    pub(crate) fn skip(&mut self, count: u64) -> Result<()> {
        self.require(count)?;
        self.seek(self.position + count)
    }

    /// Moves to an absolute position, which must lie within the file.
    pub(crate) fn seek(&mut self, position: u64) -> Result<()> {
        if position > self.length {
            return Err(self.truncated());
        }
        let distance =
            i64::try_from(i128::from(position) - i128::from(self.position)).map_err(|_| self.truncated())?;
        self.reader.seek_relative(distance)?;
        self.position = position;
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn require(&self, count: u64) -> Result<()> {
        if count > self.length - self.position { Err(self.truncated()) } else { Ok(()) }
    }

    fn truncated(&self) -> FormatError {
        FormatError::Truncated { at: self.position, length: self.length }
    }
}
