//! Full text over the transcripts: by words, or by sound.

use super::database::{Dialect, values};
use super::spoken::quoted;
use super::{Store, StoreError};
use crate::domain::{CallId, CallReport, Segment};
use crate::text::{NormalText, Segmenter, masked_turns, sound_keys};

/// Calls looked into before the search gives up looking for more: words that stand in most calls, never side by side.
const LOOKED_INTO: usize = 5_000;
/// Calls asked for at once.
const ROUND: i64 = 100;

/// How a query is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    /// The characters themselves: traditional as simplified, digits as spoken.
    Words,
    /// What sounds the same to the recogniser.
    Sound,
}

/// What is looked for. Every part between spaces has to be said within one segment, each in any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    pub sense: Sense,
    /// Most calls to find.
    pub limit: usize,
    /// Only calls before this one, by the store's number: where another page ended.
    pub before: Option<i64>,
}

/// A segment in which a part of the query was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The store's own number of the call.
    pub call: i64,
    pub call_id: CallId,
    pub agent_id: Option<String>,
    pub started_at: Option<String>,
    /// Masked.
    pub segment: Segment,
    /// Bytes of the segment's text that match.
    pub range: std::ops::Range<usize>,
}

/// What a search found: the latest calls first, the segments of a call in order of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hits {
    pub hits: Vec<Hit>,
    pub calls: usize,
    /// Where to go on; absent where there are no more.
    pub next: Option<i64>,
}

impl Store {
    /// Finds the calls in which all parts of the query were said.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn search(&mut self, query: &Query) -> Result<Hits, StoreError> {
        let parts: Vec<Part> = query
            .text
            .split_whitespace()
            .map(|text| Part::new(text, query.sense))
            .filter(Part::says_something)
            .collect();
        let mut hits = Hits::default();
        if parts.is_empty() {
            return Ok(hits);
        }
        let wanted = self.condition(&parts, query.sense);
        let (mut before, mut looked_into) = (query.before.unwrap_or(i64::MAX), 0);
        while let Some(calls) =
            Some(self.candidates(&wanted, query.sense, before)?).filter(|calls| !calls.is_empty())
        {
            for call in calls {
                if hits.calls == query.limit || looked_into == LOOKED_INTO {
                    hits.next = Some(before);
                    return Ok(hits);
                }
                before = call;
                looked_into += 1;
                if let Some(mut report) = self.body(call)? {
                    hide(&mut report.transcript);
                    hits.add(call, &report, &parts);
                }
            }
        }
        Ok(hits)
    }

    /// Calls that may hold all parts, below the number `before`, the latest first.
    fn candidates(&mut self, wanted: &str, sense: Sense, before: i64) -> Result<Vec<i64>, StoreError> {
        let sql = match (self.database.dialect(), sense) {
            (Dialect::Sqlite, Sense::Words) => {
                "SELECT rowid FROM spoken_words WHERE spoken_words MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3"
            }
            (Dialect::Sqlite, Sense::Sound) => {
                "SELECT rowid FROM spoken_sounds WHERE spoken_sounds MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3"
            }
            (Dialect::Postgres, Sense::Words) => {
                "SELECT call FROM spoken WHERE words @@ $1::TEXT::tsquery AND call < $2 ORDER BY call DESC LIMIT $3"
            }
            (Dialect::Postgres, Sense::Sound) => {
                "SELECT call FROM spoken WHERE sounds @@ $1::TEXT::tsquery AND call < $2 ORDER BY call DESC LIMIT $3"
            }
        };
        self.query(sql, values![wanted, before, ROUND])?.iter_mut().map(|row| row.take(0)).collect()
    }

    /// What the index is asked for: the words of each part anywhere, the sounds of each part in a row.
    fn condition(&self, parts: &[Part], sense: Sense) -> String {
        let words = |part: &Part| -> Vec<String> {
            Segmenter::new().words(&part.normal).into_iter().map(str::to_owned).collect()
        };
        match (self.database.dialect(), sense) {
            (Dialect::Sqlite, Sense::Words) => {
                joined(parts.iter().flat_map(words).map(|word| double_quoted(&word)), " AND ")
            }
            (Dialect::Sqlite, Sense::Sound) => {
                let phrase = |part: &Part| double_quoted(&part.sounds.join(" "));
                joined(parts.iter().map(phrase), " AND ")
            }
            (Dialect::Postgres, Sense::Words) => {
                joined(parts.iter().flat_map(words).map(|word| quoted(&word)), " & ")
            }
            (Dialect::Postgres, Sense::Sound) => {
                let phrase =
                    |part: &Part| format!("({})", joined(part.sounds.iter().map(|key| quoted(key)), " <-> "));
                joined(parts.iter().map(phrase), " & ")
            }
        }
    }
}

/// Leaves of the segments what may be shown.
fn hide(transcript: &mut [Segment]) {
    let shown = masked_turns(transcript);
    for (segment, text) in transcript.iter_mut().zip(shown) {
        *segment = Segment { text, spelled: None, heard_again: None, ..segment.clone() };
    }
}

/// A part of a query, in the form in which segments are compared.
struct Part {
    normal: String,
    sounds: Vec<String>,
    sense: Sense,
}

impl Part {
    fn new(text: &str, sense: Sense) -> Self {
        let normal = NormalText::new(text).as_str().to_owned();
        Self { sounds: sound_keys(&normal), normal, sense }
    }

    fn says_something(&self) -> bool {
        !self.normal.is_empty()
    }

    /// Where in a text the part is said first, in bytes of the original.
    fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let normal = NormalText::new(text);
        let range = match self.sense {
            Sense::Words => normal.as_str().find(&self.normal).map(|at| at..at + self.normal.len()),
            Sense::Sound => {
                let sounds = sound_keys(normal.as_str());
                let at = sounds.windows(self.sounds.len()).position(|window| window == self.sounds)?;
                let byte = |place| {
                    normal.as_str().char_indices().nth(place).map_or(normal.as_str().len(), |(byte, _)| byte)
                };
                Some(byte(at)..byte(at + self.sounds.len()))
            }
        }?;
        Some(normal.source(range))
    }
}

impl Hits {
    /// Adds the segments of a call in which all parts are said.
    fn add(&mut self, call: i64, report: &CallReport, parts: &[Part]) {
        let found = |part: &Part| -> Vec<(usize, std::ops::Range<usize>)> {
            let segments = report.transcript.iter().enumerate();
            segments.filter_map(|(index, segment)| Some((index, part.find(&segment.text)?))).collect()
        };
        let found: Vec<_> = parts.iter().map(found).collect();
        if found.iter().any(Vec::is_empty) {
            return;
        }
        let mut found: Vec<_> = found.into_iter().flatten().collect();
        found.sort_unstable_by_key(|(index, range)| (*index, range.start));
        found.dedup_by_key(|(index, _)| *index);
        self.calls += 1;
        let record = report.record.as_ref();
        self.hits.extend(found.into_iter().map(|(index, range)| Hit {
            call,
            call_id: report.call_id.clone(),
            agent_id: record.and_then(|record| record.agent_id.clone()),
            started_at: record.and_then(|record| record.started_at.clone()),
            segment: report.transcript[index].clone(),
            range,
        }));
    }
}

fn joined(parts: impl Iterator<Item = String>, by: &str) -> String {
    parts.collect::<Vec<_>>().join(by)
}

fn double_quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}
