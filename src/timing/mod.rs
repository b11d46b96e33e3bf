//! Call records and policies to findings.
