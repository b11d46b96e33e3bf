//! Counts of calls and findings by day, for dashboards and warnings: `make` keeps them, `count` reads them.

mod count;
mod make;

pub use count::{CallCount, CallsBy, DayCount, FindingCount, FindingsBy, Scope};
pub(super) use make::STANDS;
