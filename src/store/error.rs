//! What can go wrong with a store, and what to do about it.

/// An error of the store: which one, what happened, what the user can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {cause}")]
pub struct StoreError {
    /// The file, or the server without its password.
    pub place: String,
    /// What happened, in one lowercase sentence without a full stop.
    pub cause: String,
    /// What to try, in one lowercase sentence.
    pub hint: String,
}

impl StoreError {
    pub(super) fn new(place: &str, cause: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { place: place.to_owned(), cause: cause.into(), hint: hint.into() }
    }
}
