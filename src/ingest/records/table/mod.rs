//! Call records in tables: workbooks, Parquet, SQLite. One thread brings rows, another reads them.
//!
//! ```text
//!  xlsx | parquet | sqlite ─► Feed ─► chunks of cells ─► ShareReader ─► shares, in order
//! ```

mod parquet;
mod sqlite;
mod xlsx;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::ReadOptions;
use super::columns::{Column, Mapping, Names};
use super::share::{Rows, Share, ShareReader};
use crate::domain::CallError;
use crate::ingest::fault::Fault;

/// Rows that change hands at once.
const CHUNK_ROWS: usize = 1 << 14;

/// What a file is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TableFormat {
    Xlsx,
    Parquet,
    Sqlite,
}

impl TableFormat {
    /// How many bytes [`of`](Self::of) looks at.
    pub const MAGIC_BYTES: usize = 16;

    /// The format that starts with these bytes; none for text.
    pub fn of(start: &[u8]) -> Option<Self> {
        match start {
            [b'P', b'K', 3, 4, ..] => Some(Self::Xlsx),
            [b'P', b'A', b'R', b'1', ..] => Some(Self::Parquet),
            _ if start.starts_with(b"SQLite format 3\0") => Some(Self::Sqlite),
            _ => None,
        }
    }
}

/// Reads a table; the names of its columns.
pub(super) fn read<R: Rows>(
    format: TableFormat,
    path: &Path,
    options: &ReadOptions,
    new: &(impl Fn() -> R + Sync),
    take: &mut (impl FnMut(Share<R>) -> Result<(), CallError> + Send),
) -> Result<Result<Names, CallError>, Fault> {
    let (sender, receiver) = sync_channel(2);
    std::thread::scope(|scope| {
        let reader = scope.spawn(move || hand_on(&receiver, new, take));
        let mut feed = Feed::new(&options.mapping, sender);
        let outcome = guarded(|| match format {
            TableFormat::Xlsx => xlsx::read(path, options, &mut feed),
            TableFormat::Parquet => parquet::read(path, &mut feed),
            TableFormat::Sqlite => sqlite::read(path, options, &mut feed),
        });
        let names = feed.finish();
        let handed = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        outcome?;
        Ok(handed.map(|()| names))
    })
}

/// Readers of these formats are other people's code on foreign bytes: a panic in one is a damaged file, not the end.
fn guarded(read: impl FnOnce() -> Result<(), Fault>) -> Result<(), Fault> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(Fault::new("is damaged beyond what its reader bears", "save or export it again"))
    })
}

fn hand_on<R: Rows>(
    chunks: &Receiver<Chunk>,
    new: &impl Fn() -> R,
    take: &mut impl FnMut(Share<R>) -> Result<(), CallError>,
) -> Result<(), CallError> {
    for chunk in chunks {
        let mut share = ShareReader::new(new());
        for row in 0..chunk.lines.len() {
            if let Err(cause) = &chunk.lines[row].1 {
                share.left_out(chunk.lines[row].0, cause);
            } else if chunk.cells(row).any(|(_, cell)| !cell.trim().is_empty()) {
                share.row(chunk.lines[row].0, chunk.cells(row));
            }
        }
        take(share.finish())?;
    }
    Ok(())
}

/// Rows as text: only the columns that mean something.
#[derive(Debug, Default, Clone)]
struct Chunk {
    /// The column of each cell of a row.
    columns: Arc<[Column]>,
    /// Of each row the line, and why it cannot be read.
    lines: Vec<(usize, Result<(), String>)>,
    texts: String,
    /// Where each cell ends.
    ends: Vec<usize>,
}

impl Chunk {
    fn cells(&self, row: usize) -> impl Iterator<Item = (Column, &str)> {
        let first = row * self.columns.len();
        self.columns.iter().enumerate().map(move |(at, column)| {
            let cell = first + at;
            let start = if cell == 0 { 0 } else { self.ends[cell - 1] };
            (*column, &self.texts[start..self.ends[cell]])
        })
    }
}

/// Takes rows from a table, a cell after the other, and sends them on.
struct Feed<'a> {
    mapping: &'a Mapping,
    names: Names,
    /// Places of the columns that mean something, in the order of the table.
    wanted: Vec<usize>,
    chunk: Chunk,
    sender: SyncSender<Chunk>,
    /// The other side takes no more.
    is_stopped: bool,
}

impl<'a> Feed<'a> {
    fn new(mapping: &'a Mapping, sender: SyncSender<Chunk>) -> Self {
        let (names, chunk) = (Names::default(), Chunk::default());
        Self { mapping, names, wanted: Vec::new(), chunk, sender, is_stopped: false }
    }

    /// Names the columns of the table; the places of those that are wanted, which [`row`](Self::row) then takes.
    fn header<'n>(&mut self, names: impl Iterator<Item = &'n str>) -> Vec<usize> {
        let mapping = self.mapping;
        let fields: Vec<_> = names.map(|name| self.names.field(name, mapping)).collect();
        self.wanted = (0..fields.len()).filter(|place| fields[*place].is_some()).collect();
        self.chunk.columns = fields.into_iter().flatten().collect();
        self.wanted.clone()
    }

    /// A row by the texts of its wanted cells; false when no more are taken.
    fn row<'c>(&mut self, line: usize, cells: impl Iterator<Item = &'c str>) -> bool {
        for cell in cells {
            self.chunk.texts.push_str(cell);
            self.chunk.ends.push(self.chunk.texts.len());
        }
        self.chunk.ends.resize((self.chunk.lines.len() + 1) * self.wanted.len(), self.chunk.texts.len());
        self.end(line, Ok(()))
    }

    /// A row that cannot be read.
    fn bad_row(&mut self, line: usize, cause: String) -> bool {
        self.chunk.ends.resize((self.chunk.lines.len() + 1) * self.wanted.len(), self.chunk.texts.len());
        self.end(line, Err(cause))
    }

    fn end(&mut self, line: usize, row: Result<(), String>) -> bool {
        self.chunk.lines.push((line, row));
        if self.chunk.lines.len() >= CHUNK_ROWS {
            self.send();
        }
        !self.is_stopped
    }

    fn send(&mut self) {
        let next = Chunk { columns: self.chunk.columns.clone(), ..Chunk::default() };
        let chunk = std::mem::replace(&mut self.chunk, next);
        self.is_stopped |= self.sender.send(chunk).is_err();
    }

    fn finish(mut self) -> Names {
        if !self.chunk.lines.is_empty() {
            self.send();
        }
        self.names
    }
}
