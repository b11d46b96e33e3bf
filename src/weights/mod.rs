//! Speech models on disk.
