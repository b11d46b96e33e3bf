//! Lines of a text file of unknown quality: bounded, numbered, checked for UTF-8.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// A transcript of the longest call stays far below; a binary file without a line end must not fill the memory.
const LONGEST_LINE_BYTES: usize = 16 * 1024 * 1024;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Iterates over the lines that hold anything, each with its number from 1. Ends after a read error or an oversized line.
pub(super) struct Lines<R> {
    reader: R,
    number: usize,
    ended: bool,
}

pub(super) fn open(path: &Path) -> io::Result<Lines<BufReader<File>>> {
    Ok(Lines::new(BufReader::new(File::open(path)?)))
}

impl<R: BufRead> Iterator for Lines<R> {
    /// Number and text, or number and what is wrong with the line.
    type Item = (usize, Result<String, String>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            self.number += 1;
            match self.read_line() {
                Ok(None) => self.ended = true,
                Ok(Some(line)) if line.trim().is_empty() => {}
                Ok(Some(line)) => return Some((self.number, Ok(line))),
                Err(cause) => return Some((self.number, Err(cause))),
            }
        }
        None
    }
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, number: 0, ended: false }
    }

    fn read_line(&mut self) -> Result<Option<String>, String> {
        let mut bytes = Vec::new();
        let limit = LONGEST_LINE_BYTES as u64 + 1;
        let read = self.reader.by_ref().take(limit).read_until(b'\n', &mut bytes).map_err(|error| {
            self.ended = true;
            format!("cannot be read: {error}")
        })?;
        if read > LONGEST_LINE_BYTES {
            self.ended = true;
            return Err(format!("is longer than {LONGEST_LINE_BYTES} bytes"));
        }
        if read == 0 {
            return Ok(None);
        }
        let line = String::from_utf8(bytes).map_err(|_| "is not UTF-8 text".to_owned())?;
        let line = line.trim_end_matches(['\r', '\n']);
        Ok(Some(line.trim_start_matches(BYTE_ORDER_MARK).to_owned()))
    }
}

/// What is wrong with a line of JSON. The line's own number says more than its always being line 1 of itself.
pub(super) fn json_cause(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", ", column ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8]) -> Vec<(usize, Result<String, String>)> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lines");
        std::fs::write(&path, content).unwrap();
        open(&path).unwrap().map(|(n, line)| (n, line.map(|text| text.trim_end().to_owned()))).collect()
    }

    #[test]
    fn lines_are_numbered_as_an_editor_does() {
        let lines = read("\u{feff}a\r\n\n  \nb".as_bytes());
        assert_eq!(lines, [(1, Ok("a".to_owned())), (4, Ok("b".to_owned()))]);
    }

    #[test]
    fn a_bad_line_does_not_end_the_file() {
        let lines = read(b"a\n\xff\xfe\nb\n");
        assert_eq!(lines[1], (2, Err("is not UTF-8 text".to_owned())));
        assert_eq!(lines[2], (3, Ok("b".to_owned())));
    }

    #[test]
    fn an_endless_line_does() {
        let lines = read(&vec![b'x'; LONGEST_LINE_BYTES + 10]);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].1.is_err());
    }
}
