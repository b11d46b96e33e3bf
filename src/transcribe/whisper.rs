//! One window of sound through whisper.cpp.

use whisper_rs::{FullParams, SamplingStrategy, WhisperSegment, WhisperState, WhisperTokenId};

use super::error::ListenError;
use crate::domain::SAMPLE_RATE_HZ;

/// Encoder frames per second of sound.
const FRAMES_PER_S: usize = 50;
/// Frames beyond the end of the sound: with fewer the decoder loops.
const MARGIN_FRAMES: usize = 64;
/// The fast matrix kernels take only multiples of 16; any other count costs a fifth more time.
const FRAME_MULTIPLE: usize = 16;
/// What the model was trained on, 30 s (1,500 frames), in whole multiples.
const MAX_FRAMES: i32 = 1_488;

/// A stretch of text as whisper.cpp times it on the window's own clock.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heard {
    /// First sample in the window; may lie beyond the window's end.
    pub start: usize,
    /// One past the last sample; may lie beyond the window's end.
    pub end: usize,
    /// Trimmed, not empty.
    pub text: String,
    /// Mean probability of the text tokens.
    pub confidence: f64,
}

/// Settings that do not depend on the window.
///
/// Greedy at temperature 0 alone: the fallback draws random numbers, from a generator that lives on in the state, so
/// that a text would depend on which state heard it after which other window.
pub(super) fn parameters() -> FullParams<'static, 'static> {
    let mut parameters = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
    parameters.set_n_threads(1);
    parameters.set_language(Some("zh"));
    parameters.set_no_context(true);
    parameters.set_temperature_inc(0.0);
    parameters.set_suppress_blank(true);
    parameters.set_suppress_nst(true);
    parameters.set_print_progress(false);
    parameters
}

/// Recognises `sound` (mono, 16 kHz, full scale ±1); tokens from `text_end` on are not text.
pub(super) fn recognise(
    state: &mut WhisperState,
    parameters: &FullParams<'static, 'static>,
    text_end: WhisperTokenId,
    sound: &[f32],
) -> Result<Vec<Heard>, ListenError> {
    let mut parameters = parameters.clone();
    parameters.set_audio_ctx(context_frames(sound.len()));
    state.full(parameters, sound).map_err(ListenError::Recognition)?;
    Ok(state.as_iter().filter_map(|segment| heard(&segment, text_end)).collect())
}

/// Encoder frames for `samples` of sound: padding to 30 s would be most of the work.
fn context_frames(samples: usize) -> i32 {
    let frames = (samples * FRAMES_PER_S).div_ceil(SAMPLE_RATE_HZ as usize) + MARGIN_FRAMES;
    i32::try_from(frames.next_multiple_of(FRAME_MULTIPLE)).map_or(MAX_FRAMES, |frames| frames.min(MAX_FRAMES))
}

fn heard(segment: &WhisperSegment<'_>, text_end: WhisperTokenId) -> Option<Heard> {
    // A character cut by the end of a segment comes as a replacement character.
    let text = segment.to_str_lossy().ok()?.trim_matches([' ', '\u{fffd}']).to_owned();
    let probabilities: Vec<f32> = (0..segment.n_tokens())
        .filter_map(|index| segment.get_token(index))
        .filter(|token| token.token_id() < text_end)
        .map(|token| token.token_probability())
        .collect();
    if text.is_empty() || probabilities.is_empty() {
        return None;
    }
    let confidence = f64::from(probabilities.iter().sum::<f32>()) / probabilities.len() as f64;
    let (start, end) = (samples(segment.start_timestamp()), samples(segment.end_timestamp()));
    Some(Heard { start, end, text, confidence })
}

/// Samples in whisper.cpp's hundredths of a second.
fn samples(centiseconds: i64) -> usize {
    usize::try_from(centiseconds).unwrap_or(0) * SAMPLE_RATE_HZ as usize / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_cover_the_sound_in_multiples() {
        for (seconds, expected) in [(0, 64), (1, 128), (14, 768), (24, 1_264), (30, 1_488), (100, 1_488)] {
            assert_eq!(context_frames(seconds * SAMPLE_RATE_HZ as usize), expected, "{seconds} s");
        }
    }
}
