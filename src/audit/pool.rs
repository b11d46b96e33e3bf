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
/// told of each call before it is audited, on the thread that will do it. See [`side_by_side`].
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
    let work = |(index, job)| {
        begin(index)?;
        Ok((index, auditor.audit(job)))
    };
    side_by_side(jobs.into_iter().enumerate(), workers, interrupt, work, |(index, page)| write(index, page))
}

/// Works on `items` with `workers` threads and hands what they make of them to `write`, in the order they finish. Each item
/// is taken when a thread is free for it, in order.
///
/// What is made waits for the writer in a channel as long as there are workers, so a slow writer holds the workers back
/// instead of filling memory. Stops early, with the items in hand finished and written, when `interrupt` is raised.
///
/// # Errors
/// The first error of `work` or `write`, or the failure to start threads; the remaining items are then left.
pub fn side_by_side<I: Send, T: Send, E: From<rayon::ThreadPoolBuildError> + Send>(
    items: impl Iterator<Item = I> + Send,
    workers: usize,
    interrupt: &Interrupt,
    work: impl Fn(I) -> Result<T, E> + Sync,
    mut write: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(workers).build()?;
    let (sender, made) = mpsc::sync_channel(workers);
    thread::scope(|scope| {
        scope.spawn(|| pool.install(|| spread(items, interrupt, sender, &work)));
        let written = made.iter().try_for_each(|made: Result<_, E>| write(made?));
        if written.is_err() {
            interrupt.raise();
        }
        // Workers that still wait to hand over find the channel closed and end.
        drop(made);
        written
    })
}

fn spread<I: Send, T: Send>(
    items: impl Iterator<Item = I> + Send,
    interrupt: &Interrupt,
    made: mpsc::SyncSender<T>,
    work: &(impl Fn(I) -> T + Sync),
) {
    items.par_bridge().for_each_with(made, |made, item| {
        if !interrupt.is_raised() {
            // A closed channel means that writing failed; the writer reports it.
            let _ = made.send(work(item));
        }
    });
}
