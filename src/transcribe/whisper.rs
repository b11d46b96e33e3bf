//! One window of sound through whisper.cpp: the encoder once, the decoder token by token.
//!
//! `whisper_full` is used for the sound alone: asked for a tenth of a second, it makes the spectrogram, sets the size
//! of the encoder and stops. What it would do next (a second pass over the last fraction of a second, random numbers
//! where it is unsure) costs time or invents text.

use std::path::Path;

use whisper_rs::{
    FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperError, WhisperState,
};

use super::decoder::{Scores, Token, decode, most_tokens};
use super::error::ListenError;
use super::model::{self, Room, TokenId, Vocabulary};
use super::phrasing::Phrasing;
use super::pool::Pool;
use super::regions::samples_in;
use super::tuning::Tuning;
use crate::domain::SAMPLE_RATE_HZ;
use crate::text::to_simplified;

/// Encoder frames per second of sound.
const FRAMES_PER_S: usize = 50;
/// Frames beyond the end of the sound: with fewer the decoder loops.
const MARGIN_FRAMES: usize = 64;
/// For the shortest windows: a word alone in less is misheard or repeated.
const LEAST_FRAMES: usize = 256;
/// The fast matrix kernels take only multiples of 16; any other count costs a fifth more time.
const FRAME_MULTIPLE: usize = 16;
/// What the model was trained on, 30 s (1,500 frames), in whole multiples.
const MAX_FRAMES: usize = 1_488;
/// Tokens before the text, and one to spare.
const PROMPT_TOKENS: usize = 4;
/// whisper.cpp takes no less.
const MIN_SAMPLES: usize = SAMPLE_RATE_HZ as usize / 10;

/// Tokens in a second of speech, times included: Mandarin on the telephone, whisper's own vocabulary.
const TOKENS_PER_S: usize = 7;

/// Whether the program was built for a graphics processor.
const WITH_GPU: bool = cfg!(any(feature = "cuda", feature = "metal", feature = "vulkan"));

/// Samples from one timestamp token to the next: 20 ms.
const SAMPLES_PER_STAMP: usize = SAMPLE_RATE_HZ as usize / FRAMES_PER_S;

/// A stretch of text between two timestamps, on the window's own clock.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heard {
    /// First sample in the window.
    pub start: usize,
    /// One past the last sample; the window's end, rounded up to 20 ms, at most.
    pub end: usize,
    /// Simplified, trimmed, not empty.
    pub text: String,
    /// Mean probability of the text tokens.
    pub confidence: f64,
}

/// The weights, shared, and as many working memories as windows may be heard at once.
pub(super) struct Recogniser {
    context: WhisperContext,
    vocabulary: Vocabulary,
    phrasing: Phrasing,
    states: Pool<WhisperState>,
}

impl Recogniser {
    /// Loads the GGML model at `path` for `workers` windows at once. It expects what is said in `turns`.
    ///
    /// # Errors
    /// A file that is missing, something else, cut short or refused by whisper.cpp.
    pub(super) fn load<'a>(
        path: &Path,
        workers: usize,
        turns: impl Iterator<Item = &'a str>,
        tuning: &Tuning,
    ) -> Result<Self, ListenError> {
        let model = model::read(path, room(tuning.windows.limit_s))?;
        whisper_rs::install_logging_hooks();
        let mut options = WhisperContextParameters::default();
        options.use_gpu(WITH_GPU).flash_attn(false);
        let context = WhisperContext::new_from_buffer_with_params(&model.bytes, options)
            .map_err(|_| ListenError::Load { path: path.to_owned() })?;
        drop(model.bytes);
        let foreign = |reason| ListenError::Foreign { path: path.to_owned(), reason };
        let phrasing = Phrasing::new(turns, &model.vocabulary).map_err(foreign)?;
        Ok(Self { context, vocabulary: model.vocabulary, phrasing, states: Pool::new(workers) })
    }

    /// Recognises `sound` (mono, 16 kHz, full scale ±1), with the words of the trade preferred by `expectation`.
    pub(super) fn recognise(&self, sound: &[f32], expectation: f32) -> Result<Vec<Heard>, ListenError> {
        if sound.len() < MIN_SAMPLES {
            return Ok(Vec::new());
        }
        let seconds = sound.len() as f64 / f64::from(SAMPLE_RATE_HZ);
        let tokens = self.having_heard(sound, |decoder| {
            decode(decoder, &self.vocabulary, &self.phrasing, expectation, seconds)
        })?;
        Ok(stretches(&tokens, &self.vocabulary, sound.len()))
    }

    /// Does the work of recognising `samples` of speech, whatever the machine: silence, and as many tokens as people
    /// speak.
    pub(super) fn exercise(&self, samples: usize) -> Result<(), ListenError> {
        let tokens = samples * TOKENS_PER_S / SAMPLE_RATE_HZ as usize;
        self.having_heard(&vec![0.0; samples], |decoder| {
            let said = self.phrasing.nothing_said();
            for _ in 0..tokens {
                let mut scores = decoder.after(self.vocabulary.first_stamp())?;
                self.phrasing.expect(&said, 1.0, &mut scores[..self.vocabulary.end() as usize]);
            }
            Ok(())
        })
    }

    /// Runs `work` on a decoder that has heard `sound`. Waits for a working memory; they are made when first needed, as
    /// they are most of the memory in use.
    fn having_heard<T>(
        &self,
        sound: &[f32],
        work: impl FnOnce(&mut Decoder) -> Result<T, ListenError>,
    ) -> Result<T, ListenError> {
        self.states.lend(
            || self.context.create_state().map_err(|_| ListenError::State),
            |state| {
                encode(state, sound).map_err(ListenError::Recognition)?;
                work(&mut Decoder { state, vocabulary: &self.vocabulary, given: 0 })
            },
        )?
    }
}

/// Makes `state` hear `sound`.
fn encode(state: &mut WhisperState, sound: &[f32]) -> Result<(), WhisperError> {
    let mut parameters = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
    parameters.set_n_threads(1);
    parameters.set_language(Some("zh"));
    parameters.set_no_context(true);
    parameters.set_print_progress(false);
    parameters.set_audio_ctx(context_frames(sound.len()).cast_signed());
    // Anything longer would be decoded.
    parameters.set_duration_ms(100);
    state.full(parameters, sound)?;
    state.encode(0, 1)
}

/// The decoder of a state that has heard a window.
struct Decoder<'a> {
    state: &'a mut WhisperState,
    vocabulary: &'a Vocabulary,
    /// Tokens given so far.
    given: usize,
}

impl Scores for Decoder<'_> {
    fn after(&mut self, token: TokenId) -> Result<Vec<f32>, ListenError> {
        self.state.decode(&[token], self.given, 1).map_err(ListenError::Recognition)?;
        self.given += 1;
        let scores = self.state.get_logits().map_err(ListenError::Recognition)?;
        Ok(scores[..self.vocabulary.stamps_end() as usize].to_vec())
    }
}

/// Tokens cut at the timestamps; text without a last timestamp goes to the end of the sound.
fn stretches(tokens: &[Token], vocabulary: &Vocabulary, samples: usize) -> Vec<Heard> {
    let mut stretches = Vec::new();
    let mut start = 0;
    let mut text = Vec::new();
    for token in tokens {
        if token.id < vocabulary.first_stamp() {
            text.push(*token);
            continue;
        }
        let stamp = usize::try_from(token.id - vocabulary.first_stamp()).unwrap_or(0) * SAMPLES_PER_STAMP;
        stretches.extend(stretch(&text, vocabulary, start, stamp));
        start = stamp;
        text.clear();
    }
    stretches.extend(stretch(&text, vocabulary, start, samples));
    stretches
}

fn stretch(tokens: &[Token], vocabulary: &Vocabulary, start: usize, end: usize) -> Option<Heard> {
    let bytes: Vec<u8> =
        tokens.iter().filter_map(|token| vocabulary.text(token.id)).flatten().copied().collect();
    // A character whose last token is missing comes as a replacement character.
    let text = to_simplified(String::from_utf8_lossy(&bytes).trim_matches([' ', '\u{fffd}']));
    let sum: f64 = tokens.iter().map(|token| f64::from(token.probability)).sum();
    (!text.is_empty()).then(|| Heard { start, end, text, confidence: sum / tokens.len() as f64 })
}

/// Encoder frames for `samples` of sound: padding to 30 s would be most of the work.
fn context_frames(samples: usize) -> u32 {
    let frames = (samples * FRAMES_PER_S).div_ceil(SAMPLE_RATE_HZ as usize) + MARGIN_FRAMES;
    frames.next_multiple_of(FRAME_MULTIPLE).clamp(LEAST_FRAMES, MAX_FRAMES) as u32
}

/// What windows of at most `limit_s` seconds need.
fn room(limit_s: f64) -> Room {
    let tokens = PROMPT_TOKENS + most_tokens(limit_s);
    Room { frames: context_frames(samples_in(limit_s)), tokens: tokens as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_cover_the_sound_in_multiples() {
        for (seconds, expected) in [(0, 256), (1, 256), (14, 768), (24, 1_264), (30, 1_488), (100, 1_488)] {
            assert_eq!(context_frames(seconds * SAMPLE_RATE_HZ as usize), expected, "{seconds} s");
        }
    }

    /// The text of these tokens with its samples; a number over 9 is a timestamp in steps of 20 ms.
    fn cut(tokens: &[TokenId]) -> Vec<(usize, usize, String)> {
        let ni = "你".as_bytes();
        let texts = [&ni[..1], &ni[1..], "還".as_bytes(), b" OK", b" "];
        let vocabulary = Vocabulary::of(texts.into_iter().map(Box::from).collect()).1;
        let id = |token: TokenId| if token > 9 { token - 10 + vocabulary.first_stamp() } else { token };
        let tokens: Vec<Token> =
            tokens.iter().map(|&token| Token { id: id(token), probability: 0.5 }).collect();
        let heard = stretches(&tokens, &vocabulary, 16_000);
        heard.into_iter().map(|heard| (heard.start, heard.end, heard.text)).collect()
    }

    #[test]
    fn stamps_cut_the_tokens() {
        assert_eq!(
            cut(&[10, 0, 1, 2, 20, 30, 3, 35]),
            [(0, 3_200, "你还".to_owned()), (6_400, 8_000, "OK".to_owned())]
        );
        assert_eq!(cut(&[15, 3, 0]), [(1_600, 16_000, "OK".to_owned())]);
        assert_eq!(cut(&[10, 4, 50]), []);
    }
}
