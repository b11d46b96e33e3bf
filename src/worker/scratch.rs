//! A recording that came in the line, on disk while it is audited.

use std::io::{self, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::NamedTempFile;

use super::request::Request;

/// Readable by this user alone, and gone with its value.
pub(super) struct Scratch(NamedTempFile);

impl Scratch {
    /// Writes a recording given in base64 into the folder for temporary files. What is no base64 is written as nothing:
    /// no decoder takes it for sound.
    ///
    /// # Errors
    /// When there is no room for it, or no right to write.
    pub fn write(sound: &str, request: &Request) -> io::Result<Self> {
        let ending = request.recording.as_deref().and_then(Path::extension).unwrap_or_default();
        let ending = format!(".{}", ending.to_string_lossy());
        let mut file = tempfile::Builder::new().prefix("callaudit-").suffix(&ending).tempfile()?;
        file.write_all(&STANDARD.decode(sound).unwrap_or_default())?;
        file.flush()?;
        Ok(Self(file))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}
