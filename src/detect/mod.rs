//! Transcript and rules to findings.
