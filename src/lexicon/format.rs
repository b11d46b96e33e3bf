//! The TOML of a rule pack as its writer wrote it, with the positions that a diagnostic points at.
//!
//! Unknown keys are refused. A user's file may hold any of the parts; `groups.toml` and `basis.toml` hold one each.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use toml::Spanned;

use crate::domain::{Basis, Category, Contact, Direction, Severity, Speaker, Tier};

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
    pub rule: Vec<RuleEntry>,
    pub scoring: Option<ScoringEntry>,
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
    vec![Silence::Negation, Silence::Quotation]
}

fn default_tier() -> Tier {
    Tier::Violation
}

/// Whether a rule is about a breach or about good conduct, which is never a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    #[default]
    Bad,
    Good,
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
    Negation,
    Quotation,
    Question,
}

/// Calls that a rule is for. An empty list asks nothing.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    pub contact: Vec<Contact>,
    pub product: Vec<String>,
    pub direction: Vec<Direction>,
}

/// `{ all = [slot, …], within = 14, ordered = false }`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NearEntry {
    pub all: Vec<Spanned<SlotEntry>>,
    /// Characters that the whole hit may span.
    pub within: usize,
    #[serde(default)]
    pub ordered: bool,
}

/// One slot of a `near`: a word, a group, or a list of them.
#[derive(Debug)]
pub(super) enum SlotEntry {
    One(String),
    Any(Vec<Text>),
}

/// `unless = { terms, patterns, within }`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UnlessEntry {
    pub terms: Vec<Text>,
    pub patterns: Vec<Text>,
    /// Characters between the hit and the words; the whole passage where absent.
    pub within: Option<usize>,
}

/// `must_say = { … }`
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct MustSayEntry {
    pub terms: Vec<Text>,
    pub patterns: Vec<Text>,
    /// Seconds from the agent's first word; 0 for the whole call.
    pub within_s: f64,
    /// Turns of the agent; 0 for the whole call.
    pub first_turns: usize,
    pub only_if: Option<Spanned<CueEntry>>,
}

/// Words that make a statement required.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CueEntry {
    pub terms: Vec<Text>,
    pub patterns: Vec<Text>,
}

/// A `hit` or `miss`: words, or words with the call they were said in.
#[derive(Debug)]
pub(super) struct ExampleEntry {
    pub text: String,
    pub contact: Option<Contact>,
}

// The two types below are written by hand because serde's untagged enums lose the positions.

impl<'de> Deserialize<'de> for SlotEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SlotVisitor;
        impl<'de> Visitor<'de> for SlotVisitor {
            type Value = SlotEntry;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a word, a group such as \"@family\", or a list of them")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<SlotEntry, E> {
                Ok(SlotEntry::One(word.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut words: A) -> Result<SlotEntry, A::Error> {
                let mut list = Vec::new();
                while let Some(word) = words.next_element()? {
                    list.push(word);
                }
                Ok(SlotEntry::Any(list))
            }
        }
        deserializer.deserialize_any(SlotVisitor)
    }
}

impl<'de> Deserialize<'de> for ExampleEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            text: String,
            contact: Option<Contact>,
        }
        struct ExampleVisitor;
        impl<'de> Visitor<'de> for ExampleVisitor {
            type Value = ExampleEntry;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("a sentence, or a table { text = \"…\", contact = \"family\" }")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ExampleEntry, E> {
                Ok(ExampleEntry { text: text.to_owned(), contact: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ExampleEntry, A::Error> {
                let Table { text, contact } = Table::deserialize(MapAccessDeserializer::new(map))?;
                Ok(ExampleEntry { text, contact })
            }
        }
        deserializer.deserialize_any(ExampleVisitor)
    }
}
