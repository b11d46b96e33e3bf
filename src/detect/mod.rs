//! Transcript and rules to findings. Sees no clock and no file.
//!
//! ```text
//!  transcript ─► passage ─► scan (words, as written and by sound) ─► gather ─► context ─► merge ─► finding
//!                                                                    │  ▲
//!                                                     near, patterns ┘  └ only what a word announced
//!                                                    required ◄─ mentions
//! ```
//!
//! - `passage` — one speaker's words in one breath, with the way back to segment and byte.
//! - `scan`, `gather`, `near` — where words fill a rule. Clean text costs the two word passes and no more.
//! - `context`, `cues` — negation, quotation, question, word boundary, the rule's own `unless`.
//! - `merge` — one reproach, one finding.
//! - `score`, `evidence`, `finding` — how sure, when, in which words.
//! - `required` — statements that must be made.
//! - `script` — a call held against a lender's own steps.
//! - `checklist` — how the call did by every rule.
//! - [`selftest`] — every rule against its own examples.
//!
//! Decisions that are not in those files:
//!
//! - A rule whose `when` the call's record contradicts is left out; where the record is silent, hits give tier review and
//!   `not_judged` says so.
//! - A rule about the agent keeps what the customer said as suppressed; a rule about the customer ignores the agent.
//! - Hits of rules of good conduct are no findings: they are kept apart, and those taken back are dropped.
//! - The order of findings is: without a moment first, then by start, rule, span.

mod applies;
mod candidate;
mod checklist;
mod context;
mod cues;
mod evidence;
mod finding;
mod gather;
mod merge;
mod near;
mod passage;
mod required;
mod scan;
mod score;
mod script;
pub mod selftest;
mod sound;
#[cfg(test)]
mod tests;

use crate::domain::{CheckItem, Contact, Direction, Finding, GoodConduct, Speaker, Suppressed, Transcript};
use crate::lexicon::{Body, Polarity, Rule, RuleSet, Speaks};

pub use script::follow;

use applies::{Applies, applies};
use gather::{Mention, gather};
use merge::{Judged, merge};
use passage::Passage;
use required::Speech;

/// What is known of a call beside its words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallFacts {
    pub contact: Option<Contact>,
    pub product: Option<String>,
    pub direction: Option<Direction>,
    /// Day of the call, `YYYY-MM-DD`: picks the legal basis in force.
    pub date: Option<String>,
}

/// Everything that was detected in one call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detection {
    pub findings: Vec<Finding>,
    /// Hits that were taken back, with what did.
    pub suppressed: Vec<Suppressed>,
    /// `what: why`
    pub not_judged: Vec<String>,
    /// Every hit of a rule of good conduct, worded like a finding.
    pub good: Vec<Finding>,
    /// Each rule of good conduct once, at its first moment.
    pub good_conduct: Vec<GoodConduct>,
    /// Every rule, without the ids of findings.
    pub checklist: Vec<CheckItem>,
}

/// Applies all rules to one call. Ids of findings are left empty.
#[must_use]
pub fn detect(transcript: &Transcript, facts: &CallFacts, rules: &RuleSet) -> Detection {
    let passages = passage::passages(transcript);
    let call =
        Call { facts, rules, applies: rules.rules().iter().map(|rule| applies(&rule.when, facts)).collect() };
    let mut detection = Detection::default();
    let mentions: Vec<Vec<Mention>> =
        passages.iter().map(|passage| call.judge_passage(passage, &mut detection)).collect();
    let speech = Speech::new(&passages, &mentions);
    let required = call.judge_required(&speech, &mut detection);
    in_order(&mut detection);
    detection.good_conduct = checklist::good_conduct(rules, &detection.good);
    detection.checklist = checklist::checklist(&call, &speech, &required, &detection);
    detection.not_judged.extend(call.unsure());
    detection
}

/// One call under all rules.
struct Call<'a> {
    facts: &'a CallFacts,
    rules: &'a RuleSet,
    /// One for each rule.
    applies: Vec<Applies>,
}

impl Call<'_> {
    /// Adds a passage's findings and gives what it mentions of required statements.
    fn judge_passage(&self, passage: &Passage, detection: &mut Detection) -> Vec<Mention> {
        let gathered = gather(passage, self.rules);
        let rules = self.rules.rules();
        let concerns =
            |index: usize| self.applies[index] != Applies::No && is_concerned(&rules[index], passage.speaker);
        let judged = gathered.candidates.into_iter().filter(|candidate| concerns(candidate.rule));
        let judged = judged.map(|candidate| Judged {
            silenced: context::silencer(&candidate, passage, &rules[candidate.rule]),
            candidate,
        });
        for hit in merge(judged.collect()) {
            let index = hit.candidate.rule;
            match finding::outcome(hit, passage, &rules[index], self.facts, self.applies[index]) {
                finding::Outcome::Finding(finding) if rules[index].polarity == Polarity::Good => {
                    detection.good.push(finding);
                }
                finding::Outcome::Suppressed(_) if rules[index].polarity == Polarity::Good => {}
                finding::Outcome::Finding(finding) => detection.findings.push(finding),
                finding::Outcome::Suppressed(suppressed) => detection.suppressed.push(suppressed),
            }
        }
        gathered.mentions
    }

    /// Adds what is missing, and gives the outcome for each rule: `None` for one that requires nothing of this call.
    fn judge_required(&self, speech: &Speech, detection: &mut Detection) -> Vec<Option<required::Outcome>> {
        let rules = self.rules.rules().iter().enumerate();
        let outcomes = rules.map(|(index, rule)| {
            let asks = matches!(rule.body, Body::Required(_)) && self.applies[index] != Applies::No;
            asks.then(|| speech.judge(index, rule, self.facts, self.applies[index]))
        });
        let outcomes: Vec<_> = outcomes.collect();
        for (rule, outcome) in self.rules.rules().iter().zip(&outcomes) {
            match (outcome, rule.polarity) {
                (Some(required::Outcome::Said(finding)), Polarity::Good) => {
                    detection.good.push(finding.clone());
                }
                (Some(required::Outcome::Missing(finding)), Polarity::Bad) => {
                    detection.findings.push(finding.clone());
                }
                (Some(required::Outcome::NotJudged(why)), Polarity::Bad) => {
                    detection.not_judged.push(format!("{}: {why}", rule.id));
                }
                _ => {}
            }
        }
        outcomes
    }

    /// Says once for which facts rules had to guess.
    fn unsure(&self) -> Vec<String> {
        let unsure: Vec<&Rule> = self
            .rules
            .rules()
            .iter()
            .zip(&self.applies)
            .filter_map(|(rule, applies)| (*applies == Applies::Unsure).then_some(rule))
            .collect();
        let lacks = [
            (
                "contact",
                "联系对象",
                self.facts.contact.is_none(),
                unsure.iter().any(|r| !r.when.contact.is_empty()),
            ),
            (
                "product",
                "产品",
                self.facts.product.is_none(),
                unsure.iter().any(|r| !r.when.product.is_empty()),
            ),
            (
                "direction",
                "呼叫方向",
                self.facts.direction.is_none(),
                unsure.iter().any(|r| !r.when.direction.is_empty()),
            ),
        ];
        let asked = lacks.into_iter().filter(|(_, _, unknown, asked)| *unknown && *asked);
        asked.map(|(key, name, ..)| format!("{key}: 通话记录没有{name}，相关规则的命中一律待复核")).collect()
    }
}

/// Words by the agent under a rule about the customer are nothing at all; the customer's under a rule about the agent are
/// kept as suppressed.
fn is_concerned(rule: &Rule, speaker: Speaker) -> bool {
    rule.speaker != Speaks::Customer || rule.speaker.includes(speaker)
}

fn in_order(detection: &mut Detection) {
    let order = |a: &Finding, b: &Finding| {
        let start = |finding: &Finding| finding.start_s.unwrap_or(f64::NEG_INFINITY);
        start(a).total_cmp(&start(b)).then_with(|| (&a.rule, &a.spans).cmp(&(&b.rule, &b.spans)))
    };
    detection.findings.sort_by(order);
    detection.good.sort_by(order);
    detection.suppressed.sort_by(|a, b| order(&a.finding, &b.finding));
}
