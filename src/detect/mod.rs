//! Transcript and rules to findings. Sees no clock and no file.
//!
//! ```text
//!  transcript ─► passage ─► leaves (words, as written and by sound) ─► talk ─► evaluate ─► unless ─► merge ─► finding
//!                                                                       │        ▲ ▲
//!                                     clauses whose words are all there ┘        │ └ context: what takes words back
//!                                                                                └ party: who is on the line
//! ```
//!
//! - `passage` — one speaker's words in one breath, with the way back to segment and byte.
//! - `leaves`, `talk` — where in the call which words stand, and which clauses they make possible.
//! - `audit` — rule by rule; a rule is looked at in the passages that hold what it needs.
//! - `utterances` — what is said at a time, for rules by meaning.
//! - `evaluate` — the operators of a rule's tree.
//! - `context` — negation, quotation, question, word boundary; `unless` — the rule's own exceptions.
//! - `meant` — hits of rules by meaning.
//! - `party`, `applies` — who is on the line, and whether a rule is for this call.
//! - `merge`, `same_words` — one reproach, one finding: of one rule, then of the rules of one category.
//! - `score`, `evidence`, `finding` — how sure, when, in which words.
//! - [`conduct`] — times and loudness: interruptions, silence, speed.
//! - `required` — statements that must be made.
//! - `second` — what the second listening says of findings.
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
mod audit;
mod candidate;
mod checklist;
pub mod conduct;
mod context;
mod evaluate;
mod evidence;
mod finding;
mod leaves;
mod meant;
mod merge;
mod party;
mod passage;
mod required;
mod same_words;
mod score;
mod script;
mod second;
pub mod selftest;
mod sound;
mod talk;
#[cfg(test)]
mod tests;
mod unless;
mod utterances;

use crate::domain::{
    CheckItem, Contact, Direction, Finding, GoodConduct, Levels, Mark, Suppressed, Transcript, Understanding,
};
use crate::lexicon::{RuleSet, When};

pub use script::follow;

use applies::{Applies, applies_ever};
use audit::Audit;
use conduct::Conduct;
use talk::Talk;

/// What is known of a call beside its words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallFacts {
    pub contact: Option<Contact>,
    pub product: Option<String>,
    pub direction: Option<Direction>,
    /// Day of the call, `YYYY-MM-DD`: picks the legal basis in force.
    pub date: Option<String>,
}

/// What there is to judge by beside the words.
#[derive(Clone, Copy, Default)]
pub struct Senses<'a> {
    /// How loud the call was.
    pub sound: Option<&'a Levels>,
    /// What tells the meaning of utterances; without it rules by meaning find nothing.
    pub understanding: Option<&'a dyn Understanding>,
}

/// Everything that was detected in one call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detection {
    pub findings: Vec<Finding>,
    /// Hits that were taken back, with what did.
    pub suppressed: Vec<Suppressed>,
    /// `what: why`
    pub not_judged: Vec<String>,
    /// Every hit of a rule of good conduct or of one that marks calls, worded like a finding.
    pub noted: Vec<Finding>,
    /// Each rule of good conduct once, at its first moment.
    pub good_conduct: Vec<GoodConduct>,
    /// Each rule that marks calls once, at its first moment.
    pub marks: Vec<Mark>,
    /// Every rule, without the ids of findings.
    pub checklist: Vec<CheckItem>,
    /// How the call was held.
    pub conduct: Conduct,
}

impl Detection {
    fn add(&mut self, judged: conduct::Verdicts) {
        self.conduct = judged.conduct;
        self.findings.extend(judged.findings);
        self.suppressed.extend(judged.suppressed);
        self.not_judged.extend(judged.unjudged);
    }
}

/// Applies all rules to one call. Ids of findings are left empty.
#[must_use]
pub fn detect(transcript: &Transcript, facts: &CallFacts, senses: Senses, rules: &RuleSet) -> Detection {
    let talk = Talk::new(transcript, facts, senses.understanding, rules);
    let audit = Audit::new(&talk);
    let mut detection = audit.detection();
    detection.add(conduct::judge(transcript, facts, senses.sound, rules));
    in_order(&mut detection);
    detection.findings = same_words::join(std::mem::take(&mut detection.findings));
    if let Some(hearing) = second::hearing(transcript) {
        let second = Audit::new(&Talk::new(&hearing, facts, senses.understanding, rules)).detection();
        second::weigh(&mut detection.findings, transcript, &second.findings);
    }
    in_order(&mut detection);
    detection.good_conduct = checklist::good_conduct(rules, &detection.noted);
    detection.marks = checklist::marks(rules, &detection.noted);
    detection.checklist = audit.checklist(&detection);
    detection.checklist.extend(checklist::conduct(rules, &detection));
    detection.not_judged.extend(unsure(&talk));
    detection.not_judged.extend(talk.misunderstood().map(|why| format!("semantics: {why}")));
    detection
}

/// Says once for which facts rules had to guess.
fn unsure(talk: &Talk) -> Vec<String> {
    let asks = |when: &When| (!when.contact.is_empty(), !when.product.is_empty(), !when.direction.is_empty());
    let rules = talk.rules.rules().iter().map(|rule| &rule.when).filter(|when| **when != When::default());
    let unsure = rules.filter(|when| applies_ever(when, talk) == Applies::Unsure).map(asks);
    let asked = unsure.fold((false, false, false), |all, one| (all.0 | one.0, all.1 | one.1, all.2 | one.2));
    let lacks = [
        ("contact", "联系对象", asked.0 && talk.facts.contact.is_none()),
        ("product", "产品", asked.1 && talk.facts.product.is_none()),
        ("direction", "呼叫方向", asked.2 && talk.facts.direction.is_none()),
    ];
    let asked = lacks.into_iter().filter(|(.., asked)| *asked);
    asked.map(|(key, name, _)| format!("{key}: 通话记录没有{name}，相关规则的命中一律待复核")).collect()
}

fn in_order(detection: &mut Detection) {
    let order = |a: &Finding, b: &Finding| {
        let start = |finding: &Finding| finding.start_s.unwrap_or(f64::NEG_INFINITY);
        start(a).total_cmp(&start(b)).then_with(|| (&a.rule, &a.spans).cmp(&(&b.rule, &b.spans)))
    };
    detection.findings.sort_by(order);
    detection.noted.sort_by(order);
    detection.suppressed.sort_by(|a, b| order(&a.finding, &b.finding));
}
