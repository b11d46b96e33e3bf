//! Tables for spreadsheets: UTF-8 that Excel knows for it, and no cell that it would run.

use std::io;

use csv::{Terminator, WriterBuilder};

use super::spreadsheet::{BYTE_ORDER_MARK, harmless};

/// A whole CSV file: a header and its rows.
///
/// # Errors
/// When the rows have not all as many cells as the header.
pub fn table(header: &[&str], cells: impl IntoIterator<Item = Vec<String>>) -> io::Result<Vec<u8>> {
    let header = header.iter().map(|name| (*name).to_owned()).collect();
    rows_after(BYTE_ORDER_MARK, std::iter::once(header).chain(cells))
}

/// The mark and the header row.
pub(super) fn head(columns: Vec<String>) -> io::Result<Vec<u8>> {
    rows_after(BYTE_ORDER_MARK, [columns])
}

pub(super) fn rows(cells: impl IntoIterator<Item = Vec<String>>) -> io::Result<Vec<u8>> {
    rows_after("", cells)
}

fn rows_after(mark: &str, cells: impl IntoIterator<Item = Vec<String>>) -> io::Result<Vec<u8>> {
    let bytes = mark.as_bytes().to_vec();
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(bytes);
    for row in cells {
        writer.write_record(row.into_iter().map(harmless)).map_err(io::Error::other)?;
    }
    writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_marked_guarded_and_rectangular() {
        let bytes = table(&["甲", "乙"], [vec!["=1".to_owned(), "二".to_owned()]]).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}甲,乙\r\n'=1,二\r\n");
        assert!(table(&["甲", "乙"], [vec![String::new()]]).is_err());
    }
}
