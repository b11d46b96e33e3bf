//! How long work tells of itself, and hears that the user has had enough.

/// Told what happens; asked whether to stop. The command line draws it, tests keep silent.
pub trait Progress {
    /// A new stage begins, of `total_bytes` where that is known.
    fn stage(&self, what: &str, total_bytes: Option<u64>);

    /// So many bytes more of the stage are done.
    fn advance(&self, bytes: u64);

    /// True once the user has asked to stop; the work then leaves nothing behind.
    fn interrupted(&self) -> bool {
        false
    }
}

/// Says nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _what: &str, _total_bytes: Option<u64>) {}

    fn advance(&self, _bytes: u64) {}
}
