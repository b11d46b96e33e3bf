//! Every setting of recognition that was chosen by measurement.

use super::regions::RegionOptions;
use super::windows::WindowOptions;

/// What the recogniser gets to hear. The defaults were measured with whisper `base` (see the [module](super)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tuning {
    /// Frames to speech regions.
    pub regions: RegionOptions,
    /// Speech regions to windows.
    pub windows: WindowOptions,
    /// How much the words of the trade are preferred, as a factor of their log likelihood; 0 is not at all.
    pub expectation: f32,
}

impl Tuning {
    /// For the second listening, which is to err otherwise than the first: shorter windows with more sound around, and
    /// nothing expected.
    pub(super) fn second(&self) -> Self {
        Self {
            regions: RegionOptions { padding_s: 0.2, ..self.regions },
            windows: WindowOptions { limit_s: self.windows.limit_s.min(10.0), ..self.windows },
            expectation: 0.0,
        }
    }
}

impl Default for Tuning {
    fn default() -> Self {
        Self { regions: RegionOptions::default(), windows: WindowOptions::default(), expectation: 0.4 }
    }
}
