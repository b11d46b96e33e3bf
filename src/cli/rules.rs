//! Rule packs for commands that need them whole.

use std::path::PathBuf;

use super::failure::Failure;
use crate::lexicon::{self, RuleSet};

/// Loads the built-in packs with the user's directories over them.
pub(super) fn load(layers: &[PathBuf]) -> Result<RuleSet, Failure> {
    lexicon::load(layers).map_err(|diagnostics| {
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        let told: Vec<_> = errors.map(|diagnostic| diagnostic.render(false)).collect();
        Failure::new(
            format!("the rule packs have mistakes\n{}", told.join("\n")),
            "see callaudit lexicon check",
        )
    })
}
