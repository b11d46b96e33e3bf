//! Limits on when and how often debtors may be called: data, each with the texts it rests on.

mod check;
mod limit;
mod load;
mod set;
mod source;

pub use check::{
    AfterConversation, Check, Counting, Counts, Frequency, Holiday, Hours, Interval, Per, Period, Refusal,
    RestDay, TextOnly, ThirdParty, Together,
};
pub use limit::{Limit, Policy, Scope};
#[cfg(test)]
pub(in crate::timing) use load::parse;
pub use load::{load_policies, read_layer};
pub use set::{DEFAULT_POLICY, PolicySet, TimingError};
pub use source::{Source, Verb};
