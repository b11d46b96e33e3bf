//! How good an audit is: its findings against what people labelled.
//!
//! ```text
//!  labels ──────────────┐
//!                       ├─► alignment ─► judgement ─► measure ─► Evaluation
//!  reports of the calls ┘                   │            ▲
//!         └─► cer                           └─► counts ──┘ interval
//! ```
//!
//! - [`labels`] — labelled calls and utterances, from JSON lines or the project's own table.
//! - `alignment` — which turn a finding is about.
//! - `judgement` — what was found, missed and made up in one call.
//! - `counts`, `interval` — precision, recall and F1, and how far to trust them.
//! - `measure` — all calls together: by category, tier, grade and rule.
//! - `cer` — how well the words were recognised.
//!
//! Decisions:
//!
//! - A turn is right or wrong in a category once, however many findings say so.
//! - A call that the report lacks, or could not audit, counts as one without findings.
//! - Call labels that a file leaves out are unknown, and what unknown labels would decide is not measured.

mod alignment;
mod cer;
mod counts;
mod interval;
mod judgement;
pub mod labels;
mod measure;

pub use cer::{CharacterErrors, ErrorRates};
pub use counts::Counts;
pub use interval::{Rate, wilson};
pub use judgement::{Judgement, Outcome, is_spoken};
pub use labels::{LabelledCall, LabelledTurn};
pub use measure::{Evaluation, Figures, Section, evaluate};
