//! Why a pack could not be made, and what to do about it.

use std::io;

use super::gather::MOST_CALLS;
use crate::store::StoreError;

/// Why there is no pack.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no call to the debtor {0:?} is in the store")]
    UnknownDebtor(String),
    #[error("more than {MOST_CALLS} calls name the debtor {0:?}")]
    TooManyCalls(String),
    #[error("the pack cannot be written: {0}")]
    Write(#[from] io::Error),
    #[error("{0} is there already")]
    Taken(String),
}

impl CaseError {
    /// What to try, in one lowercase sentence.
    #[must_use]
    pub fn hint(&self) -> &str {
        match self {
            Self::Store(error) => &error.hint,
            Self::UnknownDebtor(_) => {
                "give the debtor as the call records do, to the letter; batch --calls reads records in"
            }
            Self::TooManyCalls(_) => "that is a placeholder in the records, not a debtor: name one",
            Self::Write(_) => "check the folder, its rights and the free space",
            Self::Taken(_) => "name a folder that is empty or not there, or a ZIP file that is not there",
        }
    }
}
