//! A call as the limits see it.

use super::moment::Moment;
use crate::domain::CallRecord;

/// An outbound call whose start is known.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    /// Place in the input.
    pub index: usize,
    pub record: &'a CallRecord,
    pub start: &'a Moment,
    /// Equal for equal debtor ids; absent with them.
    pub debtor: Option<u32>,
    /// Equal for equal numbers; absent with them.
    pub number: Option<u32>,
}

impl Call<'_> {
    /// What the call is named by: call id, else recording.
    pub fn name(&self) -> &str {
        let id = self.record.call_id.as_ref().map(|id| id.0.as_str());
        id.or(self.record.recording.as_deref()).unwrap_or("（无编号）")
    }

    /// Length in seconds, when the record gives a sensible one: up to a day.
    pub fn duration_s(&self) -> Option<f64> {
        self.record.duration_s.filter(|seconds| (0.0..=86_400.0).contains(seconds))
    }
}
