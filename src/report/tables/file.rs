//! A table on disk, which is there whole or not at all: without its end nobody could read it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::super::file::{at, remove_if_there};
use super::parquet::{Field, ParquetTable};
use super::row::Row;

/// Grows beside its place, as `NAME.part`, and is moved there when it is finished.
pub(in crate::report) struct TableFile {
    path: PathBuf,
    part: PathBuf,
    table: ParquetTable<File>,
}

impl TableFile {
    /// Begins the table; what an earlier run left in its place is removed.
    pub(in crate::report) fn create(path: &Path, name: &str, fields: &[Field]) -> io::Result<Self> {
        Self::remove(path)?;
        let part = part_of(path);
        let file = File::create(&part).map_err(at(&part))?;
        let table = ParquetTable::new(file, name, fields).map_err(at(&part))?;
        Ok(Self { path: path.to_owned(), part, table })
    }

    /// Removes what an earlier run left, finished or not.
    pub(in crate::report) fn remove(path: &Path) -> io::Result<()> {
        remove_if_there(&part_of(path))?;
        remove_if_there(path)
    }

    pub(in crate::report) fn put(&mut self, row: Row) -> io::Result<()> {
        self.table.put(row).map_err(at(&self.part))
    }

    /// Writes what is left to write, and moves the file to its place.
    pub(in crate::report) fn finish(self) -> io::Result<()> {
        let Self { path, part, table } = self;
        table.finish().map_err(at(&part))?;
        fs::rename(&part, &path).map_err(at(&path))
    }
}

fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
