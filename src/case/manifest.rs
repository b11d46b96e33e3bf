//! What is in a pack, file by file, and the one hash that all of it comes down to.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::hex;

/// Where the manifest is within a pack.
pub const MANIFEST: &str = "manifest.json";
/// Version of its format.
pub(super) const SCHEMA: &str = "callaudit.manifest/1";

/// One file of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedFile {
    /// Within the pack, parts between `/`.
    pub path: String,
    pub bytes: u64,
    /// 64 hex digits.
    pub sha256: String,
}

/// Every file of a pack but the manifest itself, sorted by path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub schema: String,
    pub files: Vec<PackedFile>,
    /// See [`list_sha256`].
    pub sha256: String,
}

impl Manifest {
    pub(super) fn of(mut files: Vec<PackedFile>) -> Self {
        files.sort();
        let sha256 = list_sha256(&files);
        Self { schema: SCHEMA.to_owned(), files, sha256 }
    }
}

/// SHA-256 over a line a file, `sha256`, two blanks, `path`: what `sha256sum` prints of the files in this order, so that
/// no program of ours is needed to make it again.
pub(super) fn list_sha256(files: &[PackedFile]) -> String {
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(format!("{}  {}\n", file.sha256, file.path));
    }
    hex(&hasher.finalize())
}

/// The entry of a file with these bytes.
pub(super) fn packed_file(path: &str, bytes: &[u8]) -> PackedFile {
    PackedFile { path: path.to_owned(), bytes: bytes.len() as u64, sha256: hex(&Sha256::digest(bytes)) }
}
