//! One call under all rules, rule by rule.

use std::cell::OnceCell;

use crate::domain::{CheckItem, Finding};
use crate::lexicon::{Body, Polarity, Required, Rule, Silence};

use super::Detection;
use super::applies::{Applies, applies, applies_ever};
use super::candidate::Hit;
use super::checklist;
use super::evaluate::Evaluator;
use super::finding::{self, outcome};
use super::meant::meant;
use super::merge::merge;
use super::required::{Outcome as Statement, Speech};
use super::talk::Talk;
use super::unless;

/// The rules' hits in one call, each found when first asked for.
pub(super) struct Audit<'a> {
    talk: &'a Talk<'a>,
    speech: Speech<'a>,
    /// See [`Talk::announced`].
    announced: Vec<(usize, Option<usize>)>,
    /// One for each rule.
    hits: Vec<OnceCell<Judged>>,
}

/// What one rule comes to.
#[derive(Debug, Default)]
struct Judged {
    hits: Vec<Hit>,
    /// Of a required statement, where the rule is for the call.
    statement: Option<Statement>,
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
            if rule.polarity != Polarity::Bad {
                detection.noted.extend(self.noted(rule, &judged.hits));
                continue;
            }
            if let Some(Statement::NotJudged(why)) = judged.statement {
                detection.not_judged.push(format!("{}: {why}", rule.id));
            }
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

    /// Good conduct and marks that nothing takes back.
    fn noted(&self, rule: &Rule, hits: &[Hit]) -> Vec<Finding> {
        let outcomes = hits.iter().filter_map(|hit| outcome(hit.clone(), rule, self.talk));
        let shown = outcomes.filter_map(|outcome| match outcome {
            finding::Outcome::Finding(finding) => Some(finding),
            finding::Outcome::Suppressed(_) => None,
        });
        shown.collect()
    }

    /// How the call did by every rule.
    pub fn checklist(&self, detection: &Detection) -> Vec<CheckItem> {
        let rules = self.talk.rules.rules().iter().enumerate();
        rules
            .map(|(index, rule)| {
                if applies_ever(&rule.when, self.talk) == Applies::No {
                    return checklist::not_applicable(rule);
                }
                match &self.judged(index).statement {
                    Some(Statement::Said(said)) => checklist::said(rule, self.said_s(said)),
                    Some(statement) => checklist::unsaid(rule, statement, detection),
                    None if self.speech.is_silent() => checklist::unheard(rule),
                    None => checklist::spoken(rule, detection),
                }
            })
            .collect()
    }

    fn said_s(&self, said: &Hit) -> Option<f64> {
        said.start().map(|place| self.talk.moment_s(place))
    }

    fn judged(&self, index: usize) -> &Judged {
        self.hits[index].get_or_init(|| {
            let rule = &self.talk.rules.rules()[index];
            match &rule.body {
                Body::Said { .. } => Judged { hits: self.said(rule), statement: None },
                Body::Required(required) => self.required(rule, required),
            }
        })
    }

    /// Where another rule hit and was not taken back.
    fn rule_hits(&self, index: usize) -> Vec<Hit> {
        self.judged(index).hits.iter().filter(|hit| hit.counts()).cloned().collect()
    }

    fn said(&self, rule: &Rule) -> Vec<Hit> {
        let Body::Said { clauses, unless } = &rule.body else { return Vec::new() };
        if applies_ever(&rule.when, self.talk) == Applies::No {
            return Vec::new();
        }
        let first = self.announced.partition_point(|(clause, _)| *clause < clauses.start);
        let announced = self.announced[first..].iter().take_while(|(clause, _)| *clause < clauses.end);
        let rule_hits = |index| self.rule_hits(index);
        let evaluator = self.evaluator(Some(&rule.silence), &rule_hits);
        let hits = announced.flat_map(|(clause, passage)| {
            let node = &self.talk.rules.clauses()[*clause].node;
            passage.map_or_else(|| evaluator.hits(node), |passage| evaluator.hits_in(node, passage))
        });
        let by_meaning = meant(rule, self.talk);
        let mut hits: Vec<Hit> = hits.chain(by_meaning).filter_map(|hit| self.when(rule, hit)).collect();
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

    fn required(&self, rule: &Rule, required: &Required) -> Judged {
        let applies = applies_ever(&rule.when, self.talk);
        if applies == Applies::No {
            return Judged::default();
        }
        let rule_hits = |index| self.rule_hits(index);
        let evaluator = self.evaluator(None, &rule_hits);
        let statement = self.speech.judge(required, &evaluator);
        let hits = match (&statement, rule.polarity) {
            (Statement::Missing, Polarity::Bad) => vec![Hit::wordless(applies)],
            (Statement::Said(said), Polarity::Good) => vec![said.clone()],
            _ => Vec::new(),
        };
        Judged { hits, statement: Some(statement) }
    }

    fn evaluator<'e>(
        &'e self,
        silences: Option<&'e [Silence]>,
        rule_hits: &'e dyn Fn(usize) -> Vec<Hit>,
    ) -> Evaluator<'e> {
        Evaluator { talk: self.talk, silences, rule_hits }
    }
}
