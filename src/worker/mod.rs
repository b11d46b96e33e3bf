//! The unit that an engine runs: calls in, reports out, a line each.
//!
//! ```text
//!  lines ─► [shard] ─► keeper ─► its worker: request ► audit ► answer ─► keeper ─► lines
//!                        └─ time limit, crashes: the call that did it is answered with an error, the others go on
//! ```
//!
//! # Protocol, version 1
//!
//! Each line of the input is a JSON object, a [`Request`]:
//!
//! | key | meaning |
//! |---|---|
//! | `call_id` | the call's name, as reports show it; required |
//! | `recording` | where its audio is; the path that the report shows |
//! | `audio` | where the audio is for this worker, if not at `recording` |
//! | `segments` | its transcript, in place of a recording; a line of saved transcripts is such an object |
//! | `record` | its call record, with the names and forms that `callaudit worker records` writes |
//! | `timing` | what other calls' records show about this call, a list of what `callaudit worker timing` writes; without it the record is judged by itself |
//! | `error` | why it could not be brought here (`path`, `cause`, `hint`): its report says so |
//! | `protocol` | `callaudit.worker/1`; may be left out |
//!
//! Each line gets one line in answer, in any order: the call's `callaudit.report/1` line. A call that cannot be audited gets
//! a report with the verdict `failed` and its error. A line that names no call gets [`Unread`]: its number and its error.
//! Blank lines get none. No more lines are read than are worked on, so a slow reader of the answers holds back the writer.
//!
//! With `--shard i/n` a line is answered by the one of n workers to which the SHA-256 of its bytes assigns it; the others
//! pass over it. All may read the same input.
//!
//! A worker ends with status 0 when every line was answered, and with 2 when it cannot work here: no weights, rules with
//! mistakes, nobody who takes the answers. Then others may do what it left unanswered.
//!
//! - `request` — a line's meaning.
//! - `serve` — lines to answers, many at once.
//! - `keeper` — keeps a worker at work, whatever calls do to it.
//! - `lines` — lines of foreign bytes, bounded.
//! - `shard` — which lines are whose.

mod keeper;
mod lines;
mod request;
mod serve;
mod shard;

pub use keeper::{KeepError, Keeping, keep};
pub use request::{PROTOCOL, Request, Unread};
pub use serve::{Service, serve};
pub use shard::{Shard, UnknownShard};
