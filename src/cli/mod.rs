//! One file a command: arguments and words, nothing else.
pub mod policy;
