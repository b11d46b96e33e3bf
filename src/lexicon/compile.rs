//! From layered rule entries to one immutable [`RuleSet`].

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::domain::hex;

use super::conduct;
use super::cue;
use super::cycle;
use super::diagnostic::{Code, Diagnostic};
use super::example::Example;
use super::expression::{Placed, Table, Window};
use super::format::{ExampleEntry, MustSayEntry, NearEntry, Phonetic, RuleEntry, Speaks, Text, UnlessEntry};
use super::groups::Scope;
use super::index::WordIndex;
use super::layers::{Layered, PlacedRule};
use super::leaf_set::LeafSet;
use super::lint;
use super::node::{Node, Op};
use super::rule::{Body, Clause, Nearness, Required, Rule, RuleSet, Unless};
use super::tree::{Frame, Phrase, TreeCompiler};
use super::trigger::trigger;
use super::vocabulary::Vocabulary;

/// Compiles all rules; what is wrong with them goes to `problems`. `None` if the words do not fit into one index.
pub(super) fn compile(layered: &Layered, problems: &mut Vec<Diagnostic>) -> Option<RuleSet> {
    let mut vocabulary = Vocabulary::default();
    let numbers: BTreeMap<&str, usize> = layered.rules.keys().map(String::as_str).zip(0..).collect();
    let (mut rules, mut clauses) = (Vec::new(), Vec::new());
    for placed in layered.rules.values() {
        let scope = Scope::new(layered, placed.file);
        lint::check(layered, scope.source(), &placed.entry, problems);
        let tree = TreeCompiler { scope, rules: &numbers, vocabulary: &mut vocabulary, problems };
        let body =
            RuleCompiler { tree, entry: &placed.entry, clauses: &mut clauses, rule: rules.len() }.body();
        rules.push(rule(layered, placed, body));
    }
    let conduct = conduct::compile(layered, problems);
    let cues = cue::compile(layered, problems);
    cycle::check(layered, &rules, &clauses, problems);
    problems.extend(layered.scoring.unknown(|id| layered.rules.contains_key(id)));
    let is_coached = |id: &str| layered.rules.contains_key(id) || layered.conduct.contains_key(id);
    problems.extend(layered.coaching.unknown(is_coached));
    problems.sort_by(|a, b| (&a.file, a.line, a.column, a.code).cmp(&(&b.file, b.line, b.column, b.code)));
    let untriggered = set_triggers(&clauses, &mut vocabulary);
    vocabulary.gather_leaves();
    let Vocabulary { words, leaves, patterns, .. } = vocabulary;
    let index = WordIndex::new(&words).map_err(|error| problems.push(too_many(layered, &error))).ok()?;
    let mut triggers = LeafSet::new(leaves.len());
    let announcing = leaves.iter().enumerate().filter(|(_, leaf)| !leaf.triggers.is_empty());
    announcing.for_each(|(number, _)| triggers.insert(number));
    let (scoring, digest) = (layered.scoring.scoring.clone(), digest(layered));
    Some(RuleSet {
        rules,
        cues,
        clauses,
        untriggered,
        conduct,
        words,
        leaves,
        patterns,
        triggers,
        index,
        scoring,
        coaching: layered.coaching.coaching.clone(),
        digest,
    })
}

/// Tells each leaf which clauses it announces; gives the clauses that nothing announces.
fn set_triggers(clauses: &[Clause], vocabulary: &mut Vocabulary) -> Vec<usize> {
    let mut untriggered = Vec::new();
    for (number, clause) in clauses.iter().enumerate() {
        match trigger(&clause.node, vocabulary) {
            Some(leaves) => leaves.iter().for_each(|leaf| vocabulary.leaves[*leaf].triggers.push(number)),
            None => untriggered.push(number),
        }
    }
    untriggered
}

fn too_many(layered: &Layered, error: &aho_corasick::BuildError) -> Diagnostic {
    let source = super::source::SourceFile::new("lexicons", "", layered.sources.len());
    let hint = "split the packs and run them one after the other";
    source.diagnose(Code::TooManyWords, 0..0, format!("the words of all packs do not fit: {error}"), hint)
}

/// SHA-256 over name and text of every file that judges, in order. Directories do not count: a moved pack is the same
/// pack.
fn digest(layered: &Layered) -> String {
    let mut hash = Sha256::new();
    let judging = layered.sources.iter().enumerate().filter(|(number, _)| !layered.coaches.contains(number));
    for (_, source) in judging {
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
        like: entry.like.iter().map(|example| example.get_ref().clone()).collect(),
        semantic: entry.semantic,
        hit: entry.hit.iter().map(|example| self::example(example.get_ref())).collect(),
        miss: entry.miss.iter().map(|example| self::example(example.get_ref())).collect(),
    }
}

fn example(ExampleEntry(entry): &ExampleEntry) -> Example {
    let (product, direction) = (entry.product.clone(), entry.direction);
    Example { contact: entry.contact, product, direction, ..Example::new(&entry.text) }
}

/// Compiles the body of one rule: every way of writing it becomes the same tree.
struct RuleCompiler<'a, 'b> {
    tree: TreeCompiler<'a>,
    entry: &'a RuleEntry,
    clauses: &'b mut Vec<Clause>,
    /// The rule's number.
    rule: usize,
}

impl RuleCompiler<'_, '_> {
    fn body(mut self) -> Body {
        let entry = self.entry;
        match &entry.must_say {
            Some(must_say) => self.required(must_say.get_ref()),
            None => self.said(),
        }
    }

    fn frame(&self) -> Frame {
        Frame { speaker: self.entry.speaker, phonetic: self.entry.phonetic, supported: false }
    }

    fn said(&mut self) -> Body {
        let entry = self.entry;
        let terms = self.tree.phrases(&entry.terms);
        self.check_lengths(&terms);
        let mut nodes: Vec<Node> = self.tree.leaf(&terms, self.frame()).into_iter().collect();
        nodes.extend(self.patterns(&entry.patterns, self.frame()));
        nodes.extend(entry.near.iter().filter_map(|near| self.near(near)));
        nodes.extend(self.expression(entry.r#match.as_ref(), self.frame()));
        let first = self.clauses.len();
        for node in nodes {
            self.add_clauses(node);
        }
        let unless = entry.unless.as_ref().map(|unless| self.unless(unless)).unwrap_or_default();
        Body::Said { clauses: first..self.clauses.len(), unless }
    }

    /// Branches of an `any` are looked at one by one.
    fn add_clauses(&mut self, node: Node) {
        match node {
            Node { op: Op::Any(parts), window: None, .. } => {
                for part in parts {
                    self.add_clauses(part);
                }
            }
            node => self.clauses.push(Clause { rule: self.rule, node }),
        }
    }

    fn patterns(&mut self, patterns: &[Text], frame: Frame) -> Vec<Node> {
        let ops = patterns.iter().filter_map(|pattern| self.tree.pattern(pattern, None, frame));
        ops.map(|op| Node { op, speaker: frame.speaker, window: None }).collect()
    }

    fn near(&mut self, near: &toml::Spanned<NearEntry>) -> Option<Node> {
        let NearEntry { all, within, ordered } = near.get_ref();
        let table = Table { within: Some(*within), ordered: Some(*ordered), ..Table::default() };
        let frame = self.frame();
        self.tree.near(all, &table, near.span(), frame)
    }

    fn expression(&mut self, expression: Option<&Placed>, frame: Frame) -> Option<Node> {
        expression.and_then(|placed| self.tree.node(placed, frame))
    }

    /// Terms, patterns and an expression, any of which will do; `None` without any.
    fn any(
        &mut self,
        terms: &[Text],
        patterns: &[Text],
        expression: Option<&Placed>,
        frame: Frame,
    ) -> Option<Node> {
        let mut nodes: Vec<Node> = self.tree.say(terms, frame).into_iter().collect();
        nodes.extend(self.patterns(patterns, frame));
        nodes.extend(self.expression(expression, frame));
        (!nodes.is_empty()).then_some(Node { op: Op::Any(nodes), speaker: frame.speaker, window: None })
    }

    /// Words of an exception are taken as written: what may be misheard must not take a hit back.
    fn unless(&mut self, entry: &UnlessEntry) -> Vec<Unless> {
        let chars = entry.within.map(Nearness::Chars);
        let frame = Frame { speaker: Speaks::Any, phonetic: Some(Phonetic::Off), supported: false };
        let beside = self.any(&entry.terms, &entry.patterns, None, frame);
        let anywhere = self.expression(entry.r#match.as_ref(), frame);
        let beside = beside.map(|node| Unless { node, near: chars.unwrap_or(Nearness::Passage) });
        let anywhere = anywhere.map(|node| Unless { node, near: chars.unwrap_or(Nearness::Call) });
        beside.into_iter().chain(anywhere).collect()
    }

    fn required(&mut self, must_say: &MustSayEntry) -> Body {
        let frame = self.frame();
        let said = self.any(&must_say.terms, &must_say.patterns, must_say.r#match.as_ref(), frame);
        let window = Window {
            to_s: (must_say.within_s > 0.0).then_some(must_say.within_s),
            first_turns: (must_say.first_turns > 0).then_some(must_say.first_turns),
            ..Window::default()
        };
        let nothing = Node { op: Op::Any(Vec::new()), speaker: frame.speaker, window: None };
        let statement = Node { window: Some(window), ..said.unwrap_or(nothing) };
        let only_if = must_say.only_if.as_ref().and_then(|cue| {
            let cue = cue.get_ref();
            self.any(&cue.terms, &cue.patterns, cue.r#match.as_ref(), frame)
        });
        Body::Required(Box::new(Required { statement, only_if }))
    }

    fn check_lengths(&mut self, terms: &[Phrase]) {
        for term in terms {
            if term.length == 1 {
                let message = format!("term `{}` is a single character", term.written);
                let hint = "write a longer word, or make it a slot of a `near`";
                self.tree.report::<()>(Code::ShortTerm, term.span.clone(), message, hint);
            } else if term.length == 2 && matches!(self.entry.phonetic, Some(Phonetic::Same | Phonetic::Near))
            {
                let message = format!("term `{}` has two syllables and is looked for by sound", term.written);
                let hint = "a hit by sound alone will only ever ask for review; a longer term does better";
                self.tree.report::<()>(Code::ShortBySound, term.span.clone(), message, hint);
            }
        }
    }
}
