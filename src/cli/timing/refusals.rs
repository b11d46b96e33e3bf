//! Refusals out of earlier audits: which calls were marked as such.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::domain::{CallError, CallId, Mark};
use crate::timing::Refusals;

/// As much of a report as matters here.
#[derive(Deserialize)]
struct Audited {
    call_id: CallId,
    #[serde(default)]
    marks: Vec<Mark>,
}

/// The calls in which a third person asked not to be called again; unknown without reports.
///
/// # Errors
/// A file that cannot be read, or a line that is no report.
pub(super) fn read(reports: &[PathBuf]) -> Result<Refusals, CallError> {
    if reports.is_empty() {
        return Ok(Refusals::unknown());
    }
    let mut refused = Vec::new();
    for path in reports {
        let file = File::open(path).map_err(|error| wrong(path, format!("cannot be read: {error}")))?;
        for (line, text) in (1..).zip(BufReader::new(file).lines()) {
            let text = text.map_err(|error| wrong(path, format!("cannot be read: {error}")))?;
            let audited: Audited = serde_json::from_str(&text)
                .map_err(|error| wrong(path, format!("line {line} is no report of a call: {error}")))?;
            if audited.marks.iter().any(|mark| mark.rule == Mark::REFUSED) {
                refused.push(audited.call_id.0);
            }
        }
    }
    Ok(Refusals::of(refused))
}

fn wrong(path: &Path, cause: String) -> CallError {
    CallError::new(path, cause, "give the report.jsonl of an audit")
}
