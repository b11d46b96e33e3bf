//! What reviewers said of findings, as material for the rules and heads that made them.
//!
//! ```text
//!  store: judged findings, masked reports ─► collect ─► Candidates ─┬─► <category>.toml   hit and miss of each rule
//!                                                                   ├─► training.jsonl    utterances with their labels
//!                                                                   └─► not_said.jsonl    what was misheard
//! ```
//!
//! - `collect` — walks the judged findings and sorts them. `utterance` — what was said, out of a masked report.
//! - `pack` — examples as rule packs write them. `lines` — the JSON lines.
//!
//! A layer of rules replaces a rule as a whole and cannot add to its examples, so the packs made here are to be pasted
//! from. Everything is masked.

mod collect;
mod lines;
mod pack;
mod utterance;

pub use collect::{Candidates, Counts, collect};
