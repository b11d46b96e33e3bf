//! Keeps a worker at work: it may crash or hang on a recording, and the others must not suffer.
//!
//! ```text
//!  input ─► reader ─► events ─► Hand ─► writer ─► worker, a process of its own
//!                       ▲        └─► answers        │
//!                       └──────── listener ◄────────┘
//! ```
//!
//! A worker that dies takes no call along: those it had in hand are given to a new one, each alone; the call under which a
//! second one dies is answered with an error. A call over its time limit costs its worker's life and nothing else.
//!
//! - `hand` — which calls are where: what to hand out next, what is overdue, who is suspect.
//! - `child` — the worker's process and the threads that talk with it.

mod child;
mod hand;

use std::io::{self, BufRead, Write};
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use self::child::Child;
use self::hand::Hand;
use super::lines::{Line, Lines};
use super::request::Unread;
use super::shard::Shard;

/// Status with which a worker says that it cannot work here.
const UNFIT: i32 = 2;

/// Why a keeper gave up. What was answered is answered.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    #[error("cannot read calls: {0}")]
    Input(io::Error),
    #[error("cannot write answers: {0}")]
    Output(io::Error),
    #[error("cannot start a worker: {0}")]
    Start(io::Error),
    /// It said why on its standard error.
    #[error("the worker cannot work here ({0})")]
    Unfit(ExitStatus),
}

/// What a worker is given.
#[derive(Debug, Clone, Copy)]
pub struct Keeping {
    /// Calls that it audits at once.
    pub jobs: usize,
    /// Longest that a call may take.
    pub time_limit: Duration,
    pub shard: Shard,
}

enum Event {
    Line(io::Result<Line>),
    InputEnded,
    Answer(u64, Vec<u8>),
    /// The worker's output ended: it is gone, or about to be.
    Gone,
}

/// Answers every line of `input` that is in the shard, in any order. `worker` makes the command that starts a process in
/// which [`serve`](super::serve) runs.
///
/// # Errors
/// See [`KeepError`]; lines may then be without an answer.
pub fn keep(
    input: impl BufRead + Send + 'static,
    output: impl Write,
    keeping: Keeping,
    worker: impl Fn() -> Command,
) -> Result<(), KeepError> {
    let (sender, events) = mpsc::channel();
    let (credits, credit) = mpsc::channel();
    let hand = Hand::new(keeping.jobs, keeping.time_limit);
    // A credit for every line that may be on its way; the reader waits when it has none.
    for _ in 0..hand.window() {
        let _ = credits.send(());
    }
    let lines = sender.clone();
    // Not waited for: it may be reading when all else has ended with an error.
    thread::spawn(move || read(input, keeping.shard, &credit, &lines));
    let keeper = Keeper { hand, child: None, output, credits, sender, worker, has_input: true };
    keeper.run(&events)
}

/// Hands on the lines of the shard, no more at a time than there are credits for.
fn read(input: impl BufRead, shard: Shard, credit: &Receiver<()>, lines: &Sender<Event>) {
    let mine = |line: &io::Result<Line>| match line {
        Ok(Line { bytes: Some(bytes), .. }) => shard.holds(bytes),
        Ok(Line { bytes: None, number }) => shard.holds(&number.to_be_bytes()),
        Err(_) => true,
    };
    for line in Lines::new(input).filter(mine) {
        let is_over = line.is_err();
        if credit.recv().is_err() || lines.send(Event::Line(line)).is_err() || is_over {
            return;
        }
    }
    let _ = lines.send(Event::InputEnded);
}

struct Keeper<W, F> {
    hand: Hand,
    /// Started for the first line: engines hand out empty inputs, too.
    child: Option<Child>,
    output: W,
    credits: Sender<()>,
    sender: Sender<Event>,
    worker: F,
    has_input: bool,
}

impl<W: Write, F: Fn() -> Command> Keeper<W, F> {
    fn run(mut self, events: &Receiver<Event>) -> Result<(), KeepError> {
        loop {
            self.give()?;
            if !self.has_input && self.hand.is_empty() {
                return self.child.map_or(Ok(()), Child::end).map_err(KeepError::Start);
            }
            match events.recv_timeout(self.hand.patience(Instant::now())) {
                Ok(event) => self.take(event)?,
                Err(RecvTimeoutError::Timeout) => {
                    if self.hand.condemn(Instant::now()) {
                        self.child.as_mut().map(Child::kill);
                    }
                }
                // This keeper holds a sender itself.
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// Gives the worker what it is to have now.
    fn give(&mut self) -> Result<(), KeepError> {
        while let Some((number, line)) = self.hand.next(Instant::now()) {
            let child = match self.child.take() {
                Some(child) => child,
                None => Child::start((self.worker)(), &self.sender).map_err(KeepError::Start)?,
            };
            self.child.insert(child).give(number, line);
        }
        Ok(())
    }

    fn take(&mut self, event: Event) -> Result<(), KeepError> {
        match event {
            Event::Line(line) => {
                let Line { number, bytes } = line.map_err(KeepError::Input)?;
                match bytes {
                    Some(bytes) => self.hand.take(number, bytes),
                    None => self.refuse(&Unread::new(number, "is longer than 16 MiB".to_owned()))?,
                }
            }
            Event::InputEnded => self.has_input = false,
            Event::Answer(number, line) => {
                if self.hand.answered(number, Instant::now()) {
                    self.write(&line)?;
                }
            }
            Event::Gone => self.mourn()?,
        }
        Ok(())
    }

    /// Takes back what a worker had that is gone, for the next one, unless it said that none can work here.
    fn mourn(&mut self) -> Result<(), KeepError> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        let status = child.wait().map_err(KeepError::Start)?;
        if status.code() == Some(UNFIT) || !child.was_ready() {
            return Err(KeepError::Unfit(status));
        }
        for unread in self.hand.bereaved(&status.to_string()) {
            self.refuse(&unread)?;
        }
        Ok(())
    }

    fn refuse(&mut self, unread: &Unread) -> Result<(), KeepError> {
        let mut line = serde_json::to_vec(unread).map_err(|error| KeepError::Output(error.into()))?;
        line.push(b'\n');
        self.write(&line)
    }

    /// Writes an answer with its end, whole and at once: whoever reads may wait for it.
    fn write(&mut self, line: &[u8]) -> Result<(), KeepError> {
        self.output.write_all(line).and_then(|()| self.output.flush()).map_err(KeepError::Output)?;
        // The reader may have reached the end.
        let _ = self.credits.send(());
        Ok(())
    }
}
