//! A file that was cut into parts, read as one.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The parts in order, behaving as their concatenation.
pub(super) struct Joined {
    parts: Vec<Part>,
    position: u64,
    length: u64,
}

struct Part {
    file: File,
    start: u64,
    length: u64,
}

impl Joined {
    /// Opens every part; the error carries the part that cannot be opened.
    pub(super) fn open(paths: &[PathBuf]) -> Result<Self, (PathBuf, io::Error)> {
        let mut joined = Self { parts: Vec::with_capacity(paths.len()), position: 0, length: 0 };
        for path in paths {
            joined.push(path).map_err(|error| (path.clone(), error))?;
        }
        Ok(joined)
    }

    fn push(&mut self, path: &Path) -> io::Result<()> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        self.parts.push(Part { file, start: self.length, length });
        self.length += length;
        Ok(())
    }
}

impl Read for Joined {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let position = self.position;
        let holds = |part: &&mut Part| position >= part.start && position < part.start + part.length;
        let Some(part) = self.parts.iter_mut().find(holds) else { return Ok(0) };
        part.file.seek(SeekFrom::Start(position - part.start))?;
        let read = part.file.read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Seek for Joined {
    fn seek(&mut self, target: SeekFrom) -> io::Result<u64> {
        let position = match target {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_read_and_seek_as_one_file() {
        let directory = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = ["ab", "", "cdef"]
            .iter()
            .enumerate()
            .map(|(index, text)| {
                let path = directory.path().join(index.to_string());
                std::fs::write(&path, text).unwrap();
                path
            })
            .collect();
        let mut joined = Joined::open(&paths).unwrap();
        assert_eq!(io::read_to_string(&mut joined).unwrap(), "abcdef");
        assert_eq!(joined.seek(SeekFrom::End(-5)).unwrap(), 1);
        assert_eq!(io::read_to_string(&mut joined).unwrap(), "bcdef");
        assert!(joined.seek(SeekFrom::End(-7)).is_err());
    }

    #[test]
    fn a_missing_part_is_named() {
        let (path, _) = Joined::open(&[PathBuf::from("/nonexistent/part1")]).err().unwrap();
        assert_eq!(path, PathBuf::from("/nonexistent/part1"));
    }
}
