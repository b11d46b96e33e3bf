//! `match = EXPR`: the tree of a rule as its writer wrote it.
//!
//! An expression is a word, a list of words, or a table with exactly one operator and the keys that belong to it
//! ([`OPERATORS`]). `speaker` and `window` go with every operator.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use toml::Spanned;

use super::format::{Phonetic, Speaks, Text, When};

/// An expression with its place in the file.
pub(super) type Placed = Spanned<Expression>;

/// A word (or `@group`), a list of them, or an operator's table.
#[derive(Debug)]
pub(super) enum Expression {
    Word(String),
    Words(Vec<Text>),
    Operator(Box<Table>),
}

/// All keys that an operator's table may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Table {
    pub say: Option<Vec<Text>>,
    pub pattern: Option<Text>,
    pub any: Option<Vec<Placed>>,
    pub all: Option<Vec<Placed>>,
    pub of: Option<Vec<Placed>>,
    pub none: Option<Vec<Placed>>,
    pub near: Option<Vec<Placed>>,
    pub sequence: Option<Vec<Placed>>,
    pub repeat: Option<Box<Placed>>,
    pub entity: Option<EntityKind>,
    pub call: Option<When>,
    pub rule: Option<Text>,

    pub not_in: Option<Vec<Text>>,
    pub phonetic: Option<Phonetic>,
    pub except: Option<Text>,
    pub at_least: Option<usize>,
    pub within: Option<usize>,
    pub unit: Option<Unit>,
    pub ordered: Option<bool>,
    pub within_chars: Option<usize>,
    pub within_words: Option<usize>,
    pub within_turns: Option<usize>,
    pub within_s: Option<f64>,
    pub hit: Option<usize>,
    pub times: Option<usize>,

    pub speaker: Option<Speaks>,
    pub window: Option<Window>,
}

/// Operators, each with the keys that only some operators have.
pub(super) const OPERATORS: &[(&str, &[&str])] = &[
    ("say", &["not_in", "phonetic"]),
    ("pattern", &["except", "phonetic"]),
    ("any", &[]),
    ("all", REACHES),
    ("of", &["at_least", "within_chars", "within_words", "within_turns", "within_s"]),
    ("none", &[]),
    ("near", &["within", "unit", "ordered"]),
    ("sequence", &["within_chars", "within_words", "within_turns", "within_s", "hit"]),
    ("repeat", &["times", "within_chars", "within_words", "within_turns", "within_s"]),
    ("entity", &[]),
    ("call", &[]),
    ("rule", &[]),
];

/// Keys that say how far apart hits may be.
const REACHES: &[&str] = &["within_chars", "within_words", "within_turns", "within_s"];

impl Table {
    /// The table's operator.
    ///
    /// # Errors
    /// What is wrong with the table's keys, as a message.
    pub fn operator(&self) -> Result<&'static str, String> {
        let given: Vec<&(&str, &[&str])> = OPERATORS.iter().filter(|(name, _)| self.has(name)).collect();
        let [(name, keys)] = given[..] else {
            let names: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
            return Err(format!("an expression has one operator, not {}: {}", names.len(), names.join(", ")));
        };
        let known = || OPERATORS.iter().flat_map(|(_, keys)| keys.iter());
        match known().find(|key| self.has(key) && !keys.contains(key)) {
            Some(stranger) => Err(format!("`{stranger}` does not go with `{name}`")),
            None => Ok(name),
        }
    }

    /// True if the key is given; false for keys that go with every operator.
    fn has(&self, key: &str) -> bool {
        match key {
            "say" => self.say.is_some(),
            "pattern" => self.pattern.is_some(),
            "any" => self.any.is_some(),
            "all" => self.all.is_some(),
            "of" => self.of.is_some(),
            "none" => self.none.is_some(),
            "near" => self.near.is_some(),
            "sequence" => self.sequence.is_some(),
            "repeat" => self.repeat.is_some(),
            "entity" => self.entity.is_some(),
            "call" => self.call.is_some(),
            "rule" => self.rule.is_some(),
            "not_in" => self.not_in.is_some(),
            "phonetic" => self.phonetic.is_some(),
            "except" => self.except.is_some(),
            "at_least" => self.at_least.is_some(),
            "within" => self.within.is_some(),
            "unit" => self.unit.is_some(),
            "ordered" => self.ordered.is_some(),
            "within_chars" => self.within_chars.is_some(),
            "within_words" => self.within_words.is_some(),
            "within_turns" => self.within_turns.is_some(),
            "within_s" => self.within_s.is_some(),
            "hit" => self.hit.is_some(),
            "times" => self.times.is_some(),
            _ => false,
        }
    }
}

/// What the distance within a `near` is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    #[default]
    Chars,
    /// Words of the dictionary.
    Words,
}

/// Things that are told by their form and not by a list of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// 三千块
    Amount,
    /// 下个月十五号
    Date,
    Phone,
    IdNumber,
    BankCard,
    /// 王先生
    Person,
    /// 你老婆
    Relation,
    /// 某某银行
    Organisation,
}

/// A part of the call. Absent limits ask nothing.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Window {
    /// Seconds from the agent's first word, or from anybody's where no agent speaks.
    pub from_s: Option<f64>,
    pub to_s: Option<f64>,
    /// Turns of whoever says it, from the beginning or the end of the call.
    pub first_turns: Option<usize>,
    pub last_turns: Option<usize>,
    /// Per cent of the time from the first word of the call to the last.
    pub from_percent: Option<f64>,
    pub to_percent: Option<f64>,
}

// Written by hand because serde's untagged enums lose the positions.
impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ExpressionVisitor;
        impl<'de> Visitor<'de> for ExpressionVisitor {
            type Value = Expression;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter
                    .write_str("a word, a group such as \"@family\", a list of them, or an operator's table")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Expression, E> {
                Ok(Expression::Word(word.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut words: A) -> Result<Expression, A::Error> {
                let mut list = Vec::new();
                while let Some(word) = words.next_element()? {
                    list.push(word);
                }
                Ok(Expression::Words(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Expression, A::Error> {
                Table::deserialize(MapAccessDeserializer::new(map)).map(Box::new).map(Expression::Operator)
            }
        }
        deserializer.deserialize_any(ExpressionVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_one_operator_and_its_own_keys() {
        for (table, expected) in [
            ("say = [\"砍死\"]", Ok("say")),
            ("say = [\"砍死\"]\nspeaker = \"any\"\nwindow = { to_s = 9 }", Ok("say")),
            ("at_least = 2\nof = [\"甲\", [\"乙\", \"丙\"], { any = [\"丁\"] }]", Ok("of")),
            ("sequence = [\"甲\", \"乙\"]\nwithin_turns = 2\nhit = 2", Ok("sequence")),
            ("", Err("an expression has one operator, not 0: ")),
            ("say = []\nany = []", Err("an expression has one operator, not 2: say, any")),
            ("say = []\nwithin = 3", Err("`within` does not go with `say`")),
            ("near = []\nwithin_s = 3", Err("`within_s` does not go with `near`")),
        ] {
            let table: Table = toml::from_str(table).unwrap();
            assert_eq!(table.operator(), expected.map_err(str::to_owned));
        }
        assert!(toml::from_str::<Table>("sayy = []").is_err());
    }
}
