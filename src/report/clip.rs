//! The sound of a finding: cut out with some context, brought back to telephone quality, as a WAV file.

use std::io::Cursor;
use std::ops::Range;

use hound::{SampleFormat, WavSpec, WavWriter};

use crate::domain::{Audio, Finding, SAMPLE_RATE_HZ, Track};

use super::base64;
use super::decimate::Halver;

/// Sound before and after a finding, so that its first and last word are heard whole.
const CONTEXT_S: f64 = 0.5;
/// Longest clip: a page holds many, and what is wrong is heard by then.
const MAX_CLIP_S: f64 = 20.0;
/// What a telephone line carries: half of [`SAMPLE_RATE_HZ`].
const CLIP_RATE_HZ: u32 = SAMPLE_RATE_HZ / 2;

/// What covers personal data: heard as put there, and softer than speech.
const TONE_HZ: f64 = 440.0;
const TONE_HEIGHT: f64 = 1_000.0;

/// The sound of one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    pub finding_id: String,
    /// A whole WAV file.
    pub wav: Vec<u8>,
}

impl Clip {
    /// The sound as an address that holds it: pages need no file beside them.
    #[must_use]
    pub fn address(&self) -> String {
        format!("data:audio/wav;base64,{}", base64::encode(&self.wav))
    }
}

/// A clip for every finding that has a moment within the recording. A soft tone on all channels covers what is said in the
/// stretches `muted`, pairs of seconds.
///
/// # Errors
/// When a clip cannot be encoded as WAV.
pub fn clips(audio: &Audio, findings: &[Finding], muted: &[(f64, f64)]) -> Result<Vec<Clip>, hound::Error> {
    let halver = Halver::new();
    let moments = findings.iter().filter_map(|finding| {
        let start_s = finding.start_s?;
        let range = sample_range(audio, start_s, finding.end_s.unwrap_or(start_s))?;
        Some((finding, range))
    });
    moments
        .map(|(finding, (from, to))| {
            Ok(Clip { finding_id: finding.id.clone(), wav: wav(audio, from..to, muted, &halver)? })
        })
        .collect()
}

/// A whole recording as a WAV file of telephone quality; a soft tone covers the stretches `muted`, pairs of seconds.
///
/// # Errors
/// When it cannot be encoded.
pub fn recording_wav(audio: &Audio, muted: &[(f64, f64)]) -> Result<Vec<u8>, hound::Error> {
    let samples = audio.tracks.first().map_or(0, |track| track.samples.len());
    wav(audio, 0..samples, muted, &Halver::new())
}

/// First and last-but-one sample of a moment with its context; `None` when nothing of it is in the recording.
fn sample_range(audio: &Audio, start_s: f64, end_s: f64) -> Option<(usize, usize)> {
    let from_s = (start_s - CONTEXT_S).max(0.0);
    let to_s = (end_s.max(start_s) + CONTEXT_S).min(from_s + MAX_CLIP_S).min(audio.duration_s());
    let sample = |time_s: f64| (time_s * f64::from(SAMPLE_RATE_HZ)).round() as usize;
    (from_s < to_s).then(|| (sample(from_s), sample(to_s)))
}

/// Every channel of the stretch as 16-bit PCM, the channels interleaved in the recording's order.
fn wav(
    audio: &Audio,
    stretch: Range<usize>,
    muted: &[(f64, f64)],
    halver: &Halver,
) -> Result<Vec<u8>, hound::Error> {
    let heard =
        |track: &Track| covered(track.samples.get(stretch.clone()).unwrap_or_default(), stretch.start, muted);
    let channels: Vec<Vec<i16>> = audio.tracks.iter().map(|track| halver.halve(&heard(track))).collect();
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut bytes, spec(channels.len()))?;
    for frame in 0..channels.iter().map(Vec::len).min().unwrap_or(0) {
        for channel in &channels {
            writer.write_sample(channel[frame])?;
        }
    }
    writer.finalize()?;
    Ok(bytes.into_inner())
}

/// The samples, of which the first is number `first` of the recording, with a tone over the muted stretches.
fn covered(samples: &[i16], first: usize, muted: &[(f64, f64)]) -> Vec<i16> {
    let mut samples = samples.to_vec();
    for (from_s, to_s) in muted {
        // Where a time is no number, nothing is known of the place, and all of the clip is covered.
        let from_s = if from_s.is_nan() { 0.0 } else { *from_s };
        let to_s = if to_s.is_nan() { f64::INFINITY } else { *to_s };
        let place = |time_s: f64| ((time_s * f64::from(SAMPLE_RATE_HZ)) as usize).saturating_sub(first);
        let to = place(to_s).min(samples.len());
        for (index, sample) in samples[place(from_s).min(to)..to].iter_mut().enumerate() {
            *sample = tone(index);
        }
    }
    samples
}

fn tone(index: usize) -> i16 {
    let turns = index as f64 * TONE_HZ / f64::from(SAMPLE_RATE_HZ);
    (TONE_HEIGHT * (turns * std::f64::consts::TAU).sin()) as i16
}

fn spec(channels: usize) -> WavSpec {
    WavSpec {
        channels: u16::try_from(channels).unwrap_or(u16::MAX),
        sample_rate: CLIP_RATE_HZ,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::domain::Speaker;

    fn ten_seconds() -> Audio {
        let track = |speaker, value| Track { speaker, samples: vec![value; 160_000] };
        Audio { tracks: vec![track(Speaker::Agent, 1000), track(Speaker::Customer, -2000)] }
    }

    fn clip_of(start_s: Option<f64>, end_s: Option<f64>) -> Option<(WavSpec, Vec<i16>)> {
        let finding = Finding { start_s, end_s, ..sample::finding() };
        let clips = clips(&ten_seconds(), &[finding], &[]).unwrap();
        let mut reader = hound::WavReader::new(Cursor::new(clips.first()?.wav.clone())).unwrap();
        Some((reader.spec(), reader.samples().map(Result::unwrap).collect()))
    }

    #[test]
    fn both_speakers_stay_on_their_channels() {
        let (spec, samples) = clip_of(Some(2.0), Some(3.0)).unwrap();
        assert_eq!((spec.channels, spec.sample_rate, samples.len()), (2, 8000, 2 * 16_000));
        assert!((samples[16_000] - 1000).abs() <= 1 && (samples[16_001] + 2000).abs() <= 1);
    }

    #[test]
    fn moments_are_kept_within_the_recording() {
        for (start_s, end_s, seconds) in [
            (Some(0.0), Some(1.0), Some(1.5)),
            (Some(9.0), Some(99.0), Some(1.5)),
            (Some(5.0), Some(4.0), Some(1.0)),
            (Some(5.0), None, Some(1.0)),
            (Some(-3.0), Some(f64::NAN), None),
            (Some(f64::NAN), Some(1.0), Some(1.5)),
            (Some(10.6), Some(11.0), None),
            (None, None, None),
        ] {
            let heard = clip_of(start_s, end_s).map(|(_, samples)| samples.len() as f64 / 16_000.0);
            assert_eq!(heard, seconds, "{start_s:?} {end_s:?}");
        }
    }

    #[test]
    fn muted_stretches_are_a_tone_on_all_channels() {
        // A noise that no tone resembles.
        let samples: Vec<i16> = (0..160_000).map(|n: i32| if n % 7 < 3 { 20_000 } else { -20_000 }).collect();
        let track = |speaker| Track { speaker, samples: samples.clone() };
        let audio = Audio { tracks: vec![track(Speaker::Agent), track(Speaker::Customer)] };
        let finding = Finding { start_s: Some(2.0), end_s: Some(6.0), ..sample::finding() };
        for (muted, from_s, to_s) in [
            ((3.0, 4.0), 3.0, 4.0),
            ((-5.0, 2.0), 1.5, 2.0),
            ((6.0, 99.0), 6.0, 6.5),
            ((f64::NAN, f64::NAN), 1.5, 6.5),
            ((4.0, 3.0), 3.0, 3.0),
        ] {
            let clip = clips(&audio, std::slice::from_ref(&finding), &[muted]).unwrap().remove(0);
            let mut reader = hound::WavReader::new(Cursor::new(clip.wav)).unwrap();
            let heard: Vec<i16> = reader.samples().map(Result::unwrap).collect();
            let second = |time_s: f64| ((time_s - 1.5) * 16_000.0) as usize;
            // The filter rings for a few milliseconds over the edges.
            let inside = &heard[second(from_s)..second(to_s)];
            let inner = inside.get(320..inside.len().saturating_sub(320)).unwrap_or_default();
            assert!(inner.iter().all(|sample| sample.unsigned_abs() <= 1_010), "{muted:?}");
            let loud = heard.iter().filter(|sample| sample.unsigned_abs() > 1_500).count();
            assert_eq!(loud > 0, to_s - from_s < 5.0, "{muted:?}");
        }
    }

    #[test]
    fn long_findings_are_cut() {
        let track = Track { speaker: Speaker::Unknown, samples: vec![0; 16_000 * 40] };
        assert_eq!(sample_range(&Audio { tracks: vec![track] }, 1.0, 35.0), Some((8_000, 328_000)));
    }
}
