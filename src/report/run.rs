//! `run.json`: when, how long, with what settings, and what went wrong. The only output that depends on the clock.

use std::ffi::OsStr;
use std::path::Path;

use serde::Serialize;

use crate::domain::{CallError, CallRecord};

use super::border;
use super::summary::{CallSummary, Totals};

/// Version of the format of `run.json`.
const SCHEMA: &str = "callaudit.run/1";

/// What only the caller knows of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RunFacts {
    /// RFC 3339
    pub started_at: String,
    /// RFC 3339
    pub ended_at: String,
    pub duration_s: f64,
    /// True when the run was stopped before its last call.
    pub interrupted: bool,
    /// True when the findings from all call records were written to a folder of their own.
    pub has_timing: bool,
    /// The settings in force, as the settings serialise themselves.
    pub settings: serde_json::Value,
    /// Inputs that gave no call at all.
    pub input_errors: Vec<CallError>,
    /// Paths of recordings that no call record speaks of.
    pub recordings_without_record: Vec<String>,
    pub records_without_recording: Vec<CallRecord>,
    /// Rows of the call records that could not be read, one line each.
    pub record_problems: Vec<String>,
}

#[derive(Serialize)]
struct RunFile<'a> {
    schema: &'static str,
    #[serde(flatten)]
    facts: RunFacts,
    counts: &'a Totals,
    failures: Vec<Failure<'a>>,
    /// File names of the pages of calls: a later run into the same directory removes these and no others.
    pages: Vec<&'a str>,
}

#[derive(Serialize)]
struct Failure<'a> {
    call_id: &'a str,
    #[serde(flatten)]
    error: CallError,
}

/// The bytes of `run.json`, indented for people.
pub(super) fn run_json(
    facts: &RunFacts,
    calls: &[CallSummary],
    totals: &Totals,
    pages: Vec<&str>,
) -> serde_json::Result<Vec<u8>> {
    let failures = calls.iter().filter_map(|call| {
        let error = border::printed_error(call.error.as_ref()?);
        Some(Failure { call_id: &call.call_id.0, error })
    });
    let file = RunFile {
        schema: SCHEMA,
        facts: printed(facts),
        counts: totals,
        failures: failures.collect(),
        pages,
    };
    let mut bytes = serde_json::to_vec_pretty(&file)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The pages that an earlier `run.json` names; none where it is not one. Only plain file names: the file may have been
/// written by anybody.
pub(super) fn earlier_pages(run_json: &[u8]) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Earlier {
        schema: String,
        #[serde(default)]
        pages: Vec<String>,
    }
    let Ok(earlier) = serde_json::from_slice::<Earlier>(run_json) else { return Vec::new() };
    let is_plain = |page: &String| !page.contains(['/', '\\', ':', '\0']);
    let is_page = |page: &String| is_plain(page) && Path::new(page).extension() == Some(OsStr::new("html"));
    let pages = if earlier.schema == SCHEMA { earlier.pages } else { Vec::new() };
    pages.into_iter().filter(is_page).collect()
}

fn printed(facts: &RunFacts) -> RunFacts {
    RunFacts {
        duration_s: border::hundredths(facts.duration_s),
        input_errors: facts.input_errors.iter().map(border::printed_error).collect(),
        records_without_recording: facts
            .records_without_recording
            .iter()
            .map(border::printed_record)
            .collect(),
        ..facts.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn says_what_happened() {
        let calls = [sample::violation(), sample::failed()].map(|report| CallSummary::of(&report));
        let facts = RunFacts { duration_s: 1.239, interrupted: true, ..RunFacts::default() };
        let bytes = run_json(&facts, &calls, &Totals::of(&calls), vec!["D001.html"]).unwrap();
        let run: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(run["schema"], "callaudit.run/1");
        assert_eq!((&run["duration_s"], &run["interrupted"]), (&1.24.into(), &true.into()));
        assert_eq!(run["counts"]["categories"]["threat"]["violation"], 1);
        assert_eq!(run["failures"][0]["call_id"], "D004");
        assert_eq!(earlier_pages(&bytes), ["D001.html"]);
        assert_eq!(run["failures"][0]["hint"], sample::failed().error.unwrap().hint);
    }

    #[test]
    fn only_plain_names_of_pages_are_believed() {
        let run = |pages: &str| format!("{{\"schema\":\"callaudit.run/1\",\"pages\":{pages}}}");
        for (text, pages) in [
            (run("[\"a.html\", \"../b.html\", \"/c.html\", \"d.wav\", \"e\\\\f.html\"]"), vec!["a.html"]),
            (run("[]").replace("/1", "/2"), vec![]),
            ("{}".to_owned(), vec![]),
            ("not json".to_owned(), vec![]),
        ] {
            assert_eq!(earlier_pages(text.as_bytes()), pages, "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_text_is_still_reported() {
        use std::os::unix::ffi::OsStrExt;
        let path = std::ffi::OsStr::from_bytes(b"\xff.wav");
        let facts = RunFacts { input_errors: vec![CallError::new(path, "x", "y")], ..RunFacts::default() };
        assert!(run_json(&facts, &[], &Totals::default(), Vec::new()).is_ok());
    }
}
