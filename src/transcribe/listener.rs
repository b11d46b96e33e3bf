//! The trait through which speech enters, and the listener that has a model.

use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::again::{Again, again};
use super::error::ListenError;
use super::place::place;
use super::regions::{samples_in, speech_regions};
use super::speech::{Earshot, SpeechDetector};
use super::spelling::Spelling;
use super::suspicion::mark_repeats;
use super::tuning::Tuning;
use super::voice::has_voice;
use super::whisper::Recogniser;
use super::windows::{Window, pack};
use crate::domain::{Audio, ModelIdentity, SAMPLE_RATE_HZ, Segment, Speaker, Track};

/// Sound around a stretch that is heard again: the segments' ends are good to 0.2 s.
const EXCERPT_MARGIN_S: f64 = 0.25;

/// A time of one speaker in a recording, in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    pub speaker: Speaker,
    pub start_s: f64,
    pub end_s: f64,
}

/// Makes segments of audio.
pub trait Listener: Send + Sync {
    /// What was said in `audio`, in order of start; empty where nobody spoke.
    ///
    /// May be called from several threads at once. Equal audio gives equal segments, whatever runs beside it.
    fn listen(&self, audio: &Audio) -> Result<Vec<Segment>, ListenError>;

    /// What was said in each of `stretches` of `audio`, heard a second time with nothing expected and as the recogniser
    /// spells it: words that come back were said, and not only expected. Segments of a stretch are in order of start.
    fn listen_again(&self, audio: &Audio, stretches: &[Stretch]) -> Result<Vec<Vec<Segment>>, ListenError>;

    /// The weights that listen; `None` where no model is at work.
    fn identity(&self) -> Option<&ModelIdentity>;
}

/// Hears with a Whisper model. The weights are shared, each worker has a working memory of its own.
pub struct WhisperListener {
    recogniser: Recogniser,
    spelling: Spelling,
    identity: ModelIdentity,
    tuning: Tuning,
}

impl WhisperListener {
    /// Loads the GGML model at `model`, which is to expect such speech as in `turns`. At most `workers` windows are
    /// heard at once, each by one thread: more workers than cores make everything many times slower.
    ///
    /// # Errors
    /// A file that is missing, something else, cut short or refused by whisper.cpp.
    pub fn load<'a>(
        model: &Path,
        identity: ModelIdentity,
        workers: usize,
        turns: impl Iterator<Item = &'a str> + Clone,
        tuning: Tuning,
    ) -> Result<Self, ListenError> {
        let recogniser = Recogniser::load(model, workers, turns.clone(), &tuning)?;
        Ok(Self { recogniser, spelling: Spelling::new(turns), identity, tuning })
    }

    /// Seconds that a second of speech takes on this machine, all workers at work; measured, which takes a few seconds.
    pub fn pace(&self, workers: usize) -> Result<f64, ListenError> {
        let window = samples_in(self.tuning.windows.limit_s);
        let all = || {
            (0..workers)
                .into_par_iter()
                .map(|_| self.recogniser.exercise(window))
                .collect::<Result<Vec<()>, _>>()
        };
        // The first round makes the working memories.
        all()?;
        let start = Instant::now();
        all()?;
        Ok(start.elapsed().as_secs_f64() / (workers as f64 * self.tuning.windows.limit_s))
    }

    /// `segments` in the likeliest spelling.
    fn spelled(&self, mut segments: Vec<Segment>) -> Vec<Segment> {
        let texts: Vec<&str> = segments.iter().map(|segment| segment.text.as_str()).collect();
        let likeliest = self.spelling.likeliest(&texts);
        for (segment, text) in segments.iter_mut().zip(likeliest) {
            if text != segment.text {
                segment.spelled = Some(std::mem::replace(&mut segment.text, text));
            }
        }
        segments
    }

    /// Segments of one window, and of what has to be heard again of it.
    fn hear(&self, track: &Track, window: &Window, tuning: &Tuning) -> Result<Vec<Segment>, ListenError> {
        let heard = self.recogniser.recognise(&window.sound(&track.samples), tuning.expectation)?;
        match again(&heard, window, &tuning.windows) {
            Again::No => Ok(place(heard, window, track.speaker)),
            Again::Rest(rest) => {
                let mut segments = place(heard, window, track.speaker);
                segments.extend(self.hear(track, &rest, tuning)?);
                Ok(segments)
            }
            Again::Halves(first, second) => {
                let mut segments = self.hear(track, &first, tuning)?;
                segments.extend(self.hear(track, &second, tuning)?);
                Ok(segments)
            }
        }
    }

    /// Segments of `stretch`, heard a second time.
    fn hear_again(&self, audio: &Audio, stretch: &Stretch) -> Result<Vec<Segment>, ListenError> {
        let Some(track) = audio.tracks.iter().find(|track| track.speaker == stretch.speaker) else {
            return Ok(Vec::new());
        };
        let tuning = self.tuning.second();
        let from = samples_in((stretch.start_s - EXCERPT_MARGIN_S).max(0.0)).min(track.samples.len());
        let until = samples_in(stretch.end_s + EXCERPT_MARGIN_S).clamp(from, track.samples.len());
        let excerpt = Track { speaker: stretch.speaker, samples: track.samples[from..until].to_vec() };
        let windows = windows(&Earshot, &excerpt, &tuning);
        let heard: Vec<Vec<Segment>> =
            windows.iter().map(|window| self.hear(&excerpt, window, &tuning)).collect::<Result<_, _>>()?;
        let mut segments = in_order(heard);
        let start_s = from as f64 / f64::from(SAMPLE_RATE_HZ);
        for segment in &mut segments {
            segment.start_s += start_s;
            segment.end_s += start_s;
        }
        Ok(segments)
    }
}

impl Listener for WhisperListener {
    fn listen(&self, audio: &Audio) -> Result<Vec<Segment>, ListenError> {
        let windows: Vec<(&Track, Window)> = audio
            .tracks
            .par_iter()
            .flat_map_iter(|track| {
                windows(&Earshot, track, &self.tuning).into_iter().map(move |window| (track, window))
            })
            .collect();
        let heard: Vec<Vec<Segment>> = windows
            .par_iter()
            .map(|(track, window)| self.hear(track, window, &self.tuning))
            .collect::<Result<_, ListenError>>()?;
        Ok(self.spelled(in_order(heard)))
    }

    fn listen_again(&self, audio: &Audio, stretches: &[Stretch]) -> Result<Vec<Vec<Segment>>, ListenError> {
        stretches.par_iter().map(|stretch| self.hear_again(audio, stretch)).collect()
    }

    fn identity(&self) -> Option<&ModelIdentity> {
        Some(&self.identity)
    }
}

/// What of `track` is worth hearing.
fn windows(detector: &dyn SpeechDetector, track: &Track, tuning: &Tuning) -> Vec<Window> {
    let probabilities = detector.probabilities(&track.samples);
    let mut regions = speech_regions(&probabilities, track.samples.len(), &tuning.regions);
    regions.retain(|region| has_voice(&track.samples[region.clone()]));
    pack(&regions, &track.samples, &tuning.windows)
}

/// All segments by start (tracks keep their order at equal starts), repeats marked.
fn in_order(heard: Vec<Vec<Segment>>) -> Vec<Segment> {
    let mut segments: Vec<Segment> = heard.into_iter().flatten().collect();
    segments.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    mark_repeats(&mut segments);
    segments
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::domain::Suspicion;
    use crate::transcribe::FRAME_SAMPLES;

    /// Hears speech in frames that are loud.
    struct Loudness;

    impl SpeechDetector for Loudness {
        fn probabilities(&self, samples: &[i16]) -> Vec<f32> {
            let is_loud = |frame: &[i16]| frame.iter().any(|sample| sample.unsigned_abs() > 1_000);
            samples.chunks(FRAME_SAMPLES).map(|frame| f32::from(u8::from(is_loud(frame)))).collect()
        }
    }

    /// A buzz of 100 Hz in some seconds, silence in the others.
    fn track(seconds_loud: &[bool]) -> Track {
        let buzz = |index: u32| if (index / 80).is_multiple_of(2) { 5_000 } else { -5_000 };
        let second = |&loud: &bool| (0..SAMPLE_RATE_HZ).map(move |index| if loud { buzz(index) } else { 0 });
        Track { speaker: Speaker::Agent, samples: seconds_loud.iter().flat_map(second).collect() }
    }

    #[test]
    fn silence_is_not_heard_at_all() {
        assert!(windows(&Loudness, &track(&[false; 60]), &Tuning::default()).is_empty());
        assert!(windows(&Loudness, &track(&[]), &Tuning::default()).is_empty());
    }

    #[test]
    fn hiss_that_passes_for_speech_is_not_heard() {
        let mut seed = 1_u32;
        let hiss = |_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as i16
        };
        let track = Track { speaker: Speaker::Agent, samples: (0..SAMPLE_RATE_HZ).map(hiss).collect() };
        assert!(windows(&Loudness, &track, &Tuning::default()).is_empty());
    }

    #[test]
    fn speech_far_apart_shares_a_window() {
        let mut seconds = [false; 60];
        (seconds[5], seconds[50]) = (true, true);
        let windows = windows(&Loudness, &track(&seconds), &Tuning::default());
        assert_eq!(windows.len(), 1);
        assert_eq!(windows[0].pieces.len(), 2);
        assert!(windows[0].len() < 4 * SAMPLE_RATE_HZ as usize);
    }

    #[test]
    fn segments_come_in_order_with_repeats_marked() {
        let segment = |start_s: f64| Segment::said(Speaker::Agent, start_s, start_s + 2.0, "请您尽快处理");
        let segments = in_order(vec![vec![segment(4.0)], vec![segment(0.0), segment(2.0)]]);
        let marks: Vec<(f64, Option<Suspicion>)> =
            segments.iter().map(|s| (s.start_s, s.suspicion)).collect();
        assert_eq!(marks, [(0.0, None), (2.0, Some(Suspicion::Repeat)), (4.0, Some(Suspicion::Repeat))]);
    }

    #[test]
    fn a_foreign_file_is_refused_before_whisper_sees_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.bin");
        fs::write(&path, "RIFF and so on").unwrap();
        let identity = ModelIdentity { name: "base".into(), sha256: String::new() };
        let error =
            WhisperListener::load(&path, identity, 1, std::iter::empty(), Tuning::default()).err().unwrap();
        assert!(error.to_string().contains("not a usable whisper model"), "{error}");
        assert!(error.hint().contains("model import"));
    }
}
