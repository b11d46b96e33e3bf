//! Words in one passage that fill (a part of) a rule, and hits made of them.

use std::ops::Range;

use crate::domain::Grade;
use crate::lexicon::Rule;

use super::applies::Applies;
use super::context::Silenced;
use super::talk::Place;

/// A place of a passage that fills an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
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

/// By what kind of expression a candidate was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A word of the rule set, by its number.
    Term(usize),
    Near,
    Pattern,
    Entity,
    /// A whole utterance by what it means.
    Meaning {
        /// Probability in hundredths.
        percent: u8,
        /// Whether that is enough to stand by itself.
        convicts: bool,
    },
}

/// How much of a candidate rests on sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Heard {
    pub syllables: usize,
    pub cost: u16,
}

impl Candidate {
    /// From the first byte of the first part to the last of the last.
    pub fn range(&self) -> Range<usize> {
        let start = self.parts.iter().map(|part| part.start).min().unwrap_or(0);
        start..self.parts.iter().map(|part| part.end).max().unwrap_or(start)
    }

    pub fn grade(&self) -> Grade {
        match self.kind {
            Kind::Meaning { .. } => Grade::Semantic,
            _ if self.heard.syllables == 0 => Grade::Exact,
            _ => Grade::Phonetic,
        }
    }

    /// What matched, for a reader of the rule's findings: a pattern's match says little without the rule's title.
    pub fn meant_in(&self, rule: &Rule) -> String {
        if self.kind == Kind::Pattern {
            format!("{}：{}", rule.title, self.meant)
        } else {
            self.meant.clone()
        }
    }

    /// Adds the words of another candidate of the passage.
    pub fn absorb(&mut self, other: &Self) {
        self.parts.extend(other.parts.iter().cloned());
        self.parts.sort_by_key(|part| (part.start, part.end));
        self.parts.dedup();
    }
}

/// Where an expression is true: words in one passage or several, or none where it asks for none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hit {
    /// In order of place.
    pub said: Vec<Said>,
    /// What took it back.
    pub silenced: Option<Silenced>,
    /// Whether the call is one that the expression is for.
    pub applies: Applies,
}

/// A candidate and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// Index of the passage.
    pub passage: usize,
    pub candidate: Candidate,
}

impl Said {
    pub fn start(&self) -> Place {
        (self.passage, self.candidate.range().start)
    }

    pub fn end(&self) -> Place {
        (self.passage, self.candidate.range().end)
    }
}

impl Hit {
    /// A hit without words.
    pub fn wordless(applies: Applies) -> Self {
        Self { said: Vec::new(), silenced: None, applies }
    }

    /// The first byte; `None` without words.
    pub fn start(&self) -> Option<Place> {
        self.said.iter().map(Said::start).min()
    }

    /// Behind the last byte; `None` without words.
    pub fn end(&self) -> Option<Place> {
        self.said.iter().map(Said::end).max()
    }

    pub fn counts(&self) -> bool {
        self.silenced.is_none()
    }

    /// Several hits as one, which counts only if all of them do.
    pub fn joined<'h>(hits: impl IntoIterator<Item = &'h Self>) -> Self {
        let mut joined = Self::wordless(Applies::Yes);
        for hit in hits {
            joined.said.extend(hit.said.iter().cloned());
            joined.silenced = joined.silenced.or_else(|| hit.silenced.clone());
            joined.applies = joined.applies.min(hit.applies);
        }
        joined.said.sort_by_key(|said| (said.start(), said.end()));
        joined.said.dedup();
        joined
    }
}
