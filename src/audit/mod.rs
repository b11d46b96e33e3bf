//! The pipeline over many calls: parallel, and one call's failure stays its own.
//!
//! ```text
//!  jobs ─► worker 1: decode ► listen ► detect ► second ► mask ► judge ─┐
//!     └──► worker N:  …                                                ├─► bounded channel ─► the one writer
//! ```
//!
//! - `call` — one call from its file to its page.
//! - `second` — where words were found, the sound is heard a second time.
//! - `pool` — many calls at once, and stopping early.

mod call;
mod pool;
mod second;

pub use call::{Auditor, Job};
pub use pool::{Interrupt, run, side_by_side};
