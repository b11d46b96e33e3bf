//! The nouns that every stage shares. Plain serialisable values, no I/O, no use of any other module.

mod audio;
mod basis;
mod call;
mod category;
mod checklist;
mod coaching;
mod error;
mod finding;
mod good;
mod hex;
mod levels;
mod meaning;
mod measures;
mod report;
mod scoring;
mod script;
mod timing;
mod transcript;

pub use audio::{Audio, SAMPLE_RATE_HZ, Track};
pub use basis::{Basis, Certainty, Force};
pub use call::{CallId, CallRecord, CallRow, ConsentWindow, Contact, Direction};
pub use category::Category;
pub use checklist::{CheckItem, CheckOutcome};
pub use coaching::{Advice, Coaching};
pub use error::CallError;
pub use finding::{Also, Finding, Grade, Severity, Suppressed, Suppressor, Tier};
pub use good::{GoodConduct, Mark};
pub use hex::hex;
pub use levels::{LEVEL_FRAME_S, LevelTrack, Levels};
pub use meaning::{Meaning, Understanding, Understood};
pub use measures::{Measures, Remark};
pub use report::{CallReport, ModelIdentity, Provenance, RecordingInfo, SCHEMA, Verdict};
pub use scoring::{Cost, Judgement, ScoreItem, Scoring, judge};
pub use script::{ScriptReport, ScriptStep, StepOutcome};
pub use timing::{OpenHours, TimingDay, TimingFinding, TimingRule, TimingSummary, TimingTally, Unjudged};
pub use transcript::{Segment, Speaker, Suspicion, Transcript};
