//! The pipeline over many calls.
