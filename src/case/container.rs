//! The files of a pack as they are found, in a folder or a ZIP: read where they lie, never unpacked.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use walkdir::WalkDir;
use zip::ZipArchive;

use super::verify::Unreadable;

/// Most entries of a folder or ZIP that are looked at.
const MOST_ENTRIES: usize = 500_000;

/// Where the files of a pack are.
pub(super) trait Container {
    /// Every entry by its path; `None` for what is no plain file, or is there twice.
    fn entries(&mut self) -> Result<BTreeMap<String, Option<usize>>, Unreadable>;

    /// Opens an entry by its path and its number.
    fn open(&mut self, path: &str, entry: usize) -> io::Result<Box<dyn Read + '_>>;
}

pub(super) struct Folder<'a> {
    place: &'a Path,
}

impl<'a> Folder<'a> {
    pub(super) fn new(place: &'a Path) -> Self {
        Self { place }
    }
}

impl Container for Folder<'_> {
    fn entries(&mut self) -> Result<BTreeMap<String, Option<usize>>, Unreadable> {
        let mut entries = BTreeMap::new();
        for entry in WalkDir::new(self.place).min_depth(1).sort_by_file_name() {
            let hint = "check the rights on the folder";
            let entry = entry.map_err(|error| Unreadable::new(error, hint))?;
            if entry.file_type().is_dir() {
                continue;
            }
            too_many(entries.len())?;
            let path = entry.path().strip_prefix(self.place).unwrap_or(entry.path());
            let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            // A link may lead anywhere: it is told, not followed.
            entries.insert(parts.join("/"), entry.file_type().is_file().then_some(0));
        }
        Ok(entries)
    }

    fn open(&mut self, path: &str, _entry: usize) -> io::Result<Box<dyn Read + '_>> {
        // Only paths that were found in the folder come here.
        Ok(Box::new(File::open(self.place.join(path))?))
    }
}

pub(super) struct Zip<R: Read + Seek> {
    archive: ZipArchive<R>,
}

impl<R: Read + Seek> Zip<R> {
    /// # Errors
    /// When it is no whole ZIP.
    pub(super) fn open(reader: R) -> Result<Self, Unreadable> {
        let hint = "name the folder or ZIP of a pack; a ZIP that was cut short has to be copied again";
        let archive = ZipArchive::new(reader)
            .map_err(|error| Unreadable::new(format!("the file is no whole ZIP: {error}"), hint))?;
        Ok(Self { archive })
    }
}

impl<R: Read + Seek> Container for Zip<R> {
    fn entries(&mut self) -> Result<BTreeMap<String, Option<usize>>, Unreadable> {
        let hint = "ask for the pack again";
        if self.archive.has_duplicate_names() {
            return Err(Unreadable::new("the ZIP holds two files of one name", hint));
        }
        too_many(self.archive.len())?;
        let mut entries = BTreeMap::new();
        for entry in 0..self.archive.len() {
            let file = self
                .archive
                .by_index_raw(entry)
                .map_err(|error| Unreadable::new(format!("the ZIP is damaged: {error}"), hint))?;
            let name = String::from_utf8_lossy(file.name_raw()).into_owned();
            // A folder may be named by itself; a link is no plain file.
            if file.is_dir() && file.size() == 0 {
                continue;
            }
            let plain = (file.is_file() && !file.is_symlink()).then_some(entry);
            let is_new = !entries.contains_key(&name);
            entries.insert(name, plain.filter(|_| is_new));
        }
        Ok(entries)
    }

    fn open(&mut self, _path: &str, entry: usize) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(self.archive.by_index(entry)?))
    }
}

fn too_many(entries: usize) -> Result<(), Unreadable> {
    if entries > MOST_ENTRIES {
        return Err(Unreadable::new(format!("there are more than {MOST_ENTRIES} files"), "this is no pack"));
    }
    Ok(())
}
