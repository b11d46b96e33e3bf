//! Workbooks: the sheet whose first row names calls.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, open_workbook};

use super::super::ReadOptions;
use super::super::columns::Names;
use super::Feed;
use crate::ingest::fault::Fault;

type Workbook = Xlsx<BufReader<File>>;

/// A cell far to the right is not worth the memory of all between.
const MOST_COLUMNS: usize = 1024;

pub(super) fn read(path: &Path, options: &ReadOptions, feed: &mut Feed) -> Result<(), Fault> {
    let mut workbook: Workbook = open_workbook(path).map_err(|error| unreadable(&error))?;
    let sheet = choose(&mut workbook, options)?;
    let mut wanted = None;
    each_row(&mut workbook, &sheet, |line, cells| match &wanted {
        None => {
            wanted = Some(feed.header(cells.iter().map(String::as_str)));
            true
        }
        Some(wanted) => {
            let cell = |place: &usize| cells.get(*place).map_or("", String::as_str);
            feed.row(line, wanted.iter().map(cell))
        }
    })
}

/// The sheet the user names, else the first whose header names calls, else the first.
fn choose(workbook: &mut Workbook, options: &ReadOptions) -> Result<String, Fault> {
    let sheets = workbook.sheet_names();
    if let Some(wanted) = &options.table {
        return sheets.iter().find(|sheet| *sheet == wanted).cloned().ok_or_else(|| {
            Fault::new(format!("has no sheet {wanted}"), format!("choose among {}", sheets.join(", ")))
        });
    }
    for sheet in &sheets {
        let mut names = Names::default();
        each_row(workbook, sheet, |_, cells| {
            for cell in cells {
                names.field(cell, &options.mapping);
            }
            false
        })?;
        if names.name_calls() {
            return Ok(sheet.clone());
        }
    }
    sheets.first().cloned().ok_or_else(|| Fault::new("has no sheet", "save the call records in a sheet"))
}

/// Rows that hold anything, each with its number from 1, until `row` returns false.
fn each_row(
    workbook: &mut Workbook,
    sheet: &str,
    mut row: impl FnMut(usize, &[String]) -> bool,
) -> Result<(), Fault> {
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|error| unreadable(&error))?;
    let (mut line, mut cells) = (0, Vec::new());
    while let Some(cell) = reader.next_cell().map_err(|error| unreadable(&error))? {
        let (at, column) = cell.get_position();
        let (at, column) = (at as usize + 1, column as usize);
        if at != line {
            if !cells.is_empty() && !row(line, &cells) {
                return Ok(());
            }
            cells.clear();
            line = at;
        }
        let text = text(cell.get_value());
        if column < MOST_COLUMNS && !text.is_empty() {
            cells.resize(cells.len().max(column + 1), String::new());
            cells[column] = text;
        }
    }
    if !cells.is_empty() {
        row(line, &cells);
    }
    Ok(())
}

/// A cell as a text file would hold it.
fn text(value: &DataRef) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(time) => time_text(time),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A date with its time, or seconds for what is a length of time: a value below one day has no date.
fn time_text(time: &ExcelDateTime) -> String {
    const DAY_S: f64 = 86_400.0;
    if time.is_duration() || time.as_f64() < 1.0 {
        return (time.as_f64() * DAY_S).round().to_string();
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    // Excel's days are floating-point numbers: a second may come out a millisecond early.
    let second = second + u8::from(milli > 500 && second < 59);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

fn unreadable(error: &calamine::XlsxError) -> Fault {
    Fault::new(format!("cannot be read as a workbook: {error}"), "save it as .xlsx or CSV again")
}
