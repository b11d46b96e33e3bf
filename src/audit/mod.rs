//! The pipeline over many calls: parallel, and one call's failure stays its own.
//!
//! ```text
//!  jobs ─► worker 1: decode ► listen ► detect ► mask ► judge ─┐
//!     └──► worker N:  …                                       ├─► bounded channel ─► the one writer
//! ```
//!
//! - `call` — one call from its file to its page.
//! - `pool` — many calls at once, and stopping early.
//! - `mask`, `mute` — personal data taken out of texts and clips before anything is written.

mod call;
mod mask;
mod mute;
mod pool;

pub use call::{Auditor, Job};
pub use pool::{Interrupt, run};
