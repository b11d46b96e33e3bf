//! Lines of foreign bytes: bounded, numbered, never the end of the rest.

use std::io::{self, BufRead, Read};

/// A transcript of the longest call stays far below.
const LONGEST_BYTES: usize = 16 << 20;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1, blank lines too.
    pub number: u64,
    /// Without the line end; `None` for a line that is too long.
    pub bytes: Option<Vec<u8>>,
}

/// Iterates over the lines that hold anything.
pub struct Lines<R> {
    reader: R,
    number: u64,
    longest: usize,
}

impl<R: BufRead> Lines<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, number: 0, longest: LONGEST_BYTES }
    }

    /// The next line, however it ends; none at the end.
    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let longest = self.longest as u64 + 1;
        if self.reader.by_ref().take(longest).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let number = self.number;
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else if bytes.len() > self.longest {
            self.reader.skip_until(b'\n')?;
            return Ok(Some(Line { number, bytes: None }));
        }
        Ok(Some(Line { number, bytes: Some(bytes) }))
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.read().transpose()? {
                Ok(Line { bytes: Some(bytes), .. }) if bytes.trim_ascii().is_empty() => {}
                line => return Some(line),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(text: &[u8], longest: usize) -> Vec<(u64, Option<String>)> {
        let lines = Lines { longest, ..Lines::new(text) };
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        lines.map(Result::unwrap).map(|line| (line.number, line.bytes.map(text))).collect()
    }

    #[test]
    fn a_line_that_is_too_long_does_not_end_the_rest() {
        let some = |text: &str| Some(text.to_owned());
        let expected = [(1, some("a")), (4, some("b\r")), (5, None), (6, some("1234")), (7, some("c"))];
        assert_eq!(lines(b"a\n\n  \nb\r\n12345\n1234\nc", 4), expected);
        assert_eq!(lines(b"123456", 4), [(1, None)]);
        assert_eq!(lines(b"", 4), []);
    }

    proptest! {
        #[test]
        fn lines_are_those_of_the_text(text in "[a \n]{0,60}") {
            let expected: Vec<_> = (1..).zip(text.split('\n')).filter(|(_, line)| !line.trim().is_empty()).collect();
            let lines = lines(text.as_bytes(), 1000);
            let lines: Vec<_> = lines.iter().map(|(number, line)| (*number, line.as_deref().unwrap())).collect();
            prop_assert_eq!(lines, expected);
        }
    }
}
