//! `callaudit lexicon check`: mistakes in the packs.

use std::io::{self, Write};

use crate::lexicon::{Checked, Diagnostic};

/// Prints every mistake and all advice; true if the packs load.
pub(super) fn check(
    checked: &Checked,
    advice: &[Diagnostic],
    styled: bool,
    out: &mut impl Write,
) -> io::Result<bool> {
    for diagnostic in checked.diagnostics.iter().chain(advice) {
        writeln!(out, "{}\n", diagnostic.render(styled))?;
    }
    let errors = checked.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let warnings = checked.diagnostics.len() + advice.len() - errors;
    let rules = checked.rules.as_ref().map_or(0, |rules| rules.rules().len() + rules.conduct().len());
    match errors {
        0 => writeln!(out, "{rules} rules, {warnings} warnings")?,
        _ => writeln!(out, "{errors} errors, {warnings} warnings: the packs do not load")?,
    }
    Ok(errors == 0)
}
