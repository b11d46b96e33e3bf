//! The recording of a call, where it is still the one that was heard.

use std::io;
use std::path::Path;

use super::{CaseCall, Masking};
use crate::ingest::{DecodeOptions, Lost, decode_same};
use crate::report::{Clip, Waveform, clips, waveforms};
use crate::text::muted;

/// What a pack can let hear of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sound {
    /// The call was judged from a transcript.
    Transcript,
    /// Nothing was heard or read: there is a record alone.
    Record,
    /// The file is not where it was.
    Gone,
    /// Another recording is where it was.
    Changed,
    /// What is there cannot be decoded any more, and why.
    Unreadable(String),
    /// The recording is the one that was heard.
    Heard,
    /// Something is where the recording was; nobody has looked whether it is the one that was heard.
    There,
}

/// Clips of the findings and the shape of the sound, where there are any.
pub(super) struct CallSound {
    pub sound: Sound,
    pub clips: Vec<Clip>,
    pub waveforms: Vec<Waveform>,
}

impl CallSound {
    /// Of a call with nothing masked: what is to be covered is found in its words.
    ///
    /// # Errors
    /// When a clip cannot be encoded.
    pub(super) fn of(call: &CaseCall, options: &DecodeOptions, masking: Masking) -> io::Result<Self> {
        let silent = |sound| Self { sound, clips: Vec::new(), waveforms: call.waveforms.clone() };
        let report = &call.report;
        let (Some(recording), Sound::There) = (&report.recording, Sound::unheard(call)) else {
            return Ok(silent(Sound::unheard(call)));
        };
        let heard = call.content.as_ref().unwrap_or(&recording.sha256);
        let decoded = match decode_same(Path::new(&recording.path), heard, options) {
            Ok(decoded) => decoded,
            Err(Lost::Gone) => return Ok(silent(Sound::Gone)),
            Err(Lost::Changed) => return Ok(silent(Sound::Changed)),
            Err(Lost::Unreadable(cause)) => return Ok(silent(Sound::Unreadable(cause))),
        };
        let covered = match masking {
            Masking::Masked => muted(&report.transcript),
            Masking::Unmasked => Vec::new(),
        };
        let clips = clips(&decoded.audio, &report.findings, &covered).map_err(io::Error::other)?;
        Ok(Self { sound: Sound::Heard, clips, waveforms: waveforms(&decoded.audio) })
    }
}

impl Sound {
    /// What can be said of a call's recording without reading it.
    pub(super) fn unheard(call: &CaseCall) -> Self {
        match &call.report.recording {
            None if call.content.is_some() => Self::Transcript,
            None => Self::Record,
            Some(recording) if Path::new(&recording.path).is_file() => Self::There,
            Some(_) => Self::Gone,
        }
    }

    /// True where a recording was heard and cannot be given.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Self::Gone | Self::Changed | Self::Unreadable(_))
    }

    pub(super) fn told(&self, call: &CaseCall) -> String {
        let told = match self {
            Self::Heard => "录音在原处，SHA-256 与审计时一致",
            Self::There => "录音在原处",
            Self::Transcript => "没有录音，依据文字稿审计",
            Self::Record if call.record.recording.is_some() => "通话记录提到录音，库中没有这份录音",
            Self::Record => "没有录音，只有通话记录",
            Self::Gone => "录音文件已不在原处，未能附上录音片段",
            Self::Changed => "原处的录音文件与审计时不是同一份（SHA-256 不符），未采用，未能附上录音片段",
            Self::Unreadable(cause) => return format!("录音文件无法读取，未能附上录音片段（{cause}）"),
        };
        told.to_owned()
    }

    /// The stable id, for programs.
    pub(super) fn id(&self) -> &'static str {
        match self {
            Self::Transcript => "transcript",
            Self::Record => "record",
            Self::Gone => "gone",
            Self::Changed => "changed",
            Self::Unreadable(_) => "unreadable",
            Self::Heard => "heard",
            Self::There => "there",
        }
    }
}
