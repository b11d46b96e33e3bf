//! Which calls are where: waiting, or given to the worker and not answered. No processes, no clock of its own.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::super::request::{Unread, refused};
use crate::domain::CallError;

/// Lines given beyond those that a worker has in hand, so that it never waits for one.
const AHEAD: usize = 4;

/// Deaths of a worker over one call before the call is given up.
const DEATHS: u32 = 2;

const TOO_LONG_HINT: &str = "hear the recording and copy it again, or give calls more time with --time-limit";
const DEADLY_HINT: &str = "the other calls are not affected; please report this with the recording's format";

/// A line that is not answered yet.
#[derive(Debug)]
struct Asked {
    /// Of the line in the input.
    number: u64,
    line: Vec<u8>,
    /// How often a worker died that may have had it in hand.
    deaths: u32,
    /// When the worker can have begun with it; unknown before.
    begun: Option<Instant>,
    is_overdue: bool,
}

pub(super) struct Hand {
    jobs: usize,
    time_limit: Duration,
    /// Not given to the worker, in the order in which they will be.
    waiting: VecDeque<Asked>,
    /// Given to the worker, in the order in which it begins with them.
    given: VecDeque<Asked>,
}

impl Hand {
    pub fn new(jobs: usize, time_limit: Duration) -> Self {
        Self { jobs, time_limit, waiting: VecDeque::new(), given: VecDeque::new() }
    }

    /// Lines that may be unanswered at a time.
    pub fn window(&self) -> usize {
        self.jobs + AHEAD
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.given.is_empty()
    }

    /// Takes a line of the input in.
    pub fn take(&mut self, number: u64, line: Vec<u8>) {
        self.waiting.push_back(Asked { number, line, deaths: 0, begun: None, is_overdue: false });
    }

    /// The next line for the worker, if it is to have one now. A suspect is alone with the worker.
    pub fn next(&mut self, now: Instant) -> Option<(u64, Vec<u8>)> {
        let is_suspect = |asked: &Asked| asked.deaths > 0;
        let is_free = match self.waiting.front() {
            Some(next) if is_suspect(next) => self.given.is_empty(),
            Some(_) => self.given.len() < self.window() && !self.given.iter().any(is_suspect),
            None => false,
        };
        let asked = if is_free { self.waiting.pop_front()? } else { return None };
        let given = (asked.number, asked.line.clone());
        self.given.push_back(asked);
        self.begin(now);
        Some(given)
    }

    /// Notes an answer; false where nobody waits for it.
    pub fn answered(&mut self, number: u64, now: Instant) -> bool {
        let at = self.given.iter().position(|asked| asked.number == number);
        let is_known = at.and_then(|at| self.given.remove(at)).is_some();
        self.begin(now);
        is_known
    }

    /// The worker takes lines in order: it can have begun with the first ones, as many as it audits at once.
    fn begin(&mut self, now: Instant) {
        for asked in self.given.iter_mut().take(self.jobs) {
            asked.begun.get_or_insert(now);
        }
    }

    /// How long to wait before a call may be overdue.
    pub fn patience(&self, now: Instant) -> Duration {
        let until = |asked: &Asked| {
            self.time_limit.saturating_sub(now.saturating_duration_since(asked.begun?)).into()
        };
        let waits = self.given.iter().filter(|asked| !asked.is_overdue).filter_map(until);
        waits.min().unwrap_or(self.time_limit)
    }

    /// Marks what is overdue; true where anything is, for which the worker has to die.
    pub fn condemn(&mut self, now: Instant) -> bool {
        let mut is_any = false;
        for asked in &mut self.given {
            let is_over = |begun: Instant| now.saturating_duration_since(begun) >= self.time_limit;
            asked.is_overdue |= asked.begun.is_some_and(is_over);
            is_any |= asked.is_overdue;
        }
        is_any
    }

    /// The worker is gone, `how`: what it had goes to the next one, and what is to blame is asked for as an error. Lines
    /// that name no call cannot be; their answers are given back.
    pub fn bereaved(&mut self, how: &str) -> Vec<Unread> {
        let is_killed = self.given.iter().any(|asked| asked.is_overdue);
        let mut unread = Vec::new();
        let mut innocent = VecDeque::new();
        for (place, mut asked) in std::mem::take(&mut self.given).into_iter().enumerate() {
            asked.begun = None;
            if !is_killed && place < self.jobs {
                asked.deaths += 1;
            }
            let blamed = if asked.is_overdue {
                asked.blame(|path| too_long(path, self.time_limit))
            } else if asked.deaths >= DEATHS {
                asked.blame(|path| deadly(path, how))
            } else {
                Ok(())
            };
            match blamed {
                Ok(()) => innocent.push_back(asked),
                Err(answer) => unread.push(answer),
            }
        }
        innocent.append(&mut self.waiting);
        self.waiting = innocent;
        unread
    }
}

impl Asked {
    /// Asks for a report of the error in place of an audit.
    fn blame(&mut self, error: impl FnOnce(std::path::PathBuf) -> CallError) -> Result<(), Unread> {
        self.line = refused(self.number, &self.line, error)?;
        self.deaths = 0;
        self.is_overdue = false;
        Ok(())
    }
}

fn too_long(path: std::path::PathBuf, limit: Duration) -> CallError {
    CallError::new(path, format!("was not audited within {} s", limit.as_secs()), TOO_LONG_HINT)
}

fn deadly(path: std::path::PathBuf, how: &str) -> CallError {
    CallError::new(path, format!("the program died on it, twice ({how})"), DEADLY_HINT)
}
