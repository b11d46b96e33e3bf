//! Filled-in workbooks: every sheet whose first row is that of an export.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{DataRef, Reader, Xlsx, XlsxError, open_workbook};

use super::header::Header;
use super::{Fault, FilledRow, SAVE_AGAIN};

type Workbook = Xlsx<BufReader<File>>;

/// A cell far to the right is not worth the memory of all between.
const MOST_COLUMNS: usize = 1024;

pub(super) fn read(path: &Path) -> Result<Vec<FilledRow>, Fault> {
    let mut workbook: Workbook = open_workbook(path).map_err(|error| unreadable(&error))?;
    let mut rows = Vec::new();
    let mut mistake = None;
    let mut is_export = false;
    for sheet in workbook.sheet_names() {
        match read_sheet(&mut workbook, &sheet)? {
            Ok(more) => {
                is_export = true;
                rows.extend(more);
            }
            Err(fault) => mistake = mistake.or(Some(fault)),
        }
    }
    match mistake {
        Some(fault) if !is_export => Err(fault),
        _ => Ok(rows),
    }
}

/// The rows of a sheet, or what its first row lacks.
fn read_sheet(workbook: &mut Workbook, sheet: &str) -> Result<Result<Vec<FilledRow>, Fault>, Fault> {
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(|error| unreadable(&error))?;
    let mut filled = Sheet::default();
    let (mut line, mut cells) = (0, Vec::new());
    while let Some(cell) = reader.next_cell().map_err(|error| unreadable(&error))? {
        let (at, column) = cell.get_position();
        let (at, column) = (at as usize + 1, column as usize);
        if at != line {
            if let Err(fault) = filled.take(line, &cells) {
                return Ok(Err(fault));
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
    if let Err(fault) = filled.take(line, &cells) {
        return Ok(Err(fault));
    }
    Ok(if filled.header.is_some() { Ok(filled.rows) } else { Err(("is empty".to_owned(), SAVE_AGAIN)) })
}

/// A sheet as far as it is read.
#[derive(Default)]
struct Sheet {
    header: Option<Header>,
    rows: Vec<FilledRow>,
}

impl Sheet {
    fn take(&mut self, line: usize, cells: &[String]) -> Result<(), Fault> {
        match &self.header {
            _ if cells.is_empty() => {}
            None => self.header = Some(Header::new(cells)?),
            Some(header) => self.rows.extend(header.row(line, cells)),
        }
        Ok(())
    }
}

fn text(value: &DataRef) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(time) => time.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
    }
}

fn unreadable(error: &XlsxError) -> Fault {
    (format!("cannot be read as a workbook: {error}"), SAVE_AGAIN)
}
