//! Audio to transcript.
//!
//! ```text
//! track ─► speech ─► regions ─► windows ─► whisper ─► again? ─► place ─► suspicion ─► segments
//! ```
//!
//! - [`speech`](SpeechDetector): how likely each frame of a track is speech.
//! - [`regions`](speech_regions): frames to stretches of speech.
//! - [`windows`](pack): stretches packed into windows of several utterances, 28 s at most, cut at pauses.
//! - `whisper`: one window through whisper.cpp, by one thread, without context from other windows; `pool` lends the
//!   working memories.
//! - `again`: what the decoder left off or looped on is heard once more.
//! - `place`: back to the recording's clock, which the speech regions set.
//! - `suspicion`: repeats, credits and impossible speed are marked.
//! - `model_file`: a look through the weights before whisper.cpp trusts them.
//!
//! The same audio gives the same segments whatever the number of workers: nothing is random, no window knows another.
//!
//! # What was tried
//!
//! Whisper `base` on 43 minutes of stereo telephone calls in Mandarin; character error rate per channel, summed.
//!
//! | change | error rate |
//! |---|---|
//! | f16, windows of 24 s, speech from 0.5 to 0.35, padding 0.15 s, whisper.cpp's own passes over a window | 23.8 % |
//! | one pass a window, cut at its timestamp tokens; what was left is heard again | 21.5 % |
//! | q8_0; speech from 0.6 to 0.5, padding 0.2 s; loops cut down | 19.2 % |
//! | windows of 28 s (the setting), 5 % more time | 18.8 % |
//!
//! - Speech thresholds: telephone hiss scores 0.4 to 0.5. From 0.5 to 0.35 the regions hold 143 s that nobody speaks
//!   (padding included), from 0.6 to 0.5 with more padding 73 s, and miss 2 s of loud sound instead of 4 s.
//! - Encoder frames in multiples of 16: a sixth less time, same text. Flash attention: a third more time.
//! - Temperature fallback is off: it draws random numbers. Its part is played by hearing a looping window in halves.
//! - A prompt is left out: a short one did no better, a long one is repeated in the text.

mod again;
mod error;
mod listener;
mod model_file;
mod place;
mod pool;
mod regions;
mod replay;
mod speech;
mod suspicion;
mod whisper;
mod windows;

pub use error::ListenError;
pub use listener::{Listener, Tuning, WhisperListener};
pub use regions::{RegionOptions, speech_regions};
pub use replay::Replay;
pub use speech::{Earshot, FRAME_SAMPLES, SpeechDetector};
pub use windows::{Piece, Window, WindowOptions, pack};
