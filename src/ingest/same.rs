//! A recording that was heard before, where it is still the same one.

use std::path::Path;

use super::decode::{DecodeOptions, Decoded, decode};

/// Why a recording cannot be heard again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// The file is not where it was.
    #[error("is not there any more")]
    Gone,
    /// Another recording is where it was.
    #[error("is another recording than was audited")]
    Changed,
    /// What is there cannot be decoded any more, and why.
    #[error("cannot be decoded any more: {0}")]
    Unreadable(String),
}

/// Decodes the recording at `path` where it is the one with this SHA-256: another file under the name would be somebody
/// else's voice.
///
/// # Errors
/// Why there is nothing to hear.
pub fn decode_same(path: &Path, sha256: &str, options: &DecodeOptions) -> Result<Decoded, Lost> {
    if !path.is_file() {
        return Err(Lost::Gone);
    }
    let decoded = decode(path, options).map_err(|error| Lost::Unreadable(error.cause))?;
    if decoded.info.sha256 == sha256 { Ok(decoded) } else { Err(Lost::Changed) }
}
