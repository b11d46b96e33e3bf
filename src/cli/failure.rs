//! How a command that could not run says so: the cause, then what to do.

use std::fmt;

use crate::batch::BatchError;
use crate::case::{CaseError, Unreadable};
use crate::coaching::CoachingError;
use crate::domain::CallError;
use crate::export::ExportError;
use crate::store::StoreError;
use crate::timing::TimingError;
use crate::transcribe::ListenError;
use crate::weights::WeightsError;

/// An error of the command line's own that knows what to do.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub(super) struct Failure {
    cause: String,
    hint: String,
}

impl Failure {
    pub(super) fn new(cause: impl fmt::Display, hint: impl Into<String>) -> Self {
        Self { cause: cause.to_string(), hint: hint.into() }
    }
}

/// Prints the error of a whole command.
pub(super) fn print(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
    if let Some(hint) = hint(error) {
        eprintln!("  hint: {hint}");
    }
}

/// Prints the error of one call or input.
pub(super) fn print_call(error: &CallError) {
    eprintln!("error: {error}\n  hint: {}", error.hint);
}

/// What to do about it, where the error knows.
pub(super) fn hint(error: &anyhow::Error) -> Option<&str> {
    let own = error.downcast_ref::<Failure>().map(|error| error.hint.as_str());
    own.or_else(|| error.downcast_ref::<CallError>().map(|error| error.hint.as_str()))
        .or_else(|| error.downcast_ref::<TimingError>().map(|error| error.hint.as_str()))
        .or_else(|| error.downcast_ref::<StoreError>().map(|error| error.hint.as_str()))
        .or_else(|| error.downcast_ref::<ExportError>().map(ExportError::hint))
        .or_else(|| error.downcast_ref::<BatchError>().and_then(BatchError::hint))
        .or_else(|| error.downcast_ref::<CaseError>().map(CaseError::hint))
        .or_else(|| error.downcast_ref::<CoachingError>().map(CoachingError::hint))
        .or_else(|| error.downcast_ref::<Unreadable>().map(|error| error.hint))
        .or_else(|| error.downcast_ref::<WeightsError>().map(|error| error.hint.as_str()))
        .or_else(|| error.downcast_ref::<ListenError>().map(ListenError::hint))
}
