//! Brings recordings and call records together.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::discover::{Found, Source};
use super::fault::Fault;
use crate::domain::{CallError, CallId, CallRecord};

/// One call to audit.
#[derive(Debug, Clone, PartialEq)]
pub struct CallInput {
    pub id: CallId,
    pub source: Source,
    pub record: Option<CallRecord>,
}

/// A call whose id is another's.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubled {
    pub input: CallInput,
    /// The file of the call that has the id.
    pub owner: PathBuf,
}

impl Doubled {
    /// Why it cannot be audited under this id.
    #[must_use]
    pub fn error(&self) -> CallError {
        taken(&self.input.id, &self.owner, &self.input.source).at(self.input.source.path())
    }
}

/// Calls with unlike ids, in the order they were found, and all that did not fit together.
#[derive(Debug, Default, PartialEq)]
pub struct Joined {
    pub calls: Vec<CallInput>,
    /// Calls whose id is another's, in the order they were found.
    pub doubled: Vec<Doubled>,
    /// Files of calls that no record speaks of, in the order they were found.
    pub without_record: Vec<PathBuf>,
    /// Records whose call was not found, in the order they were read.
    pub without_recording: Vec<CallRecord>,
}

/// Joins by the recording's path, then its name, then the call id; exactly first, then whatever the case of the letters.
///
/// Only what fits one to one is joined. Where two recordings answer to one record, or two records to one recording, a guess
/// could lay one debtor's facts on another's call: both stay alone and appear in `without_record` and `without_recording`.
#[must_use]
pub fn join(found: Vec<Found>, records: Vec<CallRecord>) -> Joined {
    let (mut records, repeated) = set_repeated_apart(records);
    let pairs = pair(&found, &records);
    let mut joined = Joined::default();
    let mut owners = BTreeMap::new();
    for (found, pair) in found.into_iter().zip(pairs) {
        let record = pair.and_then(|index| records[index].take());
        joined.add(found, record, &mut owners);
    }
    joined.without_recording = records.into_iter().flatten().chain(repeated).collect();
    joined
}

impl Joined {
    fn add(&mut self, found: Found, record: Option<CallRecord>, owners: &mut BTreeMap<CallId, PathBuf>) {
        let id = record.as_ref().and_then(|r| r.call_id.clone()).unwrap_or(CallId(found.id_stem));
        let path = found.source.path().to_owned();
        if record.is_none() {
            self.without_record.push(path.clone());
        }
        let input = CallInput { id, source: found.source, record };
        if let Some(owner) = owners.get(&input.id) {
            return self.doubled.push(Doubled { input, owner: owner.clone() });
        }
        owners.insert(input.id.clone(), path);
        self.calls.push(input);
    }
}

/// Keeps the first record of each call id. A later one that says the same is dropped; one that says otherwise is set apart.
fn set_repeated_apart(records: Vec<CallRecord>) -> (Vec<Option<CallRecord>>, Vec<CallRecord>) {
    let mut first_of: BTreeMap<CallId, usize> = BTreeMap::new();
    let mut kept: Vec<Option<CallRecord>> = Vec::new();
    let mut repeated = Vec::new();
    for record in records {
        let first = record.call_id.as_ref().and_then(|id| first_of.get(id)).copied();
        match first {
            Some(first) if kept[first].as_ref() == Some(&record) => {}
            Some(_) => repeated.push(record),
            None => {
                first_of.extend(record.call_id.clone().map(|id| (id, kept.len())));
                kept.push(Some(record));
            }
        }
    }
    (kept, repeated)
}

/// What of a call and of a record has to be equal.
#[derive(Clone, Copy)]
enum Rule {
    /// So many last parts of the recording's path.
    PathEnd(usize),
    FileStem,
    CallId,
    CallIdIsFileName,
    TranscriptOfRecording,
}

const RULES: [Rule; 8] = [
    Rule::PathEnd(4),
    Rule::PathEnd(3),
    Rule::PathEnd(2),
    Rule::PathEnd(1),
    Rule::FileStem,
    Rule::CallId,
    Rule::CallIdIsFileName,
    Rule::TranscriptOfRecording,
];

impl Rule {
    fn key_of_found(self, found: &Found) -> Option<String> {
        match (self, &found.source) {
            (Self::PathEnd(parts), Source::Recording(path)) => path_end(&path.to_string_lossy(), parts),
            (Self::CallIdIsFileName, Source::Recording(path)) => path_end(&path.to_string_lossy(), 1),
            (Self::FileStem, Source::Recording(_))
            | (Self::TranscriptOfRecording, Source::Transcript { .. })
            | (Self::CallId, _) => Some(found.id_stem.clone()),
            _ => None,
        }
    }

    fn key_of_record(self, record: &CallRecord) -> Option<String> {
        let recording = record.recording.as_deref();
        match self {
            Self::PathEnd(parts) => path_end(recording?, parts),
            Self::FileStem | Self::TranscriptOfRecording => stem(&path_end(recording?, 1)?),
            Self::CallId | Self::CallIdIsFileName => record.call_id.as_ref().map(|id| id.0.clone()),
        }
    }
}

/// For each call the index of its record.
fn pair(found: &[Found], records: &[Option<CallRecord>]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; found.len()];
    let mut free = vec![true; records.len()];
    let exact = |key: String| key;
    let caseless = |key: String| key.to_lowercase();
    for fold in [exact as fn(String) -> String, caseless] {
        for rule in RULES {
            let key_of_record = |index: usize| rule.key_of_record(records[index].as_ref()?).map(fold);
            let key_of_found = |index: usize| rule.key_of_found(&found[index]).map(fold);
            let by_record = single((0..records.len()).filter(|index| free[*index]), key_of_record);
            let by_found = single((0..found.len()).filter(|index| pairs[*index].is_none()), key_of_found);
            for (key, call) in by_found {
                if let Some(&record) = by_record.get(&key) {
                    pairs[call] = Some(record);
                    free[record] = false;
                }
            }
        }
    }
    pairs
}

/// Each key that one index alone has.
fn single(
    indices: impl Iterator<Item = usize>,
    key: impl Fn(usize) -> Option<String>,
) -> BTreeMap<String, usize> {
    let mut owners: BTreeMap<String, Option<usize>> = BTreeMap::new();
    for index in indices {
        if let Some(key) = key(index) {
            owners.entry(key).and_modify(|owner| *owner = None).or_insert(Some(index));
        }
    }
    owners.into_iter().filter_map(|(key, owner)| Some((key, owner?))).collect()
}

/// The last `parts` parts of a path of either system; none if it has fewer.
fn path_end(path: &str, parts: usize) -> Option<String> {
    let all: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    let start = all.len().checked_sub(parts)?;
    Some(all[start..].join("/"))
}

fn stem(file_name: &str) -> Option<String> {
    Some(Path::new(file_name).file_stem()?.to_string_lossy().into_owned())
}

fn taken(id: &CallId, owner: &Path, source: &Source) -> Fault {
    let place = match source {
        Source::Recording(_) => String::new(),
        Source::Transcript { line, .. } => format!("line {line}: "),
    };
    Fault::new(
        format!("{place}call id {id} is taken by {}", owner.display()),
        "rename one of the two, or give each its own call_id in the call records",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Transcript;

    fn recording(path: &str) -> Found {
        let id_stem = Path::new(path).file_stem().unwrap().to_string_lossy().into_owned();
        Found { id_stem, source: Source::Recording(path.into()) }
    }

    fn transcript(id: &str) -> Found {
        let transcript = Transcript { call_id: CallId(id.into()), segments: Vec::new() };
        let source = Source::Transcript { path: "t.jsonl".into(), line: 1, transcript };
        Found { id_stem: id.into(), source }
    }

    fn record(call_id: &str, recording: &str) -> CallRecord {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        CallRecord { call_id: some(call_id).map(CallId), recording: some(recording), ..CallRecord::default() }
    }

    /// `id=record's recording or call id` of each call, then what is left alone.
    fn outcome(found: Vec<Found>, records: Vec<CallRecord>) -> String {
        let joined = join(found, records);
        let name = |record: &CallRecord| {
            record.recording.clone().or(record.call_id.clone().map(|id| id.0)).unwrap_or_default()
        };
        let call =
            |call: &CallInput| format!("{}={}", call.id, call.record.as_ref().map_or("-".to_owned(), name));
        let calls: Vec<String> = joined.calls.iter().map(call).collect();
        let alone: Vec<String> = joined.without_recording.iter().map(name).collect();
        format!("{} | {}", calls.join(" "), alone.join(" "))
    }

    #[test]
    fn calls_and_records_find_each_other() {
        let r = recording;
        let cases = [
            (vec![r("in/a.wav")], vec![record("C1", "a.wav")], "C1=a.wav | "),
            (vec![r("in/a.wav")], vec![record("", r"D:\rec\in\a.wav")], r"a=D:\rec\in\a.wav | "),
            (vec![r("in/a.wav")], vec![record("C1", "a")], "C1=a | "),
            (vec![r("in/a.wav")], vec![record("C1", "a.mp3")], "C1=a.mp3 | "),
            (vec![r("in/a.wav")], vec![record("a", "")], "a=a | "),
            (vec![r("in/a.wav")], vec![record("a.wav", "")], "a.wav=a.wav | "),
            (vec![r("in/A.WAV")], vec![record("a", "")], "a=a | "),
            (vec![r("in/a.wav")], vec![record("b", "")], "a=- | b"),
            (vec![transcript("a")], vec![record("a", "x.wav")], "a=x.wav | "),
            (vec![transcript("x")], vec![record("a", "x.wav")], "a=x.wav | "),
            (
                vec![r("a.wav"), r("A.wav")],
                vec![record("1", "A.wav"), record("2", "a.wav")],
                "2=a.wav 1=A.wav | ",
            ),
            (
                vec![r("p/a.wav"), r("q/a.wav")],
                vec![record("1", "q/a.wav"), record("2", "p/a.wav")],
                "2=p/a.wav 1=q/a.wav | ",
            ),
            (vec![transcript("1")], vec![record("1", "2.wav"), record("2", "1.wav")], "1=2.wav | 1.wav"),
        ];
        for (found, records, expected) in cases {
            assert_eq!(outcome(found.clone(), records), expected, "{found:?}");
        }
    }

    #[test]
    fn what_is_not_one_to_one_stays_alone() {
        let two_records = vec![record("1", "a.wav"), record("2", "a.wav")];
        assert_eq!(outcome(vec![recording("a.wav")], two_records), "a=- | a.wav a.wav");
        let two_recordings = vec![recording("p/a.wav"), recording("q/a.wav")];
        assert_eq!(outcome(two_recordings, vec![record("1", "a.wav")]), "a=- | a.wav");
    }

    #[test]
    fn a_record_read_twice_counts_once_and_a_contradicting_one_is_shown() {
        let same = vec![record("1", "a.wav"), record("1", "a.wav")];
        assert_eq!(outcome(vec![recording("a.wav")], same), "1=a.wav | ");
        let unlike = vec![record("1", "a.wav"), record("1", "b.wav")];
        assert_eq!(outcome(vec![recording("a.wav"), recording("b.wav")], unlike), "1=a.wav b=- | b.wav");
    }

    #[test]
    fn no_two_calls_share_an_id() {
        let joined = join(vec![recording("p/a.wav"), recording("q/a.mp3"), transcript("a")], Vec::new());
        assert_eq!(joined.calls.len(), 1);
        let errors: Vec<String> = joined.doubled.iter().map(|doubled| doubled.error().to_string()).collect();
        insta::assert_snapshot!(errors.join("\n"), @r"
        q/a.mp3: call id a is taken by p/a.wav
        t.jsonl: line 1: call id a is taken by p/a.wav
        ");
    }
}
