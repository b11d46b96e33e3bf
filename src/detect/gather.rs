//! From words in a passage to candidates: terms, filled `near`s, patterns that a word announced; and what was stated.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::lexicon::{Role, RuleSet};

use super::candidate::{Candidate, Heard, Kind};
use super::near::{self, SlotHit};
use super::passage::Passage;
use super::scan::{WordHit, words};
use super::sound::other_word;

/// What one passage holds.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub candidates: Vec<Candidate>,
    pub mentions: Vec<Mention>,
}

/// A required statement, or a condition of one, that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// Index into the rule set's rules.
    pub rule: usize,
    pub condition: bool,
    pub range: Range<usize>,
}

/// Gathers everything that rules may be about. A passage without any word of theirs costs the two word passes only.
pub(super) fn gather(passage: &Passage, rules: &RuleSet) -> Gathered {
    let mut gathered = Gathered::default();
    let mut slots: BTreeMap<(usize, usize), Vec<SlotHit>> = BTreeMap::new();
    let mut patterns: BTreeSet<usize> = rules.unanchored().iter().copied().collect();
    for hit in words(passage, rules) {
        let word = &rules.words()[hit.word];
        for usage in word.uses.iter().filter(|usage| hit.serves(usage)) {
            match usage.role {
                Role::Term => gathered.candidates.push(term(usage.rule, &hit, passage, rules)),
                Role::Slot { near, slot } => {
                    slots.entry((usage.rule, near)).or_default().push(SlotHit::new(slot, &hit));
                }
                Role::Announces { pattern } => {
                    patterns.insert(pattern);
                }
                Role::Statement | Role::Condition => gathered.mentions.push(Mention {
                    rule: usage.rule,
                    condition: usage.role == Role::Condition,
                    range: hit.range.clone(),
                }),
            }
        }
    }
    for ((rule, near), hits) in slots {
        gathered.candidates.extend(near::fill(rule, near, hits, passage, rules));
    }
    for pattern in patterns {
        run(pattern, passage, rules, &mut gathered);
    }
    gathered
}

fn term(rule: usize, hit: &WordHit, passage: &Passage, rules: &RuleSet) -> Candidate {
    let word = &rules.words()[hit.word];
    let heard = hit.misheard.map(|cost| Heard {
        syllables: word.length,
        cost,
        rather: other_word(passage, &hit.range, &word.text, cost),
    });
    Candidate {
        rule,
        kind: Kind::Term,
        parts: vec![hit.range.clone()],
        meant: word.written.clone(),
        length: word.length,
        heard: heard.unwrap_or_default(),
    }
}

fn run(number: usize, passage: &Passage, rules: &RuleSet, gathered: &mut Gathered) {
    let pattern = &rules.patterns()[number];
    for found in pattern.regex.find_iter(&passage.text) {
        match pattern.role {
            Role::Statement | Role::Condition => gathered.mentions.push(Mention {
                rule: pattern.rule,
                condition: pattern.role == Role::Condition,
                range: found.range(),
            }),
            _ => gathered.candidates.push(Candidate {
                rule: pattern.rule,
                kind: Kind::Pattern,
                parts: vec![found.range()],
                meant: format!("{}：{}", rules.rules()[pattern.rule].title, found.as_str()),
                length: found.as_str().chars().count(),
                heard: Heard::default(),
            }),
        }
    }
}
