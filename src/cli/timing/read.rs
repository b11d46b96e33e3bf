//! Files of call records to one log, with every row accounted for.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use super::Counter;
use crate::domain::{CallError, CallRow};
use crate::ingest::{Lines, ReadOptions, RowProblem, Rows, Share, read_shares, shown_place};
use crate::timing::{Log, LogPart};

/// All records of a run, closed.
pub(super) struct Read {
    pub log: Log,
    /// Files that could not be read, or not to their end.
    pub errors: Vec<CallError>,
    pub ignored_columns: Vec<String>,
    pub problems: u64,
    /// Rows left out that may be calls.
    pub rows_lost: u64,
}

/// One thread's share of the rows.
struct LogRows(LogPart);

impl Rows for LogRows {
    fn take(&mut self, row: &CallRow) -> Result<(), String> {
        self.0.push(row).map_err(|fault| format!("{}; the call is not judged", fault.reason(row)))
    }
}

/// Reads every file; `problem` is told of each row in question, in order, with the file's name.
pub(super) fn read(
    files: &[PathBuf],
    options: &ReadOptions,
    default_timezone: &TimeZone,
    counter: &mut Counter,
    mut problem: impl FnMut(&str, &RowProblem) -> anyhow::Result<()> + Send,
) -> anyhow::Result<Read> {
    let mut log = Log::new(default_timezone);
    let blank = log.part();
    let mut places = Places::default();
    let (mut errors, mut ignored_columns) = (Vec::new(), Vec::new());
    let (mut problems, mut rows_lost) = (0, 0);
    for (file, path) in files.iter().enumerate() {
        let name = shown_place(path).display().to_string();
        let mut failed: anyhow::Result<()> = Ok(());
        let mut take = |share: Share<LogRows>| {
            places.add(log.len() as u32, file, share.lines);
            log.absorb(share.rows.0).map_err(|error| too_many(path, &error))?;
            counter.read(log.len() as u64);
            for row in &share.problems {
                problems += 1;
                rows_lost += u64::from(row.is_lost);
                if failed.is_ok() {
                    failed = problem(&name, row);
                }
            }
            Ok(())
        };
        match read_shares(path, options, &|| LogRows(blank.clone()), &mut take) {
            Ok(ignored) => ignored_columns.extend(ignored),
            Err(error) => errors.push(error),
        }
        failed?;
    }
    for repeat in log.close() {
        let (file, line) = places.of(repeat.again);
        let (first_file, first_line) = places.of(repeat.first);
        let at = if file == first_file {
            String::new()
        } else {
            format!(" of {}", shown_place(&files[first_file]).display())
        };
        let cause = format!("call_id was given in line {first_line}{at}; the row is left out");
        problems += 1;
        problem(
            &shown_place(&files[file]).display().to_string(),
            &RowProblem { line, cause, is_lost: false },
        )?;
    }
    Ok(Read { log, errors, ignored_columns, problems, rows_lost })
}

fn too_many(path: &std::path::Path, error: &impl std::fmt::Display) -> CallError {
    CallError::new(path, error.to_string(), "judge fewer records at once, such as a month")
}

/// Where each row of the log was read.
#[derive(Default)]
struct Places {
    /// First row of a share, its file, its lines.
    shares: Vec<(u32, usize, Lines)>,
}

impl Places {
    fn add(&mut self, first: u32, file: usize, lines: Lines) {
        self.shares.push((first, file, lines));
    }

    /// File and line.
    fn of(&self, row: u32) -> (usize, usize) {
        let at = self.shares.partition_point(|(first, ..)| *first <= row).saturating_sub(1);
        self.shares
            .get(at)
            .map_or((0, 0), |(first, file, lines)| (*file, lines.of(row - first).unwrap_or_default()))
    }
}
