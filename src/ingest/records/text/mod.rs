//! Call records as text: delimited or JSONL, read by all cores and handed on in order.
//!
//! ```text
//!  reader ─► Blocks ─► [CsvForm::parse | json::parse], in parallel ─► shares, in order
//! ```

mod blocks;
mod csv;
mod encoding;
mod json;

use std::collections::BTreeSet;
use std::io::Read;

use rayon::prelude::*;

use super::columns::{Column, Mapping, Names};
use super::share::{Rows, Share};
use crate::domain::CallError;
use crate::ingest::fault::Fault;
use blocks::{Blocks, RowEnds};
use csv::CsvForm;
use encoding::Encoding;

/// What came out of a block.
struct Parsed<R> {
    /// Lines counted from 1 within the block.
    share: Share<R>,
    line_ends: usize,
    names: BTreeSet<Column>,
    ignored: Vec<String>,
}

/// How rows are written.
enum Form {
    Csv(CsvForm),
    Json,
}

impl Form {
    fn row_ends(&self) -> RowEnds {
        match self {
            Self::Csv(form) => RowEnds::Unquoted(form.delimiter),
            Self::Json => RowEnds::Lines,
        }
    }

    fn parse<R: Rows>(&self, block: &[u8], encoding: Encoding, mapping: &Mapping, rows: R) -> Parsed<R> {
        match self {
            Self::Csv(form) => form.parse(block, encoding, rows),
            Self::Json => json::parse(&encoding.decoded(block), mapping, rows),
        }
    }
}

/// Reads a text by its content: an object at the start makes it JSONL, else it is delimited.
pub(super) fn read<R: Rows>(
    reader: impl Read,
    mapping: &Mapping,
    new: &(impl Fn() -> R + Sync),
    take: &mut (impl FnMut(Share<R>) -> Result<(), CallError> + Send),
) -> Result<Result<Names, CallError>, Fault> {
    let mut text = Text { blocks: Blocks::new(reader), encoding: None };
    let (form, mut names, mut lines) = text.start(mapping)?;
    let mut parsed: Vec<Parsed<R>> = Vec::new();
    loop {
        let round = text.round(form.row_ends())?;
        let ended = round.is_empty();
        let parse = |(block, encoding): &(Vec<u8>, Encoding)| form.parse(block, *encoding, mapping, new());
        let mut hand_on = || {
            for parsed in parsed.drain(..) {
                names.add(parsed.names, parsed.ignored);
                take(parsed.share.shifted(lines))?;
                lines += parsed.line_ends;
            }
            Ok(())
        };
        let (next, handed) = rayon::join(|| round.par_iter().map(parse).collect(), &mut hand_on);
        if let Err(error) = handed {
            return Ok(Err(error));
        }
        parsed = next;
        if ended {
            return Ok(Ok(names));
        }
    }
}

struct Text<R> {
    blocks: Blocks<R>,
    /// Unknown as long as all is ASCII.
    encoding: Option<Encoding>,
}

impl<R: Read> Text<R> {
    /// What the beginning says: the form, the names of its columns, and how many lines that took.
    fn start(&mut self, mapping: &Mapping) -> Result<(Form, Names, usize), Fault> {
        let mark = encoding::marks(self.blocks.peek()?)?;
        self.blocks.skip(mark);
        let start = self.blocks.peek()?;
        if start.trim_ascii_start().first() == Some(&b'{') {
            return Ok((Form::Json, Names::default(), 0));
        }
        let header = start.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        self.encoding = Encoding::of(header);
        let encoding = self.encoding.unwrap_or(Encoding::Utf8);
        let form = CsvForm::new(&encoding.decoded(start), mapping)?;
        let header_bytes = encoding_bytes(start, encoding, form.header_bytes);
        let (names, lines) = (form.names.clone(), form.header_lines);
        self.blocks.skip(header_bytes);
        Ok((Form::Csv(form), names, lines))
    }

    /// Blocks for all threads, each with what its bytes mean.
    fn round(&mut self, ends: RowEnds) -> Result<Vec<(Vec<u8>, Encoding)>, Fault> {
        let mut round = Vec::new();
        for _ in 0..2 * rayon::current_num_threads() {
            let Some(block) = self.blocks.next(ends)? else { break };
            self.encoding = self.encoding.or_else(|| Encoding::of(&block));
            round.push((block, self.encoding.unwrap_or(Encoding::Utf8)));
        }
        Ok(round)
    }
}

/// How many bytes as written make up the first so many decoded ones.
fn encoding_bytes(start: &[u8], encoding: Encoding, decoded: usize) -> usize {
    match encoding {
        Encoding::Utf8 => decoded,
        // Rows end alike in both: count the line ends of the header and find as many.
        Encoding::Gb18030 => {
            let text = encoding.decoded(start);
            let ends = memchr::memchr_iter(b'\n', &text[..decoded.min(text.len())]).count();
            memchr::memchr_iter(b'\n', start).nth(ends.saturating_sub(1)).map_or(start.len(), |at| at + 1)
        }
    }
}
