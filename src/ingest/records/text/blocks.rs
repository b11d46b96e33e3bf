//! A long text cut into blocks that end where a row ends, so that threads can read them side by side.

use std::io::Read;

use crate::ingest::fault::Fault;

/// What a thread reads at once.
const BLOCK_BYTES: usize = 4 << 20;

/// A quote that is never closed makes one row of all that follows; it must not fill the memory.
const LONGEST_ROW_BYTES: usize = 64 << 20;

/// Where rows may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowEnds {
    /// At every line end.
    Lines,
    /// At line ends that are not within a quoted field; with the byte between fields.
    Unquoted(u8),
}

/// Iterates over the blocks of a text.
pub struct Blocks<R> {
    reader: R,
    /// Read and not yet handed on; starts where a row starts.
    rest: Vec<u8>,
    ended: bool,
    /// `\r` for texts of old machines that have no other line end.
    line_end: Option<u8>,
    block_bytes: usize,
}

impl<R: Read> Blocks<R> {
    pub fn new(reader: R) -> Self {
        Self::of_size(reader, BLOCK_BYTES)
    }

    fn of_size(reader: R, block_bytes: usize) -> Self {
        Self { reader, rest: Vec::new(), ended: false, line_end: None, block_bytes }
    }

    /// The beginning of what is left, at least a block of it if there is as much.
    pub fn peek(&mut self) -> Result<&[u8], Fault> {
        self.fill(self.block_bytes)?;
        Ok(&self.rest)
    }

    /// Leaves out so many bytes of what [`peek`](Self::peek) shows.
    pub fn skip(&mut self, bytes: usize) {
        self.rest.drain(..bytes.min(self.rest.len()));
    }

    /// The next whole rows; none at the end.
    pub fn next(&mut self, ends: RowEnds) -> Result<Option<Vec<u8>>, Fault> {
        let mut wanted = self.block_bytes;
        loop {
            self.fill(wanted)?;
            if self.rest.is_empty() {
                return Ok(None);
            }
            if self.ended {
                return Ok(Some(std::mem::take(&mut self.rest)));
            }
            let line_end = *self.line_end.get_or_insert_with(|| line_end(&self.rest));
            if let Some(end) = last_row_end(&self.rest, ends, line_end) {
                let after = self.rest.split_off(end);
                return Ok(Some(std::mem::replace(&mut self.rest, after)));
            }
            if self.rest.len() >= LONGEST_ROW_BYTES {
                return Err(Fault::new(
                    format!("has a row of more than {} MiB", LONGEST_ROW_BYTES >> 20),
                    "look for a quotation mark that is not closed",
                ));
            }
            wanted = self.rest.len() * 2;
        }
    }

    fn fill(&mut self, wanted: usize) -> Result<(), Fault> {
        if self.rest.len() < wanted && !self.ended {
            let missing = (wanted - self.rest.len()) as u64;
            self.rest.reserve(wanted - self.rest.len());
            let read = (&mut self.reader).take(missing).read_to_end(&mut self.rest)?;
            self.ended = (read as u64) < missing;
        }
        Ok(())
    }
}

fn line_end(text: &[u8]) -> u8 {
    if memchr::memchr(b'\n', text).is_none() && text.contains(&b'\r') { b'\r' } else { b'\n' }
}

/// Behind the last line end that ends a row.
fn last_row_end(text: &[u8], ends: RowEnds, line_end: u8) -> Option<usize> {
    match ends {
        RowEnds::Unquoted(delimiter) if memchr::memchr(b'"', text).is_some() => {
            last_unquoted(text, delimiter, line_end)
        }
        _ => memchr::memrchr(line_end, text).map(|at| at + 1),
    }
}

/// Follows quotes as the reader of rows does: one opens a field only at its start, and ends it unless doubled.
fn last_unquoted(text: &[u8], delimiter: u8, line_end: u8) -> Option<usize> {
    let (mut last, mut quoted, mut at_start) = (None, false, true);
    for (at, byte) in text.iter().enumerate() {
        if quoted {
            // A doubled quote closes and opens again at once.
            quoted = *byte != b'"';
            at_start = *byte == b'"';
            continue;
        }
        let is_row_end = *byte == line_end;
        quoted = at_start && *byte == b'"';
        at_start = is_row_end || *byte == delimiter || *byte == b'\n' || *byte == b'\r';
        if is_row_end {
            last = Some(at + 1);
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn blocks(text: &[u8], size: usize) -> Vec<Vec<u8>> {
        let mut blocks = Blocks::of_size(text, size);
        std::iter::from_fn(|| blocks.next(RowEnds::Unquoted(b',')).unwrap()).collect()
    }

    /// The rows as the reader of rows sees them.
    fn rows(text: &[u8]) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
        let rows = reader.byte_records().map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect());
        rows.collect()
    }

    #[test]
    fn blocks_end_with_rows() {
        let text = b"a,b\n\"c\nd\",e\nf,\"g \"\"h\"\"\n\"\ni,5\" pipe\nj,k";
        assert_eq!(blocks(text, 8).concat(), text);
        let ends: Vec<_> = blocks(text, 8).iter().map(|block| rows(block).len()).collect();
        assert_eq!(ends.iter().sum::<usize>(), rows(text).len());
        assert!(ends.len() > 2, "{ends:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn blocks_hold_the_rows_of_the_whole(text in "[a\",\n\r]{0,60}", size in 1..20_usize) {
            let parts: Vec<_> = blocks(text.as_bytes(), size).iter().flat_map(|block| rows(block)).collect();
            prop_assert_eq!(parts, rows(text.as_bytes()));
        }
    }
}
