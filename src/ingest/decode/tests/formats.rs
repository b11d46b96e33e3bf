//! What decodes: every codec, rate and layout of channels.

use super::*;
use crate::domain::Speaker;

#[test]
fn every_width_of_pcm() {
    for bits in [8, 16, 24, 32, 0] {
        let bench = Bench::new();
        let decoded = decode_default(&bench.wav(16_000, 2, bits, &stereo_tones(16_000, 0.5)));
        let [agent, customer] = &decoded.audio.tracks[..] else { panic!("{bits} bits") };
        assert_eq!((agent.speaker, customer.speaker), (Speaker::Agent, Speaker::Customer));
        assert!((amplitude(&agent.samples, LEFT_HZ) - 0.5).abs() < 0.01, "{bits} bits");
        assert!((amplitude(&customer.samples, RIGHT_HZ) - 0.5).abs() < 0.01, "{bits} bits");
        assert!(amplitude(&agent.samples, RIGHT_HZ) < 0.01, "{bits} bits");
    }
}

#[test]
fn sixteen_bits_at_16_khz_pass_unchanged() {
    let bench = Bench::new();
    let samples: Vec<i16> = (0..40_000).map(|n: i32| (n * 7919 % 65_535 - 32_767) as i16).collect();
    let data: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    let path = bench.write("call.wav", &wav_bytes(1, 1, 16_000, 16, &data, data.len() as u32));
    assert_eq!(decode_default(&path).audio.tracks[0].samples, samples);
}

#[test]
fn telephone_codecs() {
    for (tag, encode) in [(6, a_law as fn(f64) -> u8), (7, mu_law)] {
        let bench = Bench::new();
        let data: Vec<u8> = stereo_tones(8000, 1.0).into_iter().map(encode).collect();
        let path = bench.write("call.wav", &wav_bytes(tag, 2, 8000, 8, &data, data.len() as u32));
        let decoded = decode_default(&path);
        for (track, hz) in decoded.audio.tracks.iter().zip([LEFT_HZ, RIGHT_HZ]) {
            assert!((amplitude(&track.samples, hz) - 0.5).abs() < 0.01, "codec {tag}");
            assert!(noise_db(&track.samples, hz) < -30.0, "codec {tag}");
        }
    }
}

#[test]
fn resampling_keeps_pitch_level_and_length() {
    for rate_hz in [8000, 11_025, 12_000, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000, 8001] {
        for duration_s in [0.05, 0.7] {
            let bench = Bench::new();
            let decoded = decode_default(&bench.wav(rate_hz, 1, 16, &tone(rate_hz, 1000.0, duration_s, 0.5)));
            let samples = &decoded.audio.tracks[0].samples;
            assert!((decoded.audio.duration_s() - duration_s).abs() < 0.001, "{rate_hz} Hz");
            if duration_s > 0.5 {
                assert!((amplitude(samples, 1000.0) - 0.5).abs() < 0.005, "{rate_hz} Hz");
                assert!(noise_db(samples, 1000.0) < -60.0, "{rate_hz} Hz: {}", noise_db(samples, 1000.0));
            }
        }
    }
}

#[test]
fn resampling_neither_delays_nor_folds_back() {
    let bench = Bench::new();
    let mut click = vec![0.0; 44_100];
    click[22_050] = 0.9;
    let samples = decode_default(&bench.wav(44_100, 1, 16, &click)).audio.tracks.remove(0).samples;
    let loudest = (0..samples.len()).max_by_key(|n| samples[*n].unsigned_abs()).unwrap();
    assert!(loudest.abs_diff(8000) <= 1, "{loudest}");

    let mixed: Vec<f64> = tone(48_000, 1000.0, 0.5, 0.4)
        .iter()
        .zip(tone(48_000, 9000.0, 0.5, 0.4))
        .map(|(a, b)| a + b)
        .collect();
    let samples = decode_default(&bench.wav(48_000, 1, 16, &mixed)).audio.tracks.remove(0).samples;
    assert!(amplitude(&samples, 7000.0) < 0.001, "9 kHz folded back to 7 kHz");
}

#[test]
fn formats_of_symphonia() {
    // Name, channels, seconds. AAC carries an encoder's delay that nothing in the file states.
    let cases = [
        ("mp3.mp3", 2, 2.0),
        ("bare.mp3", 2, 2.0),
        ("vorbis.ogg", 2, 2.0),
        ("aac.m4a", 2, 2.0),
        ("adts.aac", 2, 2.0),
        ("adpcm.wav", 2, 2.0),
        ("flac.flac", 1, 2.0),
        ("alac.m4a", 1, 1.5),
    ];
    for (name, channels, duration_s) in cases {
        check_fixture(name, channels, duration_s);
    }
}

#[test]
fn formats_of_ffmpeg() {
    if ffmpeg_is_missing() {
        return;
    }
    let cases = [("opus.opus", 2), ("opus.webm", 2), ("wma.wma", 2), ("gsm.gsm", 1), ("gsm.wav", 1)];
    for (name, channels) in cases {
        check_fixture(name, channels, 2.0);
    }
}

fn check_fixture(name: &str, channels: usize, duration_s: f64) {
    let decoded = decode_default(&fixture(name));
    assert_eq!(decoded.info.channels, channels, "{name}");
    assert!((decoded.audio.duration_s() - duration_s).abs() < 0.2, "{name}: {}", decoded.audio.duration_s());
    let tracks = &decoded.audio.tracks;
    let level = |track: usize, hz| amplitude(&tracks[track].samples, hz);
    if channels == 2 {
        assert!(level(0, LEFT_HZ) > 0.4 && level(0, RIGHT_HZ) < 0.05, "{name}");
        assert!(level(1, RIGHT_HZ) > 0.4 && level(1, LEFT_HZ) < 0.05, "{name}");
    } else {
        assert_eq!(tracks[0].speaker, Speaker::Unknown, "{name}");
        assert!(level(0, LEFT_HZ) > 0.1 && level(0, RIGHT_HZ) > 0.1, "{name}");
    }
}

#[test]
fn amr_goes_through_ffmpeg() {
    if ffmpeg_is_missing() {
        return;
    }
    // No encoder at hand: frames of 12.2 kbit/s (header 0x3C, 31 bytes) with arbitrary bits sound like noise.
    let frame = |n: u32| {
        std::iter::once(0x3C).chain((0..31).map(move |i| (n * 31 + i).wrapping_mul(2_654_435_761) as u8))
    };
    let bytes: Vec<u8> = b"#!AMR\n".iter().copied().chain((0..50).flat_map(frame)).collect();
    let bench = Bench::new();
    let decoded = decode_default(&bench.write("call.amr", &bytes));
    assert!((decoded.audio.duration_s() - 1.0).abs() < 0.05, "{}", decoded.audio.duration_s());
}

#[test]
fn the_content_decides_not_the_name() {
    let bench = Bench::new();
    let mislabelled = bench.path("mp3.wav");
    std::fs::copy(fixture("mp3.mp3"), &mislabelled).unwrap();
    assert_eq!(decode_default(&mislabelled).audio, decode_default(&fixture("mp3.mp3")).audio);
}

#[test]
fn info_speaks_of_the_file() {
    let bench = Bench::new();
    let path = bench.wav(8000, 2, 16, &stereo_tones(8000, 0.25));
    let info = decode_default(&path).info;
    assert_eq!((info.duration_s, info.channels), (0.25, 2));
    assert_eq!(info.path, path.display().to_string());
    assert_eq!(info.sha256, digest::sha256(&path).unwrap());
}

#[test]
fn the_agent_may_be_right() {
    let bench = Bench::new();
    let path = bench.wav(8000, 2, 16, &stereo_tones(8000, 0.5));
    let options = DecodeOptions { agent_channel: 1, ..DecodeOptions::default() };
    let speakers: Vec<Speaker> =
        decode(&path, &options).unwrap().audio.tracks.iter().map(|track| track.speaker).collect();
    assert_eq!(speakers, [Speaker::Customer, Speaker::Agent]);
}

#[test]
fn one_sound_on_two_channels_is_mono() {
    let bench = Bench::new();
    let twice: Vec<f64> =
        tone(8000, LEFT_HZ, 0.5, 0.5).into_iter().flat_map(|sample| [sample, sample]).collect();
    let decoded = decode_default(&bench.wav(8000, 2, 16, &twice));
    assert_eq!(decoded.audio.tracks.len(), 1);
    assert_eq!((decoded.audio.tracks[0].speaker, decoded.info.channels), (Speaker::Unknown, 2));
}
