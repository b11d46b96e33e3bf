//! What agents mean, for what no list of words holds.
//!
//! ```text
//!  lexicons/speech, misheard, innocent ─► training ─► models/semantic.json ─┐
//!                                            ▲                              ▼
//!                     e5-small ─► encoder ───┴──── utterances ──────► Semantics ─► meanings ─► detect
//! ```
//!
//! - [`encoder`] — sentences to vectors.
//! - `training` — labelled examples to a small network with a head a category, thresholds from examples held back.
//! - `model` — the heads as a file.
//! - `understand` — utterances to meanings, by heads and by the examples of rules.

pub mod encoder;
mod model;
mod training;
mod understand;

pub use model::{Head, Measured, SemanticModel};
pub use training::train;
pub use understand::Semantics;
