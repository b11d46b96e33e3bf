//! Rule packs for commands that need them whole.

use std::path::PathBuf;

use super::failure::Failure;
use crate::lexicon::{self, Diagnostic, RuleSet, Script};

/// Loads the built-in packs with the user's directories over them.
pub(super) fn load(layers: &[PathBuf]) -> Result<RuleSet, Failure> {
    lexicon::load(layers).map_err(|diagnostics| mistakes("the rule packs have", &diagnostics))
}

/// Loads every script beside the packs.
pub(super) fn load_scripts(layers: &[PathBuf]) -> Result<Vec<Script>, Failure> {
    lexicon::load_scripts(layers).map_err(|diagnostics| mistakes("the scripts have", &diagnostics))
}

/// Loads the script of a name or file.
pub(super) fn find_script(name: &str, layers: &[PathBuf]) -> Result<Script, Failure> {
    lexicon::find_script(name, layers).map_err(|diagnostics| mistakes("the script has", &diagnostics))
}

fn mistakes(what: &str, diagnostics: &[Diagnostic]) -> Failure {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let told: Vec<_> = errors.map(|diagnostic| diagnostic.render(false)).collect();
    Failure::new(format!("{what} mistakes\n{}", told.join("\n")), "see callaudit lexicon check")
}
