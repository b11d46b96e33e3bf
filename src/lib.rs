//! Audits recorded debt-collection calls for compliance, on the user's own machine.
//!
//! ```text
//!  recordings ──► ingest ─┬► transcribe ─► speakers ─┐
//!                         └► acoustics ──────────────┼─► detect ─┐
//!  transcripts ──────────────────────────┘     ▲     ├─► audit ──► report
//!                       lexicon ──► semantics ──┘     │
//!  call records ─► ingest ──► timing ────────────────┘
//! ```
//!
//! Each stage takes and gives plain serialisable values from [`domain`]; every stage can be the first and the last.
//!
//! - [`domain`] — the nouns every stage shares: call, transcript, finding, report. No I/O.
//! - [`config`] — settings: defaults, then file, then environment, then command line.
//! - [`ingest`] — files in: find recordings, decode and resample them, read and join call records.
//! - [`weights`] — models on disk: fetch, import, verify.
//! - [`transcribe`] — audio to transcript: speech regions, windows, Whisper, suspicion of hallucination, spelling; what
//!   rules found is heard a second time, and what was heard once is saved.
//! - [`speakers`] — who speaks in a recording of one channel, by voice and words.
//! - [`acoustics`] — audio to loudness, pitch and timbre over time.
//! - [`text`] — one segment's text in the forms that matching needs, each with its way back.
//! - [`lexicon`] — rule packs: format, load, lint, self-test, compile; and calls as people speak them, which
//!   [`transcribe`] expects to hear, [`speakers`] tells agents from customers by, and [`semantics`] learns from.
//! - [`semantics`] — what utterances mean: a sentence encoder, and heads trained on labelled turns.
//! - [`detect`] — transcript, rules and meanings to findings.
//! - [`timing`] — call records and policies to findings.
//! - [`audit`] — the pipeline over many calls: parallel, ordered, one call's failure stays its own.
//! - [`worker`] — the same for an engine that hands out calls: lines in, lines out, whatever happens to one.
//! - [`evaluate`] — findings against labels: precision, recall, F1, character error rate.
//! - [`report`] — reports to files that people and programs read; people get simplified characters.
//! - [`store`] — audited calls kept in one place: SQLite, or PostgreSQL for a team.
//! - [`oversight`] — what many calls and judgements come to: rates, precision, agreement, warnings.
//! - [`batch`] — the night run: what is new in the inboxes, audited into the store.
//! - [`notify`] — telling others of serious findings, where somebody asked for it.
//! - [`case`] — all that is known of the calls to one debtor, packed so that anybody can check it.
//! - [`coaching`] — an agent's month: what recurs, what to say instead, what went well.
//! - [`export`] — findings and judgements as files to fill in, and back.
//! - [`feedback`] — judgements as examples for rules.
//! - [`review`] — the web page on which people judge what was found.
//! - [`cli`] — one file a command.

pub mod acoustics;
pub mod audit;
pub mod batch;
pub mod case;
pub mod cli;
pub mod coaching;
pub mod config;
pub mod detect;
pub mod domain;
pub mod evaluate;
pub mod export;
pub mod feedback;
pub mod ingest;
pub mod lexicon;
pub mod notify;
pub mod oversight;
pub mod report;
pub mod review;
pub mod semantics;
pub mod speakers;
pub mod store;
pub mod text;
pub mod timing;
pub mod transcribe;
pub mod weights;
pub mod worker;
