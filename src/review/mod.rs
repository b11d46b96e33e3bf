//! The review page: people judge what the audit found, over the store, in a browser on this machine.
//!
//! ```text
//!  browser ─► server (router) ─► guard: who is it, may they, is the form ours ─► pages ─► desk ─► store
//!                                                                             └─► report: the call's page
//! ```
//!
//! - `server` — routes, limits, headers, start and stop.
//! - `desk` — what all requests share: connections to the store, templates, failed sign-ins; `overviews` kept for a while.
//! - `guard` — sessions, roles and forms; `password`, `chance` — hashes and tokens; `patience` — the limit on sign-ins.
//! - `clock` — moments in the time zone of those who work there. `pages` — one file a page. `words` — what they say, in Chinese and English.
//!
//! Everything is in the program: no page loads anything from elsewhere.

mod chance;
mod clock;
mod desk;
mod fault;
mod guard;
mod overviews;
mod pages;
pub mod password;
mod patience;
mod server;
mod words;

pub use desk::{Gather, Knowledge};
pub use server::{Address, serve};
