//! The worker itself: lines to answers, many at once, with rules and model loaded once.

use std::io::{self, BufRead, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::lines::{Line, Lines};
use super::request::{Request, Unread};
use crate::audit::{Auditor, Interrupt, Job, side_by_side};
use crate::domain::{CallRecord, CallReport};
use crate::ingest::{CallInput, Source};
use crate::report::report_line;
use crate::report::tables::call_json;
use crate::timing::{Law, Log, TimingOutcome, Together, share_outcomes};

/// What a worker writes first, when everything is loaded.
pub(super) const READY: &str = "callaudit.worker ready";

/// How soon a worker that cannot go on notices, while nobody gives it a line.
const GLANCE: Duration = Duration::from_millis(100);

/// What a worker audits by.
pub struct Service<'a, F> {
    /// The auditor that listens, or the one for calls that need not be heard.
    pub auditor: F,
    pub law: Law<'a>,
    /// Time zone of records that name none.
    pub zone: &'a TimeZone,
    /// Calls at once.
    pub jobs: usize,
    /// Before each answer its row in the table of calls, and a tab.
    pub rows: bool,
}

/// Answers `NUMBER<tab>REQUEST` lines by `NUMBER<tab>ANSWER` lines, in any order, until the input ends.
///
/// # Errors
/// When there is no auditor, or nobody who takes the answers.
pub fn serve<'a, F, E>(
    input: impl BufRead + Send + 'static,
    mut output: impl Write,
    service: &Service<'a, F>,
) -> Result<(), E>
where
    F: Fn(bool) -> Result<&'a Auditor<'a>, E> + Sync,
    E: From<io::Error> + From<rayon::ThreadPoolBuildError> + Send,
{
    writeln!(output, "{READY}")?;
    output.flush()?;
    let interrupt = Interrupt::default();
    side_by_side(
        read(input, service.jobs, interrupt.clone()),
        service.jobs,
        &interrupt,
        |line| service.answer(line?),
        |answer: Vec<u8>| Ok(output.write_all(&answer).and_then(|()| output.flush())?),
    )
}

/// The lines, until they end or `interrupt` is raised: reading itself cannot be broken off.
fn read(
    input: impl BufRead + Send + 'static,
    ahead: usize,
    interrupt: Interrupt,
) -> impl Iterator<Item = io::Result<Line>> + Send {
    let (sender, lines) = sync_channel(ahead);
    thread::spawn(move || Lines::new(input).try_for_each(|line| sender.send(line)));
    std::iter::from_fn(move || next(&lines, &interrupt))
}

fn next<T>(lines: &Receiver<T>, interrupt: &Interrupt) -> Option<T> {
    while !interrupt.is_raised() {
        match lines.recv_timeout(GLANCE) {
            Ok(line) => return Some(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
}

impl<'a, F, E> Service<'a, F>
where
    F: Fn(bool) -> Result<&'a Auditor<'a>, E>,
    E: From<io::Error>,
{
    fn answer(&self, line: Line) -> Result<Vec<u8>, E> {
        let bytes = line.bytes.unwrap_or_default();
        let tab = memchr::memchr(b'\t', &bytes).unwrap_or(bytes.len());
        let number = std::str::from_utf8(&bytes[..tab]).unwrap_or_default();
        let text = bytes.get(tab + 1..).unwrap_or_default();
        let mut answer = format!("{number}\t").into_bytes();
        match Request::read(number.parse().unwrap_or(line.number), text) {
            Ok(request) => {
                let line = report_line(&self.audit(request)?)?;
                if self.rows {
                    answer.extend(call_json(&String::from_utf8_lossy(&line))?.into_bytes());
                    answer.push(b'\t');
                }
                answer.extend(line);
            }
            Err(unread) => answer.extend(unread_line(&unread, self.rows)?),
        }
        Ok(answer)
    }

    fn audit(&self, mut request: Request) -> Result<CallReport, E> {
        let timing = request.record.as_ref().map(|record| self.timing(record, request.timing.take()));
        let (id, record) = (request.call_id.clone(), request.record.take());
        let source = match request.source() {
            Ok(source) => source,
            Err(error) => return Ok((self.auditor)(false)?.not_brought(id, record, timing, error)),
        };
        let auditor = (self.auditor)(matches!(source, Source::Recording(_)))?;
        let report = auditor.audit(Job { input: CallInput { id, source, record }, timing }).report;
        Ok(match request.audio.zip(request.recording) {
            Some((opened, shown)) => shown_as(report, &opened, &shown),
            None => report,
        })
    }

    /// What the record shows: by itself where nothing was said of other calls.
    fn timing(&self, record: &CallRecord, others: Option<Vec<TimingOutcome>>) -> TimingOutcome {
        let Ok((log, faults)) = Log::of(std::slice::from_ref(record), self.zone) else {
            return TimingOutcome::default();
        };
        let share = |together| share_outcomes(&log, &faults, self.law, together).pop().unwrap_or_default();
        let shares = match others {
            Some(mut others) => {
                others.push(share(Together::Nobody));
                others
            }
            None => Together::ALL.map(share).to_vec(),
        };
        TimingOutcome::joined(shares, self.law.policies)
    }
}

fn unread_line(unread: &Unread, rows: bool) -> io::Result<Vec<u8>> {
    let mut line = if rows { b"{}\t".to_vec() } else { Vec::new() };
    serde_json::to_writer(&mut line, unread)?;
    line.push(b'\n');
    Ok(line)
}

/// The report with the recording's own path in place of that of the copy that was opened.
fn shown_as(mut report: CallReport, opened: &Path, shown: &Path) -> CallReport {
    if let Some(recording) = &mut report.recording {
        recording.path = shown.display().to_string();
    }
    if let Some(error) = report.error.as_mut().filter(|error| error.path == opened) {
        shown.clone_into(&mut error.path);
    }
    report
}
