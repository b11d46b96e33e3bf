//! Everything symphonia decodes: A-law, µ-law and ADPCM in WAV, MP3, FLAC, Vorbis, AAC, ALAC, AIFF.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions, ReadOnlySource};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::{Duration, TimeBase};

use super::collect::TOLERATED_LOSS_S;
use super::source::{Block, DAMAGED_HINT, Source, Stop};
use crate::ingest::fault::Fault;

struct CodecSource {
    container: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track_id: u32,
    time_base: Option<TimeBase>,
    promised_s: Option<f64>,
    /// Sound in packets that could not be decoded; silence stands in for it so that later times stay right.
    lost_s: f64,
}

/// Opens a file. Without `seeks` it is read from front to end only, and no length is guessed from its size.
pub(super) fn open_file(path: &Path, seeks: bool) -> Result<Box<dyn Source>, Stop> {
    let file = File::open(path)?;
    if seeks { open(Box::new(file)) } else { open_stream(file) }
}

/// Opens what can be read from front to end only.
pub(super) fn open_stream(stream: impl Read + Send + Sync + 'static) -> Result<Box<dyn Source>, Stop> {
    open(Box::new(ReadOnlySource::new(stream)))
}

fn open(media: Box<dyn MediaSource>) -> Result<Box<dyn Source>, Stop> {
    let stream = MediaSourceStream::new(media, MediaSourceStreamOptions::default());
    let container = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default())
        .map_err(stop)?;
    let track = container.default_track(TrackType::Audio).ok_or(Stop::Unsupported)?;
    let parameters =
        track.codec_params.as_ref().and_then(|parameters| parameters.audio()).ok_or(Stop::Unsupported)?;
    let decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(stop)?;
    let (track_id, time_base) = (track.id, track.time_base);
    let promised_s = track.duration.and_then(|duration| seconds(time_base, duration));
    Ok(Box::new(CodecSource { container, decoder, track_id, time_base, promised_s, lost_s: 0.0 }))
}

impl Source for CodecSource {
    fn promised_s(&self) -> Option<f64> {
        self.promised_s
    }

    fn next_block(&mut self, block: &mut Block) -> Result<bool, Stop> {
        while let Some(packet) = self.next_packet()? {
            match self.decoder.decode(&packet) {
                Ok(decoded) if decoded.is_empty() => {}
                Ok(decoded) => {
                    block.rate_hz = decoded.spec().rate();
                    block.channels = decoded.spec().channels().count();
                    decoded.copy_to_vec_interleaved(&mut block.interleaved);
                    return Ok(true);
                }
                Err(Error::DecodeError(_) | Error::IoError(_)) => {
                    if self.lose(&packet, block)? {
                        return Ok(true);
                    }
                }
                Err(error) => return Err(stop(error)),
            }
        }
        Ok(false)
    }
}

impl CodecSource {
    /// The next packet of the track; none at the end, be it sudden: what is missing then shows against the promise.
    fn next_packet(&mut self) -> Result<Option<Packet>, Stop> {
        loop {
            match self.container.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track_id => return Ok(Some(packet)),
                Ok(Some(_)) => {}
                Ok(None) => return Ok(None),
                Err(Error::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
                Err(error) => return Err(stop(error)),
            }
        }
    }

    /// Puts silence in the place of an undecodable packet; false where no packet has told the rate yet.
    fn lose(&mut self, packet: &Packet, block: &mut Block) -> Result<bool, Fault> {
        let lost_s = seconds(self.time_base, packet.dur).unwrap_or(0.0);
        self.lost_s += lost_s;
        if self.lost_s > TOLERATED_LOSS_S {
            return Err(Fault::new("is damaged: more than a second cannot be decoded", DAMAGED_HINT));
        }
        let frames = (lost_s * f64::from(block.rate_hz)).round() as usize;
        block.interleaved.clear();
        block.interleaved.resize(frames * block.channels, 0.0);
        Ok(!block.interleaved.is_empty())
    }
}

fn seconds(time_base: Option<TimeBase>, duration: Duration) -> Option<f64> {
    time_base?.calc_duration(duration).map(|time| time.as_secs_f64())
}

fn stop(error: Error) -> Stop {
    match error {
        Error::Unsupported(_) => Stop::Unsupported,
        Error::ResetRequired => {
            Fault::new("holds several recordings in a row", "split it into one file a call").into()
        }
        Error::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Fault::new("is cut short: it ends before its first sound", DAMAGED_HINT).into()
        }
        Error::IoError(error) => error.into(),
        other => Fault::new(format!("cannot be decoded: {other}"), DAMAGED_HINT).into(),
    }
}
