//! Examples to heads: `callaudit model train-semantic`.
//!
//! The encoder is left as it is; each category gets a logistic regression on its vectors. Thresholds come from examples
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

mod examples;
mod logistic;
mod thresholds;

use rayon::prelude::*;

use crate::domain::{Category, ModelIdentity};

use super::encoder::{Embedding, Encoder};
use super::model::{Head, Prototype, SCHEMA, SemanticModel, centered};
use examples::Example;
use logistic::{Rows, Task, Weights, fit, margin};
use thresholds::{Judged, measure, threshold};

/// Share of hits that are right.
const REVIEW_PRECISION: f64 = 0.85;
const VIOLATION_PRECISION: f64 = 0.95;
/// Innocent lines flagged by one head, of a thousand.
const REVIEW_INNOCENT: f64 = 2.0;
const VIOLATION_INNOCENT: f64 = 0.5;
/// How much an example counts against small weights, chosen on held-back examples.
const STRENGTH: f32 = 0.2;
/// Vectors of sentences differ little; this brings their numbers near one.
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
    let examples = examples::all();
    let mut vectors: Vec<Embedding> = Vec::with_capacity(examples.len());
    for chunk in examples.chunks(CHUNK) {
        progress(vectors.len(), examples.len());
        vectors.extend(encoder.encode(&chunk.iter().map(|example| example.text).collect::<Vec<_>>())?);
    }
    let center = mean(&vectors);
    let spread = vectors.iter().flat_map(|vector| centered(vector, &center));
    let numbers: Vec<f32> = spread.map(|number| number * SPREAD).collect();
    let rows = Rows { numbers: &numbers, width: center.len() };
    let fitted: Vec<(Head, Vec<f64>)> =
        Category::SPOKEN.par_iter().map(|category| head(*category, &examples, rows, &center)).collect();
    let (heads, held_back): (Vec<Head>, Vec<Vec<f64>>) = fitted.into_iter().unzip();
    Ok(SemanticModel {
        schema: SCHEMA.to_owned(),
        encoder: identity,
        examples: examples.len(),
        examples_sha256: examples::digest(&examples),
        held_back: measure(&together(&examples, &heads, &held_back), 0.5),
        center: center.iter().map(|number| rounded(*number)).collect(),
        heads,
    })
}

/// A head, and what it says of every example when that is held back.
fn head(category: Category, examples: &[Example], rows: Rows, center: &[f32]) -> (Head, Vec<f64>) {
    let truth: Vec<bool> = examples.iter().map(|example| example.categories.contains(&category)).collect();
    let fitted = |keep: &dyn Fn(&Example) -> bool| {
        let indices: Vec<usize> = (0..examples.len()).filter(|index| keep(&examples[*index])).collect();
        fit(&Task { rows, indices: &indices, truth: &truth, strength: STRENGTH })
    };
    let mut margins = vec![0.0; examples.len()];
    for fold in 0..FOLDS {
        let weights = fitted(&|example| example.fold != fold);
        for (index, _) in examples.iter().enumerate().filter(|(_, example)| example.fold == fold) {
            margins[index] = margin(&weights, rows.row(index));
        }
    }
    let all: Vec<usize> = (0..examples.len()).collect();
    let held_back = Rows { numbers: &margins, width: 1 };
    let calibration = fit(&Task { rows: held_back, indices: &all, truth: &truth, strength: 1.0 });
    let probability = |margin: f32| 1.0 / (1.0 + (-f64::from(self::margin(&calibration, &[margin]))).exp());
    let probabilities: Vec<f64> = margins.iter().map(|margin| probability(*margin)).collect();
    let judged: Vec<Judged> = examples
        .iter()
        .zip(&probabilities)
        .zip(&truth)
        .map(|((example, probability), is_true)| Judged {
            probability: *probability,
            is_true: *is_true,
            is_innocent: example.is_innocent,
        })
        .collect();
    let review = threshold(&judged, REVIEW_PRECISION, REVIEW_INNOCENT).unwrap_or(1.0);
    let violation = threshold(&judged, VIOLATION_PRECISION, VIOLATION_INNOCENT);
    let (weights, bias) = unfolded(&fitted(&|_| true), &calibration, center);
    let head = Head {
        category,
        review,
        violation,
        held_back: [measure(&judged, review), measure(&judged, violation.unwrap_or(1.0))],
        bias,
        weights,
        examples: prototypes(category, examples, rows, &probabilities, review),
    };
    (head, probabilities)
}

/// Weights and bias of a vector as the encoder gives it, calibration included.
fn unfolded(weights: &Weights, calibration: &Weights, center: &[f32]) -> (Vec<f32>, f32) {
    let (slope, shift) = (calibration[0], calibration[1]);
    let (bias, weights) = weights.split_last().map_or((0.0, &[][..]), |(bias, weights)| (*bias, weights));
    let weights: Vec<f32> = weights.iter().map(|weight| rounded(weight * SPREAD * slope)).collect();
    let at_center: f32 = weights.iter().zip(center).map(|(weight, center)| weight * center).sum();
    (weights, rounded(bias * slope + shift - at_center))
}

/// Examples that the head knows well, from all over the files.
fn prototypes(
    category: Category,
    examples: &[Example],
    rows: Rows,
    probabilities: &[f64],
    review: f64,
) -> Vec<Prototype> {
    let is_clear = |index: &usize| {
        let example = &examples[*index];
        !example.is_misheard && example.categories == [category] && probabilities[*index] >= review
    };
    let clear: Vec<usize> = (0..examples.len()).filter(is_clear).collect();
    let step = clear.len().div_ceil(PROTOTYPES).max(1);
    clear.iter().step_by(step).map(|index| Prototype::new(examples[*index].text, rows.row(*index))).collect()
}

/// Every head's judgement of every example as one list, where a hit is a probability of one.
fn together(examples: &[Example], heads: &[Head], held_back: &[Vec<f64>]) -> Vec<Judged> {
    let judged = heads.iter().zip(held_back).flat_map(|(head, probabilities)| {
        examples.iter().zip(probabilities).map(|(example, probability)| Judged {
            probability: f64::from(u8::from(*probability >= head.review)),
            is_true: example.categories.contains(&head.category),
            is_innocent: example.is_innocent,
        })
    });
    judged.collect()
}

fn mean(vectors: &[Embedding]) -> Vec<f32> {
    let mut sum = vec![0.0_f64; vectors.first().map_or(0, Vec::len)];
    for vector in vectors {
        sum.iter_mut().zip(vector).for_each(|(sum, number)| *sum += f64::from(*number));
    }
    sum.into_iter().map(|sum| (sum / vectors.len() as f64) as f32).collect()
}

/// Four decimals: what is kept is what is measured, and short.
fn rounded(number: f32) -> f32 {
    (number * 1e4).round() / 1e4
}
