//! The nouns that every stage shares. Plain serialisable values, no I/O, no use of any other module.

mod audio;
mod call;
mod error;
mod finding;
mod report;
mod transcript;

pub use audio::{Audio, SAMPLE_RATE_HZ, Track};
pub use call::{CallId, CallRecord, ConsentWindow, Contact, Direction};
pub use error::CallError;
pub use finding::{
    Basis, Category, Certainty, Finding, Force, Grade, Severity, Suppressed, Suppressor, Tier, hex,
};
pub use report::{CallReport, ModelIdentity, Provenance, RecordingInfo, SCHEMA, Verdict, judge};
pub use transcript::{Segment, Speaker, Suspicion, Transcript};
