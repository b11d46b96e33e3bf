//! What is understood of an utterance beyond the words that rules list.

use super::{Category, Tier};

/// One thing that an utterance means, as far as examples tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    pub of: Understood,
    /// Probability in 0..=1.
    pub probability: f64,
    /// Whether that is enough to stand by itself.
    pub tier: Tier,
    /// Examples that are most like the utterance, the nearest first.
    pub nearest: Vec<String>,
}

/// What an utterance is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Understood {
    /// The labelled examples of a category.
    Category(Category),
    /// A rule's own examples; its id.
    Rule(String),
}

/// Understands utterances. A pure function of the text: whatever else is asked, the answer is the same.
pub trait Understanding: Sync {
    /// The meanings of each utterance, none for most.
    ///
    /// # Errors
    ///
    /// Says in one sentence why nothing was understood.
    fn meanings(&self, utterances: &[String]) -> Result<Vec<Vec<Meaning>>, String>;
}
