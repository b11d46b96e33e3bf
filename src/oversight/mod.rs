//! What many calls and many judgements come to: rates, precision, agreement, what is missed, and what is out of its
//! usual range.
//!
//! ```text
//!  store (day counts, judgements, samples) ─► overview ─► dashboards
//!                                          └► warnings ─► dashboards, notices
//! ```
//!
//! - `proportion` — shares and how sure they are. `agreement` — how far reviewers agree. `control` — control charts.
//! - `overview` — a period in numbers. `warnings` — who or what left the usual range.

mod agreement;
mod control;
mod overview;
mod proportion;
mod warnings;

pub use agreement::{Agreement, agreement};
pub use overview::{Line, Overview, Period, RulePrecision, overview};
pub use proportion::{Share, exact_upper_bound};
pub use warnings::{Subject, Warning, Week, warnings};
