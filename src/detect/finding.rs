//! Findings from hits.

use crate::domain::{Finding, Grade, Suppressed, Tier};
use crate::lexicon::{Rule, in_force};

use super::CallFacts;
use super::candidate::{Hit, Said};
use super::evidence::evidence;
use super::score::{confidence, tier};
use super::talk::Talk;

/// A hit that counts, or one that was taken back.
pub(super) enum Outcome {
    Finding(Finding),
    Suppressed(Suppressed),
}

/// Words one merged hit as a finding; `None` for a hit without words.
pub(super) fn outcome(hit: Hit, rule: &Rule, talk: &Talk) -> Option<Outcome> {
    let finding = finding(&hit, rule, talk)?;
    Some(match hit.silenced {
        None => Outcome::Finding(finding),
        Some((by, reason)) => Outcome::Suppressed(Suppressed { finding, by, reason }),
    })
}

fn finding(hit: &Hit, rule: &Rule, talk: &Talk) -> Option<Finding> {
    let shown = shown(hit, rule, talk);
    let speaker = talk.passages[shown.first()?.passage].speaker;
    let evidence = evidence(&shown, talk);
    let meant: Vec<String> = shown.iter().map(|said| said.candidate.meant_in(rule)).collect();
    let least =
        |value: fn(&Said, &Talk) -> f64| shown.iter().map(|said| value(said, talk)).fold(1.0, f64::min);
    let tiers =
        shown.iter().map(|said| tier(&said.candidate, &talk.passages[said.passage], rule, hit.applies));
    Some(Finding {
        id: String::new(),
        rule: rule.id.clone(),
        also: Vec::new(),
        category: rule.category,
        severity: rule.severity,
        tier: tiers.min().unwrap_or(Tier::Review),
        grade: grade(&shown),
        confidence: least(|said, talk| confidence(&said.candidate, &talk.passages[said.passage])),
        heard_again: None,
        speaker,
        start_s: Some(evidence.start_s),
        end_s: Some(evidence.end_s),
        quote: evidence.quote,
        meant: meant.join(" … "),
        explanation: rule.why.clone(),
        basis: basis(rule, talk.facts),
        spans: evidence.spans,
        calls: Vec::new(),
    })
}

/// By sound where any of the words are, by meaning where all of it is.
fn grade(shown: &[Said]) -> Grade {
    let is = |grade| move |said: &Said| said.candidate.grade() == grade;
    match shown {
        _ if shown.iter().any(is(Grade::Phonetic)) => Grade::Phonetic,
        _ if shown.iter().all(is(Grade::Semantic)) => Grade::Semantic,
        _ => Grade::Exact,
    }
}

/// Words that were found as written, but which the recogniser had spelled otherwise, are words known by sound.
fn as_spelled(mut said: Said, talk: &Talk) -> Said {
    let passage = &talk.passages[said.passage];
    if said.candidate.parts.iter().any(|part| passage.is_respelled(part.clone())) {
        said.candidate.heard.syllables = said.candidate.length;
    }
    said
}

/// What the rule's own speaker said of a hit; all of it where nothing is his.
fn shown(hit: &Hit, rule: &Rule, talk: &Talk) -> Vec<Said> {
    let is_own = |said: &Said| rule.speaker.includes(talk.passages[said.passage].speaker);
    let any_own = hit.said.iter().any(is_own);
    let shown = hit.said.iter().filter(|said| !any_own || is_own(said));
    shown.map(|said| as_spelled(said.clone(), talk)).collect()
}

/// The rule's basis in force on the day of the call, one line each.
pub(super) fn basis(rule: &Rule, facts: &CallFacts) -> Vec<String> {
    let date = facts.date.as_deref();
    rule.basis.iter().filter(|basis| in_force(basis, date)).map(crate::domain::Basis::cite).collect()
}
