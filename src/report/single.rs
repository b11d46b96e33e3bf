//! The pieces of a report one by one, for whoever lays them out otherwise than [`ReportWriter`](super::ReportWriter).

use std::io;

use super::border;
use super::findings_csv;
use super::html::Html;
use super::page::CallPage;
use crate::domain::CallReport;

/// The page of a call; it leads back to `../index.html`.
///
/// # Errors
/// When the template fails.
pub fn call_page(html: &Html, page: &CallPage) -> io::Result<String> {
    html.call(&border::printed(&page.report), &page.clips, &page.waveforms)
}

/// `findings.csv` over some calls.
///
/// # Errors
/// None that a report can cause.
pub fn findings_table<'a>(reports: impl IntoIterator<Item = &'a CallReport>) -> io::Result<Vec<u8>> {
    let mut bytes = findings_csv::head()?;
    for report in reports {
        bytes.extend(findings_csv::rows_of(&border::printed(report))?);
    }
    Ok(bytes)
}

/// A `callaudit.report/1` line with its end.
///
/// # Errors
/// None that a report can cause.
pub fn report_line(report: &CallReport) -> io::Result<Vec<u8>> {
    line_of(&border::printed(report)).map(String::into_bytes)
}

/// The line of a report that is printed already.
pub(super) fn line_of(printed: &CallReport) -> io::Result<String> {
    let mut line = serde_json::to_string(printed)?;
    line.push('\n');
    Ok(line)
}
