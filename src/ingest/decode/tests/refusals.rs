//! What does not decode, or only after repair.

use super::*;

#[test]
fn what_ffmpeg_refuses_is_an_error_with_its_words() {
    if ffmpeg_is_missing() {
        return;
    }
    for (name, kept_bytes) in [("wma.wma", 40), ("wma.wma", 5000), ("opus.webm", 5000)] {
        let bench = Bench::new();
        let broken = std::fs::read(fixture(name)).unwrap()[..kept_bytes].to_vec();
        let error = bench.error(&bench.write("call", &broken), &DecodeOptions::default());
        let reason = error.strip_prefix("call: ffmpeg cannot decode it: ").expect(&error);
        assert!(!reason.is_empty() && !reason.contains("file:"), "{reason}");
    }
}

#[test]
fn a_missing_ffmpeg_is_an_error_that_says_so() {
    for (name, format) in [("opus.opus", "Ogg"), ("wma.wma", "WMA"), ("gsm.gsm", "GSM"), ("gsm.wav", "WAV")] {
        let error = decode_with(NO_FFMPEG, &fixture(name), &DecodeOptions::default()).unwrap_err();
        assert!(error.cause.contains(format) && error.cause.contains("ffmpeg is not installed"), "{error}");
        assert!(error.hint.contains("install ffmpeg"), "{}", error.hint);
    }
}

#[test]
fn lengths_the_header_gets_wrong() {
    let data = telephone_samples(3);
    let cases: [(u32, &[u8]); 4] = [
        (u32::MAX, &data),
        (0x7FFF_F000, &data),
        (data.len() as u32 + 8000, &data),
        (data.len() as u32 - 1, &data[..data.len() - 1]),
    ];
    for (stated, data) in cases {
        let bench = Bench::new();
        let decoded = decode_default(&bench.write("call.wav", &wav_bytes(1, 1, 8000, 16, data, stated)));
        assert!((decoded.audio.duration_s() - 3.0).abs() < 0.001, "{stated}");
    }
}

#[test]
fn a_recorder_that_never_finished_its_header() {
    let bench = Bench::new();
    let mut bytes = wav_bytes(
        6,
        1,
        8000,
        8,
        &tone(8000, RIGHT_HZ, 2.0, 0.5).into_iter().map(a_law).collect::<Vec<_>>(),
        0,
    );
    bytes[4..8].fill(0);
    assert!((decode_default(&bench.write("call.wav", &bytes)).audio.duration_s() - 2.0).abs() < 0.001);
}

#[test]
fn recordings_that_are_none() {
    let bench = Bench::new();
    let noise: Vec<u8> = (0..60_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let six_seconds = telephone_samples(6);
    let flac = std::fs::read(fixture("flac.flac")).unwrap();
    let wav = |channels, rate_hz, data: &[u8]| wav_bytes(1, channels, rate_hz, 16, data, data.len() as u32);
    let files = [
        ("empty.wav", Vec::new()),
        ("text.wav", "本录音已删除\n".as_bytes().to_vec()),
        ("noise.mp3", noise),
        ("header_only.wav", b"RIFF\x24\0\0\0WAVE".to_vec()),
        ("no_samples.wav", wav(1, 8000, &[])),
        ("silent.wav", wav(2, 8000, &vec![0; 32_000])),
        ("half.wav", wav_bytes(1, 1, 8000, 16, &six_seconds[..40_000], six_seconds.len() as u32)),
        ("half.flac", flac[..flac.len() * 2 / 3].to_vec()),
        ("no_channel.wav", wav(0, 8000, &six_seconds)),
        ("three_channels.wav", wav(3, 8000, &six_seconds)),
        ("no_rate.wav", wav(1, 0, &six_seconds)),
        ("slow.wav", wav(1, 6000, &six_seconds)),
        ("fast.wav", wav(1, 384_000, &six_seconds)),
    ];
    let options = DecodeOptions::default();
    let errors = files.map(|(name, bytes)| bench.error(&bench.write(name, &bytes), &options));
    insta::assert_snapshot!(errors.join("\n"), @r"
    empty.wav: is empty
    text.wav: holds text, not sound
    noise.mp3: is no kind of recording that is known
    header_only.wav: is a damaged WAV file: its sound is missing
    no_samples.wav: holds no samples
    silent.wav: holds no sound
    half.wav: is cut short: its header promises 6.0 s, 2.5 s are there
    half.flac: is cut short: its header promises 2.0 s, 0.8 s are there
    no_channel.wav: cannot be decoded: malformed stream: riff: invalid channel count
    three_channels.wav: has 3 channels
    no_rate.wav: is sampled at 0 Hz
    slow.wav: is sampled at 6000 Hz
    fast.wav: is sampled at 384000 Hz
    ");
    let half_m4a = &std::fs::read(fixture("aac.m4a")).unwrap()[..5000];
    assert!(decode(&bench.write("half.m4a", half_m4a), &options).is_err());
    assert!(bench.error(&bench.path("missing.wav"), &options).contains("cannot be read"));
    assert!(bench.error(bench.directory.path(), &options).contains("is a directory"));
}

#[test]
fn long_recordings_are_refused() {
    let bench = Bench::new();
    let options = DecodeOptions { max_duration_s: 1.5, ..DecodeOptions::default() };
    let stated = bench.wav(8000, 1, 16, &tone(8000, 440.0, 3.0, 0.5));
    assert_eq!(bench.error(&stated, &options), "call.wav: recording is longer than 1.5 s");
    let unstated = fixture("bare.mp3");
    assert!(bench.error(&unstated, &options).ends_with("recording is longer than 1.5 s"));
}

#[test]
fn there_is_no_third_channel_to_be_the_agent() {
    let options = DecodeOptions { agent_channel: 2, ..DecodeOptions::default() };
    let error = decode(&fixture("mp3.mp3"), &options).unwrap_err();
    assert_eq!(error.cause, "cannot have its agent on channel 2");
}
