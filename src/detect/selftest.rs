//! Every rule against its own `hit` and `miss`, through the same engine that audits calls.

use crate::domain::{CallId, Category, Contact, Segment, Speaker, Transcript, Understanding};
use crate::lexicon::{Example, Rule, RuleSet, Script};

use super::{CallFacts, Detection, Senses, conduct, detect};

/// Seconds that a character of an example takes; a pause between turns.
const CHAR_S: f64 = 0.25;
const PAUSE_S: f64 = 0.5;

/// How one example fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Ok,
    /// A `hit` that did not fire.
    Missing,
    /// A `miss` that fired.
    Noisy,
    /// A `hit` that fired a rule of another category instead.
    Wrong,
}

/// One example of one rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    pub rule: String,
    /// The example as written.
    pub text: String,
    pub outcome: Outcome,
    /// What took a missing hit back, or what a noisy miss matched; empty if all is well.
    pub detail: String,
}

/// Tries every example of every rule, in order of rule ids, and the words to say instead. Without `understanding`, rules by meaning cannot be tried
/// and are left out: see [`untried`].
#[must_use]
pub fn run(rules: &RuleSet, understanding: Option<&dyn Understanding>) -> Vec<Trial> {
    let spoken = rules.rules().iter().flat_map(|rule| try_rule(rule, rules, understanding));
    spoken.chain(conduct::trial::run(rules)).chain(coaching(rules, understanding)).collect()
}

/// Words to say instead must break no rule themselves: each sentence as an agent's, said to whom such words are said.
fn coaching(rules: &RuleSet, understanding: Option<&dyn Understanding>) -> Vec<Trial> {
    let category = |id: &str| {
        let of_rule = rules.rules().iter().find(|rule| rule.id == id).map(|rule| rule.category);
        of_rule.or_else(|| Category::from_id(id))
    };
    let sentences =
        rules.coaching().entries().flat_map(|(id, advice)| advice.instead.iter().map(move |text| (id, text)));
    let trial = |(id, text): (&str, &String)| {
        let contact = if category(id).is_some_and(is_to_others) { Contact::Family } else { Contact::Debtor };
        let facts = CallFacts { contact: Some(contact), ..CallFacts::default() };
        let senses = Senses { sound: None, understanding };
        let detection = detect(&transcript(&Example::new(text)), &facts, senses, rules);
        // What one sentence leaves unsaid is no mistake.
        let broken = detection.findings.iter().find(|finding| finding.start_s.is_some());
        Trial {
            rule: format!("coaching.{id}"),
            text: text.clone(),
            outcome: if broken.is_some() { Outcome::Noisy } else { Outcome::Ok },
            detail: broken
                .map_or_else(String::new, |finding| format!("{} finds `{}`", finding.rule, finding.quote)),
        }
    };
    sentences.map(trial).collect()
}

/// True for breaches that are committed towards people who owe nothing.
fn is_to_others(category: Category) -> bool {
    matches!(
        category,
        Category::PrivacyLeak
            | Category::ThirdParty
            | Category::ThirdPartyFrequency
            | Category::ContactAfterRefusal
    )
}

/// The rules that nothing can be said of without understanding.
pub fn untried(rules: &RuleSet) -> impl Iterator<Item = &Rule> {
    rules.rules().iter().filter(|rule| rule.is_by_meaning())
}

/// Tries every example of one rule.
#[must_use]
pub fn try_rule(rule: &Rule, rules: &RuleSet, understanding: Option<&dyn Understanding>) -> Vec<Trial> {
    if understanding.is_none() && rule.is_by_meaning() {
        return Vec::new();
    }
    let hits = rule.hit.iter().map(|example| trial(rule, example, true, rules, understanding));
    let misses = rule.miss.iter().map(|example| trial(rule, example, false, rules, understanding));
    hits.chain(misses).collect()
}

/// Tries every example of every step of a script; the trials are named `script/step`.
#[must_use]
pub fn run_script(script: &Script) -> Vec<Trial> {
    let trials = run(&script.rules, None).into_iter();
    trials.map(|trial| Trial { rule: format!("{}/{}", script.id, trial.rule), ..trial }).collect()
}

fn trial(
    rule: &Rule,
    example: &Example,
    must_fire: bool,
    rules: &RuleSet,
    understanding: Option<&dyn Understanding>,
) -> Trial {
    let (product, direction) = (example.product.clone(), example.direction);
    let facts = CallFacts { contact: example.contact, product, direction, date: None };
    let detection = detect(&transcript(example), &facts, Senses { sound: None, understanding }, rules);
    let (outcome, detail) = judge(rule, must_fire, &detection);
    Trial { rule: rule.id.clone(), text: example.text.clone(), outcome, detail }
}

fn judge(rule: &Rule, must_fire: bool, detection: &Detection) -> (Outcome, String) {
    let findings = &detection.findings;
    let fired = findings.iter().chain(&detection.noted).find(|finding| finding.tier_by(&rule.id).is_some());
    // What an example leaves unsaid is no mistake: it is not a whole call.
    let spoken = || findings.iter().filter(|finding| finding.start_s.is_some());
    match (must_fire, fired) {
        (false, Some(finding)) => (Outcome::Noisy, format!("matched `{}`", finding.meant)),
        (true, None) => match spoken().find(|finding| finding.category != rule.category) {
            Some(other) => {
                (Outcome::Wrong, format!("{} fired instead; {}", other.rule, taken_back(&rule.id, detection)))
            }
            None => (Outcome::Missing, taken_back(&rule.id, detection)),
        },
        _ => (Outcome::Ok, String::new()),
    }
}

pub(super) fn taken_back(rule: &str, detection: &Detection) -> String {
    let suppressed = detection.suppressed.iter().find(|suppressed| suppressed.finding.rule == rule);
    if let Some(suppressed) = suppressed {
        return format!("taken back: {} {}", suppressed.by.name_zh(), suppressed.reason);
    }
    let not_judged = detection.not_judged.iter().find(|line| line.starts_with(&format!("{rule}:")));
    not_judged.cloned().unwrap_or_else(|| "nothing matched".to_owned())
}

/// An example as a call: one turn after the other at an even pace. Where only the agent speaks, somebody picked up first.
#[must_use]
pub fn transcript(example: &Example) -> Transcript {
    let picked_up = (Speaker::Customer, "喂".to_owned());
    let alone = example.turns.iter().all(|(speaker, _)| *speaker == Speaker::Agent);
    let mut start_s = 0.0;
    let mut segments = Vec::new();
    for (speaker, text) in alone.then_some(&picked_up).into_iter().chain(&example.turns) {
        let end_s = start_s + CHAR_S * text.chars().count() as f64;
        segments.push(Segment::said(*speaker, start_s, end_s, text));
        start_s = end_s + PAUSE_S;
    }
    Transcript { call_id: CallId("example".to_owned()), segments }
}
