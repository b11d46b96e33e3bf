//! Everything that is tested from outside: the architecture, the command line, the whole audit on real audio.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of tests fails its test by panicking"
)]

mod architecture;
mod batch;
mod case;
mod cluster;
mod coaching;
mod command_line;
mod counts;
mod desk;
mod engines;
mod evaluation;
mod export;
mod golden;
mod lexicon_readme;
mod lexicon_tools;
mod notify;
mod oversight;
mod postgres_server;
mod real_audio;
mod record_formats;
#[path = "../scale/records.rs"]
mod records;
mod review;
mod semantics;
mod store;
mod support;
mod tables;
mod timing;
mod worker;
