//! An error that does not know yet which file it concerns.

use std::fmt::Display;
use std::io;
use std::path::Path;

use crate::domain::CallError;

/// What happened and what to try, both lowercase sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub cause: String,
    pub hint: String,
}

impl Fault {
    pub fn new(cause: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { cause: cause.into(), hint: hint.into() }
    }

    /// The system refused to open or read a file.
    pub fn unreadable(error: &impl Display) -> Self {
        Self::new(
            format!("cannot be read: {error}"),
            "check that the file exists, is complete and may be read by this user",
        )
    }

    pub fn at(self, path: &Path) -> CallError {
        CallError::new(path, self.cause, self.hint)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::unreadable(&error)
    }
}
