//! The coaching sheet (辅导单): an agent's month for whoever speaks with the agent about it.
//!
//! ```text
//!  store ─► gather ─┬► group: what recurs, by category and rule ─┐
//!                   ├► trend: three months                       ├─► Sheet ─► page
//!                   ├► well: what went well                      │    │        ▲
//!                   └► domain::Coaching: what to say instead ────┘    └► Clips ┘
//! ```
//!
//! Findings count as everywhere: those that stand by themselves and that nobody rejected, and those that people confirmed.
//! All texts of a [`Sheet`] are masked, and so is the sound of [`Clips`].
//!
//! - `gather` — from the store to a sheet. `group`, `trend`, `well` — its parts, pure. `sheet` — what it holds.
//! - `clips` — the sound of examples. `page`, `view`, `picture` — the sheet as a page to read and print.

mod clips;
mod error;
mod gather;
mod group;
mod month;
mod page;
mod picture;
mod sheet;
mod trend;
mod view;
mod well;

pub use clips::Clips;
pub use error::CoachingError;
pub use gather::{MOST_READ, agents, gather, last_month};
pub use month::{Month, NoMonth};
pub use page::page;
pub use sheet::{Example, Good, MonthFigures, RuleTopic, Sheet, Topic, Well, Won};
