//! The TOML of a rule pack as its writer wrote it, with the positions that a diagnostic points at.
//!
//! Unknown keys are refused. A user's file may hold any of the parts; `groups.toml` and `basis.toml` hold one each.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use toml::Spanned;

use crate::domain::{Basis, Category, Contact, Direction, Severity, Speaker, Tier};

use super::coaching::CoachingEntry;
use super::conduct::ConductEntry;
use super::cue::CueEntry;
use super::expression::Expression;
use super::scoring::ScoringEntry;

/// A string with its place in the file.
pub(super) type Text = Spanned<String>;

/// One file of a lexicon directory.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackFile {
    pub pack: Option<PackHead>,
    /// Ids of rules of earlier layers that this layer switches off.
    #[serde(default)]
    pub disable: Vec<Text>,
    #[serde(default)]
    pub groups: BTreeMap<Text, Vec<Text>>,
    #[serde(default)]
    pub basis: BTreeMap<Text, Spanned<Basis>>,
    #[serde(default)]
    pub cue: Vec<Spanned<CueEntry>>,
    #[serde(default)]
    pub rule: Vec<RuleEntry>,
    pub scoring: Option<ScoringEntry>,
    #[serde(default)]
    pub conduct: Vec<ConductEntry>,
    #[serde(default)]
    pub coaching: BTreeMap<Text, CoachingEntry>,
}

impl PackFile {
    /// True for a file that says how to speak and judges nothing.
    pub fn only_coaches(&self) -> bool {
        let judges = self.scoring.is_some()
            || !self.disable.is_empty()
            || !self.groups.is_empty()
            || !self.basis.is_empty()
            || !self.cue.is_empty()
            || !self.rule.is_empty()
            || !self.conduct.is_empty();
        !self.coaching.is_empty() && !judges
    }
}

/// The `[pack]` table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackHead {
    /// The file's stem.
    pub id: Text,
    #[serde(rename = "title")]
    pub _title: String,
    #[serde(rename = "version")]
    pub _version: u32,
}

/// A `[[rule]]` table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleEntry {
    pub id: Text,
    pub title: String,
    pub category: Spanned<Category>,
    pub severity: Severity,
    #[serde(default)]
    pub speaker: Speaks,
    #[serde(default)]
    pub terms: Vec<Text>,
    #[serde(default)]
    pub patterns: Vec<Text>,
    #[serde(default)]
    pub near: Vec<Spanned<NearEntry>>,
    pub r#match: Option<Spanned<Expression>>,
    /// Examples: what means the same is a hit, whatever its words.
    #[serde(default)]
    pub like: Vec<Text>,
    /// True for the rule of what the trained examples of its category are like.
    #[serde(default)]
    pub semantic: bool,
    pub phonetic: Option<Phonetic>,
    pub unless: Option<UnlessEntry>,
    #[serde(default = "default_silence")]
    pub silence: Vec<Silence>,
    #[serde(default)]
    pub when: When,
    #[serde(default = "default_tier")]
    pub tier: Tier,
    pub must_say: Option<Spanned<MustSayEntry>>,
    #[serde(default)]
    pub polarity: Polarity,
    /// What good conduct is worth.
    #[serde(default)]
    pub points: u32,
    pub why: String,
    #[serde(default)]
    pub basis: Vec<Text>,
    #[serde(default)]
    pub hit: Vec<Spanned<ExampleEntry>>,
    #[serde(default)]
    pub miss: Vec<Spanned<ExampleEntry>>,
}

fn default_silence() -> Vec<Silence> {
    vec![Silence::Negation, Silence::Refusal, Silence::Quotation, Silence::Reported, Silence::Hypothetical]
}

fn default_tier() -> Tier {
    Tier::Violation
}

/// Whether a rule is about a breach, about good conduct, or about what other calls are judged by: only the first makes
/// findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    #[default]
    Bad,
    Good,
    Mark,
}

/// Whose words a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaks {
    #[default]
    Agent,
    Customer,
    Any,
}

impl Speaks {
    /// True where words by `speaker` are the rule's business; an unknown speaker may be anybody.
    #[must_use]
    pub fn includes(self, speaker: Speaker) -> bool {
        match self {
            Self::Any => true,
            Self::Agent => speaker != Speaker::Customer,
            Self::Customer => speaker != Speaker::Agent,
        }
    }
}

/// How far a term may be misheard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phonetic {
    /// The very characters.
    Off,
    /// Any characters of the same toneless sound.
    Same,
    /// Also sounds that speakers or recognisers confuse.
    Near,
}

/// Context that takes a hit back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Silence {
    /// It is said not to be so, or not to be done.
    Negation,
    /// The agent says that he will not do it, or may not.
    Refusal,
    /// The listener's own words, repeated.
    Quotation,
    /// Told as the words of a third person.
    Reported,
    /// Anybody might do so: 如果有人….
    Hypothetical,
    Question,
}

/// Who is on the line, as far as record and talk tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answerer {
    /// Confirmed to be the debtor.
    Debtor,
    /// Somebody who owes nothing.
    Third,
    /// Neither confirmed nor denied.
    Unknown,
}

/// Calls that a rule is for. An empty list asks nothing.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    pub contact: Vec<Contact>,
    pub product: Vec<String>,
    pub direction: Vec<Direction>,
    /// Judged at the moment of the hit, from the record and from the talk.
    pub answered_by: Vec<Answerer>,
}

/// `{ all = [slot, …], within = 14, ordered = false }`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NearEntry {
    pub all: Vec<Spanned<Expression>>,
    /// Characters that the whole hit may span.
    pub within: usize,
    #[serde(default)]
    pub ordered: bool,
}

/// `unless = { terms, patterns, match, within }`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UnlessEntry {
    pub terms: Vec<Text>,
    pub patterns: Vec<Text>,
    pub r#match: Option<Spanned<Expression>>,
    /// Characters between the hit and the words; where absent, the whole passage, for `match` the whole call.
    pub within: Option<usize>,
}

/// `must_say = { … }`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MustSayEntry {
    pub terms: Vec<Text>,
    pub patterns: Vec<Text>,
    pub r#match: Option<Spanned<Expression>>,
    /// Seconds from the agent's first word; 0 for the whole call.
    pub within_s: f64,
    /// Turns of the agent; 0 for the whole call.
    pub first_turns: usize,
    pub only_if: Option<Spanned<ConditionEntry>>,
}

/// Words that make a statement required.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ConditionEntry {
    pub terms: Vec<Text>,
    pub patterns: Vec<Text>,
    pub r#match: Option<Spanned<Expression>>,
}

/// A `hit` or `miss`: words, or words with the call they were said in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleTable {
    pub text: String,
    pub contact: Option<Contact>,
    pub product: Option<String>,
    pub direction: Option<Direction>,
}

/// An [`ExampleTable`], or only its text.
#[derive(Debug)]
pub(super) struct ExampleEntry(pub ExampleTable);

// Written by hand because serde's untagged enums lose the positions.
impl<'de> Deserialize<'de> for ExampleEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ExampleVisitor;
        impl<'de> Visitor<'de> for ExampleVisitor {
            type Value = ExampleEntry;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a sentence, or a table { text = \"…\", contact = \"family\" }")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ExampleEntry, E> {
                let text = text.to_owned();
                Ok(ExampleEntry(ExampleTable { text, contact: None, product: None, direction: None }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ExampleEntry, A::Error> {
                ExampleTable::deserialize(MapAccessDeserializer::new(map)).map(ExampleEntry)
            }
        }
        deserializer.deserialize_any(ExampleVisitor)
    }
}
