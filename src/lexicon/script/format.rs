//! The TOML of a script as its writer wrote it. Steps say what they look for in the words of a rule.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::super::expression::Expression;
use super::super::format::{
    ExampleEntry, NearEntry, PackFile, Phonetic, RuleEntry, Silence, Text, UnlessEntry, When,
};

/// One file of a `scripts` directory.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::lexicon) struct ScriptFile {
    pub script: ScriptHead,
    #[serde(default)]
    pub groups: BTreeMap<Text, Vec<Text>>,
    #[serde(default)]
    pub step: Vec<StepEntry>,
}

/// The `[script]` table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::lexicon) struct ScriptHead {
    /// The file's stem.
    pub id: Text,
    pub title: String,
    #[serde(default)]
    pub tolerance: Tolerance,
}

/// How far a call may stray and still follow the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tolerance {
    /// Required steps out of order.
    pub swapped: usize,
    /// Required steps that are missing.
    pub skipped: usize,
}

/// A `[[step]]` table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::lexicon) struct StepEntry {
    pub id: Text,
    pub title: String,
    /// Any of these words; "@x" is a group.
    #[serde(default)]
    pub say: Vec<Text>,
    #[serde(default)]
    pub patterns: Vec<Text>,
    #[serde(default)]
    pub near: Vec<Spanned<NearEntry>>,
    pub r#match: Option<Spanned<Expression>>,
    pub phonetic: Option<Phonetic>,
    pub unless: Option<UnlessEntry>,
    /// Context that takes a hit back: quotation, unless said otherwise.
    pub silence: Option<Vec<Silence>>,
    #[serde(default = "yes")]
    pub required: bool,
    #[serde(default)]
    pub order: Order,
    /// Seconds from the agent's first word.
    pub within_s: Option<f64>,
    #[serde(default)]
    pub when: When,
    #[serde(default)]
    pub hit: Vec<Spanned<ExampleEntry>>,
    #[serde(default)]
    pub miss: Vec<Spanned<ExampleEntry>>,
}

fn yes() -> bool {
    true
}

/// Whether a step has its place among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    #[default]
    Strict,
    Any,
}

/// What a step needs of a rule beside its own keys.
const RULE: &str =
    "id = ''\ntitle = ''\ncategory = 'good_conduct'\npolarity = 'good'\nseverity = 'info'\nwhy = ''";

impl StepEntry {
    /// The step as a rule of good conduct, which the detector then finds as it finds any.
    pub fn into_rule(self) -> Result<RuleEntry, toml::de::Error> {
        let plain: RuleEntry = toml::from_str(RULE)?;
        Ok(RuleEntry {
            id: self.id,
            title: self.title,
            terms: self.say,
            patterns: self.patterns,
            near: self.near,
            r#match: self.r#match,
            like: Vec::new(),
            semantic: false,
            phonetic: self.phonetic,
            unless: self.unless,
            silence: self.silence.unwrap_or_else(|| vec![Silence::Quotation]),
            when: self.when,
            hit: self.hit,
            miss: self.miss,
            ..plain
        })
    }
}

/// A pack of these rules.
pub(super) fn pack(
    groups: BTreeMap<Text, Vec<Text>>,
    rule: Vec<RuleEntry>,
) -> Result<PackFile, toml::de::Error> {
    let empty: PackFile = toml::from_str("")?;
    Ok(PackFile { groups, rule, ..empty })
}
