//! Running the program as a user does, in a scrubbed environment.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use callaudit::domain::CallReport;

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sample calls.
pub fn samples() -> PathBuf {
    root().join("tests/samples")
}

/// The program, with nothing of the tester's environment but the path and the place of the weights.
pub fn callaudit() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callaudit"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("CALLAUDIT_MODELS", models_dir());
    // With the encoder or without, the tests that are not about it see the same.
    command.env("CALLAUDIT_NO_SEMANTIC", "true");
    // Every run hears for itself.
    command.env("CALLAUDIT_TRANSCRIPTS", "none");
    command
}

/// What a run gave.
#[derive(Debug)]
pub struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs to the end.
pub fn run(command: &mut Command) -> Run {
    let Output { status, stdout, stderr } = command.output().unwrap();
    Run {
        status: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

/// The lines of a report by call id.
pub fn reports(out: &Path) -> BTreeMap<String, CallReport> {
    let text = fs::read_to_string(out.join("report.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str::<CallReport>(line).unwrap())
        .map(|report| (report.call_id.to_string(), report))
        .collect()
}

fn models_dir() -> PathBuf {
    std::env::var_os("CALLAUDIT_MODELS").map_or_else(|| root().join("models"), PathBuf::from)
}

/// Whether the default weights are there. When not, says so past the test harness's capture, so that a skipped test
/// never looks like one that passed unseen.
pub fn weights_or_skip(test: &str) -> bool {
    model_or_skip("base", test).is_some()
}

/// The file of the sentence encoder, or a word that the test is skipped for want of it.
pub fn encoder_or_skip(test: &str) -> Option<PathBuf> {
    model_or_skip(callaudit::weights::DEFAULT_ENCODER, test)
}

fn model_or_skip(name: &str, test: &str) -> Option<PathBuf> {
    let found = callaudit::weights::resolve(name, &models_dir());
    if let Err(error) = &found {
        let _ = writeln!(stderr(), "skipped {test}: {error}");
    }
    found.ok()
}
