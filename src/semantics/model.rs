//! What was learnt from examples: one head a category, as `models/semantic.json` keeps it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::{Category, ModelIdentity, hex};

use super::encoder::Embedding;

/// The trained heads that come with the program.
const BUILT_IN: &str = include_str!("../../models/semantic.json");
pub(super) const SCHEMA: &str = "callaudit.semantic/1";

/// Heads over what one encoder makes of texts: a hidden layer that all share, and a head a category.
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
    /// Mean of the examples' last layers: what all sentences share.
    pub center: Vec<f32>,
    pub hidden: Vec<Unit>,
    pub heads: Vec<Head>,
}

/// One number of the hidden layer: a weighted sum of a text's layers, where that is above zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    pub bias: f32,
    pub weights: Steps,
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
    /// Of the hidden layer.
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

/// An example with its hidden layer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prototype {
    pub text: String,
    pub hidden: Steps,
}

/// Numbers in steps of a 127th of the largest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    pub step: f32,
    /// Signed bytes, in hexadecimal in the file.
    #[serde(with = "in_hex")]
    pub counts: Vec<i8>,
}

impl SemanticModel {
    /// The heads that come with the program. A test reads them, so that the error cannot reach a user of a release.
    pub fn built_in() -> Result<Self, String> {
        let model: Self = serde_json::from_str(BUILT_IN).map_err(|error| error.to_string())?;
        if model.schema != SCHEMA || model.heads.iter().any(|head| head.weights.len() != model.hidden.len()) {
            return Err("models/semantic.json is not of this program".to_owned());
        }
        Ok(model)
    }

    /// The hidden layer of a text.
    #[must_use]
    pub fn hidden_of(&self, text: &Embedding) -> Vec<f32> {
        let sum = |unit: &Unit| unit.bias + unit.weights.product(text.layers());
        self.hidden.iter().map(|unit| sum(unit).max(0.0)).collect()
    }

    /// Where a text's last layer points, seen from the center.
    pub(super) fn direction(&self, text: &Embedding) -> Vec<f32> {
        centered(text.last_layer(), &self.center)
    }

    /// The encoder's name, with a hash over encoder and heads.
    #[must_use]
    pub fn identity(&self) -> ModelIdentity {
        let mut hash = Sha256::new_with_prefix(&self.encoder.sha256);
        let mut add = |number: &f32| hash.update(number.to_bits().to_le_bytes());
        for unit in &self.hidden {
            add(&unit.bias);
            add(&unit.weights.step);
        }
        for head in &self.heads {
            head.weights.iter().chain([&head.bias]).for_each(&mut add);
        }
        for unit in &self.hidden {
            hash.update(bytes(&unit.weights.counts));
        }
        for head in &self.heads {
            hash.update(format!("{}{:?}{:?}", head.category.id(), head.review, head.violation));
        }
        ModelIdentity { name: self.encoder.name.clone(), sha256: hex(&hash.finalize()) }
    }
}

impl Head {
    /// Probability in 0..=1 that a text of this hidden layer is of the category.
    #[must_use]
    pub fn probability(&self, hidden: &[f32]) -> f64 {
        let sum: f64 = self.weights.iter().zip(hidden).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
        1.0 / (1.0 + (-sum - f64::from(self.bias)).exp())
    }
}

impl Steps {
    pub(super) fn new(numbers: &[f32]) -> Self {
        let most = numbers.iter().fold(f32::MIN_POSITIVE, |most, number| most.max(number.abs()));
        let step = most / 127.0;
        Self { step, counts: numbers.iter().map(|number| (number / step).round() as i8).collect() }
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = f32> {
        self.counts.iter().map(|count| f32::from(*count) * self.step)
    }

    /// The sum of products with as many numbers, in eight sums side by side.
    pub(super) fn product(&self, numbers: &[f32]) -> f32 {
        let mut sums = [0.0_f32; 8];
        for (counts, numbers) in self.counts.chunks(8).zip(numbers.chunks(8)) {
            for ((sum, count), number) in sums.iter_mut().zip(counts).zip(numbers) {
                *sum += f32::from(*count) * number;
            }
        }
        sums.iter().sum::<f32>() * self.step
    }
}

/// The cosine between two directions; 0 where one is none.
pub(super) fn cosine(one: &[f32], other: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let length = (dot(one, one) * dot(other, other)).sqrt();
    if length > 0.0 { dot(one, other) / length } else { 0.0 }
}

/// Numbers without what all sentences share.
pub(super) fn centered(numbers: &[f32], center: &[f32]) -> Vec<f32> {
    numbers.iter().zip(center).map(|(number, center)| number - center).collect()
}

fn bytes(counts: &[i8]) -> Vec<u8> {
    counts.iter().map(|count| count.cast_unsigned()).collect()
}

/// Signed bytes as hexadecimal text.
mod in_hex {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(counts: &[i8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&crate::domain::hex(&super::bytes(counts)))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let byte = |pair: &[u8; 2]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let counts: Option<Vec<i8>> = pairs.iter().map(|pair| byte(pair).map(u8::cast_signed)).collect();
        counts.filter(|_| rest.is_empty()).ok_or_else(|| D::Error::custom("is no hexadecimal text"))
    }
}
