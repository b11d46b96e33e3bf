//! Overviews kept for a while: what is dear to count is not counted for everybody who looks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::oversight::{Overview, Period};

/// An overview is shown for this many times as long as it took to count: counting takes a twentieth of a core at most, and
/// what is counted at once is always new.
const SHOWN_TIMES: u32 = 20;
/// Overviews kept.
const MOST: usize = 64;

/// Of what an overview is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Subject {
    pub period: Period,
    pub team: Option<String>,
    pub agent_id: Option<String>,
}

struct Kept {
    counted_at: Instant,
    until: Instant,
    overview: Arc<Overview>,
}

/// Shared by all requests.
#[derive(Default)]
pub(super) struct Overviews(Mutex<HashMap<Subject, Kept>>);

impl Overviews {
    /// What was counted, and how long ago. Of all who ask after its time, the first gets nothing and counts anew; the
    /// others get what there is meanwhile.
    pub(super) fn get(&self, subject: &Subject, now: Instant) -> Option<(Arc<Overview>, Duration)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get_mut(subject)?;
        if kept.until <= now {
            kept.until = now + (kept.until - kept.counted_at);
            return None;
        }
        Some((kept.overview.clone(), now - kept.counted_at))
    }

    /// Keeps what was counted from `begun_at` to `now`.
    pub(super) fn put(&self, subject: Subject, overview: Arc<Overview>, begun_at: Instant, now: Instant) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, kept| kept.until > now);
        }
        if all.len() < MOST {
            let until = now + (now - begun_at) * SHOWN_TIMES;
            all.insert(subject, Kept { counted_at: now, until, overview });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oversight::{Agreement, Share};
    use crate::store::SampleCount;
    use jiff::civil::date;

    #[test]
    fn one_counts_and_the_others_see_what_there_is() {
        let period = Period::up_to(date(2026, 3, 1), 30);
        let subject = Subject { period, team: None, agent_id: None };
        let overviews = Overviews::default();
        let begun = Instant::now();
        let after = |milliseconds| begun + Duration::from_millis(milliseconds);
        assert!(overviews.get(&subject, begun).is_none());
        overviews.put(subject.clone(), Arc::new(empty(period)), begun, after(10));
        // Counted in 10 ms, shown for 200.
        assert_eq!(overviews.get(&subject, after(209)).unwrap().1, Duration::from_millis(199));
        assert!(overviews.get(&subject, after(210)).is_none(), "the first counts anew");
        assert!(overviews.get(&subject, after(211)).is_some(), "the next one does not wait");
        assert!(overviews.get(&Subject { team: Some("T".into()), ..subject }, begun).is_none());
    }

    fn empty(period: Period) -> Overview {
        Overview {
            period,
            calls: 0,
            heard: 0,
            flagged: Share::default(),
            flagged_before: Share::default(),
            complaints: 0,
            by_day: Vec::new(),
            by_hour: Vec::new(),
            by_team: Vec::new(),
            by_agent: Vec::new(),
            by_category: Vec::new(),
            by_rule: Vec::new(),
            agreement: Agreement { findings: 0, agreed: 0, alpha: None },
            samples: SampleCount { heard: 0, missed: 0 },
            missed_below: None,
            warnings: Vec::new(),
        }
    }
}
