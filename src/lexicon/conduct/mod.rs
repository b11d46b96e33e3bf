//! `[[conduct]]`: limits on how a call is held, for what words alone cannot tell.
//!
//! A rule names one [`Measure`] with its limits. Its examples are turns with times, for times are what it judges.
//!
//! - `measure` — what can be measured, and the limits of each.
//! - `example` — turns with times.
//! - `layer`, `compile` — the same way that other rules go.

mod compile;
mod example;
mod layer;
mod measure;

use serde::Deserialize;
use toml::Spanned;

use crate::domain::{Basis, Severity, Tier};

use super::format::Text;

pub(super) use compile::compile;
pub use example::{ConductExample, TimedTurn};
pub(super) use layer::{PlacedConduct, add};
pub use measure::Measure;

/// A `[[conduct]]` table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConductEntry {
    pub id: Text,
    pub title: String,
    pub measure: Measure,
    #[serde(default = "default_severity")]
    pub severity: Severity,
    #[serde(default = "default_tier")]
    pub tier: Tier,
    /// Words or groups that excuse what was measured.
    #[serde(default)]
    pub unless: Vec<Text>,
    pub why: String,
    #[serde(default)]
    pub basis: Vec<Text>,
    #[serde(default)]
    pub hit: Vec<Spanned<ConductExample>>,
    #[serde(default)]
    pub miss: Vec<Spanned<ConductExample>>,
}

fn default_severity() -> Severity {
    Severity::Minor
}

/// Times of a recogniser are good to a few tenths of a second, so a human ear has the last word.
fn default_tier() -> Tier {
    Tier::Review
}

/// One rule of conduct, compiled.
#[derive(Debug)]
pub struct ConductRule {
    pub id: String,
    /// Stem of the file it is from.
    pub pack: String,
    pub title: String,
    pub measure: Measure,
    pub severity: Severity,
    pub tier: Tier,
    /// In the normal form. What they excuse is the measure's business.
    pub unless: Vec<String>,
    pub why: String,
    pub basis: Vec<Basis>,
    pub hit: Vec<ConductExample>,
    pub miss: Vec<ConductExample>,
}
