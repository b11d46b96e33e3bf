//! Scripts (话术流程): a lender's own steps, in TOML, that a call is held against.
//!
//! A step is compiled into a rule of good conduct of the script's own small rule set, so that words, patterns, sound and
//! context mean the same in a script and in a pack. Scripts use the shared groups of `groups.toml` and their own.

mod format;
mod load;

/// The types of the format, for the test of its documentation.
#[cfg(test)]
pub(super) mod keys {
    pub(in crate::lexicon) use super::format::{Order, ScriptFile, ScriptHead, StepEntry, Tolerance};
}

pub use format::{Order, Tolerance};
pub use load::{check_scripts, find_script, load_scripts, script_from_text};

use super::rule::RuleSet;

/// A script, ready to be followed.
#[derive(Debug)]
pub struct Script {
    pub id: String,
    pub title: String,
    pub tolerance: Tolerance,
    /// In the order of the file; never empty.
    pub steps: Vec<Step>,
    /// One rule a step, found by the step's id.
    pub rules: RuleSet,
}

/// One step of a script.
#[derive(Debug)]
pub struct Step {
    /// Also the id of its rule.
    pub id: String,
    pub title: String,
    pub required: bool,
    pub order: Order,
    /// Seconds from the agent's first word; absent for any time.
    pub within_s: Option<f64>,
}
