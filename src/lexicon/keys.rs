//! What the documentation owes the format: every key and every value of a choice is mentioned in `lexicons/README.md`.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

use super::coaching::CoachingEntry;
use super::cue::{CueEntry, CuePlace};
use super::expression::{EntityKind, OPERATORS, Table, Unit, Window};
use super::format::*;
use super::scoring::{ScoringEntry, VerdictEntry};
use super::script::keys::*;
use crate::domain::Cost;

const README: &str = include_str!("../../lexicons/README.md");

/// A deserializer that only asks a type for its names.
struct Names<'a>(&'a mut Vec<&'static str>);

#[derive(Debug)]
struct Asked;

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("asked")
    }
}

impl std::error::Error for Asked {}

impl de::Error for Asked {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = Asked;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Asked> {
        Err(Asked)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Asked> {
        self.0.extend(fields);
        Err(Asked)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Asked> {
        self.0.extend(variants);
        Err(Asked)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

fn names<T: for<'de> Deserialize<'de>>() -> Vec<&'static str> {
    let mut names = Vec::new();
    assert!(T::deserialize(Names(&mut names)).is_err());
    assert!(!names.is_empty());
    names
}

/// True where a name stands as a word of its own.
fn is_mentioned(name: &str) -> bool {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    README.match_indices(name).any(|(start, _)| {
        !README[..start].ends_with(is_word) && !README[start + name.len()..].starts_with(is_word)
    })
}

#[test]
fn every_key_and_value_is_documented() {
    for names in [
        names::<PackFile>(),
        names::<RuleEntry>(),
        names::<NearEntry>(),
        names::<UnlessEntry>(),
        names::<MustSayEntry>(),
        names::<ConditionEntry>(),
        names::<ExampleTable>(),
        names::<When>(),
        names::<Table>(),
        names::<Window>(),
        names::<CueEntry>(),
        names::<CuePlace>(),
        names::<EntityKind>(),
        names::<Unit>(),
        names::<Speaks>(),
        names::<Phonetic>(),
        names::<Silence>(),
        names::<Answerer>(),
        names::<Polarity>(),
        names::<ScoringEntry>(),
        names::<VerdictEntry>(),
        names::<CoachingEntry>(),
        names::<Cost>(),
        names::<ScriptFile>(),
        names::<ScriptHead>(),
        names::<Tolerance>(),
        names::<StepEntry>(),
        names::<Order>(),
    ] {
        let forgotten: Vec<_> = names.into_iter().filter(|name| !is_mentioned(name)).collect();
        assert!(forgotten.is_empty(), "lexicons/README.md says nothing of {forgotten:?}");
    }
}

#[test]
fn the_table_of_operators_knows_every_key() {
    let listed: Vec<&str> =
        OPERATORS.iter().flat_map(|(name, keys)| keys.iter().copied().chain([*name])).collect();
    let stray: Vec<_> = names::<Table>().into_iter().filter(|key| !listed.contains(key)).collect();
    assert_eq!(stray, ["speaker", "window"]);
}
