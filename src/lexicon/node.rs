//! The tree that every rule is compiled to, whichever way it was written.

use super::expression::{EntityKind, Unit, Window};
use super::format::{Speaks, When};

/// An operator with whose words it is about and where in the call.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub op: Op,
    /// Whose words its leaves are.
    pub speaker: Speaks,
    /// Hits that begin outside do not count.
    pub window: Option<Window>,
}

/// What is looked for. A hit has the words that were said, in one place or several; `None` and `Call` have none.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// A word of the leaf, and not inside a word of the other leaf.
    Say {
        leaf: usize,
        not_in: Option<usize>,
    },
    /// Index into [`RuleSet::patterns`](super::RuleSet::patterns).
    Pattern(usize),
    Any(Vec<Node>),
    All {
        parts: Vec<Node>,
        reach: Option<Reach>,
    },
    /// So many of the parts.
    AtLeast {
        count: usize,
        parts: Vec<Node>,
        reach: Option<Reach>,
    },
    /// Nothing of these.
    None(Vec<Node>),
    /// All slots in one passage, in a stretch of `within` characters or words from the first to the last.
    Near {
        slots: Vec<Node>,
        within: usize,
        unit: Unit,
        ordered: bool,
    },
    /// One after the other, each within reach of the one before; of the last the hit of that number, from 1.
    Sequence {
        steps: Vec<Node>,
        reach: Option<Reach>,
        hit: usize,
    },
    /// So often, within reach from the first to the last.
    Repeat {
        what: Box<Node>,
        times: usize,
        reach: Option<Reach>,
    },
    Entity(EntityKind),
    Call(When),
    /// A place where another rule hit: index into [`RuleSet::rules`](super::RuleSet::rules).
    Rule(usize),
}

/// How far hits may be apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reach {
    /// Characters that anybody said.
    Chars(usize),
    /// Words of the dictionary, in one passage.
    Words(usize),
    /// Changes of speaker.
    Turns(usize),
    /// Seconds.
    Time(f64),
}

impl Node {
    /// True if a hit lies in one passage.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match &self.op {
            Op::Say { .. } | Op::Pattern(_) | Op::Near { .. } | Op::Entity(_) => true,
            Op::Any(parts) => parts.iter().all(Self::is_local),
            _ => false,
        }
    }

    /// The nodes right below.
    #[must_use]
    pub fn parts(&self) -> &[Self] {
        match &self.op {
            Op::Any(parts) | Op::All { parts, .. } | Op::AtLeast { parts, .. } | Op::None(parts) => parts,
            Op::Near { slots, .. } => slots,
            Op::Sequence { steps, .. } => steps,
            Op::Repeat { what, .. } => std::slice::from_ref(what),
            _ => &[],
        }
    }
}
