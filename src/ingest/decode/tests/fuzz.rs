//! Hostile bytes: an error or sound, never a panic.

use proptest::prelude::*;

use super::*;

/// Formats decoded in this process; ffmpeg's own sturdiness is not under test.
const NATIVE: [&str; 7] =
    ["mp3.mp3", "bare.mp3", "vorbis.ogg", "aac.m4a", "adpcm.wav", "flac.flac", "alac.m4a"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_bytes_are_an_error_or_sound(bytes in proptest::collection::vec(any::<u8>(), 0..2000), head in 0..6_usize) {
        let heads: [&[u8]; 6] = [b"", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0", b"fLaC", b"OggS\0", b"\0\0\0\x20ftypM4A ", b"\xff\xfb\x90\x00"];
        let bench = Bench::new();
        let path = bench.write("call.wav", &[heads[head], &bytes].concat());
        if let Ok(decoded) = decode_with(NO_FFMPEG, &path, &DecodeOptions::default()) {
            prop_assert!(!decoded.audio.tracks.is_empty());
        }
    }

    #[test]
    fn any_change_to_a_good_file_is_an_error_or_sound(
        name in 0..NATIVE.len(),
        changes in proptest::collection::vec((0..100_000_usize, any::<u8>()), 1..6),
        early in any::<bool>(),
        kept in 1..=100_usize,
    ) {
        let mut bytes = std::fs::read(fixture(NATIVE[name])).unwrap();
        bytes.truncate((bytes.len() * kept / 100).max(1));
        for (at, byte) in changes {
            let span = if early { bytes.len().min(120) } else { bytes.len() };
            bytes[at % span] = byte;
        }
        let bench = Bench::new();
        let path = bench.write("call", &bytes);
        let options = DecodeOptions { max_duration_s: 60.0, ..DecodeOptions::default() };
        if let Ok(decoded) = decode_with(NO_FFMPEG, &path, &options) {
            let lengths: Vec<usize> = decoded.audio.tracks.iter().map(|track| track.samples.len()).collect();
            prop_assert!(lengths[0] > 0 && lengths.iter().all(|length| *length == lengths[0]));
            prop_assert!(decoded.audio.duration_s() <= 61.0);
        }
    }
}
