//! What went wrong with one call. The call is reported as failed and the others go on.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// An error of one call: a lowercase sentence, the file it concerns, and what the user can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{path}: {cause}", path = path.display())]
pub struct CallError {
    /// The recording or transcript.
    pub path: PathBuf,
    /// What happened, in one lowercase sentence without a full stop.
    pub cause: String,
    /// What to try, in one lowercase sentence.
    pub hint: String,
}

impl CallError {
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, cause: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { path: path.into(), cause: cause.into(), hint: hint.into() }
    }
}
