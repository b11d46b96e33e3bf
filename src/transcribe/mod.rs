//! Audio to transcript.
//!
//! ```text
//! track ─► speech ─► regions ─► windows ─► whisper ─► again? ─► place ─► suspicion ─► spelling ─► segments
//!                                            │ ▲
//!                              scores of tokens │ stamps, phrasing: which token is next
//!                                            ▼ │
//!                                          decoder
//! ```
//!
//! - [`speech`](SpeechDetector): how likely each frame of a track is speech.
//! - [`regions`](speech_regions): frames to stretches of speech; `voice` says which of them are hiss.
//! - [`windows`](pack): stretches packed into windows of several utterances, 14 s at most, cut at pauses.
//! - `whisper`: one window through whisper.cpp, by one thread, without context from other windows; `pool` lends the
//!   working memories.
//! - `decoder`: token by token to the text; `stamps` says when a time may come, `phrasing` which words are expected.
//! - `again`: what the decoder left off or looped on is heard once more.
//! - `place`: back to the recording's clock, which the speech regions set.
//! - `suspicion`: repeats, credits, impossible speed and little confidence are marked.
//! - `spelling`: of words that sound the same, the likelier ones; `ngram` counts what follows what.
//! - `saved`: transcripts kept on disk, so that the same sound is heard once.
//! - `model`: the weights, checked and without the words of other languages.
//!
//! Where rules found words, [`Listener::listen_again`] hears the stretch a second time: alone, in windows of 10 s, with more
//! sound around, nothing expected and nothing respelled.
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
//! | windows of 28 s, 5 % more time | 18.8 % |
//! | own loop over tokens, none of other languages, simplified text | 18.5 % |
//! | the words of the trade expected: 290,000 characters of calls, strength 0.4 | 16.5 % |
//! | pauses of 0.2 s part regions, padding 0.12 s, 0.15 s between pieces: 7 % less sound | 15.7 % |
//! | … strength 0.5 (not the setting: the calls it was measured on are few) | 15.7 % |
//! | of words that sound the same the likelier ones | 13.5 % |
//! | … 400,000 characters of calls | 13.4 % |
//! | … 560,000 characters of calls, windows of 14 s: a fifth less time, 160 MB less memory at two at once | 13.8 % |
//! | … windows of 10 s: no less time, as each has 1.3 s of margin | 14.6 % |
//! | … windows of 14 s, changed spellings only where three characters were seen together twice | 15.0 % |
//! | … in recordings that speak of the trade anywhere | 14.2 % |
//!
//! - Speech thresholds: telephone hiss scores 0.4 to 0.5. From 0.5 to 0.35 the regions hold 143 s that nobody speaks
//!   (padding included), from 0.6 to 0.5 with more padding 73 s, and miss 2 s of loud sound instead of 4 s.
//! - Encoder frames in multiples of 16: a sixth less time, same text. Flash attention: a third more time.
//! - Temperature fallback is off: it draws random numbers. Its part is played by hearing a looping window in halves.
//! - A prompt is left out: a short one did no better, a long one is repeated in the text.
//!
//! One pass over the same windows, nothing heard again, in seconds of one core (the machine's pace changes by a half from
//! hour to hour; ratios of neighbours hold):
//!
//! | change | encoder | decoder | error rate |
//! |---|---|---|---|
//! | all 51,865 tokens, windows of 28 s | 244 | 160 | 20.4 % |
//! | 4,300 tokens of text, 51 → 26 million products a token | 217 | 91 | 19.6 % |
//! | … without timestamps: a tenth of the tokens less, and speech left out | 201 | 78 | 20.6 % |
//! | … windows of 20 s | 179 | 79 | 19.7 % |
//! | … windows of 14 s | 154 | 67 | 21.5 % |
//! | … traditional and simplified spellings of a word added up, the simplified one given on | 281 | 125 | 20.3 % |
//! | … the likelier one given on (the gain is 著 as 着 alone) | 352 | 155 | 19.2 % |
//! | expectation from 120,000 characters of calls, strength 0.3, at most 1 nat against a token | 236 | 105 | 17.6 % |
//! | … at most 2 nats | 244 | 97 | 17.5 % |
//! | … strength 0.4 | 266 | 108 | 17.2 % |
//! | … strength 0.6: loops | 249 | 105 | 20.3 % |
//! | … strength 0.4, windows of 20 s | 249 | 99 | 18.4 % |
//!
//! - Storage of the weights, encoder over 27 s and decoder a token, in ms: f16 2312 and 16.9, bf16 2139 and 15.5, q8_0
//!   2073 and 11.5, q5_0 2549 and 10.3, q4_0 1843 and 8.4, iq4_nl 1940 and 9.0, q4_k 2083 and 9.0, q6_k 3434 and 10.8.
//!   A third of the encoder is attention, which is f16 in all of them, so four bits save little and cost accuracy:
//!   with the expectation, in one pass, q4_k 21.4 % where q8_0 has 16.7 %, for 7 % less time in all.
//! - q4_0 with windows of 14 s and the likelier spellings: 17.4 %, with scales of least squares 18.2 %; 0.86 of the time.
//! - Sound played faster, windows of 14 s: 1.1 times 14.7 % where it is 13.9 %, 1.2 times 15.7 %; 0.93 and 0.87 of the time.
//!   With its pitch kept (WSOLA) no better.
//! - Frames of the shortest windows, single answer words at 8 kHz, 1.4 s of sound on average: as many as the sound and its
//!   margin 191 % (words said over and over), 256 46 %, 512 56 %, 768 49 %; read sentences the same within 0.3.
//! - Margin behind the sound, one pass: windows of 28 s with 0.6 s 17.1 %, 1.3 s 16.5 %, 1.9 s 16.6 %; windows of 14 s with
//!   1.3 s 22.1 %, 2.6 s 20.0 %, 5.1 s 20.5 % (the difference is loops, which are heard again), for 0.25 more time.
//! - One answer word in a window, padded by 0.12 s 46 %, 0.2 s 44 %, 0.25 s 33 %, 0.3 s 34 %, 0.4 s 43 %, 0.6 s 38 %; of
//!   several paddings the surest text 41 % (the recogniser is surest of its loops). So 0.25 s, in short windows alone.
//! - Ten minutes without speech (white and pink noise, babble, tones, music): 747 characters of unmarked text; 67 with
//!   texts under a confidence of 0.4 marked (0.2 % of the characters of calls), 24 without regions that have no voice and
//!   with texts at one place made one.
//! - Second listening, 55 findings by words in 30 calls, of each kind how many were true: heard again 37 of 44 (`violation`
//!   in both 26 of 28), not heard again 6 of 11 (as written and `violation` at first 1 of 4). Times of the whole audit
//!   grow by a tenth on calls as full of findings as these.
//! - The prompt in one go: whisper-rs gives the scores of the first token of a batch alone.
//! - The fast integer kernels of newer processors (AMX) take one of the encoder's six kinds of matrices, the one with
//!   rows of 2,048: in whisper.cpp 1.8.3 rows must be a multiple of that. They do it in a quarter of the time.
//! - OpenBLAS and BLIS for the matrices: a tenth less time in the encoder, and a library to install.

mod again;
mod decoder;
mod error;
mod listener;
mod model;
mod ngram;
mod phrasing;
mod place;
mod pool;
mod regions;
mod replay;
mod saved;
mod speech;
mod spelling;
mod stamps;
mod suspicion;
mod tuning;
mod voice;
mod whisper;
mod windows;

pub use error::ListenError;
pub use listener::{Listener, Stretch, WhisperListener};
pub use regions::{RegionOptions, speech_regions};
pub use replay::Replay;
pub use saved::Saved;
pub use speech::{Earshot, FRAME_SAMPLES, SpeechDetector};
pub use tuning::Tuning;
pub use windows::{Piece, Window, WindowOptions, pack};
