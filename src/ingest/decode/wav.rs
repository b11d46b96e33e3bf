//! WAV files: finds the sound in them and repairs the length their header states.
//!
//! Recorders that were cut off, or that write to a pipe, leave a length of 0 or of 4 GB. The decoders would believe it, so
//! they are given the same sound behind a plain header with the length that is really there.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom, Take};
use std::path::Path;

use super::collect::{TOLERATED_LOSS_S, cut_short};
use super::source::{DAMAGED_HINT, Source, Stop};
use super::{codecs, pcm};
use crate::ingest::fault::Fault;

/// Data lengths from here on are what writers to a pipe put in place of the length they do not know yet.
const PLACEHOLDER_BYTES: u64 = 0x7FFF_0000;

/// A format chunk has 16 to 40 bytes, a few more with ADPCM coefficients.
const FORMAT_BYTES: std::ops::RangeInclusive<u64> = 16..=4096;

/// Plain header, then sound: what both decoders read.
pub(super) type WavStream = std::io::Chain<Cursor<Vec<u8>>, Take<BufReader<File>>>;

/// Opens the WAV file for the decoder that suits its codec.
pub(super) fn open(path: &Path) -> Result<Box<dyn Source>, Stop> {
    let layout = Layout::read(File::open(path)?)?;
    if layout.is_linear_pcm()
        && let Some(source) = pcm::open(layout.stream(path)?)
    {
        return Ok(source);
    }
    codecs::open_stream(layout.stream(path)?)
}

/// Where the sound lies and how it is coded.
#[derive(Debug, PartialEq, Eq)]
struct Layout {
    /// Content of the format chunk.
    format: Vec<u8>,
    data_at: u64,
    /// Whole blocks only.
    data_bytes: u32,
}

impl Layout {
    fn read(file: File) -> Result<Self, Fault> {
        let file_bytes = file.metadata()?.len();
        let mut reader = BufReader::new(file);
        let riff_bytes = u64::from(read_chunk_header(&mut reader)?.1);
        reader.seek_relative(4)?; // "WAVE"
        let mut format = None;
        loop {
            let (id, bytes) = read_chunk_header(&mut reader)?;
            match &id {
                b"fmt " => format = Some(read_format(&mut reader, u64::from(bytes))?),
                b"data" => {
                    let data_at = reader.stream_position()?;
                    let present = file_bytes.saturating_sub(data_at);
                    let format = format.ok_or_else(|| damaged("its format is missing"))?;
                    let unfinished = riff_bytes + 8 <= data_at;
                    let data_bytes = data_bytes(&format, u64::from(bytes), present, unfinished)?;
                    return Ok(Self { format, data_at, data_bytes });
                }
                _ => reader.seek_relative(i64::from(bytes) + i64::from(bytes % 2))?,
            }
        }
    }

    /// PCM, float, or the extensible form of either: what hound reads.
    fn is_linear_pcm(&self) -> bool {
        matches!(u16_at(&self.format, 0), 0x0001 | 0x0003 | 0xFFFE)
    }

    fn stream(&self, path: &Path) -> Result<WavStream, Fault> {
        let mut file = BufReader::new(File::open(path)?);
        file.seek(SeekFrom::Start(self.data_at))?;
        Ok(Cursor::new(self.header()).chain(file.take(u64::from(self.data_bytes))))
    }

    /// A header of the format and data chunks alone.
    fn header(&self) -> Vec<u8> {
        let padding = self.format.len() % 2;
        let format_bytes = self.format.len() as u32;
        let riff_bytes = (4 + 8 + 8 + format_bytes + padding as u32).saturating_add(self.data_bytes);
        let mut header = Vec::new();
        header.extend(b"RIFF");
        header.extend(riff_bytes.to_le_bytes());
        header.extend(b"WAVEfmt ");
        header.extend(format_bytes.to_le_bytes());
        header.extend(&self.format);
        header.extend(&[0][..padding]);
        header.extend(b"data");
        header.extend(self.data_bytes.to_le_bytes());
        header
    }
}

fn read_chunk_header(reader: &mut impl Read) -> Result<([u8; 4], u32), Fault> {
    let mut header = [0; 8];
    reader.read_exact(&mut header).map_err(|_| damaged("its sound is missing"))?;
    let [id @ .., a, b, c, d] = header;
    Ok((id, u32::from_le_bytes([a, b, c, d])))
}

fn read_format(reader: &mut impl Read, bytes: u64) -> Result<Vec<u8>, Fault> {
    let mut format = Vec::new();
    if FORMAT_BYTES.contains(&bytes) {
        reader.take(bytes + bytes % 2).read_to_end(&mut format)?;
        format.truncate(bytes as usize);
    }
    if format.len() as u64 != bytes {
        return Err(damaged("its format is unreadable"));
    }
    // Codecs other than PCM must state the length of their extension; many telephone systems leave that out.
    if format.len() == 16 && u16_at(&format, 0) != 0x0001 {
        format.extend([0, 0]);
    }
    Ok(format)
}

/// Bytes of sound that are there, in whole blocks; an error where more than a second is missing.
fn data_bytes(format: &[u8], declared: u64, present: u64, unfinished: bool) -> Result<u32, Fault> {
    let bytes_per_s = f64::from(u32_at(format, 8).max(1));
    let unknown = declared >= PLACEHOLDER_BYTES || (declared == 0 && unfinished);
    let expected = if unknown { present } else { declared };
    let seconds = |bytes: u64| bytes as f64 / bytes_per_s;
    if seconds(expected) - seconds(present) > TOLERATED_LOSS_S {
        return Err(cut_short(seconds(expected), seconds(present)));
    }
    let block_bytes = u32::from(u16_at(format, 12)).max(1);
    let usable = u32::try_from(expected.min(present)).map_err(|_| too_large())?;
    Ok(usable / block_bytes * block_bytes)
}

fn u16_at(format: &[u8], at: usize) -> u16 {
    format.get(at..at + 2).map_or(0, |bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn u32_at(format: &[u8], at: usize) -> u32 {
    u32::from(u16_at(format, at)) | u32::from(u16_at(format, at + 2)) << 16
}

fn damaged(what: &str) -> Fault {
    Fault::new(format!("is a damaged WAV file: {what}"), DAMAGED_HINT)
}

fn too_large() -> Fault {
    Fault::new("holds more than 4 GB of sound", "cut it into calls")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 8 kHz, mono, 16 bits: 16,000 bytes a second in blocks of 2.
    const TELEPHONE: [u8; 16] = [1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0];

    #[test]
    fn lengths_are_repaired_or_refused() {
        let cut_short = |cause: &str| cause.starts_with("is cut short");
        let cases: &[(u64, u64, bool, Option<u32>)] = &[
            (32_000, 32_000, false, Some(32_000)),
            (32_000, 32_050, false, Some(32_000)), // other chunks follow
            (32_000, 20_001, false, Some(20_000)), // less than a second is missing
            (32_000, 15_000, false, None),
            (0, 15_001, true, Some(15_000)), // the recorder never came back to its header
            (0, 50, false, Some(0)),         // empty, other chunks follow
            (0xFFFF_FFFF, 15_000, false, Some(15_000)),
            (0x7FFF_F000, 15_000, false, Some(15_000)),
        ];
        for (declared, present, unfinished, expected) in cases {
            let outcome = data_bytes(&TELEPHONE, *declared, *present, *unfinished);
            assert_eq!(outcome.as_ref().ok(), expected.as_ref(), "{declared} {present}");
            assert!(outcome.map_or_else(|fault| cut_short(&fault.cause), |_| true));
        }
    }

    #[test]
    fn a_length_beyond_the_header_is_refused() {
        assert!(data_bytes(&TELEPHONE, 0xFFFF_FFFF, 1 << 33, false).is_err());
    }
}
