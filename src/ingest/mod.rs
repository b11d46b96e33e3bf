//! Files and call records in: from what the user names to calls that can be listened to.
//!
//! ```text
//!  paths ──► discover ──► Found ─┐
//!                                ├─► join ──► CallInput ──► decode ──► Audio, one 16 kHz track a speaker
//!  records ─► read_records ──────┘
//! ```
//!
//! Nothing here gives up on the whole because of one part: a bad file, line or row becomes an error value that names it,
//! and the rest goes on.

mod decode;
mod discover;
mod fault;
mod join;
mod lines;
mod records;
mod same;

pub use decode::{DecodeOptions, Decoded, decode, sha256};
pub use discover::{
    AUDIO_EXTENSIONS, Discovery, Found, Listing, Source, checked_transcript, discover, list, read_calls,
};
pub use join::{CallInput, Doubled, Joined, join};
pub use records::{
    Lines, Mapping, ReadOptions, RecordTable, RowProblem, Rows, Share, read_part, read_records, read_shares,
    shown_place,
};
pub use same::{Lost, decode_same};
