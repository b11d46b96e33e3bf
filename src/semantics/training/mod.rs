//! Examples to heads: `callaudit model train-semantic`.
//!
//! The encoder is left as it is; each category gets a logistic regression on its layers. Thresholds come from examples
//! held back: files are dealt into five parts, and every text is judged by heads that saw nothing of its file. A text as
//! the recogniser heard it goes with the file it was written in. The heads that are kept are fitted to all of it.
//!
//! Decisions:
//!
//! - Clean turns near a category count like any other clean turn: the hard negatives are what teaches the edge.
//! - The probability is what held-back texts show, a second regression on their margins. In calls, breaches are rarer
//!   than in the examples, of which two in five are some: expect less than it says.
//! - `review` is the lowest threshold at which [`REVIEW_PRECISION`] of the held-back hits are right, `violation` the
//!   lowest at which [`VIOLATION_PRECISION`] are; and both flag few enough innocent lines.
//! - What heads see, by the share of held-back breaches found where 85 and 95 of a hundred hits are right:
//!
//! | seen | at 85 | at 95 |
//! |---|---|---|
//! | the last layer, which is the model's vector | 0.41 | 0.18 |
//! | and the largest numbers of its pieces | 0.45 | 0.22 |
//! | layers 10 and 12 | 0.50 | 0.28 |
//! | layers 8, 10 and 12 | 0.55 | 0.32 |
//! | **every second layer** | 0.61 | 0.41 |
//! | all twelve, means and largest numbers of five each | 0.62 | 0.43 |
//! | every second layer, and the last one of the turn before | 0.62 | 0.40 |
//! | every second layer by a network of 256 hidden units | 0.65 | 0.46 |
//! | and two layers of the turn before | 0.67 | 0.48 |
//! | three such networks of four layers, with largest numbers | 0.67 | 0.48 |

mod examples;
mod logistic;
mod thresholds;

use rayon::prelude::*;

use crate::domain::{Category, ModelIdentity};

use super::encoder::{Embedding, Encoder};
use super::model::{Head, Prototype, SCHEMA, SemanticModel, centered};
use examples::Example;
use logistic::{Rows, Task, Weights, fit, margin_of};
use thresholds::{Judged, measure, threshold};

/// Share of hits that are right.
const REVIEW_PRECISION: f64 = 0.85;
const VIOLATION_PRECISION: f64 = 0.95;
/// Innocent lines flagged by one head, of a thousand; ten heads together flag up to ten times as many.
const REVIEW_INNOCENT: f64 = 1.0;
const VIOLATION_INNOCENT: f64 = 0.3;
/// How much an example counts against small weights, chosen on held-back examples.
const STRENGTH: f32 = 0.1;
/// Layers of sentences differ little; this brings their numbers near one.
const SPREAD: f32 = 20.0;
/// Parts that take turns in being held back.
pub(super) const FOLDS: usize = 5;
/// Examples kept of each category.
const PROTOTYPES: usize = 50;
/// Texts encoded between two reports of progress.
const CHUNK: usize = 256;

/// Fits all heads; `progress` is told how many texts of how many are encoded. The same examples give the same model.
///
/// # Errors
///
/// What the encoder says.
pub fn train(
    encoder: &Encoder,
    identity: ModelIdentity,
    progress: &dyn Fn(usize, usize),
) -> Result<SemanticModel, String> {
    let material = Material::new(encoder, progress)?;
    let fitted: Vec<(Head, Vec<f64>)> =
        Category::SPOKEN.par_iter().map(|category| material.head(*category)).collect();
    let (heads, held_back): (Vec<Head>, Vec<Vec<f64>>) = fitted.into_iter().unzip();
    Ok(SemanticModel {
        schema: SCHEMA.to_owned(),
        encoder: identity,
        examples: material.examples.len(),
        examples_sha256: examples::digest(&material.examples),
        held_back: measure(&material.together(&heads, &held_back), 0.5),
        center: material.center.iter().map(|number| rounded(*number)).collect(),
        heads,
    })
}

/// The examples as numbers.
struct Material {
    examples: Vec<Example>,
    /// Mean of all layers.
    center: Vec<f32>,
    /// Layers of each example from the center, near one in size.
    numbers: Vec<f32>,
    /// Numbers of the last layer, at the end of each row.
    last_layer: usize,
}

impl Material {
    fn new(encoder: &Encoder, progress: &dyn Fn(usize, usize)) -> Result<Self, String> {
        let examples = examples::all();
        let mut embeddings: Vec<Embedding> = Vec::with_capacity(examples.len());
        for chunk in examples.chunks(CHUNK) {
            progress(embeddings.len(), examples.len());
            embeddings.extend(encoder.encode(&chunk.iter().map(|example| example.text).collect::<Vec<_>>())?);
        }
        let center = mean(&embeddings);
        let spread = embeddings.iter().flat_map(|embedding| centered(embedding.layers(), &center));
        let numbers = spread.map(|number| number * SPREAD).collect();
        let last_layer = embeddings.first().map_or(0, |embedding| embedding.last_layer().len());
        Ok(Self { examples, center, numbers, last_layer })
    }

    fn rows(&self) -> Rows<'_> {
        Rows { numbers: &self.numbers, width: self.center.len() }
    }

    /// A head, and what it says of every example when that is held back.
    fn head(&self, category: Category) -> (Head, Vec<f64>) {
        let truth: Vec<bool> =
            self.examples.iter().map(|example| example.categories.contains(&category)).collect();
        let margins = self.held_back_margins(&truth);
        let all: Vec<usize> = (0..truth.len()).collect();
        let held_back = Rows { numbers: &margins, width: 1 };
        let calibration = fit(&Task { rows: held_back, indices: &all, truth: &truth, strength: 1.0 });
        let probability =
            |margin: &f32| 1.0 / (1.0 + (-f64::from(margin_of(&calibration, &[*margin]))).exp());
        let probabilities: Vec<f64> = margins.iter().map(probability).collect();
        let judged: Vec<Judged> = self.judged(&truth, &probabilities).collect();
        let review = threshold(&judged, REVIEW_PRECISION, REVIEW_INNOCENT).unwrap_or(1.0);
        let violation = threshold(&judged, VIOLATION_PRECISION, VIOLATION_INNOCENT);
        let (weights, bias) = unfolded(&self.fitted(&truth, &|_| true), &calibration, &self.center);
        let head = Head {
            category,
            review,
            violation,
            held_back: [measure(&judged, review), measure(&judged, violation.unwrap_or(1.0))],
            bias,
            weights,
            examples: self.prototypes(category, &probabilities, review),
        };
        (head, probabilities)
    }

    /// What heads say that saw nothing of an example's file.
    fn held_back_margins(&self, truth: &[bool]) -> Vec<f32> {
        let mut margins = vec![0.0; self.examples.len()];
        for fold in 0..FOLDS {
            let weights = self.fitted(truth, &|example| example.fold != fold);
            for (index, _) in self.examples.iter().enumerate().filter(|(_, example)| example.fold == fold) {
                margins[index] = margin_of(&weights, self.rows().row(index));
            }
        }
        margins
    }

    fn fitted(&self, truth: &[bool], keep: &dyn Fn(&Example) -> bool) -> Weights {
        let kept = self.examples.iter().enumerate().filter(|(_, example)| keep(example));
        let indices: Vec<usize> = kept.map(|(index, _)| index).collect();
        fit(&Task { rows: self.rows(), indices: &indices, truth, strength: STRENGTH })
    }

    fn judged(&self, truth: &[bool], probabilities: &[f64]) -> impl Iterator<Item = Judged> {
        self.examples.iter().zip(probabilities).zip(truth).map(|((example, probability), is_true)| Judged {
            probability: *probability,
            is_true: *is_true,
            is_innocent: example.is_innocent,
        })
    }

    /// Examples that the head knows well, from all over the files.
    fn prototypes(&self, category: Category, probabilities: &[f64], review: f64) -> Vec<Prototype> {
        let is_clear = |index: &usize| {
            let example = &self.examples[*index];
            !example.is_misheard && example.categories == [category] && probabilities[*index] >= review
        };
        let clear: Vec<usize> = (0..self.examples.len()).filter(is_clear).collect();
        let step = clear.len().div_ceil(PROTOTYPES).max(1);
        let prototype = |index: &usize| {
            let row = self.rows().row(*index);
            Prototype::new(self.examples[*index].text, &row[row.len() - self.last_layer..])
        };
        clear.iter().step_by(step).map(prototype).collect()
    }

    /// Every head's judgement of every example as one list, where a hit is a probability of one.
    fn together(&self, heads: &[Head], held_back: &[Vec<f64>]) -> Vec<Judged> {
        let judged = heads.iter().zip(held_back).flat_map(|(head, probabilities)| {
            let hit = |probability: &f64| f64::from(u8::from(*probability >= head.review));
            self.examples.iter().zip(probabilities).map(move |(example, probability)| Judged {
                probability: hit(probability),
                is_true: example.categories.contains(&head.category),
                is_innocent: example.is_innocent,
            })
        });
        judged.collect()
    }
}

/// Weights and bias of layers as the encoder gives them, calibration included.
fn unfolded(weights: &Weights, calibration: &Weights, center: &[f32]) -> (Vec<f32>, f32) {
    let (slope, shift) = (calibration[0], calibration[1]);
    let (bias, weights) = weights.split_last().map_or((0.0, &[][..]), |(bias, weights)| (*bias, weights));
    let weights: Vec<f32> = weights.iter().map(|weight| rounded(weight * SPREAD * slope)).collect();
    let at_center: f32 = weights.iter().zip(center).map(|(weight, center)| weight * center).sum();
    (weights, rounded(bias * slope + shift - at_center))
}

fn mean(embeddings: &[Embedding]) -> Vec<f32> {
    let mut sum = vec![0.0_f64; embeddings.first().map_or(0, |embedding| embedding.layers().len())];
    for embedding in embeddings {
        sum.iter_mut().zip(embedding.layers()).for_each(|(sum, number)| *sum += f64::from(*number));
    }
    sum.into_iter().map(|sum| (sum / embeddings.len() as f64) as f32).collect()
}

/// Four decimals: what is kept is what is measured, and short.
fn rounded(number: f32) -> f32 {
    (number * 1e4).round() / 1e4
}
