//! Workbooks: a header that stays, filters, and lists to choose from in the cells that reviewers fill in.
//!
//! Rows go to a temporary file as they come. Texts are written as texts: nothing in a workbook runs because of its
//! first character.

use std::io::{self, Seek, Write};

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook,
    Worksheet, XlsxError,
};

use super::ExportError;
use super::columns::{
    COLUMNS, COMMENT, CONFIDENCE, Cell, FILLED_IN, JUDGEMENT, REASON, Reader, SEVERITY, plain,
};
use super::words::JUDGEMENTS_ZH;
use super::write::Table;
use crate::domain::Severity;
use crate::store::{JudgedFinding, Rejection};

/// What a sheet can hold beside its header.
const SHEET_ROWS: u32 = 1_048_575;
/// As on the review page.
const LONGEST_COMMENT: u32 = 4_000;

const HEADER: Color = Color::RGB(0x00D9_E2F3);
/// Behind what is to be filled in.
const TO_FILL_IN: Color = Color::RGB(0x00E2_EFDA);

/// A workbook being written.
pub(super) struct Xlsx<W> {
    out: W,
    workbook: Workbook,
    sheets: usize,
    /// Rows of the last sheet, its header among them.
    rows: u32,
    looks: Looks,
}

/// How cells look.
struct Looks {
    header: Format,
    header_to_fill_in: Format,
    severities: [Format; 4],
    percent: Format,
    to_fill_in: Format,
}

impl Looks {
    fn new() -> Self {
        let header = Format::new().set_bold().set_background_color(HEADER).set_align(FormatAlign::Center);
        let tint = |color: u32| Format::new().set_background_color(Color::RGB(color));
        Self {
            header_to_fill_in: header.clone().set_background_color(TO_FILL_IN),
            header,
            severities: [Format::new(), tint(0x00FF_F9E5), tint(0x00FF_EBD6), tint(0x00FF_DCDC)],
            percent: Format::new().set_num_format("0.00"),
            to_fill_in: Format::new().set_background_color(Color::RGB(0x00F6_FBF3)),
        }
    }

    fn severity(&self, severity: Severity) -> &Format {
        &self.severities[severity as usize]
    }
}

impl<W: Write + Send> Xlsx<W> {
    pub(super) fn new(out: W) -> Result<Self, ExportError> {
        let mut workbook = Workbook::new();
        let new = |workbook: &mut Workbook| -> Result<(), XlsxError> {
            // A date of its own in every file would be another file for the same findings.
            let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
            workbook.set_properties(&DocProperties::new().set_creation_datetime(&date));
            Ok(())
        };
        new(&mut workbook).map_err(ExportError::unwritten)?;
        let mut xlsx = Self { out, workbook, sheets: 0, rows: 0, looks: Looks::new() };
        xlsx.begin_sheet().map_err(ExportError::unwritten)?;
        Ok(xlsx)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(if self.sheets == 1 {
            "发现".to_owned()
        } else {
            format!("发现{}", self.sheets)
        })?;
        for (at, column) in (0..).zip(&COLUMNS) {
            let is_to_fill_in = FILLED_IN.contains(&column.key);
            let look = if is_to_fill_in { &self.looks.header_to_fill_in } else { &self.looks.header };
            sheet.set_column_width(at, f64::from(column.width))?;
            sheet.write_string_with_format(0, at, column.name_zh, look)?;
        }
        sheet.set_freeze_panes(1, 1)?;
        offer_choices(sheet)?;
        self.rows = 1;
        Ok(())
    }

    /// The filter covers the rows that are there.
    fn end_sheet(&mut self) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        sheet.autofilter(0, 0, self.rows - 1, COLUMNS.len() as u16 - 1)?;
        Ok(())
    }

    fn put_row(&mut self, finding: &JudgedFinding) -> Result<(), XlsxError> {
        if self.rows > SHEET_ROWS {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for (at, column) in (0..).zip(&COLUMNS) {
            let look = match column.key {
                SEVERITY => Some(self.looks.severity(finding.severity)),
                CONFIDENCE => Some(&self.looks.percent),
                key if FILLED_IN.contains(&key) => Some(&self.looks.to_fill_in),
                _ => None,
            };
            put_cell(sheet, (self.rows, at), &(column.cell)(finding, Reader::Person), look)?;
        }
        self.rows += 1;
        Ok(())
    }
}

impl<W: Write + Send> Table for Xlsx<W> {
    fn put(&mut self, finding: &JudgedFinding) -> Result<(), ExportError> {
        self.put_row(finding).map_err(ExportError::unwritten)
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.end_sheet().map_err(ExportError::unwritten)?;
        // The container's writer goes back to fill in sizes; what it is written to need not.
        let mut packed = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut packed).map_err(ExportError::unwritten)?;
        packed.rewind()?;
        io::copy(&mut packed, &mut self.out)?;
        Ok(self.out.flush()?)
    }
}

fn put_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    look: Option<&Format>,
) -> Result<(), XlsxError> {
    match (cell, look) {
        (Cell::Nothing, None) => Ok(sheet),
        (Cell::Nothing, Some(look)) => sheet.write_blank(row, column, look),
        (Cell::Text(text), None) => sheet.write_string(row, column, plain(text)),
        (Cell::Text(text), Some(look)) => sheet.write_string_with_format(row, column, plain(text), look),
        (Cell::Real(number), None) => sheet.write_number(row, column, *number),
        (Cell::Real(number), Some(look)) => sheet.write_number_with_format(row, column, *number, look),
        (Cell::Whole(number), _) => sheet.write_number(row, column, *number as f64),
    }
    .map(|_| ())
}

/// Lists to choose from, and how long a comment may be.
fn offer_choices(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let reasons = Rejection::ALL.map(Rejection::name_zh);
    for (at, column) in (0..).zip(&COLUMNS) {
        let validation = match column.key {
            JUDGEMENT => DataValidation::new()
                .allow_list_strings(&JUDGEMENTS_ZH)?
                .set_input_title("复核结论")?
                .set_input_message("确认或驳回；驳回时请选择驳回原因。")?,
            REASON => DataValidation::new().allow_list_strings(&reasons)?,
            COMMENT => DataValidation::new()
                .allow_text_length(DataValidationRule::LessThanOrEqualTo(LONGEST_COMMENT)),
            _ => continue,
        };
        sheet.add_data_validation(1, at, SHEET_ROWS, at, &validation)?;
    }
    Ok(())
}
