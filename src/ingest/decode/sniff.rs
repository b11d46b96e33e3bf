//! What a file holds, by its first bytes. Recorders and exports mislabel files; the content does not lie.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::mpeg;
use crate::ingest::fault::Fault;

/// Enough for every signature and for a few MPEG frames behind some junk.
const HEAD_BYTES: u64 = 16 * 1024;

/// A file format that carries sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Container {
    pub name: &'static str,
    pub reader: Reader,
    /// What ffmpeg calls it; naming it keeps ffmpeg from guessing, and so from following playlists.
    pub ffmpeg_demuxer: &'static str,
}

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Wave,
    /// `seeks`: the file has an index, possibly at its end. Where there is none, symphonia must not guess a length from it.
    Symphonia {
        seeks: bool,
    },
    Ffmpeg,
}

const INDEXED: Reader = Reader::Symphonia { seeks: true };
const STREAM: Reader = Reader::Symphonia { seeks: false };

const fn format(name: &'static str, reader: Reader, ffmpeg_demuxer: &'static str) -> Container {
    Container { name, reader, ffmpeg_demuxer }
}

const MP3: Container = format("MP3", STREAM, "mp3");
const ADTS: Container = format("AAC", STREAM, "aac");
const GSM: Container = format("GSM", Reader::Ffmpeg, "gsm");

/// Signatures at the start of a file; `?` stands for any byte.
const SIGNATURES: &[(&[u8], Container)] = &[
    (b"RIFF????WAVE", format("WAV", Reader::Wave, "wav")),
    (b"RF64????WAVE", format("RF64", Reader::Ffmpeg, "wav")),
    (b"riff\x2e\x91\xcf\x11", format("Wave64", Reader::Ffmpeg, "w64")),
    (b"fLaC", format("FLAC", INDEXED, "flac")),
    (b"OggS", format("Ogg", INDEXED, "ogg")),
    (b"FORM????AIFF", format("AIFF", INDEXED, "aiff")),
    (b"FORM????AIFC", format("AIFF", INDEXED, "aiff")),
    (b"????ftyp", format("MP4", INDEXED, "mov")),
    (b"????moov", format("QuickTime", INDEXED, "mov")),
    (b"\x1a\x45\xdf\xa3", format("Matroska", INDEXED, "matroska")),
    (b"ID3", MP3),
    (b"#!AMR", format("AMR", Reader::Ffmpeg, "amr")),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", format("WMA", Reader::Ffmpeg, "asf")),
    (b"caff", format("CAF", Reader::Ffmpeg, "caf")),
    (b".snd", format("AU", Reader::Ffmpeg, "au")),
];

/// The container of the file at `path`.
///
/// # Errors
/// Faults for a file that cannot be read, is empty, is text, or is nothing known.
pub(super) fn container(path: &Path) -> Result<Container, Fault> {
    let head = head(path)?;
    if head.is_empty() {
        return Err(Fault::new("is empty", "check that the recorder finished writing the file"));
    }
    recognise(&head).or_else(|| raw_gsm(path, &head)).ok_or_else(|| unknown(&head))
}

/// True for a readable file whose content is a known kind of recording.
pub(in crate::ingest) fn is_recording(path: &Path) -> bool {
    container(path).is_ok()
}

fn head(path: &Path) -> Result<Vec<u8>, Fault> {
    if path.is_dir() {
        return Err(Fault::new("is a directory", "name a recording in it"));
    }
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

fn recognise(head: &[u8]) -> Option<Container> {
    let signed = SIGNATURES.iter().find(|(signature, _)| matches_at_start(head, signature));
    signed
        .map(|(_, container)| *container)
        .or_else(|| mpeg::is_mp3(head).then_some(MP3))
        .or_else(|| mpeg::is_adts(head).then_some(ADTS))
}

fn matches_at_start(head: &[u8], signature: &[u8]) -> bool {
    head.len() >= signature.len()
        && signature.iter().zip(head).all(|(expected, byte)| *expected == b'?' || expected == byte)
}

/// GSM 06.10 as telephone systems dump it: nothing but frames of 33 bytes, each beginning with the nibble 0xD.
fn raw_gsm(path: &Path, head: &[u8]) -> Option<Container> {
    let named = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gsm"));
    (named && head.chunks(33).all(|frame| frame[0] >> 4 == 0xD)).then_some(GSM)
}

fn unknown(head: &[u8]) -> Fault {
    if is_text(head) {
        return Fault::new("holds text, not sound", "check where the file comes from; its name misleads");
    }
    Fault::new("is no kind of recording that is known", "convert it to WAV, FLAC or MP3")
}

fn is_text(head: &[u8]) -> bool {
    let control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    let cut_inside_a_character = |error: std::str::Utf8Error| error.error_len().is_none();
    !head.iter().any(control) && std::str::from_utf8(head).map_or_else(cut_inside_a_character, |_| true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(head: &[u8]) -> Option<&'static str> {
        recognise(head).map(|container| container.name)
    }

    #[test]
    fn signatures() {
        let cases: &[(&[u8], Option<&str>)] = &[
            (b"RIFF\x24\0\0\0WAVEfmt ", Some("WAV")),
            (b"RIFF\x24\0\0\0AVI LIST", None),
            (b"fLaC\0\0\0\x22", Some("FLAC")),
            (b"\0\0\0\x20ftypM4A ", Some("MP4")),
            (b"#!AMR-WB\n", Some("AMR")),
            (b"ID3\x04", Some("MP3")),
            (b"FORM\0\0\0\0AIFC", Some("AIFF")),
            (b"OggS", Some("Ogg")),
            (b"Ogg", None),
            (b"\xff\xfb\x90\x00 but no second frame", None),
            (b"PK\x03\x04", None),
        ];
        for (head, expected) in cases {
            assert_eq!(name(head), *expected, "{head:?}");
        }
    }

    #[test]
    fn text_is_told_from_noise() {
        let cut = "催收".as_bytes();
        let cases: &[(&[u8], bool)] = &[
            (b"hello, world\r\n", true),
            (cut, true),
            (&cut[..5], true),
            (b"\0\0\0\0", false),
            (b"\xc4\xfa\xba\xc3", false),
        ];
        for (head, expected) in cases {
            assert_eq!(is_text(head), *expected, "{head:?}");
        }
    }

    #[test]
    fn raw_gsm_needs_its_name_and_its_frames() {
        let frames = [[0xD2; 33], [0xD7; 33]].concat();
        assert_eq!(raw_gsm(Path::new("a.GSM"), &frames), Some(GSM));
        assert_eq!(raw_gsm(Path::new("a.wav"), &frames), None);
        assert_eq!(raw_gsm(Path::new("a.gsm"), &[0x11; 66]), None);
    }
}
