//! Many calls at once: workers take the next call, one writer takes what they finish.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use rayon::iter::{ParallelBridge, ParallelIterator};

use super::{Auditor, Job};
use crate::report::CallPage;

/// Asks the workers to stop after the calls they have in hand.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Raises the flag; true when it was up already.
    pub fn raise(&self) -> bool {
        self.0.swap(true, Ordering::SeqCst)
    }

    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Audits `jobs` on `workers` threads and hands each page with its index to `write`, in the order they finish. `begin` is
/// told of each call before it is audited, on the thread that will do it.
///
/// Pages wait for the writer in a channel as long as there are workers, so a slow disk holds the workers back instead
/// of filling memory. Stops early, with the calls in hand finished and written, when `interrupt` is raised.
///
/// # Errors
/// The first error of `begin` or `write`, or the failure to start threads; the remaining calls are then not audited.
pub fn run<E: From<rayon::ThreadPoolBuildError> + Send>(
    jobs: Vec<Job>,
    workers: usize,
    auditor: &Auditor<'_>,
    interrupt: &Interrupt,
    begin: impl Fn(usize) -> Result<(), E> + Sync,
    mut write: impl FnMut(usize, CallPage) -> Result<(), E>,
) -> Result<(), E> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(workers).build()?;
    let (sender, pages) = mpsc::sync_channel(workers);
    let work = |index, job| {
        begin(index)?;
        Ok((index, auditor.audit(job)))
    };
    thread::scope(|scope| {
        scope.spawn(|| pool.install(|| spread(jobs, interrupt, sender, work)));
        let written = pages.iter().try_for_each(|page: Result<_, E>| {
            let (index, page) = page?;
            write(index, page)
        });
        if written.is_err() {
            interrupt.raise();
        }
        // Workers that still wait to hand over a page find the channel closed and end.
        drop(pages);
        written
    })
}

fn spread<T: Send>(
    jobs: Vec<Job>,
    interrupt: &Interrupt,
    pages: mpsc::SyncSender<T>,
    work: impl Fn(usize, Job) -> T + Sync,
) {
    jobs.into_iter().enumerate().par_bridge().for_each_with(pages, |pages, (index, job)| {
        if !interrupt.is_raised() {
            // A closed channel means that writing failed; the writer reports it.
            let _ = pages.send(work(index, job));
        }
    });
}
