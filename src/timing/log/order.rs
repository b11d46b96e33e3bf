//! Calls put side by side: those of one debtor, those to one number, each in order of time.

use rayon::prelude::*;

use super::{Call, Key, Log, Standing};

/// The timed calls of a log by one key, then by start.
#[derive(Debug, Clone)]
pub struct Order {
    /// Places in the log. Calls without the key come last.
    places: Vec<u32>,
    /// How many have the key.
    keyed: usize,
}

/// Groups handed to a thread at once hold about this many calls.
const SHARE_CALLS: usize = 1 << 15;

impl Order {
    /// Puts calls of equal `key` side by side.
    pub fn by(log: &Log, key: impl Fn(&Call) -> Key + Sync) -> Self {
        let (mut places, ends) = by_key(log, &key);
        let keyed = ends.last().copied().unwrap_or(0) as usize;
        let mut groups = Vec::with_capacity(ends.len());
        let (mut rest, mut start) = (&mut places[..keyed], 0);
        for end in ends {
            let (group, after) = rest.split_at_mut((end - start) as usize);
            (rest, start) = (after, end);
            if group.len() > 1 {
                groups.push(group);
            }
        }
        groups.into_par_iter().with_min_len(256).for_each(|group| sort_by_time(log, group));
        Self { places, keyed }
    }

    /// Places of the calls that have the key.
    pub fn with_key(&self) -> &[u32] {
        &self.places[..self.keyed]
    }

    /// Places of calls that lack the key.
    pub fn without_key(&self) -> &[u32] {
        &self.places[self.keyed..]
    }

    /// Runs of whole groups, for threads to share.
    pub fn shares(&self, same_group: impl Fn(u32, u32) -> bool) -> Vec<&[u32]> {
        let mut shares = Vec::new();
        let mut start = 0;
        while start < self.keyed {
            let mut end = (start + SHARE_CALLS).min(self.keyed);
            while end < self.keyed && same_group(self.places[end - 1], self.places[end]) {
                end += 1;
            }
            shares.push(&self.places[start..end]);
            start = end;
        }
        shares
    }
}

/// Places of the timed calls, counted into groups by key in the order of the log; where each key's group ends.
fn by_key(log: &Log, key: impl Fn(&Call) -> Key) -> (Vec<u32>, Vec<u32>) {
    let is_timed = |call: &Call| call.standing == Standing::Timed;
    let keys = log.calls().iter().map(&key).filter(|key| key.is_known()).max().map_or(0, |key| key.0 + 1);
    // The last slot is for calls without the key.
    let slot = |call: &Call| if key(call).is_known() { key(call).0 as usize } else { keys as usize };
    let mut next = vec![0_u32; keys as usize + 2];
    for call in log.calls().iter().filter(|call| is_timed(call)) {
        next[slot(call) + 1] += 1;
    }
    for at in 1..next.len() {
        next[at] += next[at - 1];
    }
    let mut places = vec![0; next[next.len() - 1] as usize];
    for (index, call) in log.calls().iter().enumerate().filter(|(_, call)| is_timed(call)) {
        let slot = slot(call);
        places[next[slot] as usize] = index as u32;
        next[slot] += 1;
    }
    // Each slot's next place is now its end.
    next.truncate(keys as usize);
    (places, next)
}

/// By start, then by name: the order of the input decides only between rows that tell the same.
fn sort_by_time(log: &Log, group: &mut [u32]) {
    let is_earlier = |a: u32, b: u32| {
        let (one, two) = (log.call(a).start_s, log.call(b).start_s);
        one.cmp(&two).then_with(|| (log.name(a), a).cmp(&(log.name(b), b)))
    };
    group.sort_unstable_by(|a, b| is_earlier(*a, *b));
}
