//! Filled-in text: UTF-8, or GB18030 as Chinese editions of Excel still write it.

use std::borrow::Cow;
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{GB18030, UTF_8};

use super::header::Header;
use super::{Fault, FilledRow};

pub(super) fn read(path: &Path) -> Result<Vec<FilledRow>, Fault> {
    let bytes =
        std::fs::read(path).map_err(|error| (format!("cannot be read: {error}"), "check the path"))?;
    rows(&text(&bytes)?)
}

fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    let (text, _) = UTF_8.decode_with_bom_removal(bytes);
    if let (Cow::Borrowed(text), true) = (&text, std::str::from_utf8(bytes).is_ok()) {
        return Ok(Cow::Borrowed(text));
    }
    GB18030.decode_without_bom_handling_and_without_replacement(bytes).ok_or_else(|| {
        ("is neither UTF-8 nor GB18030 text".to_owned(), "in Excel: Save As, CSV UTF-8 (Comma delimited)")
    })
}

fn rows(text: &str) -> Result<Vec<FilledRow>, Fault> {
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut header: Option<Header> = None;
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    while reader
        .read_record(&mut record)
        .map_err(|error| (format!("cannot be read: {error}"), super::SAVE_AGAIN))?
    {
        let line = lines.of(record.position().map_or(0, csv::Position::byte) as usize);
        let cells: Vec<&str> = record.iter().collect();
        match &header {
            None => header = Some(Header::new(&cells)?),
            Some(header) => rows.extend(header.row(line, &cells)),
        }
    }
    header.map(|_| rows).ok_or_else(|| ("is empty".to_owned(), super::SAVE_AGAIN))
}

/// Counts lines; the reader's own count lags behind where lines end in two characters.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    /// The line that the byte `at` is in.
    line: usize,
}

impl Lines<'_> {
    /// The line of the first character at or after `byte` that ends no line; places asked for only grow.
    fn of(&mut self, byte: usize) -> usize {
        while let Some(character) = self.text.get(self.at) {
            let ends_line = matches!(character, b'\r' | b'\n');
            if self.at >= byte && !ends_line {
                break;
            }
            self.line += usize::from(*character == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// The separator that the first line has most of; some spreadsheets choose their own.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let fields = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    [b';', b'\t', b','].into_iter().max_by_key(|delimiter| fields(*delimiter)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_encodings_and_all_separators_are_read() {
        let utf8 = "通话编号,发现编号,复核结论,备注\r\nA,f1,确认,\"一,二\"\r\n\r\n ,,,\r\nB,f2,驳回,'=1\r\n";
        let expected = rows(utf8).unwrap();
        assert_eq!(expected.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 5]);
        assert_eq!((expected[0].comment.as_str(), expected[1].comment.as_str()), ("一,二", "=1"));
        let gb18030 = GB18030.encode(utf8).0.into_owned();
        for bytes in [utf8.as_bytes(), &["\u{feff}".as_bytes(), utf8.as_bytes()].concat(), &gb18030] {
            assert_eq!(rows(&text(bytes).unwrap()).unwrap(), expected);
        }
        for separator in [";", "\t"] {
            assert_eq!(
                rows(&utf8.replace("\"一,二\"", "x").replace(',', separator)).unwrap()[1],
                expected[1]
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn foreign_bytes_are_an_error_or_rows(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(text) = text(&bytes) {
                let _ = rows(&text);
            }
        }
    }
}
