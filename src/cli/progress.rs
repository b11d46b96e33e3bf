//! How far a run is: a bar on a terminal, a line a call otherwise.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::failure::print_call;
use crate::domain::{CallReport, Verdict};

/// Progress of a run over a known number of calls, on standard error.
pub(super) struct Progress {
    bar: ProgressBar,
    total: usize,
    done: usize,
    style: Style,
}

enum Style {
    Bar,
    Lines,
    Silent,
}

impl Progress {
    /// Starts at 0 of `total` calls.
    pub(super) fn new(total: usize, quiet: bool) -> Self {
        let style = match (quiet, stderr().is_terminal()) {
            (_, true) => Style::Bar,
            (false, false) => Style::Lines,
            (true, false) => Style::Silent,
        };
        let bar = ProgressBar::with_draw_target(Some(total as u64), ProgressDrawTarget::stderr());
        let template = "{bar:30} {pos}/{len} calls  {elapsed} elapsed, {eta} left  {msg}";
        bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        Self { bar, total, done: 0, style }
    }

    /// Counts one finished call.
    pub(super) fn finished(&mut self, report: &CallReport) {
        self.done += 1;
        match self.style {
            Style::Bar => {
                if let Some(error) = &report.error {
                    self.bar.suspend(|| print_call(error));
                }
                self.bar.set_message(report.call_id.to_string());
                self.bar.inc(1);
            }
            Style::Lines => {
                eprintln!("[{}/{}] {} {}", self.done, self.total, report.call_id, words(report));
                report.error.iter().for_each(print_call);
            }
            Style::Silent => report.error.iter().for_each(print_call),
        }
    }

    /// Takes the bar away.
    pub(super) fn close(self) {
        self.bar.finish_and_clear();
    }
}

fn words(report: &CallReport) -> String {
    match report.verdict {
        Verdict::Failed => "could not be audited".to_owned(),
        Verdict::Clean => "clean".to_owned(),
        _ => format!("score {}, {} findings", report.score, report.findings.len()),
    }
}

/// Records read so far and what is done with them, on a terminal.
pub(super) struct Counter(ProgressBar);

impl Counter {
    pub(super) fn new(quiet: bool) -> Self {
        let bar =
            if quiet || !stderr().is_terminal() { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        let template = "{spinner} {pos} call records  {elapsed}  {msg}";
        bar.set_style(
            ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner()),
        );
        bar.set_message("reading");
        Self(bar)
    }

    pub(super) fn read(&self, records: u64) {
        self.0.set_position(records);
    }

    pub(super) fn say(&self, what: &'static str) {
        self.0.set_message(what);
        self.0.tick();
    }

    pub(super) fn close(self) {
        self.0.finish_and_clear();
    }
}
