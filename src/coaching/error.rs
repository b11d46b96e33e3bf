//! Why there is no coaching sheet, and what to do about it.

use std::io;

use super::Month;
use crate::store::StoreError;

/// Why there is no sheet.
#[derive(Debug, thiserror::Error)]
pub enum CoachingError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("no call of the agent {0:?} is in the store")]
    UnknownAgent(String),
    #[error("the agent {agent_id:?} has no calls in {month}")]
    NoCalls {
        agent_id: String,
        month: Month,
        /// What to try instead.
        hint: String,
    },
    #[error("no agent has calls in {0}")]
    EmptyMonth(Month),
    #[error("a clip cannot be made: {0}")]
    Clip(#[from] io::Error),
    #[error("the page cannot be made: {0}")]
    Page(#[source] io::Error),
}

impl CoachingError {
    pub(super) fn no_calls(agent_id: &str, month: Month, last_day: Option<&str>) -> Self {
        let hint = match last_day.and_then(Month::of_day) {
            Some(last) => format!("the last month with calls is --month {last}"),
            None => "no call of the agent has a day: batch --calls reads records with the start of each"
                .to_owned(),
        };
        Self::NoCalls { agent_id: agent_id.to_owned(), month, hint }
    }

    /// What to try, in one lowercase sentence.
    #[must_use]
    pub fn hint(&self) -> &str {
        match self {
            Self::Store(error) => &error.hint,
            Self::UnknownAgent(_) => {
                "give the agent's id as the call records do, to the letter; batch --calls reads records in"
            }
            Self::NoCalls { hint, .. } => hint,
            Self::Clip(_) => "make the sheet without sound: --no-clips",
            Self::Page(_) => "report this: the page is a part of the program",
            Self::EmptyMonth(_) => "name another month with --month YYYY-MM",
        }
    }
}
