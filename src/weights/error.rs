//! What can go wrong with weights, in words for the user.

use std::io;
use std::path::Path;

/// An error about one model or file: a lowercase sentence, what it concerns, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{subject}: {cause}")]
pub struct WeightsError {
    /// The file or the model's name.
    pub subject: String,
    /// What happened, in one lowercase sentence without a full stop.
    pub cause: String,
    /// What to try, in one lowercase sentence.
    pub hint: String,
}

impl WeightsError {
    pub(super) fn new(subject: impl Into<String>, cause: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { subject: subject.into(), cause: cause.into(), hint: hint.into() }
    }

    pub(super) fn of_file(path: &Path, cause: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(path.display().to_string(), cause, hint)
    }

    /// A failed read of `path`.
    pub(super) fn reading(path: &Path, error: &io::Error) -> Self {
        Self::of_file(path, format!("cannot be read: {error}"), "check that it exists and may be read")
    }

    /// A failed write to `path`.
    pub(super) fn writing(path: &Path, error: &io::Error) -> Self {
        let hint = "check the free space and the rights there, or name another directory with --models";
        Self::of_file(path, format!("cannot be written: {error}"), hint)
    }

    pub(super) fn interrupted(subject: impl Into<String>) -> Self {
        Self::new(subject, "interrupted", "nothing was left behind; start it again when you like")
    }
}

/// Why bytes are not what they claim to be; the caller adds the file and a hint.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FormatError {
    #[error("ends too early, at byte {at} of {length}")]
    Truncated { at: u64, length: u64 },
    #[error("{0}")]
    Malformed(String),
    #[error("cannot be read: {0}")]
    Read(#[from] io::Error),
}

impl FormatError {
    pub(crate) fn malformed(cause: impl Into<String>) -> Self {
        Self::Malformed(cause.into())
    }

    /// Names the file and says what to do about it.
    pub(crate) fn in_file(&self, path: &Path, hint: &str) -> WeightsError {
        WeightsError::of_file(path, self.to_string(), hint)
    }
}
