//! Call records and policies to findings: hours, frequency, interval, holidays, third persons, refusals.
//!
//! ```text
//!  lexicons/policies/*.toml ─► policy ─┐
//!  call records ─► log (debtor's clock)┼─► check ─► breaches ─► verdict, evidence, words ─► findings
//!  holidays ─► calendar ───────────────┤
//!  refusals of audited calls ──────────┘
//! ```
//!
//! [`judge()`] takes calls by the million and puts findings into words one at a time; [`check`] is the same for records at
//! hand. Both are pure; only `load.rs` of policies and calendar touches files.

mod calendar;
mod check;
mod checklist;
mod evidence;
mod judge;
mod log;
mod outcome;
mod policy;
mod refusals;
mod tally;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_across;
#[cfg(test)]
mod tests_counting;
#[cfg(test)]
mod tests_shared;
mod verdict;
mod words;

pub use calendar::{Calendar, Day, DayKind, load_calendar};
pub use checklist::checklist;
pub use judge::{Judged, Law, check, judge, judge_share, outcomes, share_outcomes};
pub use log::{Log, LogPart, Repeat, StartFault, TooManyCalls, timezone};
pub use outcome::TimingOutcome;
pub use policy::{
    AfterConversation, Check, Counting, Counts, DEFAULT_POLICY, Frequency, Holiday, Hours, Interval, Limit,
    Per, Period, Policy, PolicySet, Refusal, RestDay, Scope, Source, TextOnly, ThirdParty, TimingError,
    Together, Verb, load_policies, read_layer,
};
pub use refusals::Refusals;
pub use words::{explain, explain_in_english};
