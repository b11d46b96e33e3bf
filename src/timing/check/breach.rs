//! A breach and a gap in few bytes, and where threads put them.

use rayon::prelude::*;

use super::LimitNumber;
use crate::domain::Tier;

/// A call that breaks a limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breach {
    /// Place of the call in the log.
    pub call: u32,
    pub limit: LimitNumber,
    pub doubts: Doubts,
    pub evidence: Evidence,
}

impl Breach {
    /// `Violation` when the records prove it.
    pub fn tier(&self) -> Tier {
        let is_proven = self.doubts.is_empty() && !matches!(self.evidence, Evidence::Overrun { .. });
        if is_proven { Tier::Violation } else { Tier::Review }
    }
}

/// What shows a breach, beyond the call itself. Calls are given by their place in the log.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Evidence {
    /// The start alone.
    Start,
    /// The call ran past the closing time, to this second of the debtor's wall clock.
    Overrun { end_local_s: i64 },
    /// The so-manieth call that counts in the period.
    Counted { count: u32 },
    /// Too soon after this call.
    Previous { call: u32, gap_s: u32 },
    /// Calls to the debtor that were not answered before.
    Unreached { failed: u32 },
}

/// What the records leave open, each asking for a human judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Doubts(u8);

impl Doubts {
    pub const NONE: Self = Self(0);
    pub const DIRECTION: Self = Self(1);
    pub const CONTACT: Self = Self(2);
    pub const CONSENT: Self = Self(4);
    pub const REST_DAY: Self = Self(8);
    pub const OUT_OF_REACH: Self = Self(16);
    /// The limit's own.
    pub const LIMIT: Self = Self(32);

    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    pub fn and(self, more: Self) -> Self {
        Self(self.0 | more.0)
    }

    pub fn when(self, holds: bool) -> Self {
        if holds { self } else { Self::NONE }
    }

    pub fn has(self, doubt: Self) -> bool {
        self.0 & doubt.0 != 0
    }
}

/// Why a limit could not be judged for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    NoTimezone,
    NotInForce,
    NoAnswered,
    NoDuration,
    NoEnd,
    NoDebtor,
    NoNumber,
    NoContact,
    NoAgent,
    NoLender,
    NoProduct,
    NoHolidayTable,
    NoEarlierCall,
    NoRefusals,
    TextOnly,
}

impl Reason {
    pub const COUNT: usize = 15;

    pub const ALL: [Self; Self::COUNT] = [
        Self::NoTimezone,
        Self::NotInForce,
        Self::NoAnswered,
        Self::NoDuration,
        Self::NoEnd,
        Self::NoDebtor,
        Self::NoNumber,
        Self::NoContact,
        Self::NoAgent,
        Self::NoLender,
        Self::NoProduct,
        Self::NoHolidayTable,
        Self::NoEarlierCall,
        Self::NoRefusals,
        Self::TextOnly,
    ];
}

/// A limit that could not be judged for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    pub call: u32,
    pub limit: LimitNumber,
    pub reason: Reason,
}

/// What one thread found.
pub struct Sink {
    breaches: Vec<Breach>,
    gaps: Option<Vec<Gap>>,
    gap_counts: Vec<[u64; Reason::COUNT]>,
}

impl Sink {
    pub fn new(limits: usize, each_gap: bool) -> Self {
        Self {
            breaches: Vec::new(),
            gaps: each_gap.then(Vec::new),
            gap_counts: vec![[0; Reason::COUNT]; limits],
        }
    }

    pub fn breach(&mut self, call: u32, limit: LimitNumber, doubts: Doubts, evidence: Evidence) {
        self.breaches.push(Breach { call, limit, doubts, evidence });
    }

    pub fn gap(&mut self, call: u32, limit: LimitNumber, reason: Reason) {
        self.gap_counts[limit.0 as usize][reason as usize] += 1;
        if let Some(gaps) = &mut self.gaps {
            gaps.push(Gap { call, limit, reason });
        }
    }
}

/// Everything that threads found, in an order that does not depend on them.
pub(super) fn gather(sinks: Vec<Sink>, limits: usize) -> (Vec<Breach>, Vec<Gap>, Vec<[u64; Reason::COUNT]>) {
    let mut counts = vec![[0; Reason::COUNT]; limits];
    let (mut breaches, mut gaps) = (Vec::new(), Vec::new());
    for sink in sinks {
        breaches.extend(sink.breaches);
        gaps.extend(sink.gaps.unwrap_or_default());
        for (total, own) in counts.iter_mut().flatten().zip(sink.gap_counts.iter().flatten()) {
            *total += own;
        }
    }
    breaches.par_sort_unstable_by_key(|breach| (breach.call, breach.limit));
    gaps.par_sort_unstable_by_key(|gap| (gap.call, gap.limit, gap.reason));
    (breaches, gaps, counts)
}
