//! Whole recordings: written by the test, or made by ffmpeg and kept in `tests/fixtures/audio`.

mod formats;
mod fuzz;
mod refusals;

use std::f64::consts::TAU;
use std::path::PathBuf;
use std::process::Command;

use hound::{SampleFormat, WavSpec, WavWriter};
use tempfile::TempDir;

use super::*;

const LEFT_HZ: f64 = 440.0;
const RIGHT_HZ: f64 = 1000.0;
/// The name of a program that is not installed.
const NO_FFMPEG: &str = "callaudit-test-no-such-program";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/audio").join(name)
}

fn tone(rate_hz: u32, hz: f64, duration_s: f64, amplitude: f64) -> Vec<f64> {
    let samples = (f64::from(rate_hz) * duration_s).round() as usize;
    (0..samples).map(|n| amplitude * (TAU * hz * n as f64 / f64::from(rate_hz)).sin()).collect()
}

/// Two tones side by side, half of full scale.
fn stereo_tones(rate_hz: u32, duration_s: f64) -> Vec<f64> {
    let left = tone(rate_hz, LEFT_HZ, duration_s, 0.5);
    let right = tone(rate_hz, RIGHT_HZ, duration_s, 0.5);
    left.into_iter().zip(right).flat_map(|(l, r)| [l, r]).collect()
}

/// Samples away from the ends: as many as the tones here need for whole periods.
fn middle(samples: &[i16]) -> &[i16] {
    let margin = samples.len() / 10;
    let length = (samples.len() - 2 * margin) / 400 * 400;
    &samples[margin..margin + length]
}

/// Amplitude of the tone of `hz` in 16 kHz samples, full scale 1.
fn amplitude(samples: &[i16], hz: f64) -> f64 {
    let middle = middle(samples);
    let (mut re, mut im) = (0.0, 0.0);
    for (n, sample) in middle.iter().enumerate() {
        let phase = TAU * hz * n as f64 / 16_000.0;
        re += f64::from(*sample) / 32_768.0 * phase.cos();
        im += f64::from(*sample) / 32_768.0 * phase.sin();
    }
    2.0 * re.hypot(im) / middle.len() as f64
}

/// What is left of the signal besides its tone of `hz`, in decibels relative to that tone.
fn noise_db(samples: &[i16], hz: f64) -> f64 {
    let middle = middle(samples);
    let power: f64 =
        middle.iter().map(|s| (f64::from(*s) / 32_768.0).powi(2)).sum::<f64>() / middle.len() as f64;
    let tone_power = amplitude(samples, hz).powi(2) / 2.0;
    10.0 * ((power - tone_power).abs() / tone_power).log10()
}

/// A directory for one test's files.
struct Bench {
    directory: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn wav(&self, rate_hz: u32, channels: u16, bits: u16, samples: &[f64]) -> PathBuf {
        let spec = WavSpec {
            channels,
            sample_rate: rate_hz,
            bits_per_sample: bits,
            sample_format: if bits == 0 { SampleFormat::Float } else { SampleFormat::Int },
        };
        let spec = WavSpec { bits_per_sample: if bits == 0 { 32 } else { bits }, ..spec };
        let path = self.path("call.wav");
        let mut writer = WavWriter::create(&path, spec).unwrap();
        let full_scale = 2.0_f64.powi(i32::from(spec.bits_per_sample) - 1) - 1.0;
        for sample in samples {
            match spec.sample_format {
                SampleFormat::Float => writer.write_sample(*sample as f32).unwrap(),
                SampleFormat::Int => writer.write_sample((sample * full_scale).round() as i32).unwrap(),
            }
        }
        writer.finalize().unwrap();
        path
    }

    /// The error of decoding, with the file's name for its path.
    fn error(&self, path: &Path, options: &DecodeOptions) -> String {
        let error = decode(path, options).unwrap_err();
        assert!(!error.hint.is_empty() && !error.cause.ends_with('.'), "{error:?}");
        format!("{}: {}", path.strip_prefix(self.directory.path()).unwrap_or(path).display(), error.cause)
    }
}

fn decode_default(path: &Path) -> Decoded {
    decode(path, &DecodeOptions::default()).unwrap()
}

/// WAV bytes of any codec, `data_bytes` as the header states it.
fn wav_bytes(tag: u16, channels: u16, rate_hz: u32, bits: u16, data: &[u8], data_bytes: u32) -> Vec<u8> {
    let block = channels * bits / 8;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend(data_bytes.saturating_add(36).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0");
    bytes.extend(tag.to_le_bytes());
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate_hz.to_le_bytes());
    bytes.extend((rate_hz * u32::from(block)).to_le_bytes());
    bytes.extend(block.to_le_bytes());
    bytes.extend(bits.to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(data_bytes.to_le_bytes());
    bytes.extend(data);
    bytes
}

/// ITU-T G.711 A-law of a sample of full scale ±1.
fn a_law(sample: f64) -> u8 {
    let level = (sample.abs() * 4096.0).min(4095.0) as u16;
    let exponent = (15 - (level | 1).leading_zeros() as u16).saturating_sub(4).min(7);
    let mantissa = level >> exponent.max(1) & 0xF;
    let sign = if sample < 0.0 { 0 } else { 0x80 };
    (sign | (exponent << 4 | mantissa) as u8) ^ 0x55
}

/// ITU-T G.711 µ-law of a sample of full scale ±1.
fn mu_law(sample: f64) -> u8 {
    let level = (sample.abs() * 8192.0).min(8158.0) as u16 + 33;
    let exponent = (15 - level.leading_zeros() as u16) - 5;
    let mantissa = level >> (exponent + 1) & 0xF;
    let sign = if sample < 0.0 { 0x80 } else { 0 };
    !(sign | (exponent << 4 | mantissa) as u8)
}

fn telephone_samples(seconds: usize) -> Vec<u8> {
    tone(8000, RIGHT_HZ, seconds as f64, 0.5)
        .iter()
        .flat_map(|sample| ((sample * 32_767.0) as i16).to_le_bytes())
        .collect()
}

fn ffmpeg_is_missing() -> bool {
    let missing = Command::new("ffmpeg").arg("-version").output().is_err();
    if missing {
        eprintln!("skipped: ffmpeg is not installed");
    }
    missing
}
