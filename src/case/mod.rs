//! The complaint pack: all that is known of the calls to one debtor, in one folder or ZIP that anybody can check.
//!
//! ```text
//!  store, rules ─► gather ─► Case ─► masking ─┬► page, picture, tables, transcript, sound ─► pack ─► sink: folder, ZIP
//!                                             └► outcomes: every rule, passes too             └► manifest ─► verify
//! ```
//!
//! A [`Case`] holds nothing masked; [`pack`] masks by [`Masking`] what it writes. The same case and moment give the same
//! bytes, as long as the recordings on disk are the same.
//!
//! - `gather` — calls, records, judgements and appeals of a debtor; `complaint` — complaints. `outcomes` — how the calls did by every rule.
//! - `masking` — what readers may not see. `sound` — the recording, where it is still the one that was heard.
//! - `page`, `picture`, `section` — `index.html`, `desk` — the same for a page of the review desk. `tables`, `transcript`, `facts` — the other files. `paths` — their names.
//! - `pack`, `sink`, `manifest` — writing it, whole or not at all. `container`, `verify` — reading it back.

mod complaint;
mod container;
mod desk;
mod error;
mod facts;
mod gather;
mod manifest;
mod masking;
mod outcomes;
mod pack;
mod page;
mod paths;
mod picture;
mod section;
mod sink;
mod sound;
mod tables;
mod transcript;
mod verify;
mod words;

pub use complaint::CaseComplaint;
pub use desk::{STYLE, TEMPLATE, desk_view};
pub use error::CaseError;
pub use gather::{Judging, gather};
pub use manifest::{MANIFEST, Manifest, PackedFile};
pub use masking::Masking;
pub use outcomes::{RuleOutcome, RuleSource};
pub use pack::{Packed, log_pack, pack};
pub use sink::{FolderSink, Sink, ZipFileSink, ZipSink, zip_bytes};
pub use verify::{Difference, Kind, Unreadable, Verified, verify};

use crate::domain::{CallRecord, CallReport};
use crate::ingest::DecodeOptions;
use crate::report::Waveform;
use crate::store::{Appeal, LastAction, Queued, Review};

/// Everything about the calls to one debtor, with nothing masked.
#[derive(Debug, Clone)]
pub struct Case {
    pub debtor: String,
    /// In order of their start; never empty.
    pub calls: Vec<CaseCall>,
    /// Those of which the register says that they are about the debtor.
    pub complaints: Vec<CaseComplaint>,
    /// Every rule and limit, those that no call was judged by too.
    pub outcomes: Vec<RuleOutcome>,
    /// Hours of the debtor's day in which the policies let calls start, half-open.
    pub open_hours: Vec<(f64, f64)>,
    /// True where a call was judged by other rules or policies than those of today.
    pub has_other_rules: bool,
    /// SHA-256 over the rule packs and over the policies of today.
    pub rules: RulesInUse,
    /// Absent while the store's log is empty.
    pub last_action: Option<LastAction>,
    /// How recordings are to be decoded.
    pub decode: DecodeOptions,
}

/// Digests of what was judged by.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RulesInUse {
    pub lexicons: String,
    pub policies: String,
}

/// One call to the debtor, or one attempt.
#[derive(Debug, Clone)]
pub struct CaseCall {
    /// The store's own number of the call.
    pub id: i64,
    pub record: CallRecord,
    /// As stored; of a call known by its record alone, as its record is judged today.
    pub report: CallReport,
    /// SHA-256 of what was heard or read; absent for a call known by its record alone.
    pub content: Option<String>,
    /// `YYYY-MM-DD` of the start on the debtor's clock; absent where the record gives none.
    pub day: Option<String>,
    /// Hour of that day, 0..=23.
    pub hour: Option<u8>,
    /// Findings of every audit with how far people have come, those no longer found too.
    pub findings: Vec<Queued>,
    pub reviews: Vec<Review>,
    pub appeals: Vec<Appeal>,
    /// The shape of the sound as it was heard.
    pub waveforms: Vec<Waveform>,
}

/// Name and version of the program.
const TOOL: &str = concat!("callaudit ", env!("CARGO_PKG_VERSION"));
