//! From expressions as written to the tree that the detector walks.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use crate::text::NormalText;

use super::budget::{SoundBudget, is_pronounceable, near_budget};
use super::diagnostic::{Code, Diagnostic};
use super::expression::{Expression, Placed, Table};
use super::format::{Phonetic, Speaks, Text};
use super::groups::Scope;
use super::lazy_regex::LazyRegex;
use super::need::Need;
use super::node::{Node, Op, Reach};
use super::pattern;
use super::rule::Pattern;
use super::vocabulary::{Entry, Vocabulary};

/// Shortest word that is looked for by sound, standing alone, without being asked to.
const SHORTEST_BY_SOUND: usize = 2;

/// A word in the normal form, as written, and where.
pub(super) struct Phrase {
    pub text: String,
    pub written: String,
    pub length: usize,
    pub span: Range<usize>,
}

/// What an expression inherits from those around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub speaker: Speaks,
    pub phonetic: Option<Phonetic>,
    /// Other words must stand close by, so that two syllables may be told by sound.
    pub supported: bool,
}

impl Frame {
    /// How far a word of so many syllables may be misheard.
    fn budget(self, length: usize) -> Option<SoundBudget> {
        match (self.phonetic, length) {
            (Some(Phonetic::Off), _) | (_, 0 | 1) => None,
            (None, length) if length < SHORTEST_BY_SOUND && !self.supported => None,
            (Some(Phonetic::Same), _) => Some(0),
            (_, 2) if !self.supported => Some(0),
            _ => Some(near_budget(length)),
        }
    }
}

/// Compiles the expressions of one rule into the shared vocabulary.
pub(super) struct TreeCompiler<'a> {
    pub scope: Scope<'a>,
    /// Numbers of all rules by id.
    pub rules: &'a BTreeMap<&'a str, usize>,
    pub vocabulary: &'a mut Vocabulary,
    pub problems: &'a mut Vec<Diagnostic>,
}

impl TreeCompiler<'_> {
    /// The node of an expression; `None` where it is wrong and the reason was reported.
    pub fn node(&mut self, placed: &Placed, frame: Frame) -> Option<Node> {
        match placed.get_ref() {
            Expression::Word(word) => self.say(&[Text::new(placed.span(), word.clone())], frame),
            Expression::Words(words) if words.is_empty() => self.report(
                Code::EmptyGroup,
                placed.span(),
                "a list without words".into(),
                "name at least one",
            ),
            Expression::Words(words) => self.say(words, frame),
            Expression::Operator(table) => self.operator(table, placed.span(), frame),
        }
    }

    fn operator(&mut self, table: &Table, span: Range<usize>, frame: Frame) -> Option<Node> {
        let speaker = table.speaker.unwrap_or(frame.speaker);
        let frame = Frame { speaker, phonetic: table.phonetic.or(frame.phonetic), ..frame };
        let name = match table.operator() {
            Ok(name) => name,
            Err(message) => {
                let hint = "lexicons/README.md shows the operators, each with its keys";
                return self.report(Code::BadExpression, span, message, hint);
            }
        };
        let op = match name {
            "say" => self.said(table, frame)?,
            "pattern" => self.pattern(table.pattern.as_ref()?, table.except.as_ref(), frame)?,
            "any" => Op::Any(self.parts(table.any.as_ref()?, 1, &span, frame)?),
            "all" => {
                let parts = self.parts(table.all.as_ref()?, 2, &span, frame)?;
                Op::All { parts, reach: self.reach(table, &span) }
            }
            "of" => self.at_least(table, &span, frame)?,
            "none" => Op::None(self.parts(table.none.as_ref()?, 1, &span, frame)?),
            "near" => return self.near(table.near.as_ref()?, table, span, frame),
            "sequence" => self.sequence(table, &span, frame)?,
            "repeat" => self.repeat(table, &span, frame)?,
            "entity" => Op::Entity(table.entity?),
            "call" => Op::Call(table.call.clone()?),
            _ => Op::Rule(self.rule(table.rule.as_ref()?)?),
        };
        Some(Node { op, speaker, window: table.window.clone() })
    }

    fn parts(
        &mut self,
        parts: &[Placed],
        fewest: usize,
        span: &Range<usize>,
        frame: Frame,
    ) -> Option<Vec<Node>> {
        if parts.len() < fewest {
            let message = format!("the operator needs at least {fewest} expressions, not {}", parts.len());
            return self.report(
                Code::BadExpression,
                span.clone(),
                message,
                "add one, or use another operator",
            );
        }
        let frame = Frame { supported: false, ..frame };
        // All of them, so that every mistake is told.
        let nodes: Vec<Option<Node>> = parts.iter().map(|part| self.node(part, frame)).collect();
        nodes.into_iter().collect()
    }

    /// A list of words that stand alone.
    pub fn say(&mut self, words: &[Text], frame: Frame) -> Option<Node> {
        let phrases = self.phrases(words);
        self.leaf(&phrases, frame)
    }

    fn said(&mut self, table: &Table, frame: Frame) -> Option<Op> {
        let Op::Say { leaf, .. } = self.say(table.say.as_ref()?, frame)?.op else { return None };
        let off = Frame { phonetic: Some(Phonetic::Off), ..frame };
        let longer = table.not_in.as_ref().and_then(|words| self.say(words, off));
        let not_in =
            longer.and_then(|node| if let Op::Say { leaf, .. } = node.op { Some(leaf) } else { None });
        Some(Op::Say { leaf, not_in })
    }

    /// The leaf of words that were expanded already; `None` without words.
    pub fn leaf(&mut self, phrases: &[Phrase], frame: Frame) -> Option<Node> {
        let entries: Vec<Entry> = phrases
            .iter()
            .map(|phrase| Entry {
                text: phrase.text.clone(),
                written: phrase.written.clone(),
                sound: frame.budget(phrase.length).filter(|_| is_pronounceable(&phrase.text)),
            })
            .collect();
        if entries.is_empty() {
            return None;
        }
        let op = Op::Say { leaf: self.vocabulary.leaf(&entries), not_in: None };
        Some(Node { op, speaker: frame.speaker, window: None })
    }

    /// A regular expression, also heard by sound unless the rule is against it.
    pub fn pattern(&mut self, written: &Text, except: Option<&Text>, frame: Frame) -> Option<Op> {
        let compiled = self.regex(written)?;
        let except = match except {
            Some(except) => Some(self.regex(except)?.regex),
            None => None,
        };
        let supported = Frame { supported: true, ..frame };
        let entries = |words: &[String]| -> Vec<Entry> {
            let entry = |word: &String| Entry {
                text: word.clone(),
                written: word.clone(),
                sound: supported.budget(word.chars().count()).filter(|_| is_pronounceable(word)),
            };
            words.iter().map(entry).collect()
        };
        let against = except.as_ref().map_or("", LazyRegex::as_str);
        let key = format!("{:?} {} \u{0} {against}", frame.phonetic, compiled.regex.as_str());
        let number = self.vocabulary.pattern(key, |vocabulary| {
            let need = Need::new(&compiled.required, &mut |words| vocabulary.leaf(&entries(words)));
            let audible: Vec<Entry> =
                entries(&compiled.words).into_iter().filter(|entry| entry.sound.is_some()).collect();
            let heard = (!audible.is_empty()).then(|| vocabulary.leaf(&audible));
            Pattern { regex: compiled.regex, except, written: written.get_ref().clone(), need, heard }
        });
        Some(Op::Pattern(number))
    }

    fn regex(&mut self, written: &Text) -> Option<pattern::Compiled> {
        pattern::compile(self.scope, written, self.problems)
            .map_err(|problem| self.problems.push(problem))
            .ok()
    }

    /// Slots close together; also the rule's own `near` key.
    pub fn near(
        &mut self,
        slots: &[Placed],
        table: &Table,
        span: Range<usize>,
        frame: Frame,
    ) -> Option<Node> {
        if slots.len() < 2 {
            let hint = "add a slot, or write the words as `terms`";
            return self.report(Code::NearSlots, span, "a `near` of a single slot".into(), hint);
        }
        let Some(within) = table.within else {
            let hint = "say how many characters the whole stretch may have";
            return self.report(Code::BadExpression, span, "a `near` without `within`".into(), hint);
        };
        let frame = Frame { supported: true, ..frame };
        let nodes: Vec<Option<Node>> = slots.iter().map(|slot| self.slot(slot, frame)).collect();
        let slots: Vec<Node> = nodes.into_iter().collect::<Option<_>>()?;
        let unit = table.unit.unwrap_or_default();
        let least: usize = slots.iter().map(|slot| self.shortest(slot)).sum();
        if unit == super::Unit::Chars && least > within {
            let message = format!("the slots take at least {least} characters, within is {within}");
            let hint = "`within` counts from the first character of the first word to the last of the last";
            return self.report(Code::NearTooTight, span, message, hint);
        }
        let op = Op::Near { slots, within, unit, ordered: table.ordered.unwrap_or(false) };
        Some(Node { op, speaker: frame.speaker, window: table.window.clone() })
    }

    fn slot(&mut self, slot: &Placed, frame: Frame) -> Option<Node> {
        let node = self.node(slot, frame)?;
        if node.is_local() {
            return Some(node);
        }
        let hint = "a slot holds words, a pattern, an entity, `near`, or `any` of these; \
                    use `all` or `sequence` with `within_chars` for the rest";
        self.report(Code::BadExpression, slot.span(), "not something that stands in one place".into(), hint)
    }

    /// Characters that a slot takes at the least, as far as words tell.
    fn shortest(&self, node: &Node) -> usize {
        match &node.op {
            Op::Say { leaf, .. } => {
                let words = &self.vocabulary.leaves[*leaf].words;
                words.iter().map(|word| self.vocabulary.words[*word].length).min().unwrap_or(0)
            }
            Op::Any(parts) => parts.iter().map(|part| self.shortest(part)).min().unwrap_or(0),
            _ => 0,
        }
    }

    fn at_least(&mut self, table: &Table, span: &Range<usize>, frame: Frame) -> Option<Op> {
        let parts = self.parts(table.of.as_ref()?, 2, span, frame)?;
        let count = table.at_least.unwrap_or(1);
        if !(1..=parts.len()).contains(&count) {
            let message = format!("`at_least` is {count} of {}", parts.len());
            let hint = "give `at_least` from 1 to the number of expressions in `of`";
            return self.report(Code::BadExpression, span.clone(), message, hint);
        }
        Some(Op::AtLeast { count, parts, reach: self.reach(table, span) })
    }

    fn sequence(&mut self, table: &Table, span: &Range<usize>, frame: Frame) -> Option<Op> {
        let steps = self.parts(table.sequence.as_ref()?, 2, span, frame)?;
        if steps.iter().all(|step| matches!(step.op, Op::None(_) | Op::Call(_))) {
            let hint = "let one step be something that is said";
            return self.report(Code::BadExpression, span.clone(), "a sequence without words".into(), hint);
        }
        let hit = table.hit.unwrap_or(1).max(1);
        Some(Op::Sequence { steps, reach: self.reach(table, span), hit })
    }

    fn repeat(&mut self, table: &Table, span: &Range<usize>, frame: Frame) -> Option<Op> {
        let what = self.node(table.repeat.as_ref()?, Frame { supported: false, ..frame })?;
        let Some(times) = table.times.filter(|times| *times > 1) else {
            let hint = "give `times = 2` or more";
            return self.report(Code::BadExpression, span.clone(), "a `repeat` without `times`".into(), hint);
        };
        Some(Op::Repeat { what: Box::new(what), times, reach: self.reach(table, span) })
    }

    /// The distance that an operator was given, if any; of two the first, and the other is reported.
    fn reach(&mut self, table: &Table, span: &Range<usize>) -> Option<Reach> {
        let reaches = [
            table.within_chars.map(Reach::Chars),
            table.within_words.map(Reach::Words),
            table.within_turns.map(Reach::Turns),
            table.within_s.map(Reach::Time),
        ];
        let mut given = reaches.into_iter().flatten();
        let first = given.next();
        if given.next().is_some() {
            let hint = "keep one of within_chars, within_words, within_turns, within_s";
            self.report::<()>(Code::BadExpression, span.clone(), "more than one distance".into(), hint);
        }
        first
    }

    fn rule(&mut self, id: &Spanned<String>) -> Option<usize> {
        let known = self.rules.get(id.get_ref().as_str()).copied();
        if known.is_none() {
            let message = format!("unknown rule `{}`", id.get_ref());
            let hint = "`callaudit lexicon list` prints the ids of all rules";
            self.report::<()>(Code::UnknownRule, id.span(), message, hint);
        }
        known
    }

    /// Expands groups and takes every word to the normal form.
    pub fn phrases(&mut self, entries: &[Text]) -> Vec<Phrase> {
        let mut phrases = Vec::new();
        for entry in entries {
            match self.scope.words(entry.get_ref(), &entry.span()) {
                Ok(words) => phrases.extend(words.into_iter().filter_map(|w| self.phrase(w, entry.span()))),
                Err(problem) => self.problems.push(problem),
            }
        }
        phrases
    }

    fn phrase(&mut self, written: String, span: Range<usize>) -> Option<Phrase> {
        let normal = NormalText::new(&written);
        let (text, length) = (normal.as_str().to_owned(), normal.len_chars());
        if length == 0 {
            let message = format!("nothing of `{written}` is left in the normal form");
            return self.report(Code::EmptyTerm, span, message, "write words, not punctuation");
        }
        Some(Phrase { text, written, length, span })
    }

    /// Reports a mistake and gives nothing.
    pub fn report<T>(&mut self, code: Code, span: Range<usize>, message: String, hint: &str) -> Option<T> {
        self.problems.push(self.scope.source().diagnose(code, span, message, hint));
        None
    }
}
