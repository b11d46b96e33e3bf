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

/// Samples from one timestamp token to the next: 20 ms.
const SAMPLES_PER_STAMP: usize = SAMPLE_RATE_HZ as usize / FRAMES_PER_S;

/// A stretch of text between two timestamps, on the window's own clock.
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

/// A token of the decoder's output.
struct Token<'a> {
    id: WhisperTokenId,
    bytes: &'a [u8],
    probability: f32,
}

/// Where the vocabulary of a model has what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary {
    /// First token that is not text.
    pub text_end: WhisperTokenId,
    /// The timestamp 0.00; later ones follow.
    pub first_stamp: WhisperTokenId,
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
    // All tokens of one pass: left to itself, whisper.cpp starts a second pass over the last fraction of a second and
    // makes up songs there.
    parameters.set_single_segment(true);
    parameters.set_suppress_blank(true);
    parameters.set_suppress_nst(true);
    parameters.set_print_progress(false);
    parameters
}

/// Recognises `sound` (mono, 16 kHz, full scale ±1).
pub(super) fn recognise(
    state: &mut WhisperState,
    parameters: &FullParams<'static, 'static>,
    vocabulary: Vocabulary,
    sound: &[f32],
) -> Result<Vec<Heard>, ListenError> {
    let mut parameters = parameters.clone();
    parameters.set_audio_ctx(context_frames(sound.len()));
    state.full(parameters, sound).map_err(ListenError::Recognition)?;
    let segments: Vec<WhisperSegment<'_>> = state.as_iter().collect();
    Ok(stretches(segments.iter().flat_map(tokens), vocabulary, sound.len()))
}

fn tokens<'a>(segment: &'a WhisperSegment<'a>) -> impl Iterator<Item = Token<'a>> {
    (0..segment.n_tokens()).filter_map(|index| segment.get_token(index)).filter_map(|token| {
        let bytes = token.to_bytes().ok()?;
        Some(Token { id: token.token_id(), bytes, probability: token.token_probability() })
    })
}

/// Tokens cut at the timestamps; text without a last timestamp goes to the end of the sound.
fn stretches<'a>(
    tokens: impl Iterator<Item = Token<'a>>,
    vocabulary: Vocabulary,
    samples: usize,
) -> Vec<Heard> {
    let mut stretches = Vec::new();
    let mut start = 0;
    let mut text = Vec::new();
    for token in tokens {
        if token.id >= vocabulary.first_stamp {
            let stamp = usize::try_from(token.id - vocabulary.first_stamp).unwrap_or(0) * SAMPLES_PER_STAMP;
            stretches.extend(stretch(&text, start, stamp));
            start = stamp;
            text.clear();
        } else if token.id < vocabulary.text_end {
            text.push(token);
        }
    }
    stretches.extend(stretch(&text, start, samples));
    stretches
}

fn stretch(tokens: &[Token<'_>], start: usize, end: usize) -> Option<Heard> {
    let bytes: Vec<u8> = tokens.iter().flat_map(|token| token.bytes).copied().collect();
    // A character whose last token is missing comes as a replacement character.
    let text = String::from_utf8_lossy(&bytes).trim_matches([' ', '\u{fffd}']).to_owned();
    let sum: f64 = tokens.iter().map(|token| f64::from(token.probability)).sum();
    (!text.is_empty()).then(|| Heard { start, end, text, confidence: sum / tokens.len() as f64 })
}

/// Encoder frames for `samples` of sound: padding to 30 s would be most of the work.
fn context_frames(samples: usize) -> i32 {
    let frames = (samples * FRAMES_PER_S).div_ceil(SAMPLE_RATE_HZ as usize) + MARGIN_FRAMES;
    i32::try_from(frames.next_multiple_of(FRAME_MULTIPLE)).map_or(MAX_FRAMES, |frames| frames.min(MAX_FRAMES))
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

    #[test]
    fn stamps_cut_the_tokens() {
        let vocabulary = Vocabulary { text_end: 100, first_stamp: 200 };
        let token = |id: WhisperTokenId, bytes: &'static [u8]| Token { id, bytes, probability: 0.5 };
        let cut = |tokens: Vec<Token<'static>>| -> Vec<(usize, usize, String)> {
            let heard = stretches(tokens.into_iter(), vocabulary, 16_000);
            heard.into_iter().map(|heard| (heard.start, heard.end, heard.text)).collect()
        };
        let ni = "你".as_bytes();
        assert_eq!(
            cut(vec![
                token(200, b""),
                token(1, &ni[..1]),
                token(2, &ni[1..]),
                token(210, b""),
                token(220, b""),
                token(3, b" hao"),
                token(225, b""),
                token(100, b""),
            ]),
            [(0, 3_200, "你".to_owned()), (6_400, 8_000, "hao".to_owned())]
        );
        assert_eq!(
            cut(vec![token(205, b""), token(1, b"a"), token(2, &ni[..2])]),
            [(1_600, 16_000, "a".to_owned())]
        );
        assert_eq!(cut(vec![token(200, b""), token(1, b" "), token(240, b"")]), []);
    }
}
