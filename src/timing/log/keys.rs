//! Texts that many calls share, each kept once and named by a number.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::call::{Call, Key};

/// The fields whose texts are shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Debtor,
    Number,
    Agent,
    Team,
    Lender,
    Product,
    Consent,
}

const FIELDS: usize = 7;

/// The tables of all fields.
#[derive(Debug, Clone, Default)]
pub struct KeyTables([KeyTable; FIELDS]);

impl KeyTables {
    /// The key of a text; none for a blank one.
    pub fn key(&mut self, field: Field, text: Option<&str>) -> Key {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        text.map_or(Key::NONE, |text| self.0[field as usize].add(text))
    }

    pub fn find(&self, field: Field, text: &str) -> Option<Key> {
        self.0[field as usize].find(text)
    }

    pub fn text(&self, field: Field, key: Key) -> Option<&str> {
        self.0[field as usize].text(key)
    }

    /// All texts of a field, in the order of their keys.
    pub fn texts(&self, field: Field) -> impl Iterator<Item = &str> {
        let table = &self.0[field as usize];
        (0..table.ends.len() as u32).map(|key| slice(&table.texts, &table.ends, key))
    }

    /// Takes over the texts of a part.
    pub fn absorb(&mut self, part: &Self) -> Renumbering {
        let mut tables = self.0.iter_mut().zip(&part.0);
        Renumbering(std::array::from_fn(|_| {
            tables.next().map_or_else(Vec::new, |(table, part)| table.absorb(part))
        }))
    }
}

/// From the keys of a part to those of the log.
pub struct Renumbering([Vec<Key>; FIELDS]);

impl Renumbering {
    pub fn renumbered(&self, call: Call) -> Call {
        let to = |field: Field, key: Key| {
            if key.is_known() { self.0[field as usize][key.0 as usize] } else { Key::NONE }
        };
        Call {
            debtor: to(Field::Debtor, call.debtor),
            number: to(Field::Number, call.number),
            agent: to(Field::Agent, call.agent),
            team: to(Field::Team, call.team),
            lender: to(Field::Lender, call.lender),
            product: to(Field::Product, call.product),
            consent: to(Field::Consent, call.consent),
            ..call
        }
    }
}

/// Texts in the order of their first appearance.
#[derive(Debug, Clone, Default)]
struct KeyTable {
    /// Keys, found by the hash of their texts.
    found: HashTable<u32>,
    hashes: Vec<u64>,
    /// All texts one behind the other, and where each ends.
    texts: String,
    ends: Vec<usize>,
}

impl KeyTable {
    fn add(&mut self, text: &str) -> Key {
        self.add_hashed(hash(text), text)
    }

    fn add_hashed(&mut self, hash: u64, text: &str) -> Key {
        let Self { found, hashes, texts, ends } = self;
        let is_it = |key: &u32| hashes[*key as usize] == hash && slice(texts, ends, *key) == text;
        if let Some(key) = found.find(hash, is_it) {
            return Key(*key);
        }
        // A log has fewer rows than a key has values.
        let key = u32::try_from(ends.len()).unwrap_or(Key::NONE.0);
        texts.push_str(text);
        ends.push(texts.len());
        hashes.push(hash);
        found.insert_unique(hash, key, |key| hashes[*key as usize]);
        Key(key)
    }

    fn find(&self, text: &str) -> Option<Key> {
        let key = self.found.find(hash(text), |key| slice(&self.texts, &self.ends, *key) == text);
        key.copied().map(Key)
    }

    fn text(&self, key: Key) -> Option<&str> {
        ((key.0 as usize) < self.ends.len()).then(|| slice(&self.texts, &self.ends, key.0))
    }

    fn absorb(&mut self, part: &Self) -> Vec<Key> {
        let keys = 0..part.ends.len() as u32;
        keys.zip(&part.hashes)
            .map(|(key, hash)| self.add_hashed(*hash, slice(&part.texts, &part.ends, key)))
            .collect()
    }
}

fn hash(text: &str) -> u64 {
    FixedState::default().hash_one(text)
}

fn slice<'a>(texts: &'a str, ends: &[usize], key: u32) -> &'a str {
    let key = key as usize;
    let start = if key == 0 { 0 } else { ends[key - 1] };
    &texts[start..ends[key]]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blanks_are_no_text() {
        let mut tables = KeyTables::default();
        let keys = [Some(" D1 "), Some("D1"), Some("  "), None].map(|text| tables.key(Field::Debtor, text));
        assert_eq!(keys, [Key(0), Key(0), Key::NONE, Key::NONE]);
        assert_eq!(tables.text(Field::Debtor, Key(0)), Some("D1"));
        assert_eq!((tables.text(Field::Debtor, Key::NONE), tables.find(Field::Agent, "D1")), (None, None));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn equal_texts_and_only_they_share_a_key(parts in prop::collection::vec(prop::collection::vec("[ab甲]{1,3}", 0..20), 0..5)) {
            let mut table = KeyTable::default();
            let mut keys = Vec::new();
            for texts in &parts {
                let mut part = KeyTable::default();
                let own: Vec<Key> = texts.iter().map(|text| part.add(text)).collect();
                let absorbed = table.absorb(&part);
                keys.extend(own.iter().map(|key| absorbed[key.0 as usize]));
            }
            for (text, key) in parts.concat().iter().zip(&keys) {
                prop_assert_eq!(table.text(*key), Some(text.as_str()));
                prop_assert_eq!(table.find(text), Some(*key));
            }
        }
    }
}
