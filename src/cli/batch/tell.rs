//! What a night run says: a bar and a summary on a terminal, lines of JSON elsewhere.

use std::io::{IsTerminal, stdout};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use crate::batch::{Event, Reaudit, Summary};
use crate::domain::{CallId, CallReport};
use crate::store::{Changes, Source};

/// Files that were left alone, named at the end of a run on a terminal.
const NAMED: usize = 10;

/// Speaks as the place asks for.
pub(super) struct Teller {
    style: Style,
    bar: ProgressBar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Terminal,
    Lines,
    Quiet,
}

impl Teller {
    pub(super) fn new(quiet: bool) -> Self {
        let style = match (quiet, stdout().is_terminal()) {
            (true, _) => Style::Quiet,
            (false, true) => Style::Terminal,
            (false, false) => Style::Lines,
        };
        Self { style, bar: ProgressBar::hidden() }
    }

    pub(super) fn tell(&mut self, event: &Event) {
        match event {
            Event::Begins { calls } => self.begins(*calls),
            Event::Audited { report } => self.audited(report),
            Event::Problem(problem) => self.bar.suspend(|| eprintln!("warning: {problem}")),
        }
    }

    pub(super) fn begins(&mut self, calls: usize) {
        match self.style {
            Style::Terminal => {
                let target = ProgressDrawTarget::stderr();
                self.bar = ProgressBar::with_draw_target(Some(calls as u64), target);
                let template = "{bar:30} {pos}/{len} calls  {elapsed} elapsed, {eta} left  {msg}";
                let style = ProgressStyle::with_template(template);
                self.bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            }
            Style::Lines => println!("{}", json!({"event": "begin", "calls": calls})),
            Style::Quiet => {}
        }
    }

    fn audited(&mut self, report: &CallReport) {
        if let Some(error) = &report.error {
            self.bar.suspend(|| eprintln!("error: {error}\n  hint: {}", error.hint));
        }
        self.bar.set_message(report.call_id.to_string());
        self.bar.inc(1);
        if self.style == Style::Lines {
            let (verdict, findings) = (report.verdict, report.findings.len());
            println!(
                "{}",
                json!({"event": "call", "call_id": report.call_id, "verdict": verdict, "score": report.score,
                       "findings": findings, "error": report.error})
            );
        }
    }

    /// A call that was judged again, the `done`th.
    pub(super) fn changed(&mut self, call: &CallId, changes: &Changes, done: u64) {
        self.bar.set_position(done);
        if self.style == Style::Lines && !changes.is_empty() {
            println!(
                "{}",
                json!({"event": "changed", "call_id": call, "appeared": changes.appeared,
                       "vanished": changes.vanished, "regraded": changes.regraded})
            );
        }
    }

    pub(super) fn end(self, summary: &Summary, quarantined: &[Source]) {
        self.bar.finish_and_clear();
        match self.style {
            Style::Terminal => print!("{}", told(summary, quarantined)),
            Style::Lines => {
                println!("{}", json!({"event": "end", "quarantined": quarantined.len(), "summary": summary}));
            }
            Style::Quiet => {}
        }
    }

    pub(super) fn end_again(self, done: &Reaudit) {
        self.bar.finish_and_clear();
        match self.style {
            Style::Terminal => print!("{}", told_again(done)),
            Style::Lines => println!("{}", json!({"event": "end", "summary": done})),
            Style::Quiet => {}
        }
    }
}

fn told(summary: &Summary, quarantined: &[Source]) -> String {
    use std::fmt::Write as _;
    let Summary { audited, violation, review, clean, .. } = summary;
    let mut text = format!(
        "审计 {audited} 通：违规 {violation}，待复核 {review}，合规 {clean}；发现 {} 项（{:.1} 秒，录音 {:.1} 小时）\n",
        summary.findings,
        summary.duration_s,
        summary.audio_s / 3600.0
    );
    let _ = writeln!(
        text,
        "文件 {} 个，新收 {}，重复 {}，未写完 {}；通话记录 {} 条，有问题 {} 行",
        summary.files_seen,
        summary.taken_in,
        summary.duplicates,
        summary.unsettled,
        summary.records,
        summary.record_problems
    );
    if summary.retimed + summary.forgotten > 0 {
        let _ = writeln!(
            text,
            "时间规则重新判断 {} 通，按保存期限删除 {} 通",
            summary.retimed, summary.forgotten
        );
    }
    if !summary.failed.is_empty() {
        let _ = writeln!(text, "未能审计 {} 通，下次再试或已隔离：", summary.failed.len());
    }
    for failed in summary.failed.iter().take(NAMED) {
        let _ = writeln!(text, "  {}（第 {} 次）：{}", failed.call_id, failed.attempts, failed.error);
    }
    if !quarantined.is_empty() {
        let _ = writeln!(text, "隔离区共 {} 个文件；callaudit batch --retry 再试", quarantined.len());
    }
    text
}

fn told_again(done: &Reaudit) -> String {
    use std::fmt::Write as _;
    let mut text = format!("重新判断 {} 通，有变化 {} 通\n", done.calls, done.changed);
    for (verdicts, calls) in &done.verdicts {
        let _ = writeln!(text, "  {verdicts:<20} {calls} 通");
    }
    let width = done.rules.keys().map(String::len).max().unwrap_or(0);
    for (rule, changes) in &done.rules {
        let _ = writeln!(
            text,
            "  {rule:width$}  新增 {}，消失 {}，改级 {}",
            changes.appeared, changes.vanished, changes.regraded
        );
    }
    text
}
