//! What symphonia lacks (AMR, GSM, Opus, WMA, RF64 …), through an installed ffmpeg.
//!
//! ffmpeg turns the recording into AU (a fixed header, then 16-bit samples) on a pipe. It is told the container, so that it
//! does not guess, and may open files only: a recording that is really a playlist reaches no network.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, ErrorKind, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use super::sniff::Container;
use super::source::{Block, Source, Stop};
use crate::ingest::fault::Fault;

/// Found on the PATH.
pub(super) const PROGRAM: &str = "ffmpeg";

const DAMAGED_CODEC_HINT: &str =
    "fetch the file again from where it was recorded; if what is missing does not matter, convert it to WAV";

/// Bytes of sound a block holds: whole frames of one or two channels.
const BLOCK_BYTES: u64 = 32 * 1024;

pub(super) struct FfmpegSource {
    child: Child,
    /// The recording as ffmpeg names it in its messages.
    input: String,
    sound: BufReader<ChildStdout>,
    complaint: Option<JoinHandle<Option<String>>>,
    /// Rate in Hz and channel count, from the header.
    shape: Option<(u32, usize)>,
}

/// Starts ffmpeg, by the name `program`, on the recording.
pub(super) fn open(program: &str, path: &Path, container: &Container) -> Result<FfmpegSource, Fault> {
    let mut input = OsString::from("file:");
    input.push(path);
    let shown = input.to_string_lossy().into_owned();
    let mut child = Command::new(program)
        .args(["-nostdin", "-v", "error", "-xerror", "-protocol_whitelist", "file,pipe"])
        .args(["-f", container.ffmpeg_demuxer, "-i"])
        .arg(input)
        .args(["-map", "0:a:0", "-c:a", "pcm_s16be", "-f", "au", "pipe:1"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| cannot_start(&error, container.name))?;
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(Fault::new("cannot be read from ffmpeg", "convert it to WAV"));
    };
    let complaint = Some(std::thread::spawn(move || last_line(stderr)));
    Ok(FfmpegSource { child, input: shown, sound: BufReader::new(stdout), complaint, shape: None })
}

impl Source for FfmpegSource {
    fn promised_s(&self) -> Option<f64> {
        None
    }

    fn next_block(&mut self, block: &mut Block) -> Result<bool, Stop> {
        let Some((rate_hz, channels)) = self.shape()? else {
            self.check_exit()?;
            return Ok(false);
        };
        (block.rate_hz, block.channels) = (rate_hz, channels);
        let mut bytes = Vec::new();
        let frame_bytes = 2 * channels.max(1) as u64;
        let whole_frames = (BLOCK_BYTES / frame_bytes).max(1) * frame_bytes;
        self.sound.by_ref().take(whole_frames).read_to_end(&mut bytes)?;
        block.interleaved.clear();
        block.interleaved.extend(
            bytes.chunks_exact(2).map(|pair| f32::from(i16::from_be_bytes([pair[0], pair[1]])) / 32_768.0),
        );
        if bytes.is_empty() {
            self.check_exit()?;
        }
        Ok(!bytes.is_empty())
    }
}

impl FfmpegSource {
    /// The header, read once; none where ffmpeg wrote nothing.
    fn shape(&mut self) -> Result<Option<(u32, usize)>, Fault> {
        if self.shape.is_none() {
            self.shape = read_au_header(&mut self.sound)?;
        }
        Ok(self.shape)
    }

    /// Half a recording must not pass for a whole one. ffmpeg counts a file that ends too early as a success, so that not
    /// only its exit status but any complaint is this call's error.
    fn check_exit(&mut self) -> Result<(), Fault> {
        let status = self.child.wait()?;
        let complaint = self.complaint.take().and_then(|reader| reader.join().ok()).flatten();
        if status.success() && complaint.is_none() {
            return Ok(());
        }
        let reason =
            complaint.unwrap_or_else(|| status.to_string()).replace(&format!("{}: ", self.input), "");
        Err(Fault::new(format!("ffmpeg cannot decode it: {reason}"), DAMAGED_CODEC_HINT))
    }
}

impl Drop for FfmpegSource {
    /// Leaves no process behind when decoding ends early. One that has ended already refuses both calls, which is fine.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Rate and channels from the header of an AU file: six big-endian numbers, then text up to the stated offset.
fn read_au_header(sound: &mut impl Read) -> Result<Option<(u32, usize)>, Fault> {
    let mut header = [0; 24];
    match sound.read_exact(&mut header) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let number =
        |index: usize| header[index * 4..][..4].iter().fold(0, |n: u32, byte| n << 8 | u32::from(*byte));
    let annotation_bytes = u64::from(number(1)).saturating_sub(24);
    std::io::copy(&mut sound.take(annotation_bytes), &mut std::io::sink())?;
    Ok(Some((number(4), number(5) as usize)))
}

/// Drains ffmpeg's messages, so that it never waits for a reader, and keeps the last.
fn last_line(stderr: ChildStderr) -> Option<String> {
    let mut last = None;
    let mut reader = BufReader::new(stderr);
    let mut line = Vec::new();
    while matches!(reader.by_ref().take(4096).read_until(b'\n', &mut line), Ok(read) if read > 0) {
        let text = String::from_utf8_lossy(&line);
        if !text.trim().is_empty() {
            last = Some(text.trim().to_owned());
        }
        line.clear();
    }
    last
}

fn cannot_start(error: &std::io::Error, format: &str) -> Fault {
    if error.kind() == ErrorKind::NotFound {
        return Fault::new(
            format!("holds {format} sound of a kind that only ffmpeg decodes, and ffmpeg is not installed"),
            "install ffmpeg (`apt install ffmpeg`, `brew install ffmpeg`) or convert the recording to WAV",
        );
    }
    Fault::new(format!("needs ffmpeg, which does not start: {error}"), "check the ffmpeg on the PATH")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_au_header_tells_rate_and_channels() {
        let numbers: [u32; 7] = [0x2E73_6E64, 28, u32::MAX, 3, 8000, 2, 0];
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_be_bytes()).chain([7]).collect();
        let mut rest = &bytes[..];
        assert_eq!(read_au_header(&mut rest).unwrap(), Some((8000, 2)));
        assert_eq!(rest, [7]);
        assert_eq!(read_au_header(&mut &bytes[..20]).unwrap(), None);
    }
}
