//! Where a pack goes: a folder or a ZIP, there whole or not at all.

use std::fs;
use std::io::{self, Cursor, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{Case, CaseError, Masking, Packed, pack};

/// Takes the files of a pack one by one.
pub trait Sink {
    /// Writes a file; `path` is plain and has its parts between `/`.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;
}

/// A folder that is filled beside its place and moved there at the end.
pub struct FolderSink {
    place: PathBuf,
    filled: TempDir,
}

impl FolderSink {
    /// # Errors
    /// When something is at the place already, or beside it nothing can be written.
    pub fn create(place: &Path) -> Result<Self, CaseError> {
        let is_empty = fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_none());
        if !is_empty && place.symlink_metadata().is_ok() {
            return Err(CaseError::Taken(place.display().to_string()));
        }
        let filled = tempfile::Builder::new().prefix(".callaudit-").tempdir_in(beside(place))?;
        Ok(Self { place: place.to_owned(), filled })
    }

    /// Moves the folder to its place.
    ///
    /// # Errors
    /// When it cannot be moved; then nothing of it is left.
    pub fn finish(self) -> io::Result<()> {
        // An empty folder gives way; one that somebody filled meanwhile does not.
        match fs::remove_dir(&self.place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::rename(self.filled.path(), &self.place)?;
        // What is to be tidied away is not there any more.
        let _ = self.filled.keep();
        Ok(())
    }
}

impl Sink for FolderSink {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.filled.path().join(path);
        fs::create_dir_all(beside(&path))?;
        fs::write(path, bytes)
    }
}

/// A ZIP over any bytes.
pub struct ZipSink<W: Write + Seek> {
    writer: ZipWriter<W>,
}

impl<W: Write + Seek> ZipSink<W> {
    pub fn new(bytes: W) -> Self {
        Self { writer: ZipWriter::new(bytes) }
    }

    /// Writes the directory at the end of the ZIP.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> io::Result<W> {
        Ok(self.writer.finish()?)
    }
}

impl<W: Write + Seek> Sink for ZipSink<W> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        // No clock: the same files give the same ZIP.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.writer.start_file(path, options)?;
        self.writer.write_all(bytes)
    }
}

/// A ZIP file that is written beside its place and moved there at the end.
pub struct ZipFileSink {
    place: PathBuf,
    zip: ZipSink<NamedTempFile>,
}

impl ZipFileSink {
    /// # Errors
    /// When something is at the place already, or beside it nothing can be written.
    pub fn create(place: &Path) -> Result<Self, CaseError> {
        if place.symlink_metadata().is_ok() {
            return Err(CaseError::Taken(place.display().to_string()));
        }
        let file = tempfile::Builder::new().prefix(".callaudit-").tempfile_in(beside(place))?;
        Ok(Self { place: place.to_owned(), zip: ZipSink::new(file) })
    }

    /// Moves the file to its place.
    ///
    /// # Errors
    /// When it cannot be moved; then nothing of it is left.
    pub fn finish(self) -> io::Result<()> {
        self.zip.finish()?.persist_noclobber(self.place).map_err(|error| error.error)?;
        Ok(())
    }
}

impl Sink for ZipFileSink {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.zip.put(path, bytes)
    }
}

/// A pack as the bytes of a ZIP, for whoever sends it.
///
/// # Errors
/// Those of [`pack`].
pub fn zip_bytes(
    case: &Case,
    masking: Masking,
    made_at: jiff::Timestamp,
) -> Result<(Vec<u8>, Packed), CaseError> {
    let mut sink = ZipSink::new(Cursor::new(Vec::new()));
    let packed = pack(case, masking, made_at, &mut sink)?;
    Ok((sink.finish()?.into_inner(), packed))
}

fn beside(place: &Path) -> &Path {
    place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
