//! The texts that heads are trained on: the project's own calls, some of them as heard, and innocent lines.

use sha2::{Digest, Sha256};

use crate::domain::{Category, hex};
use crate::lexicon::{innocent_lines, labelled_turns};

use super::FOLDS;

/// Innocent lines that are held back together: neighbours were written about the same things.
const INNOCENT_RUN: usize = 100;

/// A text with what it is an example of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Example {
    pub text: &'static str,
    pub categories: Vec<Category>,
    /// The part that it is held back with.
    pub fold: usize,
    pub is_misheard: bool,
    /// Nothing to do with collection, or a lawful reminder.
    pub is_innocent: bool,
}

/// All of them, in an order that only the files decide.
pub(super) fn all() -> Vec<Example> {
    let turns = labelled_turns().into_iter().map(|turn| Example {
        text: turn.text,
        categories: turn.categories,
        fold: turn.file % FOLDS,
        is_misheard: turn.is_misheard,
        is_innocent: false,
    });
    let innocent = innocent_lines().enumerate().map(|(number, text)| Example {
        text,
        categories: Vec::new(),
        fold: number / INNOCENT_RUN % FOLDS,
        is_misheard: false,
        is_innocent: true,
    });
    turns.chain(innocent).collect()
}

/// SHA-256 over texts and labels.
pub(super) fn digest(examples: &[Example]) -> String {
    let mut hash = Sha256::new();
    for example in examples {
        let labels: Vec<&str> = example.categories.iter().map(|category| category.id()).collect();
        hash.update(format!("{}\t{}\n", labels.join(","), example.text));
    }
    hex(&hash.finalize())
}
