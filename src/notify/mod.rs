//! Telling others, where somebody wants to be told: serious findings of a run, and what left its usual range.
//!
//! ```text
//!  run ─► gather ─► store (notices, each once) ─► deliver ─► curl ─► webhook, WeCom, Feishu, mail
//! ```
//!
//! Nothing is sent unless a file of targets asks for it. A notice holds counts, rules and the store's own numbers: no words,
//! no names, no numbers of people. What could not be told is tried again by later runs.
//!
//! - `target` — the file of targets. `gather` — what there is to tell. `body` — each target's form. `deliver` — sending.

mod body;
mod deliver;
mod gather;
mod target;

pub use deliver::{Delivery, deliver};
pub use gather::gather;
pub use target::{Form, Target, Targets, TargetsError};
