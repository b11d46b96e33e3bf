//! Rows as they are read: by many threads, in shares, each row with its line.

use super::cells::CellReader;
use super::columns::Column;
use crate::domain::CallRow;

/// What takes the rows of one share.
pub trait Rows: Send {
    /// Takes a row in. An error says what cannot be done with it, though it is taken.
    ///
    /// # Errors
    /// One lowercase sentence.
    fn take(&mut self, row: &CallRow) -> Result<(), String>;
}

/// Rows of one stretch of the input, and what was wrong with them.
#[derive(Debug)]
pub struct Share<R> {
    pub rows: R,
    /// Where each row that was taken stands.
    pub lines: Lines,
    pub problems: Vec<RowProblem>,
}

/// A row that was left out, or a value in it that was left empty; the cause says which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// Counted from 1, as an editor shows it.
    pub line: usize,
    pub cause: String,
    /// True where the row is left out although it may be a call of its own.
    pub is_lost: bool,
}

impl std::fmt::Display for RowProblem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.cause)
    }
}

/// The lines of consecutive rows. Nearly always each row is one line, so only the jumps are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// Row and its line, where it is not the one after that of the row before.
    jumps: Vec<(u32, usize)>,
    count: u32,
}

impl Lines {
    fn push(&mut self, line: usize) {
        if self.of(self.count) != Some(line) {
            self.jumps.push((self.count, line));
        }
        self.count += 1;
    }

    /// The line of a row, counted from 0 within the share; past the end what would follow.
    #[must_use]
    pub fn of(&self, row: u32) -> Option<usize> {
        let at = self.jumps.partition_point(|(first, _)| *first <= row).checked_sub(1)?;
        let (first, line) = self.jumps[at];
        Some(line + (row - first) as usize)
    }

    fn shifted(mut self, by: usize) -> Self {
        for (_, line) in &mut self.jumps {
            *line += by;
        }
        self
    }
}

impl<R> Share<R> {
    /// The same rows `by` lines further down.
    pub(super) fn shifted(mut self, by: usize) -> Self {
        for problem in &mut self.problems {
            problem.line += by;
        }
        Self { lines: self.lines.shifted(by), ..self }
    }
}

/// Makes a share out of cells.
pub struct ShareReader<R> {
    cells: CellReader,
    share: Share<R>,
}

impl<R: Rows> ShareReader<R> {
    pub fn new(rows: R) -> Self {
        let share = Share { rows, lines: Lines::default(), problems: Vec::new() };
        Self { cells: CellReader::default(), share }
    }

    /// Takes one row's cells, each with its column.
    pub fn row<'a>(&mut self, line: usize, cells: impl Iterator<Item = (Column, &'a str)>) {
        let mut row = CallRow::default();
        for (column, cell) in cells {
            if let Err(expected) = self.cells.fill(&mut row, column, cell) {
                let name = column.name();
                self.problem(
                    line,
                    format!("{name} {:?} is not {expected}; it is left empty", shown(cell)),
                    false,
                );
            }
        }
        if row.name().is_none() {
            return self.left_out(line, "has neither call_id nor recording");
        }
        self.share.lines.push(line);
        if let Err(cause) = self.share.rows.take(&row) {
            self.problem(line, cause, false);
        }
    }

    pub fn left_out(&mut self, line: usize, cause: &str) {
        self.problem(line, format!("{cause}; the row is left out"), true);
    }

    fn problem(&mut self, line: usize, cause: String, is_lost: bool) {
        self.share.problems.push(RowProblem { line, cause, is_lost });
    }

    pub fn finish(self) -> Share<R> {
        self.share
    }
}

/// As much of a cell as a message needs.
fn shown(cell: &str) -> &str {
    const MOST_BYTES: usize = 80;
    &cell[..cell.floor_char_boundary(MOST_BYTES)]
}
