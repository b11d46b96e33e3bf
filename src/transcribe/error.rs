//! What can go wrong between a model file and a transcript, and what to do about it.

use std::io;
use std::path::PathBuf;

use whisper_rs::WhisperError;

/// Why nothing could be heard.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The model file cannot be opened or read.
    #[error("{path}: the speech model cannot be read: {source}", path = path.display())]
    Unreadable {
        /// The model file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file is something else, or a Whisper model this program has no use for.
    #[error("{path}: not a usable whisper model: {reason}", path = path.display())]
    Foreign {
        /// The model file.
        path: PathBuf,
        /// What gave it away.
        reason: String,
    },
    /// The file ends before its contents do.
    #[error("{path}: the speech model is cut short in {part}", path = path.display())]
    Truncated {
        /// The model file.
        path: PathBuf,
        /// The part of the format that is incomplete.
        part: &'static str,
    },
    /// The file looks right and whisper.cpp still refuses it.
    #[error("{path}: whisper.cpp cannot load the speech model", path = path.display())]
    Load {
        /// The model file.
        path: PathBuf,
    },
    /// The working memory of one worker cannot be had.
    #[error("no memory for another whisper state")]
    State,
    /// Recognition itself failed.
    #[error("speech recognition failed: {0}")]
    Recognition(WhisperError),
    /// A [`Replay`](super::Replay) was given audio that it holds no transcript of.
    #[error("no saved transcript of this audio")]
    NotSaved,
}

impl ListenError {
    /// What the user can do, in one lowercase sentence.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "`callaudit model fetch base` gets the default model",
            Self::Foreign { .. } => {
                "give a multilingual whisper model in GGML format; `callaudit model import` makes one"
            }
            Self::Truncated { .. } | Self::Load { .. } => {
                "fetch or import the model again; `callaudit model verify` checks its hash"
            }
            Self::State => "use fewer `--jobs` or a smaller model",
            Self::Recognition(_) => "try the recording again by itself, with `--jobs 1`",
            Self::NotSaved => "save a transcript of this audio first",
        }
    }
}
