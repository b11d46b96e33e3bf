//! One recording to 16 kHz tracks, whatever its container, codec, rate and (one or two) channels.
//!
//! The content decides the format, never the extension. PCM goes through hound, what else symphonia knows through symphonia,
//! the rest (AMR, GSM, Opus, WMA …) through an installed ffmpeg. Samples are resampled as they come, so that memory holds the
//! 16 kHz result and little else.

mod channels;
mod codecs;
mod collect;
mod digest;
mod ffmpeg;
mod mpeg;
mod pcm;
mod resample;
mod sniff;
mod source;
mod wav;

#[cfg(test)]
mod tests;

use std::panic::catch_unwind;
use std::path::Path;

use super::fault::Fault;
use crate::domain::{Audio, CallError, RecordingInfo};
use source::{Limits, Source, Stop};

pub use digest::sha256;
pub(super) use sniff::is_recording;

/// How to take a recording in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecodeOptions {
    /// The channel of a stereo recording that carries the agent: 0 is left, 1 is right.
    pub agent_channel: usize,
    /// Longer recordings are refused as soon as that is known. Two channels of one hour take 230 MB.
    pub max_duration_s: f64,
}

impl Default for DecodeOptions {
    /// Agent left; at most two hours, which no honest call reaches.
    fn default() -> Self {
        Self { agent_channel: 0, max_duration_s: 2.0 * 3600.0 }
    }
}

/// A recording ready to be listened to.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    pub audio: Audio,
    pub info: RecordingInfo,
}

/// Decodes the recording at `path`.
///
/// Stereo gives an agent's and a customer's track; mono, and stereo that holds one sound only (both channels alike, or one of
/// them silent), gives a single track of unknown speaker.
///
/// # Errors
/// A [`CallError`] for a file that is missing, empty, no recording, cut short or damaged by more than a second, silent, longer
/// than allowed, of more than two channels or of an unusable rate, and where ffmpeg is needed and is not installed.
pub fn decode(path: &Path, options: &DecodeOptions) -> Result<Decoded, CallError> {
    decode_with(ffmpeg::PROGRAM, path, options)
}

fn decode_with(ffmpeg: &str, path: &Path, options: &DecodeOptions) -> Result<Decoded, CallError> {
    // The last line of defence: a decoder that panics on a hostile file fails this call, not the batch.
    let outcome = catch_unwind(|| decode_file(ffmpeg, path, options));
    outcome.unwrap_or_else(|_| Err(decoder_broke())).map_err(|fault| fault.at(path))
}

fn decode_file(ffmpeg: &str, path: &Path, options: &DecodeOptions) -> Result<Decoded, Fault> {
    let limits = Limits::new(options)?;
    let channels = read(ffmpeg, path, limits)?;
    let channel_count = channels.len();
    let audio = Audio { tracks: channels::to_tracks(channels, options.agent_channel)? };
    let info = RecordingInfo {
        path: path.display().to_string(),
        sha256: sha256(path)?,
        duration_s: (audio.duration_s() * 1000.0).round() / 1000.0,
        channels: channel_count,
    };
    Ok(Decoded { audio, info })
}

/// Every channel at 16 kHz, by the first reader that can.
fn read(ffmpeg: &str, path: &Path, limits: Limits) -> Result<Vec<Vec<i16>>, Fault> {
    let container = sniff::container(path)?;
    let foreign = match native(path, &container).and_then(|mut source| collect::collect(&mut *source, limits))
    {
        Ok(channels) => return Ok(channels),
        Err(Stop::Fault(fault)) => return Err(fault),
        Err(Stop::Unsupported) => container,
    };
    let mut source = ffmpeg::open(ffmpeg, path, &foreign)?;
    collect::collect(&mut source, limits).map_err(|stop| stop.or_unsupported(foreign.name))
}

/// A reader of this program's own; [`Stop::Unsupported`] asks for ffmpeg.
fn native(path: &Path, container: &sniff::Container) -> Result<Box<dyn Source>, Stop> {
    match container.reader {
        sniff::Reader::Wave => wav::open(path),
        sniff::Reader::Symphonia { seeks } => codecs::open_file(path, seeks),
        sniff::Reader::Ffmpeg => Err(Stop::Unsupported),
    }
}

fn decoder_broke() -> Fault {
    Fault::new("is damaged in a way that breaks the decoder", source::DAMAGED_HINT)
}
