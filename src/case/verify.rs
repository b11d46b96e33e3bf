//! Whether a pack is still what was packed. Everything in it is foreign: nothing is unpacked, no path of it is followed.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::container::{Container, Folder, Zip};
use super::manifest::{MANIFEST, Manifest, PackedFile, SCHEMA, list_sha256};
use crate::domain::hex;

/// Largest manifest that is read: some 300,000 files.
const MOST_MANIFEST_BYTES: u64 = 64 << 20;
/// Bytes read at once.
const CHUNK_BYTES: usize = 64 << 10;

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Missing,
    Changed,
    /// There, and not in the manifest.
    Added,
}

/// A file that is not what the manifest says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    pub path: String,
    pub kind: Kind,
}

/// What a look at a pack came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Files that the manifest lists.
    pub files: usize,
    /// The one hash over them, as the store's log has it of a pack that nobody rewrote.
    pub sha256: String,
    /// Sorted by path.
    pub differences: Vec<Difference>,
}

/// Why a pack cannot be checked at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct Unreadable {
    pub cause: String,
    pub hint: &'static str,
}

impl Unreadable {
    pub(super) fn new(cause: impl fmt::Display, hint: &'static str) -> Self {
        Self { cause: cause.to_string(), hint }
    }
}

/// Compares every file of a pack, a folder or a ZIP, with its manifest.
///
/// # Errors
/// When there is no pack, or its manifest cannot be read.
pub fn verify(place: &Path) -> Result<Verified, Unreadable> {
    let cannot = |error: io::Error| {
        Unreadable::new(format!("{}: {error}", place.display()), "name the folder or ZIP of a pack")
    };
    if fs::metadata(place).map_err(cannot)?.is_dir() {
        return compare(&mut Folder::new(place));
    }
    let file = BufReader::new(File::open(place).map_err(cannot)?);
    compare(&mut Zip::open(file)?)
}

fn compare(container: &mut dyn Container) -> Result<Verified, Unreadable> {
    let mut entries = container.entries()?;
    let manifest = manifest(container, entries.remove(MANIFEST).flatten())?;
    let mut differences = Vec::new();
    if manifest.sha256 != list_sha256(&manifest.files) || !is_sorted(&manifest.files) {
        differences.push(Difference { path: MANIFEST.to_owned(), kind: Kind::Changed });
    }
    for file in &manifest.files {
        let kind = match entries.remove(&file.path) {
            None => Some(Kind::Missing),
            Some(entry) => {
                let is_same = entry.is_some_and(|entry| is_same(container, entry, file));
                (!is_same).then_some(Kind::Changed)
            }
        };
        differences.extend(kind.map(|kind| Difference { path: file.path.clone(), kind }));
    }
    let added = entries.into_keys().map(|path| Difference { path, kind: Kind::Added });
    differences.extend(added);
    differences.sort();
    Ok(Verified { files: manifest.files.len(), sha256: list_sha256(&manifest.files), differences })
}

fn manifest(container: &mut dyn Container, entry: Option<usize>) -> Result<Manifest, Unreadable> {
    let hint = "this is no pack, or its manifest.json is damaged: ask for the pack again";
    let entry = entry.ok_or_else(|| Unreadable::new("there is no manifest.json", hint))?;
    let cannot = |error: io::Error| Unreadable::new(format!("manifest.json cannot be read: {error}"), hint);
    let mut bytes = Vec::new();
    let mut reader = container.open(MANIFEST, entry).map_err(cannot)?.take(MOST_MANIFEST_BYTES + 1);
    reader.read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > MOST_MANIFEST_BYTES {
        return Err(Unreadable::new("manifest.json is larger than any pack's", hint));
    }
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .map_err(|error| Unreadable::new(format!("manifest.json is no manifest: {error}"), hint))?;
    if manifest.schema != SCHEMA {
        let cause =
            format!("manifest.json is of the format {:?}, this program knows {SCHEMA}", manifest.schema);
        return Err(Unreadable::new(cause, "check it with the program that made it"));
    }
    Ok(manifest)
}

/// Sorted by path and none twice, as packs are written.
fn is_sorted(files: &[PackedFile]) -> bool {
    files.windows(2).all(|pair| pair[0].path < pair[1].path)
}

/// Reads no more than the manifest says there is.
fn is_same(container: &mut dyn Container, entry: usize, file: &PackedFile) -> bool {
    let Ok(reader) = container.open(&file.path, entry) else { return false };
    let mut reader = reader.take(file.bytes.saturating_add(1));
    let (mut hasher, mut bytes, mut chunk) = (Sha256::new(), 0_u64, vec![0; CHUNK_BYTES]);
    loop {
        match reader.read(&mut chunk) {
            Ok(0) => return bytes == file.bytes && hex(&hasher.finalize()) == file.sha256,
            Ok(read) => {
                bytes += read as u64;
                hasher.update(&chunk[..read]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use proptest::prelude::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::super::manifest::packed_file;
    use super::*;

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// A pack with a manifest over `listed`, holding `held`.
    fn pack(listed: &[(&str, &[u8])], held: &[(&str, &[u8])]) -> Vec<u8> {
        let manifest = Manifest::of(listed.iter().map(|(path, bytes)| packed_file(path, bytes)).collect());
        let json = serde_json::to_vec(&manifest).unwrap();
        let mut files = held.to_vec();
        files.push((MANIFEST, &json));
        zipped(&files)
    }

    fn check(bytes: &[u8]) -> Result<Verified, Unreadable> {
        compare(&mut Zip::open(Cursor::new(bytes))?)
    }

    #[test]
    fn the_hash_is_that_of_what_sha256sum_prints() {
        let manifest = Manifest::of(vec![packed_file("b", b"2"), packed_file("a", b"1")]);
        // printf 1 >a; printf 2 >b; sha256sum a b | sha256sum
        assert_eq!(manifest.sha256, "68c2919f4305e50800082ab7f11eb17d96c7832f59154e97b1d373a5179a63ea");
    }

    #[test]
    fn every_difference_is_told() {
        let listed: [(&str, &[u8]); 3] = [("a", b"1"), ("b", b"2"), ("c/d", b"3")];
        for (held, expected) in [
            (listed.to_vec(), ""),
            (vec![("a", b"1"), ("b", b"2")], "c/d Missing"),
            (vec![("a", b"1"), ("b", b"x"), ("c/d", b"3")], "b Changed"),
            (vec![("a", b"1"), ("b", b"22"), ("c/d", b"")], "b Changed, c/d Changed"),
            (vec![("a", b"1"), ("b", b"2"), ("c/d", b"3"), ("../e", b"")], "../e Added"),
        ] {
            let verified = check(&pack(&listed, &held)).unwrap();
            let told: Vec<_> =
                verified.differences.iter().map(|one| format!("{} {:?}", one.path, one.kind)).collect();
            assert_eq!(told.join(", "), expected);
        }
    }

    #[test]
    fn what_is_no_pack_is_refused() {
        for (bytes, cause) in [
            (Vec::new(), "is no whole ZIP"),
            (b"PK\x03\x04 nothing".to_vec(), "is no whole ZIP"),
            (zipped(&[("a", b"1")]), "no manifest.json"),
            (zipped(&[(MANIFEST, b"{}")]), "is no manifest"),
            (
                zipped(&[(MANIFEST, br#"{"schema":"callaudit.manifest/9","files":[],"sha256":""}"#)]),
                "of the format",
            ),
        ] {
            let error = check(&bytes).unwrap_err();
            assert!(error.cause.contains(cause) && !error.hint.is_empty(), "{error}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]
        #[test]
        fn damage_is_told_and_nothing_panics(place in any::<prop::sample::Index>(), value: u8, cut in any::<prop::sample::Index>(), cuts: bool) {
            let files: [(&str, &[u8]); 2] = [("a.txt", b"some words that compress, words, words"), ("b", b"2")];
            let whole = pack(&files, &files);
            let mut bytes = whole.clone();
            let place = place.index(bytes.len());
            bytes[place] = value;
            if cuts {
                bytes.truncate(cut.index(bytes.len()));
            }
            // What is left whole may be told whole: some bytes of a ZIP are no part of any file.
            let _ = check(&bytes);
            prop_assert!(check(&whole).unwrap().differences.is_empty());
        }
    }
}
