//! A worker's process: lines go in through one thread, answers come out through another, so that neither waits for the other.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use super::super::serve::READY;
use super::Event;

pub(super) struct Child {
    process: std::process::Child,
    /// Absent once nothing more will be given.
    lines: Option<Sender<(u64, Vec<u8>)>>,
    is_ready: Arc<AtomicBool>,
}

impl Child {
    /// Starts it. What it answers, and that it is gone, is told as events.
    pub fn start(mut command: Command, events: &Sender<Event>) -> io::Result<Self> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (lines, given) = mpsc::channel();
        let is_ready = Arc::new(AtomicBool::new(false));
        if let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) {
            thread::spawn(move || write(input, &given));
            let (ready, events) = (is_ready.clone(), events.clone());
            thread::spawn(move || {
                // However it ends, the worker is of no more use.
                let _ = listen(output, &ready, &events);
                let _ = events.send(Event::Gone);
            });
        }
        Ok(Self { process, lines: Some(lines), is_ready })
    }

    pub fn give(&self, number: u64, line: Vec<u8>) {
        if let Some(lines) = &self.lines {
            // A worker that no longer reads will be found gone.
            let _ = lines.send((number, line));
        }
    }

    /// Whether it got as far as reading calls.
    pub fn was_ready(&self) -> bool {
        self.is_ready.load(Ordering::SeqCst)
    }

    /// Ends it, whatever it does.
    pub fn kill(&mut self) {
        // It may be gone already.
        let _ = self.process.kill();
    }

    /// Waits for its end, which is near.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        self.lines = None;
        self.process.wait()
    }

    /// Lets it end: there is nothing more to do.
    pub fn end(mut self) -> io::Result<()> {
        self.wait().map(drop)
    }
}

/// `NUMBER<tab>LINE` for each; sent off when nothing more waits. An error means that the worker is gone, which its silence
/// tells.
fn write(input: impl Write, given: &Receiver<(u64, Vec<u8>)>) -> io::Result<()> {
    let mut input = BufWriter::with_capacity(1 << 16, input);
    while let Ok(first) = given.recv() {
        for (number, line) in std::iter::once(first).chain(given.try_iter()) {
            write!(input, "{number}\t")?;
            input.write_all(&line)?;
            input.write_all(b"\n")?;
        }
        input.flush()?;
    }
    Ok(())
}

fn listen(output: impl Read, is_ready: &AtomicBool, events: &Sender<Event>) -> io::Result<()> {
    let mut output = BufReader::with_capacity(1 << 16, output);
    let mut first = String::new();
    output.read_line(&mut first)?;
    if first.trim_end() != READY {
        return Ok(());
    }
    is_ready.store(true, Ordering::SeqCst);
    loop {
        let mut answer = Vec::new();
        output.read_until(b'\n', &mut answer)?;
        // An answer that breaks off is none.
        if answer.last() != Some(&b'\n') {
            return Ok(());
        }
        let Some(tab) = memchr::memchr(b'\t', &answer) else { return Ok(()) };
        let number = std::str::from_utf8(&answer[..tab]).ok().and_then(|number| number.parse().ok());
        let Some(number) = number else { return Ok(()) };
        answer.drain(..=tab);
        if events.send(Event::Answer(number, answer)).is_err() {
            return Ok(());
        }
    }
}
