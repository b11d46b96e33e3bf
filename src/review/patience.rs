//! How often somebody may mistake a password.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Mistakes within [`SPAN`] after which nobody is let in under the name, nor from the address.
const MISTAKES: usize = 5;
const SPAN: Duration = Duration::from_mins(15);
/// Names and addresses remembered; beyond that the oldest are forgotten.
const REMEMBERED: usize = 10_000;

/// Failed sign-ins by name and by address.
#[derive(Default)]
pub(super) struct Patience(Mutex<HashMap<String, Vec<Instant>>>);

impl Patience {
    /// True while the key may try.
    pub(super) fn lasts(&self, key: &str, now: Instant) -> bool {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failed.get_mut(key).is_none_or(|times| {
            times.retain(|time| now.duration_since(*time) < SPAN);
            times.len() < MISTAKES
        })
    }

    pub(super) fn failed(&self, key: &str, now: Instant) {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.len() >= REMEMBERED {
            failed.retain(|_, times| times.last().is_some_and(|time| now.duration_since(*time) < SPAN));
        }
        if failed.len() >= REMEMBERED {
            failed.clear();
        }
        failed.entry(key.to_owned()).or_default().push(now);
    }

    pub(super) fn succeeded(&self, key: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_mistakes_and_a_quarter_of_an_hour() {
        let (patience, start) = (Patience::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        for second in 0..5 {
            assert!(patience.lasts("qa", after(second)));
            patience.failed("qa", after(second));
        }
        assert!(!patience.lasts("qa", after(6)) && patience.lasts("other", after(6)));
        assert!(!patience.lasts("qa", after(899)) && patience.lasts("qa", after(901)));
        patience.succeeded("qa");
        assert!(patience.lasts("qa", after(6)));
    }
}
