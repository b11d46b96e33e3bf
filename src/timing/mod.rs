//! Call records and policies to findings: hours, frequency, interval, holidays, third persons.
//!
//! ```text
//!  lexicons/policies/*.toml ─► load ─► Policy ─┐
//!  call records ─► moment (debtor's clock) ────┼─► check ─► hours, frequency, holiday, third_party ─► verdict
//!                                   calendar ──┘
//! ```
//!
//! [`check`] is pure; only [`load_policies`] and [`read_layer`] touch files.

mod calendar;
mod call;
mod check;
mod checklist;
mod frequency;
mod holiday;
mod hours;
mod load;
mod moment;
mod outcome;
mod policy;
mod set;
mod source;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_counting;
mod third_party;
mod verdict;
mod words;

pub use calendar::{Day, day};
pub use check::{check, timezone};
pub use checklist::checklist;
pub use load::{load_policies, read_layer};
pub use outcome::TimingOutcome;
pub use policy::{
    Check, Counting, Counts, Daily, Holiday, Hours, Interval, Limit, Per, Policy, RestDay, ThirdParty,
};
pub use set::{DEFAULT_POLICY, PolicySet, TimingError};
pub use source::{Source, Verb};
pub use words::explain;
