//! Something that a rule may be about, before context decides.

use std::ops::Range;

use crate::domain::Grade;

/// A place of a passage that fills a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Index into the rule set's rules.
    pub rule: usize,
    pub kind: Kind,
    /// Byte ranges of the passage's text, in order; never empty. A `near` has one a slot.
    pub parts: Vec<Range<usize>>,
    /// What matched, as the rule's writer would know it.
    pub meant: String,
    /// Characters that matched by themselves or by sound.
    pub length: usize,
    /// Characters that matched by sound only, and at what cost.
    pub heard: Heard,
}

/// By which part of its rule a candidate was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Term,
    Near,
    Pattern,
}

/// How much of a candidate rests on sound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Heard {
    pub syllables: usize,
    pub cost: u16,
    /// A word that more probably was said, in bytes of the passage's text.
    pub rather: Option<Range<usize>>,
}

impl Candidate {
    /// From the first byte of the first part to the last of the last.
    pub fn range(&self) -> Range<usize> {
        let start = self.parts.iter().map(|part| part.start).min().unwrap_or(0);
        start..self.parts.iter().map(|part| part.end).max().unwrap_or(start)
    }

    pub fn grade(&self) -> Grade {
        if self.heard.syllables == 0 { Grade::Exact } else { Grade::Phonetic }
    }
}
