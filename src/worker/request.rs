//! What a line asks for.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{CallError, CallId, CallRecord, Segment, Transcript};
use crate::ingest::{Source, checked_transcript};
use crate::timing::TimingOutcome;

/// Version of the protocol.
pub const PROTOCOL: &str = "callaudit.worker/1";

const HINT: &str =
    "write one call a line: {\"call_id\":\"…\",\"recording\":\"…\"}; see callaudit worker --help";

/// A call to audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    pub call_id: CallId,
    /// Where its audio is; what the report calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<PathBuf>,
    /// Where the audio is for this worker, if not at `recording`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<PathBuf>,
    /// Its transcript, in place of a recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segments: Option<Vec<Segment>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<CallRecord>,
    /// What the records of other calls show about this one, in shares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Vec<TimingOutcome>>,
    /// Why it could not be brought here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<CallError>,
}

/// The answer to a line that names no call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    pub protocol: String,
    /// Number of the line in the input, from 1.
    pub line: u64,
    pub error: CallError,
}

/// As much of a line as has to be understood to answer by name.
#[derive(Deserialize)]
struct Named {
    call_id: CallId,
}

impl Request {
    /// A call of which nothing is known but its name.
    #[must_use]
    pub fn new(call_id: CallId) -> Self {
        Self {
            protocol: None,
            call_id,
            recording: None,
            audio: None,
            segments: None,
            record: None,
            timing: None,
            error: None,
        }
    }

    /// Reads a line. A line that names a call and is wrong otherwise is a request with an error.
    ///
    /// # Errors
    /// [`Unread`] for a line that names no call.
    pub fn read(number: u64, line: &[u8]) -> Result<Self, Unread> {
        let parsed = serde_json::from_slice::<Self>(line).map_err(|error| cause_of(&error));
        match parsed.and_then(Self::of_this_version) {
            Ok(request) if request.call_id.0.trim().is_empty() => {
                Err(Unread::new(number, "has an empty call_id".to_owned()))
            }
            Ok(request) => Ok(request),
            Err(cause) => match serde_json::from_slice::<Named>(line) {
                Ok(Named { call_id }) if !call_id.0.trim().is_empty() => {
                    let error = CallError::new(format!("line {number}"), cause, HINT);
                    Ok(Self { error: Some(error), ..Self::new(call_id) })
                }
                _ => Err(Unread::new(number, cause)),
            },
        }
    }

    fn of_this_version(self) -> Result<Self, String> {
        match &self.protocol {
            Some(other) if other != PROTOCOL => {
                Err(format!("is of the protocol {other}, and this worker speaks {PROTOCOL}"))
            }
            _ => Ok(self),
        }
    }

    /// What the call is audited from, or why it cannot be; `audio` is opened where it is not at `recording`.
    ///
    /// # Errors
    /// The request's own error, a transcript that is none, or nothing to audit.
    pub fn source(&mut self) -> Result<Source, CallError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let name = PathBuf::from(&self.call_id.0);
        if let Some(segments) = self.segments.take() {
            let transcript = Transcript { call_id: self.call_id.clone(), segments };
            return match checked_transcript(transcript) {
                Ok(transcript) => Ok(Source::Transcript { path: name, line: 1, transcript }),
                Err(cause) => Err(CallError::new(name, cause, HINT)),
            };
        }
        match self.audio.as_ref().or(self.recording.as_ref()) {
            Some(path) => Ok(Source::Recording(path.clone())),
            None => Err(CallError::new(name, "has neither a recording nor segments", HINT)),
        }
    }
}

impl Unread {
    #[must_use]
    pub fn new(line: u64, cause: String) -> Self {
        let error = CallError::new(Path::new(&format!("line {line}")), cause, HINT);
        Self { protocol: PROTOCOL.to_owned(), line, error }
    }
}

fn cause_of(error: &serde_json::Error) -> String {
    format!("is no request: {}", error.to_string().replace(" at line 1 column ", ", column "))
}

/// The line `line` asking for a report of this error instead; for a line that is no object the answer to it.
///
/// # Errors
/// The answer to a line that names no call.
pub(super) fn refused(
    number: u64,
    line: &[u8],
    error: impl FnOnce(PathBuf) -> CallError,
) -> Result<Vec<u8>, Unread> {
    let mut request = Request::read(number, line)?;
    let path = request.recording.clone().or(request.audio.clone());
    let path = path.unwrap_or_else(|| PathBuf::from(&request.call_id.0));
    request.error.get_or_insert_with(|| error(path));
    serde_json::to_value(&request)
        .map(|value: Value| value.to_string().into_bytes())
        .map_err(|error| Unread::new(number, cause_of(&error)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(line: &str) -> String {
        match Request::read(7, line.as_bytes()) {
            Ok(mut request) => match request.source() {
                Ok(Source::Recording(path)) => format!("{}: hear {}", request.call_id, path.display()),
                Ok(Source::Transcript { transcript, .. }) => {
                    format!("{}: {} segments", request.call_id, transcript.segments.len())
                }
                Err(error) => format!("{}: {error}", request.call_id),
            },
            Err(unread) => unread.error.to_string(),
        }
    }

    #[test]
    fn every_line_is_answerable() {
        for (line, expected) in [
            (r#"{"call_id":"C1","recording":"a.wav"}"#, "C1: hear a.wav"),
            (r#"{"call_id":"C1","recording":"hdfs://x/a.wav","audio":"/tmp/1"}"#, "C1: hear /tmp/1"),
            (r#"{"call_id":"C1","segments":[]}"#, "C1: 0 segments"),
            (r#"{"call_id":"C1"}"#, "C1: C1: has neither a recording nor segments"),
            (r#"{"call_id":"C1","protocol":"callaudit.worker/1","segments":[]}"#, "C1: 0 segments"),
            (
                r#"{"call_id":"C1","protocol":"callaudit.worker/2","segments":[]}"#,
                "C1: line 7: is of the protocol callaudit.worker/2, and this worker speaks callaudit.worker/1",
            ),
            (
                r#"{"call_id":"C1","segments":[{"start_s":2,"end_s":1,"text":"x"}]}"#,
                "C1: C1: segment 1: its times are not 0 <= start_s <= end_s",
            ),
            (
                r#"{"call_id":"C1","error":{"path":"a.wav","cause":"was not there","hint":""}}"#,
                "C1: a.wav: was not there",
            ),
            (
                r#"{"call_id":"C1","recordin":"a.wav"}"#,
                "C1: line 7: is no request: unknown field `recordin`, expected one of `protocol`, `call_id`, `recording`, \
                 `audio`, `segments`, `record`, `timing`, `error`, column 26",
            ),
            (r#"{"recording":"a.wav"}"#, "line 7: is no request: missing field `call_id`, column 21"),
            (r#"{"call_id":" ","segments":[]}"#, "line 7: has an empty call_id"),
            (
                "[]",
                "line 7: is no request: invalid length 1, expected struct Request with 8 elements, column 2",
            ),
            ("\u{0}", "line 7: is no request: expected value, column 1"),
        ] {
            assert_eq!(told(line), expected, "{line}");
        }
    }

    #[test]
    fn a_refused_line_keeps_what_is_known_of_the_call() {
        let line = br#"{"call_id":"C1","recording":"a.wav","record":{"debtor_id":"K1"}}"#;
        let error = |path| CallError::new(path, "takes too long", "leave it out");
        let refused = refused(1, line, error).unwrap();
        let mut request = Request::read(1, &refused).unwrap();
        assert_eq!(request.record.as_ref().unwrap().debtor_id.as_deref(), Some("K1"));
        assert_eq!(request.source().unwrap_err().to_string(), "a.wav: takes too long");
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_foreign(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Request::read(1, &bytes).map(|mut request| request.source());
        }

        #[test]
        fn requests_are_read_as_they_were_written(id in "\\PC{1,8}", path in prop::option::of("\\PC{0,8}"), start_s in 0.0..9.0_f64) {
            prop_assume!(!id.trim().is_empty());
            let segments = vec![Segment::said(crate::domain::Speaker::Agent, start_s, start_s + 1.0, "喂")];
            let request = Request { recording: path.map(PathBuf::from), segments: Some(segments), ..Request::new(CallId(id)) };
            prop_assert_eq!(Request::read(1, &serde_json::to_vec(&request).unwrap()), Ok(request));
        }
    }
}
