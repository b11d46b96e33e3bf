//! What a call's page needs beside the report: the sound.

use crate::domain::{Audio, CallReport, Speaker};

use super::{clip, waveform};

/// Everything the writer needs for one call.
#[derive(Debug, Clone, PartialEq)]
pub struct CallPage {
    pub report: CallReport,
    /// The sound of findings; a finding without one is printed without a player.
    pub clips: Vec<Clip>,
    /// The shape of the sound, one a channel; empty when there was no recording.
    pub waveforms: Vec<Waveform>,
}

/// The sound of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    pub finding_id: String,
    /// A whole WAV file.
    pub wav: Vec<u8>,
}

/// The shape of one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waveform {
    pub speaker: Speaker,
    /// Highest amplitude of every tenth of a second, 255 being full scale.
    pub peaks: Vec<u8>,
}

impl CallPage {
    /// Cuts the clips and draws the waveforms of a report's recording; without one the page has neither.
    ///
    /// # Errors
    /// When a clip cannot be encoded as WAV.
    pub fn new(report: CallReport, audio: Option<&Audio>) -> Result<Self, hound::Error> {
        let clips = audio.map_or(Ok(Vec::new()), |audio| clip::clips(audio, &report.findings))?;
        let waveforms = audio.map(waveform::waveforms).unwrap_or_default();
        Ok(Self { report, clips, waveforms })
    }
}
