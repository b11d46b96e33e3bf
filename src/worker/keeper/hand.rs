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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    fn line(number: u64) -> Vec<u8> {
        format!("{{\"call_id\":\"C{number}\"}}").into_bytes()
    }

    fn hand(jobs: usize, lines: u64) -> Hand {
        let mut hand = Hand::new(jobs, LIMIT);
        (1..=lines).for_each(|number| hand.take(number, line(number)));
        hand
    }

    /// The numbers of all lines that go out now.
    fn out(hand: &mut Hand, now: Instant) -> Vec<u64> {
        std::iter::from_fn(|| hand.next(now)).map(|(number, _)| number).collect()
    }

    #[test]
    fn a_worker_has_a_few_lines_ahead() {
        let now = Instant::now();
        let mut hand = hand(2, 9);
        assert_eq!(out(&mut hand, now), [1, 2, 3, 4, 5, 6]);
        assert!(hand.answered(3, now) && !hand.answered(3, now));
        assert_eq!(out(&mut hand, now), [7]);
    }

    #[test]
    fn those_in_hand_when_a_worker_died_are_tried_alone() {
        let now = Instant::now();
        let mut hand = hand(2, 4);
        assert_eq!(out(&mut hand, now), [1, 2, 3, 4]);
        assert_eq!(hand.bereaved("signal: 11"), []);
        assert_eq!(out(&mut hand, now), [1]);
        hand.answered(1, now);
        assert_eq!(out(&mut hand, now), [2]);
        // It was the second: now its error is asked for, and the others are no suspects.
        hand.bereaved("signal: 11");
        let asked = hand.next(now).unwrap();
        let told = String::from_utf8(asked.1).unwrap();
        assert!(told.contains("the program died on it, twice (signal: 11)"), "{told}");
        assert_eq!(out(&mut hand, now), [3, 4]);
    }

    #[test]
    fn a_call_that_takes_too_long_blames_nobody_else() {
        let start = Instant::now();
        let mut hand = hand(1, 3);
        assert_eq!(out(&mut hand, start), [1, 2, 3]);
        let later = start + Duration::from_secs(4);
        hand.answered(1, later);
        assert_eq!(hand.patience(later), LIMIT, "the second call has only begun");
        assert!(!hand.condemn(later + LIMIT / 2));
        assert!(hand.condemn(later + LIMIT));
        hand.bereaved("signal: 9");
        let asked = hand.next(later).unwrap();
        assert!(String::from_utf8(asked.1).unwrap().contains("was not audited within 10 s"));
        assert_eq!(out(&mut hand, later), [3]);
    }

    #[test]
    fn a_deadly_line_without_a_name_is_answered_here() {
        let now = Instant::now();
        let mut hand = hand(1, 0);
        hand.take(7, b"garbage".to_vec());
        out(&mut hand, now);
        assert_eq!(hand.bereaved("signal: 11"), []);
        out(&mut hand, now);
        assert_eq!(hand.bereaved("signal: 11")[0].line, 7);
        assert!(hand.is_empty());
    }

    proptest! {
        /// Whatever calls do to workers: each is answered once.
        #[test]
        fn every_line_is_answered_once(jobs in 1..4_usize, lines in 1..30_u64, deadly in prop::collection::btree_set(1..30_u64, 0..4), slow in 1..40_u64) {
            let mut now = Instant::now();
            let mut hand = hand(jobs, lines);
            let mut answered = BTreeSet::new();
            let mut asked: VecDeque<(u64, Vec<u8>)> = VecDeque::new();
            while !hand.is_empty() {
                asked.extend(std::iter::from_fn(|| hand.next(now)));
                let is_refused = |line: &[u8]| String::from_utf8_lossy(line).contains("\"error\"");
                let dies = |(number, line): &(u64, Vec<u8>)| deadly.contains(number) && !is_refused(line);
                let hangs = |(number, line): &(u64, Vec<u8>)| *number == slow && !is_refused(line);
                if asked.iter().take(jobs).any(dies) {
                    asked.clear();
                    for unread in hand.bereaved("signal: 11") {
                        prop_assert!(answered.insert(unread.line));
                    }
                } else if asked.iter().take(1).any(hangs) {
                    now += LIMIT;
                    prop_assert!(hand.condemn(now));
                    asked.clear();
                    hand.bereaved("signal: 9");
                } else {
                    let (number, _) = asked.pop_front().unwrap();
                    prop_assert!(hand.answered(number, now));
                    prop_assert!(answered.insert(number));
                }
            }
            prop_assert_eq!(answered.len() as u64, lines);
        }
    }
}
