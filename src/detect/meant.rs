//! Hits of rules by meaning: whole utterances, taken back by what stands around them like any other hit.

use crate::domain::{Meaning, Tier, Understood};
use crate::lexicon::Rule;

use super::applies::Applies;
use super::candidate::{Candidate, Heard, Hit, Kind, Said};
use super::context::silencer;
use super::talk::Talk;
use super::utterances::Utterance;

/// Between examples that an utterance is like.
const BETWEEN_EXAMPLES: &str = "／";

/// Every utterance that means what a rule forbids, in order of place.
pub(super) fn meant<'a>(rule: &'a Rule, talk: &'a Talk) -> impl Iterator<Item = Hit> + use<'a> {
    talk.utterances().iter().filter_map(move |utterance| {
        let meanings = utterance.meanings.iter().filter(|meaning| is_of(meaning, rule));
        let surest = meanings.max_by(|a, b| a.probability.total_cmp(&b.probability))?;
        let candidate = candidate(utterance, surest, talk);
        let passage = &talk.passages[utterance.passage];
        let silenced = silencer(&candidate, passage, rule.speaker, &rule.silence, talk.rules);
        let said = vec![Said { passage: utterance.passage, candidate }];
        Some(Hit { said, silenced, applies: Applies::Yes })
    })
}

fn is_of(meaning: &Meaning, rule: &Rule) -> bool {
    match &meaning.of {
        Understood::Category(category) => rule.semantic && rule.category == *category,
        Understood::Rule(id) => rule.id == *id,
    }
}

fn candidate(utterance: &Utterance, meaning: &Meaning, talk: &Talk) -> Candidate {
    let percent = (meaning.probability.clamp(0.0, 1.0) * 100.0).round() as u8;
    let text = &talk.passages[utterance.passage].text[utterance.range.clone()];
    Candidate {
        kind: Kind::Meaning { percent, convicts: meaning.tier == Tier::Violation },
        parts: vec![utterance.range.clone()],
        meant: meaning.nearest.join(BETWEEN_EXAMPLES),
        length: text.chars().count(),
        heard: Heard::default(),
    }
}
