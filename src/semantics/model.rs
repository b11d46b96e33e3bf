//! What was learnt from examples: one head a category, as `models/semantic.json` keeps it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::{Category, ModelIdentity, hex};

use super::encoder::Embedding;

/// The trained heads that come with the program.
const BUILT_IN: &str = include_str!("../../models/semantic.json");
pub(super) const SCHEMA: &str = "callaudit.semantic/1";

/// Heads over the vectors of one encoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SemanticModel {
    pub schema: String,
    /// The encoder that the heads were trained on; with another one they mean nothing.
    pub encoder: ModelIdentity,
    /// How many texts, and the SHA-256 of all of them with their labels.
    pub examples: usize,
    pub examples_sha256: String,
    /// Of all heads together, on texts held back.
    pub held_back: Measured,
    /// Mean of the examples' layers: what all sentences share.
    pub center: Vec<f32>,
    pub heads: Vec<Head>,
}

/// What tells one category.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub category: Category,
    /// Probability from which on a hit asks for review.
    pub review: f64,
    /// Probability from which on a hit stands by itself; absent where none was precise enough.
    pub violation: Option<f64>,
    /// On texts held back, at both.
    pub held_back: [Measured; 2],
    pub bias: f32,
    /// Of the layers as the encoder gives them.
    pub weights: Vec<f32>,
    /// Examples that hits are explained by.
    pub examples: Vec<Prototype>,
}

/// How a threshold did on texts that were not trained on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    pub precision: f64,
    pub recall: f64,
    pub positives: usize,
    /// Innocent lines flagged, of a thousand.
    pub innocent_per_1000: f64,
}

/// An example with its direction from the center, in steps of a 127th of its largest number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prototype {
    pub text: String,
    /// Signed bytes in hexadecimal.
    pub vector: String,
}

impl SemanticModel {
    /// The heads that come with the program. A test reads them, so that the error cannot reach a user of a release.
    pub fn built_in() -> Result<Self, String> {
        let model: Self = serde_json::from_str(BUILT_IN).map_err(|error| error.to_string())?;
        let width = model.center.len();
        let fits = |head: &Head| head.weights.len() == width;
        if model.schema != SCHEMA || !model.heads.iter().all(fits) {
            return Err("models/semantic.json is not of this program".to_owned());
        }
        Ok(model)
    }

    /// Where a text's last layer points, seen from the center.
    pub(super) fn direction(&self, embedding: &Embedding) -> Vec<f32> {
        let last = embedding.last_layer();
        centered(last, &self.center[self.center.len().saturating_sub(last.len())..])
    }

    /// The encoder's name, with a hash over encoder and heads.
    #[must_use]
    pub fn identity(&self) -> ModelIdentity {
        let mut hash = Sha256::new_with_prefix(&self.encoder.sha256);
        for head in &self.heads {
            let numbers = head.weights.iter().chain([&head.bias]).map(|number| number.to_bits());
            numbers.for_each(|bits| hash.update(bits.to_le_bytes()));
            hash.update(format!("{}{:?}{:?}", head.category.id(), head.review, head.violation));
        }
        ModelIdentity { name: self.encoder.name.clone(), sha256: hex(&hash.finalize()) }
    }
}

impl Head {
    /// Probability in 0..=1 that a text is of the category.
    #[must_use]
    pub fn probability(&self, text: &Embedding) -> f64 {
        let sum: f64 =
            self.weights.iter().zip(text.layers()).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        1.0 / (1.0 + (-sum - f64::from(self.bias)).exp())
    }
}

impl Prototype {
    pub(super) fn new(text: &str, direction: &[f32]) -> Self {
        let most = direction.iter().fold(f32::MIN_POSITIVE, |most, number| most.max(number.abs()));
        let bytes: Vec<u8> =
            direction.iter().map(|number| (number / most * 127.0).round() as i8 as u8).collect();
        Self { text: text.to_owned(), vector: hex(&bytes) }
    }

    /// Its direction; of any length.
    pub(super) fn direction(&self) -> Vec<f32> {
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let pairs = self.vector.as_bytes().chunks_exact(2);
        pairs.map(|pair| f32::from(byte(pair).unwrap_or_default().cast_signed())).collect()
    }
}

/// The cosine between two directions; 0 where one is none.
pub(super) fn cosine(one: &[f32], other: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let length = (dot(one, one) * dot(other, other)).sqrt();
    if length > 0.0 { dot(one, other) / length } else { 0.0 }
}

/// Numbers without what all sentences share.
pub(super) fn centered(vector: &[f32], center: &[f32]) -> Vec<f32> {
    vector.iter().zip(center).map(|(number, center)| number - center).collect()
}
