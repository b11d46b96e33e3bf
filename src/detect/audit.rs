//! One call under all rules, rule by rule.

use std::cell::OnceCell;

use crate::lexicon::{Body, Rule, Silence};

use super::Detection;
use super::applies::{Applies, applies, applies_ever};
use super::candidate::Hit;
use super::evaluate::Evaluator;
use super::finding::{self, outcome};
use super::merge::merge;
use super::required::{self, Speech};
use super::talk::Talk;
use super::unless;

/// The rules' hits in one call, each found when first asked for.
pub(super) struct Audit<'a> {
    talk: &'a Talk<'a>,
    speech: Speech<'a>,
    /// Clauses that were announced, in order.
    announced: Vec<usize>,
    /// One for each rule.
    hits: Vec<OnceCell<Judged>>,
}

/// What one rule comes to.
#[derive(Debug, Default)]
struct Judged {
    hits: Vec<Hit>,
    /// `what: why`
    not_judged: Option<String>,
}

impl<'a> Audit<'a> {
    pub fn new(talk: &'a Talk<'a>) -> Self {
        let hits = talk.rules.rules().iter().map(|_| OnceCell::new()).collect();
        Self { talk, speech: Speech::new(talk), announced: talk.announced(), hits }
    }

    /// Findings of all rules, in order of rules.
    pub fn detection(&self) -> Detection {
        let mut detection = Detection::default();
        for (index, rule) in self.talk.rules.rules().iter().enumerate() {
            let judged = self.judged(index);
            detection.not_judged.extend(judged.not_judged.clone());
            for hit in &judged.hits {
                match outcome(hit.clone(), rule, self.talk) {
                    Some(finding::Outcome::Finding(finding)) => detection.findings.push(finding),
                    Some(finding::Outcome::Suppressed(suppressed)) => detection.suppressed.push(suppressed),
                    None => detection.findings.push(self.speech.missing(rule, hit.applies)),
                }
            }
        }
        detection
    }

    fn judged(&self, index: usize) -> &Judged {
        self.hits[index].get_or_init(|| {
            let rule = &self.talk.rules.rules()[index];
            match &rule.body {
                Body::Said { .. } => Judged { hits: self.said(rule), not_judged: None },
                Body::Required { .. } => self.required(rule),
            }
        })
    }

    /// Where another rule hit and was not taken back.
    fn rule_hits(&self, index: usize) -> Vec<Hit> {
        self.judged(index).hits.iter().filter(|hit| hit.counts()).cloned().collect()
    }

    fn said(&self, rule: &Rule) -> Vec<Hit> {
        let Body::Said { clauses, unless } = &rule.body else { return Vec::new() };
        let first = self.announced.partition_point(|clause| *clause < clauses.start);
        let announced = self.announced[first..].iter().take_while(|clause| **clause < clauses.end);
        let rule_hits = |index| self.rule_hits(index);
        let evaluator = self.evaluator(Some(&rule.silence), &rule_hits);
        let nodes = announced.map(|clause| &self.talk.rules.clauses()[*clause].node);
        let hits = nodes.flat_map(|node| evaluator.hits(node));
        let mut hits: Vec<Hit> = hits.filter_map(|hit| self.when(rule, hit)).collect();
        unless::take_back(&mut hits, unless, &self.evaluator(None, &rule_hits));
        merge(hits)
    }

    /// The hit where the rule is for the call at that moment.
    fn when(&self, rule: &Rule, mut hit: Hit) -> Option<Hit> {
        if rule.when != crate::lexicon::When::default() {
            let applies = match hit.start() {
                Some((passage, _)) => applies(&rule.when, self.talk.facts, self.talk.on_line(passage)),
                None => applies_ever(&rule.when, self.talk),
            };
            hit.applies = hit.applies.min(applies);
        }
        (hit.applies != Applies::No).then_some(hit)
    }

    fn required(&self, rule: &Rule) -> Judged {
        let Body::Required { statement, only_if } = &rule.body else { return Judged::default() };
        let applies = applies_ever(&rule.when, self.talk);
        if applies == Applies::No {
            return Judged::default();
        }
        let rule_hits = |index| self.rule_hits(index);
        match self.speech.judge(rule, statement, only_if.as_ref(), &self.evaluator(None, &rule_hits)) {
            required::Outcome::Fine => Judged::default(),
            required::Outcome::Missing => Judged { hits: vec![Hit::wordless(applies)], not_judged: None },
            required::Outcome::NotJudged(why) => Judged { hits: Vec::new(), not_judged: Some(why) },
        }
    }

    fn evaluator<'e>(
        &'e self,
        silences: Option<&'e [Silence]>,
        rule_hits: &'e dyn Fn(usize) -> Vec<Hit>,
    ) -> Evaluator<'e> {
        Evaluator { talk: self.talk, silences, rule_hits }
    }
}
