//! The sound of a sheet's examples, where the recordings are still those that were heard.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use super::{CoachingError, Example, Sheet};
use crate::domain::Finding;
use crate::ingest::{DecodeOptions, Lost, decode_same};
use crate::report::{Clip, clips};
use crate::store::{Store, StoredCall};
use crate::text::muted;

/// The sound of examples by call and finding, and why there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clips {
    clips: BTreeMap<i64, Vec<Clip>>,
    lost: BTreeMap<i64, Lost>,
}

impl Clips {
    /// Cuts the examples out of their recordings. A soft tone covers personal numbers.
    ///
    /// # Errors
    /// When the store cannot be read, or a clip cannot be encoded.
    pub fn of(sheet: &Sheet, store: &mut Store, options: &DecodeOptions) -> Result<Self, CoachingError> {
        let mut wanted: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
        for example in examples(sheet).filter(|example| example.start_s.is_some()) {
            wanted.entry(example.call).or_default().insert(&example.finding_id);
        }
        let mut found = Self::default();
        for (call, ids) in wanted {
            if let Some(stored) = store.stored_call(call)? {
                found.add(&stored, &ids, options)?;
            }
        }
        Ok(found)
    }

    fn add(&mut self, stored: &StoredCall, ids: &BTreeSet<&str>, options: &DecodeOptions) -> io::Result<()> {
        let report = &stored.report;
        // A call that was judged from a transcript never had a sound.
        let Some(recording) = &report.recording else { return Ok(()) };
        let heard = stored.content.as_ref().unwrap_or(&recording.sha256);
        match decode_same(Path::new(&recording.path), heard, options) {
            Ok(decoded) => {
                let is_wanted = |finding: &&Finding| ids.contains(finding.id.as_str());
                let findings: Vec<Finding> = report.findings.iter().filter(is_wanted).cloned().collect();
                let cut = clips(&decoded.audio, &findings, &muted(&report.transcript));
                self.clips.insert(stored.id, cut.map_err(io::Error::other)?);
            }
            Err(lost) => {
                self.lost.insert(stored.id, lost);
            }
        }
        Ok(())
    }

    /// The sound of a finding.
    #[must_use]
    pub fn clip(&self, call: i64, finding_id: &str) -> Option<&Clip> {
        self.clips.get(&call)?.iter().find(|clip| clip.finding_id == finding_id)
    }

    /// Why a call cannot be heard again; absent where it can, or never was a recording.
    #[must_use]
    pub fn lost(&self, call: i64) -> Option<&Lost> {
        self.lost.get(&call)
    }

    /// Number of recordings that were heard and cannot be heard again.
    #[must_use]
    pub fn recordings_lost(&self) -> usize {
        self.lost.len()
    }
}

/// Examples that are shown whole.
fn examples(sheet: &Sheet) -> impl Iterator<Item = &Example> {
    sheet.recurring.iter().flat_map(|topic| &topic.rules).flat_map(|rule| &rule.examples)
}
