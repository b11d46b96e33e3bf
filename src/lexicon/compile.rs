//! From layered rule entries to one immutable [`RuleSet`].

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::domain::hex;
use crate::text::NormalText;

use super::diagnostic::{Code, Diagnostic};
use super::example::Example;
use super::format::{
    ExampleEntry, MustSayEntry, NearEntry, Phonetic, RuleEntry, SlotEntry, Text, UnlessEntry,
};
use super::groups::Scope;
use super::layers::{Layered, PlacedRule};
use super::rule::{Body, Near, Pattern, Required, Role, Rule, RuleSet, Unless, Use};
use super::sound::{SoundBudget, is_pronounceable, near_budget};
use super::vocabulary::Vocabulary;
use super::{lint, pattern};

/// Shortest term that is looked for by sound without being asked to.
const SHORTEST_BY_SOUND: usize = 3;

/// Compiles all rules; what is wrong with them goes to `problems`. `None` if the words do not fit into one index.
pub(super) fn compile(layered: &Layered, problems: &mut Vec<Diagnostic>) -> Option<RuleSet> {
    let mut vocabulary = Vocabulary::default();
    let mut rules = Vec::new();
    for placed in layered.rules.values() {
        let scope = Scope::new(layered, placed.file);
        lint::check(layered, scope.source(), &placed.entry, problems);
        let phonetic = placed.entry.phonetic;
        let mut compiler =
            RuleCompiler { scope, rule: rules.len(), phonetic, vocabulary: &mut vocabulary, problems };
        let body = compiler.body(&placed.entry);
        rules.push(rule(layered, placed, body));
    }
    problems.extend(layered.scoring.unknown(|id| layered.rules.contains_key(id)));
    problems.sort_by(|a, b| (&a.file, a.line, a.column, a.code).cmp(&(&b.file, b.line, b.column, b.code)));
    let exact = vocabulary.exact_index().map_err(|error| problems.push(too_many(layered, &error))).ok()?;
    let sound = vocabulary.sound_index();
    let Vocabulary { words, patterns, unanchored, .. } = vocabulary;
    let scoring = layered.scoring.scoring.clone();
    Some(RuleSet { rules, words, patterns, unanchored, exact, sound, scoring, digest: digest(layered) })
}

fn too_many(layered: &Layered, error: &aho_corasick::BuildError) -> Diagnostic {
    let source = super::source::SourceFile::new("lexicons", "", layered.sources.len());
    let hint = "split the packs and run them one after the other";
    source.diagnose(Code::TooManyWords, 0..0, format!("the words of all packs do not fit: {error}"), hint)
}

/// SHA-256 over name and text of every file, in order. Directories do not count: a moved pack is the same pack.
fn digest(layered: &Layered) -> String {
    let mut hash = Sha256::new();
    for source in &layered.sources {
        for part in [source.stem(), &source.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update((source.layer as u64).to_le_bytes());
    }
    hex(&hash.finalize())
}

fn rule(layered: &Layered, placed: &PlacedRule, body: Body) -> Rule {
    let entry = &placed.entry;
    let basis = entry.basis.iter().filter_map(|id| layered.basis.get(id.get_ref())).cloned().collect();
    Rule {
        id: entry.id.get_ref().clone(),
        pack: layered.sources[placed.file].stem().to_owned(),
        title: entry.title.clone(),
        category: *entry.category.get_ref(),
        severity: entry.severity,
        speaker: entry.speaker,
        tier: entry.tier,
        polarity: entry.polarity,
        points: entry.points,
        silence: entry.silence.clone(),
        when: entry.when.clone(),
        why: entry.why.trim().to_owned(),
        basis,
        body,
        hit: entry.hit.iter().map(|example| self::example(example.get_ref())).collect(),
        miss: entry.miss.iter().map(|example| self::example(example.get_ref())).collect(),
    }
}

fn example(entry: &ExampleEntry) -> Example {
    Example::new(&entry.text, entry.contact)
}

/// A word in the normal form, as written, and where.
struct Phrase {
    text: String,
    written: String,
    length: usize,
    span: Range<usize>,
}

/// Compiles the body of one rule into the shared vocabulary.
struct RuleCompiler<'a> {
    scope: Scope<'a>,
    rule: usize,
    phonetic: Option<Phonetic>,
    vocabulary: &'a mut Vocabulary,
    problems: &'a mut Vec<Diagnostic>,
}

impl RuleCompiler<'_> {
    fn body(&mut self, entry: &RuleEntry) -> Body {
        if let Some(must_say) = &entry.must_say {
            return Body::Required(self.required(must_say.get_ref()));
        }
        let terms = self.phrases(&entry.terms);
        self.check_lengths(&terms);
        self.add(&terms, Role::Term, Self::term_budget);
        self.add_patterns(&entry.patterns, Role::Term);
        let near = entry.near.iter().enumerate().map(|(n, near)| self.near(n, near.get_ref(), near.span()));
        let near = near.collect();
        Body::Said { near, unless: entry.unless.as_ref().map(|u| self.unless(u)).unwrap_or_default() }
    }

    fn required(&mut self, must_say: &MustSayEntry) -> Required {
        let statement = self.phrases(&must_say.terms);
        self.add(&statement, Role::Statement, Self::term_budget);
        self.add_patterns(&must_say.patterns, Role::Statement);
        if let Some(cue) = must_say.only_if.as_ref().map(toml::Spanned::get_ref) {
            let condition = self.phrases(&cue.terms);
            self.add(&condition, Role::Condition, Self::term_budget);
            self.add_patterns(&cue.patterns, Role::Condition);
        }
        Required {
            within_s: must_say.within_s,
            first_turns: must_say.first_turns,
            conditional: must_say.only_if.is_some(),
        }
    }

    fn near(&mut self, number: usize, near: &NearEntry, span: Range<usize>) -> Near {
        let mut least = 0;
        for (slot, entry) in near.all.iter().enumerate() {
            let words = self.slot(entry.get_ref(), entry.span());
            least += words.iter().map(|word| word.length).min().unwrap_or(0);
            self.add(&words, Role::Slot { near: number, slot }, Self::slot_budget);
        }
        if least > near.within {
            let message = format!("the slots take at least {least} characters, within is {}", near.within);
            let hint = "`within` counts from the first character of the first word to the last of the last";
            self.report(Code::NearTooTight, span, message, hint);
        }
        Near { slots: near.all.len(), within: near.within, ordered: near.ordered }
    }

    fn slot(&mut self, entry: &SlotEntry, span: Range<usize>) -> Vec<Phrase> {
        match entry {
            SlotEntry::One(word) => self.phrases(&[Text::new(span, word.clone())]),
            SlotEntry::Any(words) if words.is_empty() => {
                self.report(Code::EmptyGroup, span, "a slot without words".into(), "name at least one");
                Vec::new()
            }
            SlotEntry::Any(words) => self.phrases(words),
        }
    }

    fn unless(&mut self, entry: &UnlessEntry) -> Unless {
        let terms = self.phrases(&entry.terms).into_iter().map(|phrase| phrase.text).collect();
        let patterns = entry.patterns.iter().filter_map(|pattern| self.pattern(pattern)).map(|p| p.regex);
        Unless { terms, patterns: patterns.collect(), within: entry.within }
    }

    /// Expands groups and takes every word to the normal form.
    fn phrases(&mut self, entries: &[Text]) -> Vec<Phrase> {
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
            self.report(Code::EmptyTerm, span, message, "write words, not punctuation");
            return None;
        }
        Some(Phrase { text, written, length, span })
    }

    fn check_lengths(&mut self, terms: &[Phrase]) {
        for term in terms {
            if term.length == 1 {
                let message = format!("term `{}` is a single character", term.written);
                let hint = "write a longer word, or make it a slot of a `near`";
                self.report(Code::ShortTerm, term.span.clone(), message, hint);
            } else if term.length == 2 && matches!(self.phonetic, Some(Phonetic::Same | Phonetic::Near)) {
                let message = format!("term `{}` has two syllables and is looked for by sound", term.written);
                let hint = "a hit by sound alone will only ever ask for review; a longer term does better";
                self.report(Code::ShortBySound, term.span.clone(), message, hint);
            }
        }
    }

    fn add(&mut self, words: &[Phrase], role: Role, budget: fn(&Self, usize) -> Option<SoundBudget>) {
        for word in words {
            let sound = budget(self, word.length).filter(|_| is_pronounceable(&word.text));
            self.vocabulary.add(&word.text, &word.written, Use { rule: self.rule, role, sound });
        }
    }

    /// A term stands alone: by default only long ones are told by sound, and two syllables must sound the same.
    fn term_budget(&self, length: usize) -> Option<SoundBudget> {
        match (self.phonetic, length) {
            (Some(Phonetic::Off), _) | (_, 0 | 1) => None,
            (None, length) if length < SHORTEST_BY_SOUND => None,
            (Some(Phonetic::Same), _) | (_, 2) => Some(0),
            _ => Some(near_budget(length)),
        }
    }

    /// A slot is supported by the other slots, so two syllables may be told by sound.
    fn slot_budget(&self, length: usize) -> Option<SoundBudget> {
        match (self.phonetic, length) {
            (Some(Phonetic::Off), _) | (_, 0 | 1) => None,
            (Some(Phonetic::Same), _) => Some(0),
            _ => Some(near_budget(length)),
        }
    }

    fn add_patterns(&mut self, patterns: &[Text], role: Role) {
        for written in patterns {
            if let Some(compiled) = self.pattern(written) {
                let written = written.get_ref().clone();
                let pattern = Pattern { regex: compiled.regex, written, rule: self.rule, role };
                self.vocabulary.add_pattern(pattern, &compiled.announcers);
            }
        }
    }

    fn pattern(&mut self, written: &Text) -> Option<pattern::Compiled> {
        pattern::compile(self.scope, written, self.problems)
            .map_err(|problem| self.problems.push(problem))
            .ok()
    }

    fn report(&mut self, code: Code, span: Range<usize>, message: String, hint: &str) {
        self.problems.push(self.scope.source().diagnose(code, span, message, hint));
    }
}
