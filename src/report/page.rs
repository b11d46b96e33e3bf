//! What a call's page needs beside the report: the sound.

use crate::domain::{CallReport, Levels};

use super::clip::Clip;
use super::waveform::Waveform;

/// Everything the writer needs for one call.
#[derive(Debug, Clone, PartialEq)]
pub struct CallPage {
    pub report: CallReport,
    /// The sound of findings; a finding without one is printed without a player.
    pub clips: Vec<Clip>,
    /// The shape of the sound, one a channel; empty when there was no recording.
    pub waveforms: Vec<Waveform>,
    /// Loudness over time; absent when there was no recording.
    pub levels: Option<Levels>,
}

impl CallPage {
    /// The page of a call whose sound is not at hand.
    #[must_use]
    pub fn silent(report: CallReport) -> Self {
        Self { report, clips: Vec::new(), waveforms: Vec::new(), levels: None }
    }
}
