//! The script's steps as the call took them.

use serde::Serialize;

use crate::domain::{CallReport, ScriptStep, StepOutcome};

use super::super::words;
use super::moment::segment_at;

#[derive(Serialize)]
pub(super) struct ScriptView<'a> {
    title: &'a str,
    followed: bool,
    percent: u8,
    steps: Vec<StepView<'a>>,
}

#[derive(Serialize)]
struct StepView<'a> {
    number: usize,
    title: &'a str,
    outcome: StepOutcome,
    outcome_name: &'static str,
    required: bool,
    when: Option<String>,
    segment: Option<usize>,
    /// Where the step came too late.
    late: Option<String>,
}

pub(super) fn view(report: &CallReport) -> Option<ScriptView<'_>> {
    let script = report.script.as_ref()?;
    Some(ScriptView {
        title: &script.title,
        followed: script.followed,
        percent: (script.share.clamp(0.0, 1.0) * 100.0).round() as u8,
        steps: script.steps.iter().zip(1..).map(|(step, number)| step_view(report, step, number)).collect(),
    })
}

fn step_view<'a>(report: &CallReport, step: &'a ScriptStep, number: usize) -> StepView<'a> {
    StepView {
        number,
        title: &step.title,
        outcome: step.outcome,
        outcome_name: step.outcome.name_zh(),
        required: step.required,
        when: step.at_s.map(words::clock),
        segment: segment_at(report, step.at_s),
        late: step.late_after_s.map(|after_s| format!("应在前 {after_s:.0} 秒内")),
    }
}
