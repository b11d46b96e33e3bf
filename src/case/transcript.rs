//! `transcripts/*.txt`: what was said, a line a turn, for people.

use std::fmt::Write;

use super::CaseCall;
use crate::report::words::{clock, date_time, speaker_zh};
use crate::text::to_simplified;

/// The transcript of a call as it may be shown; `None` where nothing was said or heard.
pub(super) fn transcript(call: &CaseCall) -> Option<String> {
    let report = &call.report;
    if report.transcript.is_empty() {
        return None;
    }
    let started = call.record.started_at.as_deref().map_or_else(|| "未注明".to_owned(), date_time);
    let mut text = format!("通话 {}\n开始 {started}\n\n", one_line(&report.call_id.0));
    for segment in &report.transcript {
        let doubt =
            if segment.suspicion.is_some() { "（疑似识别幻觉，不作为证据）" } else { "" };
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "[{}] {}：{}{doubt}",
            clock(segment.start_s),
            speaker_zh(segment.speaker),
            one_line(&to_simplified(&segment.text))
        );
    }
    Some(text)
}

/// A text of somebody's own must not look like a further turn.
fn one_line(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}
