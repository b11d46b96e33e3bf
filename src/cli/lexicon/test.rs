//! `callaudit lexicon test`: every rule against its own examples.

use std::io::{self, Write};

use super::{lower, one_line};
use crate::detect::selftest::{self, Outcome, Trial};
use crate::domain::Understanding;
use crate::lexicon::{RuleSet, Script};
use crate::weights::DEFAULT_ENCODER;

/// Prints the examples that did not do as they should; true if there are none.
pub(super) fn test(
    rules: &RuleSet,
    scripts: &[Script],
    understanding: Option<&dyn Understanding>,
    out: &mut impl Write,
) -> io::Result<bool> {
    let mut trials = selftest::run(rules, understanding);
    trials.extend(scripts.iter().flat_map(selftest::run_script));
    let bad: Vec<&Trial> = trials.iter().filter(|trial| trial.outcome != Outcome::Ok).collect();
    for trial in &bad {
        writeln!(out, "{:<8} {}: {}", lower(trial.outcome), trial.rule, one_line(&trial.text))?;
        writeln!(out, "         {}", trial.detail)?;
    }
    let count = |outcome| trials.iter().filter(|trial| trial.outcome == outcome).count();
    let (ok, missing) = (count(Outcome::Ok), count(Outcome::Missing));
    let (noisy, wrong) = (count(Outcome::Noisy), count(Outcome::Wrong));
    writeln!(
        out,
        "{} rules: {ok} ok, {missing} missing, {noisy} noisy, {wrong} wrong",
        rules.rules().len() + rules.conduct().len()
    )?;
    let untried = selftest::untried(rules).count();
    if understanding.is_none() && untried > 0 {
        writeln!(out, "{untried} rules by meaning not tried: callaudit model fetch {DEFAULT_ENCODER}")?;
    }
    Ok(bad.is_empty())
}
