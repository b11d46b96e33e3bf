//! Audio to transcript.

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
