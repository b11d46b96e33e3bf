//! What every decoder gives: blocks of samples, and how much there should be.

use super::DecodeOptions;
use crate::ingest::fault::Fault;

pub(super) const DAMAGED_HINT: &str = "fetch the file again from where it was recorded, or convert it to WAV";

/// A stretch of sound as decoded.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub rate_hz: u32,
    pub channels: usize,
    /// Samples of all channels in turn, full scale ±1.
    pub interleaved: Vec<f32>,
}

/// Gives a recording block by block.
pub(super) trait Source {
    /// Length in seconds that the file's own header states.
    fn promised_s(&self) -> Option<f64>;

    /// Fills `block` with what comes next; false at the end.
    fn next_block(&mut self, block: &mut Block) -> Result<bool, Stop>;
}

/// Why decoding ended before the end.
#[derive(Debug)]
pub(super) enum Stop {
    /// This reader lacks the codec; another may have it.
    Unsupported,
    Fault(Fault),
}

impl Stop {
    /// The error to show when no other reader is left.
    pub fn or_unsupported(self, name: &str) -> Fault {
        match self {
            Self::Fault(fault) => fault,
            Self::Unsupported => {
                Fault::new(format!("holds {name} sound that cannot be decoded"), "convert it to WAV")
            }
        }
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Bounds on what is decoded at all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub max_duration_s: f64,
}

impl Limits {
    pub fn new(options: &DecodeOptions) -> Result<Self, Fault> {
        if options.agent_channel > 1 {
            return Err(Fault::new(
                format!("cannot have its agent on channel {}", options.agent_channel),
                "give 0 for the left channel or 1 for the right one",
            ));
        }
        Ok(Self { max_duration_s: options.max_duration_s })
    }

    pub fn check_duration(self, duration_s: f64) -> Result<(), Fault> {
        if duration_s <= self.max_duration_s {
            return Ok(());
        }
        Err(Fault::new(
            format!("recording is longer than {} s", self.max_duration_s),
            "cut it into calls, or raise the limit with --max-minutes",
        ))
    }
}
