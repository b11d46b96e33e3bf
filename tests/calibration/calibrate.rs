//! Makes the table of words told in recognised speech, and fits the confidence to it:
//!
//! ```text
//! cargo run --release --example calibrate            # writes tests/calibration/hits.tsv, prints the coefficients
//! ```
//!
//! `utterances.tsv` holds sentences (of the packs' own examples, and innocent ones), what the base model heard when they
//! were spoken over a telephone line, and how sure it was; `make_utterances.py` makes it. A word told in what was heard is
//! true where the spoken sentence holds it at about the same place.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a tool that cannot start should stop")]

use std::cmp::Reverse;
use std::fmt::Write as _;

use callaudit::lexicon::{self, RuleSet, WordHit};
use callaudit::text::{NormalText, Segmenter, rarity_bits};

const UTTERANCES: &str = include_str!("utterances.tsv");
const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/calibration/hits.tsv");

/// Characters by which a word may be moved when others around it are misheard.
const SHIFT_CHARS: usize = 4;
/// Of words found as written every so many-th is taken: most are common ones, and true.
const EXACT_EVERY: usize = 8;
/// Rounds of Newton's method, which needs about eight.
const ROUNDS: usize = 30;
/// Parts of the sentences, each held out once; bins of the predictions.
const FOLDS: usize = 5;
const BINS: usize = 5;
/// Keeps coefficients finite where the data would have them grow.
const RIDGE: f64 = 1e-3;

/// A word told in recognised speech.
struct Row {
    /// Number of the sentence.
    sentence: usize,
    exact: bool,
    syllables: usize,
    cost: u16,
    bits: f64,
    confidence: f64,
    is_true: bool,
}

impl Row {
    /// What the confidence is computed from; see `src/detect/score.rs`.
    fn features(&self) -> Vec<f64> {
        if self.exact {
            vec![1.0, self.bits / 10.0, self.confidence]
        } else {
            vec![1.0, self.bits / 10.0, f64::from(self.cost) / self.syllables as f64 / 10.0, self.confidence]
        }
    }
}

fn main() {
    let rules = lexicon::load(&[]).expect("the built-in packs load");
    let mut rows: Vec<Row> = Vec::new();
    let mut exact = 0;
    for (sentence, line) in UTTERANCES.lines().enumerate() {
        let [spoken, confidence, heard] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
        let confidence = confidence.parse().expect("a number");
        let (spoken, heard) = (NormalText::new(spoken), NormalText::new(heard));
        let first = rows.len();
        rows.extend(by_sound(&rules, spoken.as_str(), heard.as_str(), confidence));
        for row in as_written(&rules, spoken.as_str(), heard.as_str(), confidence) {
            if exact % EXACT_EVERY == 0 {
                rows.push(row);
            }
            exact += 1;
        }
        rows[first..].iter_mut().for_each(|row| row.sentence = sentence);
    }
    let mut table = String::from("grade\tsyllables\tcost\tbits\tconfidence\ttrue\n");
    for row in &rows {
        let grade = if row.exact { "exact" } else { "phonetic" };
        let Row { syllables, cost, bits, confidence, is_true, .. } = row;
        let is_true = u8::from(*is_true);
        writeln!(table, "{grade}\t{syllables}\t{cost}\t{bits:.1}\t{confidence:.2}\t{is_true}")
            .expect("a string");
    }
    std::fs::write(TABLE, table).expect("the table is written");
    for exact in [true, false] {
        let of_grade: Vec<&Row> = rows.iter().filter(|row| row.exact == exact).collect();
        let is_true = of_grade.iter().filter(|row| row.is_true).count();
        println!(
            "exact {exact}: {} rows, {is_true} true, coefficients {:.3?}",
            of_grade.len(),
            fit(&of_grade)
        );
        print_held_out(&of_grade);
    }
}

/// Predicted against observed, each row by coefficients that were fitted without a fifth of the sentences, its own among
/// them.
fn print_held_out(rows: &[&Row]) {
    let mut predictions: Vec<(f64, bool)> = Vec::new();
    for fold in 0..FOLDS {
        let (held_out, others): (Vec<&Row>, Vec<&Row>) =
            rows.iter().partition(|row| row.sentence % FOLDS == fold);
        let weights = fit(&others);
        predictions.extend(held_out.iter().map(|row| (probability(row, &weights), row.is_true)));
    }
    predictions.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut error = 0.0;
    for bin in predictions.chunks(predictions.len().div_ceil(BINS)) {
        let count = bin.len() as f64;
        let predicted = bin.iter().map(|(p, _)| p).sum::<f64>() / count;
        let observed = bin.iter().filter(|(_, is_true)| *is_true).count() as f64 / count;
        error += (predicted - observed).abs() * count / predictions.len() as f64;
        print!("{predicted:.2} : {observed:.2}   ");
    }
    println!("({} words each), expected calibration error {error:.3}", predictions.len() / BINS);
}

fn probability(row: &Row, weights: &[f64]) -> f64 {
    let sum: f64 = row.features().iter().zip(weights).map(|(x, w)| x * w).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// Of words that overlap the one that a finding would be told by: the longest, then the cheapest.
fn by_sound(rules: &RuleSet, spoken: &str, heard: &str, confidence: f64) -> Vec<Row> {
    let mut found: Vec<WordHit> =
        rules.find(heard).into_iter().filter(|hit| rules.words()[hit.word].length > 1).collect();
    let text = |hit: &WordHit| rules.words()[hit.word].text.as_str();
    found.retain(|hit| !is_rather_another_word(heard, hit, text(hit)));
    found.sort_by_key(|hit| (Reverse(text(hit).len()), hit.misheard, hit.range.start, hit.word));
    let mut kept: Vec<WordHit> = Vec::new();
    for next in found {
        let apart =
            |other: &WordHit| next.range.end <= other.range.start || other.range.end <= next.range.start;
        if kept.iter().all(apart) {
            kept.push(next);
        }
    }
    let row = |hit: &WordHit| {
        Some(Row {
            sentence: 0,
            exact: false,
            syllables: text(hit).chars().count(),
            cost: hit.misheard?,
            bits: rarity_bits(text(hit)),
            confidence,
            is_true: holds(spoken, text(hit), heard[..hit.range.start].chars().count()),
        })
    };
    kept.iter().filter_map(row).collect()
}

/// As `src/detect/sound.rs` has it: a short word is doubted where the dictionary has one over what differs.
fn is_rather_another_word(heard: &str, hit: &WordHit, meant: &str) -> bool {
    let Some(cost) = hit.misheard else { return false };
    if meant.chars().count() > 2 + usize::from(cost > 0) {
        return false;
    }
    let said = heard[hit.range.clone()].char_indices().zip(meant.chars());
    let changed: Vec<usize> =
        said.filter(|((_, a), b)| a != b).map(|((byte, _), _)| hit.range.start + byte).collect();
    let boundaries = Segmenter::new().word_boundaries(heard);
    boundaries.windows(2).any(|word| {
        heard[word[0]..word[1]].chars().nth(1).is_some()
            && changed.iter().any(|byte| (word[0]..word[1]).contains(byte))
    })
}

fn as_written(rules: &RuleSet, spoken: &str, heard: &str, confidence: f64) -> Vec<Row> {
    let found = rules.find(heard).into_iter().filter(|hit| hit.misheard.is_none()).filter_map(|hit| {
        let word = &rules.words()[hit.word];
        let start = heard[..hit.range.start].chars().count();
        (word.length >= 2).then(|| Row {
            sentence: 0,
            exact: true,
            syllables: word.length,
            cost: 0,
            bits: rarity_bits(&word.text),
            confidence,
            is_true: holds(spoken, &word.text, start),
        })
    });
    found.collect()
}

/// True if the spoken sentence holds the word at about the same place; of one of four characters and more, all but one,
/// for it may be heard so.
fn holds(spoken: &str, word: &str, start: usize) -> bool {
    let (spoken, word): (Vec<char>, Vec<char>) = (spoken.chars().collect(), word.chars().collect());
    let enough = word.len() - usize::from(word.len() >= 4);
    let from = start.saturating_sub(SHIFT_CHARS);
    (from..=start + SHIFT_CHARS).any(|start| {
        let window = spoken.get(start..spoken.len().min(start + word.len() + 1)).unwrap_or_default();
        let window = if enough < word.len() { window } else { &window[..window.len().min(word.len())] };
        in_order(&word, window) >= enough
    })
}

/// Most characters that two texts have in the same order.
fn in_order(a: &[char], b: &[char]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for char in a {
        let mut diagonal = 0;
        for (index, other) in b.iter().enumerate() {
            let above = row[index + 1];
            row[index + 1] = if char == other { diagonal + 1 } else { above.max(row[index]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Logistic regression by Newton's method.
fn fit(rows: &[&Row]) -> Vec<f64> {
    let Some(size) = rows.first().map(|row| row.features().len()) else { return Vec::new() };
    let mut weights = vec![0.0; size];
    for _ in 0..ROUNDS {
        let mut gradient: Vec<f64> = weights.iter().map(|weight| -RIDGE * weight).collect();
        let mut hessian = vec![vec![0.0; size]; size];
        for row in rows {
            let features = row.features();
            let p = probability(row, &weights);
            for i in 0..size {
                gradient[i] += (f64::from(u8::from(row.is_true)) - p) * features[i];
                for j in 0..size {
                    hessian[i][j] += p * (1.0 - p) * features[i] * features[j];
                }
            }
        }
        (0..size).for_each(|i| hessian[i][i] += RIDGE);
        let step = solve(hessian, gradient);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step);
    }
    weights
}

/// Gaussian elimination; the matrix is positive definite.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for pivot in 0..size {
        for row in pivot + 1..size {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            let above = matrix[pivot].clone();
            matrix[row].iter_mut().zip(&above).skip(pivot).for_each(|(cell, above)| *cell -= factor * above);
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}
