//! From the paths a user names to the recordings and transcripts behind them.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::fault::Fault;
use super::{decode, lines};
use crate::domain::{CallError, Segment, Transcript};

/// Extensions that make a file in a directory a recording. What it really holds, decoding finds out.
pub const AUDIO_EXTENSIONS: [&str; 29] = [
    "3ga", "3gp", "aac", "aif", "aifc", "aiff", "amr", "au", "awb", "caf", "flac", "gsm", "m4a", "m4b",
    "mka", "mp3", "mp4", "mpga", "oga", "ogg", "opus", "rf64", "snd", "spx", "w64", "wav", "wave", "webm",
    "wma",
];

const TRANSCRIPT_EXTENSION: &str = "jsonl";
const RECORDS_EXTENSIONS: [&str; 2] = ["csv", "tsv"];

/// What a call is audited from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    Recording(PathBuf),
    /// A line of a transcript file, counted from 1.
    Transcript {
        path: PathBuf,
        line: usize,
        transcript: Transcript,
    },
}

impl Source {
    /// The file it lies in.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Recording(path) | Self::Transcript { path, .. } => path,
        }
    }
}

/// One call to audit, not yet joined with its record.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The recording's file name without extension, or the transcript's call id: the call's name unless a record gives one.
    pub id_stem: String,
    pub source: Source,
}

/// All that was found, in order of path and line, and all that went wrong.
#[derive(Debug, Default, PartialEq)]
pub struct Discovery {
    pub found: Vec<Found>,
    pub errors: Vec<CallError>,
}

/// The files of calls behind what a user named, unopened.
#[derive(Debug, Default, PartialEq)]
pub struct Listing {
    /// Recordings and files of transcripts, each once, in order of path.
    pub files: Vec<PathBuf>,
    /// Directories without either.
    pub empty: Vec<PathBuf>,
    pub errors: Vec<CallError>,
}

/// Finds the calls behind `inputs`: recordings, transcript files (`*.jsonl`) and directories, each file once.
///
/// A directory stands for the recordings anywhere in it, or, where it holds none, for the transcripts in it: transcripts kept
/// beside the recordings they were made from are not audited twice. Hidden files are passed over, links are followed, other
/// files are ignored unless named.
#[must_use]
pub fn discover(inputs: &[PathBuf]) -> Discovery {
    let Listing { files, empty, mut errors } = list(inputs);
    errors.extend(empty.iter().map(|directory| {
        Fault::new("holds no recording", "name a directory with recordings or *.jsonl transcripts")
            .at(directory)
    }));
    let mut discovery = Discovery { found: Vec::new(), errors };
    for path in &files {
        discovery.read(path);
    }
    discovery
}

/// The first half of [`discover`]: which files there are.
#[must_use]
pub fn list(inputs: &[PathBuf]) -> Listing {
    let mut lister = Lister::default();
    for input in inputs {
        if let Err(fault) = lister.take(input) {
            lister.listing.errors.push(fault.at(input));
        }
    }
    let mut listing = lister.listing;
    listing.files.sort();
    listing
}

/// The second half: the calls in one file, in order of line.
#[must_use]
pub fn read_calls(path: &Path) -> Discovery {
    let mut discovery = Discovery::default();
    discovery.read(path);
    discovery
}

#[derive(Default)]
struct Lister {
    listing: Listing,
    /// Real paths taken already, so that a file reached twice is audited once.
    taken: BTreeSet<PathBuf>,
}

impl Lister {
    fn take(&mut self, input: &Path) -> Result<(), Fault> {
        let metadata = input.metadata().map_err(|error| missing(&error))?;
        if metadata.is_dir() {
            self.take_directory(input);
            return Ok(());
        }
        if !metadata.is_file() {
            return Err(Fault::new(
                "is no regular file",
                "name a recording, a directory or a *.jsonl of transcripts",
            ));
        }
        if kind(input) == Kind::Unknown && !decode::is_recording(input) {
            return Err(not_audible(input));
        }
        self.take_file(input);
        Ok(())
    }

    fn take_directory(&mut self, directory: &Path) {
        let files = self.walk(directory);
        let of = |wanted| files.iter().filter(move |path| kind(path) == wanted).peekable();
        let (mut recordings, mut transcripts) = (of(Kind::Recording), of(Kind::Transcripts));
        if recordings.peek().is_some() {
            recordings.for_each(|path| self.take_file(path));
        } else if transcripts.peek().is_some() {
            transcripts.for_each(|path| self.take_file(path));
        } else {
            self.listing.empty.push(directory.to_owned());
        }
    }

    fn walk(&mut self, directory: &Path) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let walk = WalkDir::new(directory).follow_links(true).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(|entry| !is_hidden(entry)) {
            match entry {
                Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
                Ok(_) => {}
                // A link back up: what it leads to is being walked already.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => {
                    let path = error.path().unwrap_or(directory).to_owned();
                    self.listing.errors.push(Fault::unreadable(&error).at(&path));
                }
            }
        }
        files
    }

    fn take_file(&mut self, path: &Path) {
        if self.taken.insert(path.canonicalize().unwrap_or_else(|_| path.to_owned())) {
            self.listing.files.push(path.to_owned());
        }
    }
}

impl Discovery {
    fn read(&mut self, path: &Path) {
        if kind(path) == Kind::Transcripts {
            return self.read_transcripts(path);
        }
        let id_stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        self.found.push(Found { id_stem, source: Source::Recording(path.to_owned()) });
    }

    fn read_transcripts(&mut self, path: &Path) {
        let lines = match lines::open(path) {
            Ok(lines) => lines,
            Err(error) => return self.errors.push(Fault::unreadable(&error).at(path)),
        };
        let before = self.found.len() + self.errors.len();
        for (line, text) in lines {
            match text.and_then(|text| parse_transcript(&text)) {
                Ok(transcript) => self.found.push(transcript_found(path, line, transcript)),
                Err(cause) => self.errors.push(bad_line(line, &cause).at(path)),
            }
        }
        if before == self.found.len() + self.errors.len() {
            self.errors.push(Fault::new("holds no transcript", TRANSCRIPT_HINT).at(path));
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Recording,
    Transcripts,
    Unknown,
}

fn kind(path: &Path) -> Kind {
    let extension = extension(path);
    if extension == TRANSCRIPT_EXTENSION {
        Kind::Transcripts
    } else if AUDIO_EXTENSIONS.contains(&extension.as_str()) {
        Kind::Recording
    } else {
        Kind::Unknown
    }
}

fn extension(path: &Path) -> String {
    path.extension().and_then(OsStr::to_str).unwrap_or_default().to_ascii_lowercase()
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".")
}

fn transcript_found(path: &Path, line: usize, transcript: Transcript) -> Found {
    let id_stem = transcript.call_id.0.clone();
    Found { id_stem, source: Source::Transcript { path: path.to_owned(), line, transcript } }
}

/// Reads one line.
fn parse_transcript(line: &str) -> Result<Transcript, String> {
    let transcript: Transcript = serde_json::from_str(line)
        .map_err(|error| format!("is no transcript: {}", lines::json_cause(&error)))?;
    if transcript.call_id.0.trim().is_empty() {
        return Err("has an empty call_id".to_owned());
    }
    checked_transcript(transcript)
}

/// A transcript from outside, with its segments in order of their start.
///
/// # Errors
/// What is wrong with a segment.
pub fn checked_transcript(mut transcript: Transcript) -> Result<Transcript, String> {
    for (index, segment) in transcript.segments.iter().enumerate() {
        check_segment(segment).map_err(|cause| format!("segment {}: {cause}", index + 1))?;
    }
    transcript.segments.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    Ok(transcript)
}

fn check_segment(segment: &Segment) -> Result<(), &'static str> {
    let in_time = segment.start_s.is_finite() && segment.end_s.is_finite() && segment.start_s >= 0.0;
    if !in_time || segment.end_s < segment.start_s {
        return Err("its times are not 0 <= start_s <= end_s");
    }
    match segment.confidence {
        Some(confidence) if !(0.0..=1.0).contains(&confidence) => Err("its confidence is not in 0..=1"),
        _ => Ok(()),
    }
}

const TRANSCRIPT_HINT: &str = r#"write one call a line: {"call_id":"…","segments":[{"speaker":"agent","start_s":0.0,"end_s":1.0,"text":"…"}]}"#;

fn bad_line(line: usize, cause: &str) -> Fault {
    Fault::new(format!("line {line} {cause}"), TRANSCRIPT_HINT)
}

fn missing(error: &std::io::Error) -> Fault {
    if error.kind() == std::io::ErrorKind::NotFound {
        return Fault::new("does not exist", "check the path");
    }
    Fault::unreadable(error)
}

fn not_audible(path: &Path) -> Fault {
    if RECORDS_EXTENSIONS.contains(&extension(path).as_str()) {
        return Fault::new("holds call records, not recordings", "give it with --calls");
    }
    Fault::new(
        "is neither a recording nor a transcript",
        "name a recording, a directory or a *.jsonl of transcripts",
    )
}
