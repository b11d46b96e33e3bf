//! A fixed number of costly workers, made when first needed and lent to one thread at a time.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Lends out at most `limit` values; who finds none waits.
pub(super) struct Pool<T> {
    stock: Mutex<Stock<T>>,
    returned: Condvar,
    limit: usize,
}

struct Stock<T> {
    idle: Vec<T>,
    /// Values that exist or are being made.
    made: usize,
}

impl<T> Pool<T> {
    /// An empty pool; a `limit` of 0 counts as 1.
    pub(super) fn new(limit: usize) -> Self {
        let stock = Mutex::new(Stock { idle: Vec::new(), made: 0 });
        Self { stock, returned: Condvar::new(), limit: limit.max(1) }
    }

    /// Runs `work` on a value of the pool, made by `make` when none is idle and the limit allows one more.
    ///
    /// `work` must not lend from the same pool: the value it waits for may be its own.
    pub(super) fn lend<R, E>(
        &self,
        make: impl FnOnce() -> Result<T, E>,
        work: impl FnOnce(&mut T) -> R,
    ) -> Result<R, E> {
        let idle = self.take();
        let place = Place(self);
        let mut value = match idle {
            Some(value) => value,
            None => make()?,
        };
        let result = work(&mut value);
        place.keep(value);
        Ok(result)
    }

    /// An idle value, or `None` as leave to make one. Waits while there is neither.
    fn take(&self) -> Option<T> {
        let mut stock = self.open();
        loop {
            if let Some(value) = stock.idle.pop() {
                return Some(value);
            }
            if stock.made < self.limit {
                stock.made += 1;
                return None;
            }
            stock = self.returned.wait(stock).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The stock is whole whatever its last user did: no code runs between two changes of it.
    fn open(&self) -> MutexGuard<'_, Stock<T>> {
        self.stock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to one value. Dropped before the value is kept (making it failed, or the work panicked), it lets
/// another be made.
struct Place<'a, T>(&'a Pool<T>);

impl<T> Place<'_, T> {
    fn keep(self, value: T) {
        let mut stock = self.0.open();
        stock.idle.push(value);
        stock.made += 1; // `drop` takes it back
    }
}

impl<T> Drop for Place<'_, T> {
    fn drop(&mut self) {
        self.0.open().made -= 1;
        self.0.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn values_are_made_when_needed_and_used_again() {
        let pool = Pool::new(2);
        let made = AtomicUsize::new(0);
        let new = || Ok::<_, ()>(made.fetch_add(1, Ordering::SeqCst));
        for _ in 0..3 {
            assert_eq!(pool.lend(new, |value| *value), Ok(0));
        }
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn no_more_than_the_limit_at_once() {
        let pool = Pool::new(2);
        let (made, now, most) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let new = || Ok::<_, ()>(made.fetch_add(1, Ordering::SeqCst));
                    pool.lend(new, |_| {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::sleep(Duration::from_millis(2));
                        now.fetch_sub(1, Ordering::SeqCst);
                    })
                });
            }
        });
        assert!(made.load(Ordering::SeqCst) <= 2);
        assert!(most.load(Ordering::SeqCst) <= 2);
    }

    #[test]
    fn a_failure_or_a_panic_gives_the_place_back() {
        let pool: Pool<u8> = Pool::new(1);
        assert_eq!(pool.lend(|| Err("none"), |_| ()), Err("none"));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            pool.lend(|| Ok::<_, ()>(1), |_| panic!("in the work"))
        }));
        assert!(panicked.is_err());
        assert_eq!(pool.lend(|| Ok::<_, ()>(2), |value| *value), Ok(2));
    }
}
