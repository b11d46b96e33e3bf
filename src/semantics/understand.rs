//! Utterances to meanings.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::{Meaning, Tier, Understanding, Understood};
use crate::lexicon::RuleSet;

use super::encoder::{Embedding, Encoder};
use super::model::{Head, SemanticModel, cosine};

/// Examples shown beside a hit.
const NEAREST: usize = 2;
/// Cosine from the center at which an utterance is like a rule's own example. Of the project's labelled turns that lie
/// this near to five examples of a category, 77 % are of it; of innocent lines, none in ten thousand does.
const LIKE: f64 = 0.5;
/// Utterances whose meanings are remembered: agents say the same all day, and each call is judged more than once.
const REMEMBERED: usize = 1 << 16;

/// Everything that understanding needs, loaded.
pub struct Semantics {
    encoder: Encoder,
    model: SemanticModel,
    rules: Vec<RuleExamples>,
    remembered: Mutex<HashMap<String, Vec<Meaning>>>,
}

/// A rule's own examples, each with its direction from the center.
struct RuleExamples {
    id: String,
    examples: Vec<(String, Vec<f32>)>,
}

impl Semantics {
    /// Encodes the examples that the rules name themselves.
    ///
    /// # Errors
    ///
    /// What the encoder says.
    pub fn new(encoder: Encoder, model: SemanticModel, rules: &RuleSet) -> Result<Self, String> {
        let with_own = rules.rules().iter().filter(|rule| !rule.like.is_empty());
        let own = with_own.map(|rule| {
            let texts: Vec<&str> = rule.like.iter().map(String::as_str).collect();
            let vectors = encoder.encode(&texts)?;
            Ok(RuleExamples {
                id: rule.id.clone(),
                examples: rule
                    .like
                    .iter()
                    .cloned()
                    .zip(vectors.iter().map(|text| model.direction(text)))
                    .collect(),
            })
        });
        let rules = own.collect::<Result<_, String>>()?;
        Ok(Self { encoder, model, rules, remembered: Mutex::default() })
    }

    fn of(&self, text: &Embedding) -> Vec<Meaning> {
        let (hidden, direction) = (self.model.hidden_of(text), self.model.direction(text));
        let heads = self.model.heads.iter().filter_map(|head| by_head(head, &hidden));
        heads.chain(self.rules.iter().filter_map(|rule| rule.meaning(&direction))).collect()
    }

    fn remembered(&self) -> std::sync::MutexGuard<'_, HashMap<String, Vec<Meaning>>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Understanding for Semantics {
    fn meanings(&self, utterances: &[String]) -> Result<Vec<Vec<Meaning>>, String> {
        let known: Vec<Option<Vec<Meaning>>> = {
            let remembered = self.remembered();
            utterances.iter().map(|utterance| remembered.get(utterance).cloned()).collect()
        };
        let fresh =
            || utterances.iter().zip(&known).filter(|(_, known)| known.is_none()).map(|(text, _)| text);
        let embeddings = self.encoder.encode(&fresh().map(String::as_str).collect::<Vec<_>>())?;
        let mut meanings = embeddings.iter().map(|text| self.of(text)).collect::<Vec<_>>().into_iter();
        {
            let mut remembered = self.remembered();
            let room = REMEMBERED.saturating_sub(remembered.len());
            remembered.extend(fresh().cloned().zip(meanings.as_slice().iter().cloned()).take(room));
        }
        Ok(known.into_iter().map(|known| known.or_else(|| meanings.next()).unwrap_or_default()).collect())
    }
}

fn by_head(head: &Head, hidden: &[f32]) -> Option<Meaning> {
    let probability = head.probability(hidden);
    let convicts = head.violation.is_some_and(|violation| probability >= violation);
    (probability >= head.review).then(|| {
        let examples =
            head.examples.iter().map(|example| (example.text.as_str(), example.hidden.numbers().collect()));
        Meaning {
            of: Understood::Category(head.category),
            probability,
            tier: if convicts { Tier::Violation } else { Tier::Review },
            nearest: nearest(examples, hidden),
        }
    })
}

impl RuleExamples {
    fn meaning(&self, direction: &[f32]) -> Option<Meaning> {
        let cosines = self.examples.iter().map(|(_, example)| cosine(example, direction));
        let best = cosines.fold(0.0, f64::max);
        (best >= LIKE).then(|| Meaning {
            of: Understood::Rule(self.id.clone()),
            probability: best,
            tier: Tier::Review,
            nearest: nearest(
                self.examples.iter().map(|(text, example)| (text.as_str(), example.clone())),
                direction,
            ),
        })
    }
}

/// The examples that lie nearest, the nearest first.
fn nearest<'a>(examples: impl Iterator<Item = (&'a str, Vec<f32>)>, direction: &[f32]) -> Vec<String> {
    let mut near: Vec<(f64, &str)> =
        examples.map(|(text, example)| (cosine(&example, direction), text)).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.into_iter().take(NEAREST).map(|(_, text)| text.to_owned()).collect()
}
