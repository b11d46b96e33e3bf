//! What can go wrong between the store and a file, and what to do about it.

use std::fmt::Display;
use std::io;

use crate::store::StoreError;

/// An error of an export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file could not be written.
    #[error("{0}")]
    Unwritten(String),
}

impl ExportError {
    /// What to try, in one lowercase sentence.
    #[must_use]
    pub fn hint(&self) -> &str {
        match self {
            Self::Store(error) => &error.hint,
            Self::Unwritten(_) => {
                "check that the folder is there, may be written to and has room, also the one for temporary files"
            }
        }
    }

    pub(super) fn unwritten(error: impl Display) -> Self {
        Self::Unwritten(format!("cannot be written: {error}"))
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::Unwritten(error.to_string())
    }
}
